/** What all commands share: flags, the context of a run, and how a failure ends. */
import { Command, Option } from "clipanion";
import type { Diagnostic } from "../framework/base/diagnostics.js";
import { EXIT, isPankaError, usageError } from "../framework/base/errors.js";
import type { EventSink } from "../framework/model/events.js";
import { parseImage } from "../framework/providers/images/reference.js";
import type { PlannedRun } from "../framework/operations/planned-run.js";
import type { OperationContext, Settings } from "../framework/operations/context.js";
import type { World } from "./context.js";
import { ABOUT_STACK } from "./groups.js";
import { type ListFormat, listFormat } from "./list-format.js";
import { withTypedFlags } from "./next-command.js";
import { diagnosticsOf, printDiagnostics } from "./views/diagnostics.js";
import { envelope } from "./views/document.js";
import { makeOutput, type Output } from "./views/output.js";

/** A command: parses, calls an operation, hands the result to a view. */
export abstract class BaseCommand extends Command<World> {
  json = Option.Boolean("--json", false, { description: "print JSON on stdout, and nothing else there" });
  noColor = Option.Boolean("--no-color", false, { description: "no colours" });
  verbose = Option.Boolean("--verbose", false, { description: "say more; show where an unforeseen error happened" });

  /** The settings of the run, once known; for the end of a failure. */
  protected settings: Settings | undefined;

  /** Does the work; returns the exit code. */
  protected abstract run(output: Output): Promise<number>;

  /** True where `-o json` or the like stands for --json. */
  protected wantsJson(): boolean {
    return this.json;
  }

  async execute(): Promise<number> {
    const output = makeOutput(this.context, { json: this.wantsJson(), verbose: this.verbose, noColor: this.noColor });
    try {
      return await this.run(output);
    } catch (error) {
      return this.fail(error, output);
    }
  }

  /** What to type next, for where this command was about. */
  protected nextFor(next: string): string {
    return next;
  }

  /** The JSON document of a failure. */
  protected failure(diagnostics: readonly Diagnostic[], _exitCode: number): unknown {
    return envelope(false, null, diagnostics);
  }

  /** Prints a failure; returns its exit code. */
  private fail(error: unknown, output: Output): number {
    const exitCode = isPankaError(error) ? error.exitCode : EXIT.failed;
    const diagnostics = diagnosticsOf(error).map((d) => (d.next === undefined ? d : { ...d, next: this.nextFor(d.next) }));
    if (output.json) this.printFailure(diagnostics, exitCode, output);
    else printDiagnostics(diagnostics, output);
    if (output.verbose && error instanceof Error && error.stack) output.err(error.stack);
    if (!output.json) printSupport(this.settings, output);
    return exitCode;
  }

  /** Puts the failure on stdout; streams print one line. */
  protected printFailure(diagnostics: readonly Diagnostic[], exitCode: number, output: Output): void {
    output.document(this.failure(diagnostics, exitCode));
  }
}

/** A command about one stack in one environment. */
export abstract class StackCommand extends BaseCommand {
  entry = Option.String({ name: "PATH", required: false });
  stack = Option.String("--stack", { description: ABOUT_STACK["--stack"] });
  environment = Option.String("-e,--environment", { description: ABOUT_STACK["--environment"] });
  vars = Option.Array("--var", [], { description: ABOUT_STACK["--var"] });
  region = Option.String("--region", { description: ABOUT_STACK["--region"] });

  /** Environment and region of what is asked for, where nothing else was typed. */
  protected about({ environment, regional }: { environment: string; regional?: string }): void {
    this.environment ??= environment;
    this.region ??= regional;
  }

  /** `--region`, where it is about the stack. */
  protected regionOfStack(): string | undefined {
    return this.region;
  }

  protected override nextFor(next: string): string {
    return withTypedFlags(next, { environment: this.environment, stack: this.stack });
  }

  /** The context of this run. Throws usage errors. */
  protected async open(output: Output, emit: EventSink = () => {}, more: { ask?: boolean } = {}): Promise<OperationContext> {
    const { openContext } = await import("./open-context.js");
    const context = await openContext(this.context, {
      path: this.entry,
      stack: this.stack,
      environment: this.environment,
      vars: parseVars(this.vars),
      region: this.regionOfStack(),
      emit,
      ask: more.ask !== false && !output.json,
      say: (line) => output.err(line),
    });
    this.settings = context.settings;
    return context;
  }

  /** The context of this run in the only region that it is about. Throws usage errors, one where there are several regions. */
  protected async openOne(output: Output, more: { ask?: boolean } = {}): Promise<OperationContext> {
    const { onlyRun, regionRuns } = await import("../framework/operations/regions.js");
    return onlyRun(await regionRuns(await this.open(output, undefined, more))).context;
  }
}

/** A command that prints a list or a record, in the format asked for with `-o`. */
export abstract class ListingCommand extends StackCommand {
  format = Option.String("-o", { description: "FORMAT: table, wide, json or yaml" });

  protected override wantsJson(): boolean {
    return this.json || this.format === "json";
  }

  /** The format; `--json` is `-o json`. Throws a usage error for an unknown one. */
  protected listFormat(): ListFormat {
    return listFormat(this.format, this.json);
  }
}

/** A command that may be narrowed to services and components. */
export abstract class SelectingCommand extends StackCommand {
  service = Option.Array("--service", [], { description: "NAME: only this service (repeatable)" });
  component = Option.Array("--component", [], { description: "SERVICE/COMPONENT: only this component (repeatable)" });
  withDependencies = Option.Boolean("--with-dependencies", false, { description: "with --service or --component: also what they need" });

  /** What the run is narrowed to. */
  protected selected() {
    return { selection: { services: this.service, components: this.component, withDependencies: this.withDependencies } };
  }

  /** `--plan FILE`: the saved plan, where nothing was typed that it says already (`flags` besides). The run is about its environment and region. */
  protected async planned(file: string, flags: { [flag: string]: boolean | readonly unknown[] }): Promise<PlannedRun> {
    const { service, component, withDependencies, vars } = this;
    const said = { "--service": service, "--component": component, "--with-dependencies": withDependencies, "--var": vars, ...flags };
    for (const [flag, value] of Object.entries(said)) {
      if (Array.isArray(value) ? value.length === 0 : !value) continue;
      throw usageError("said-by-plan", `${flag} can't be given with --plan: the plan says it`, {
        next: `panka plan ${flag} ... --out FILE`,
      });
    }
    const { readSavedPlan } = await import("../framework/operations/saved-plan.js");
    const saved = await readSavedPlan(this.context.cwd, file);
    this.about(saved);
    return { saved, file };
  }
}

/** `--takeover [--force]`. Throws a usage error for `--force` alone. */
export function takeoverOf(takeover: boolean, force: boolean): { force: boolean } | undefined {
  if (force && !takeover) throw usageError("force-alone", "--force goes with --takeover");
  return takeover ? { force } : undefined;
}

/** `K=V` pairs. Throws a usage error for text without `=`. */
export function parseVars(pairs: readonly string[]): { [name: string]: string } {
  const vars: { [name: string]: string } = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1) throw usageError("bad-var", `--var ${pair} has no "="; expected NAME=VALUE`);
    vars[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return vars;
}

/** `service/component=IMAGE` pairs of `--image`. Throws a usage error for what is no such pair. */
export function parseImages(pairs: readonly string[]): { [component: string]: string } {
  const images: { [component: string]: string } = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    const image = pair.slice(at + 1);
    if (at < 1 || !parseImage(image))
      throw usageError("bad-image", `--image ${pair} can't be read; expected service/component=REPOSITORY:TAG, or @sha256:... for the tag`);
    images[pair.slice(0, at)] = image;
  }
  return images;
}

/** Whom to ask, at the end of a failure. */
export function printSupport(settings: Settings | undefined, output: Output): void {
  const support = Object.entries(settings?.support ?? {}).filter(([, value]) => value);
  if (support.length > 0) output.err(`Help: ${support.map(([name, value]) => `${name} ${value}`).join(", ")}`);
}
