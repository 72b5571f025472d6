/** Plans one resource after another: decides at once where it can, asks the provider where it must. */
import type { Diagnostic } from "../base/diagnostics.js";
import { messageOf } from "../base/errors.js";
import { jsonEqual, type Json } from "../base/json.js";
import { componentOf } from "../base/names.js";
import type { Change, PropertyChange, Step } from "../model/plan.js";
import { isProviderError, type PlanPort, type Props, type ProviderPlan, type ResourceCall } from "../model/provider.js";
import type { SchemaIndex, TypeSchema } from "../model/provider-schema.js";
import type { ResourceSpec } from "../model/resource.js";
import type { StateFile } from "../model/state-file.js";
import { joinPath } from "../base/property-path.js";
import { optionsDiffer, resolveInputs, toPrior, type Prior, type ResolvedInputs } from "./candidate.js";
import { addProviderChanges, brokenReason, hiddenBy, makeChange, onlyRespelt, replaceReasons, updateReasons } from "./changes.js";
import { differences } from "./differences.js";
import { hasOwnName } from "./identity.js";
import type { Lookups } from "./lookups.js";
import { inputSecrets, outputOf, outputSecrets, recordedOutputs, type KnownOutputs } from "./outputs.js";
import { providerInputs, type OutputValue, type ResolveSource } from "./resolve.js";

/** What the planner works with. */
export interface PlannerContext {
  state: StateFile | null;
  schemas: SchemaIndex;
  port: PlanPort;
  lineage: string;
  lookups: Lookups;
  allotted(pool: string, key: string): number;
  assetPath(sha: string): string;
  /** State keys whose outputs changed outside of Panka. */
  drifted: ReadonlySet<string>;
  /** Recorded resource of a spec, by URN or alias. */
  priorOf(spec: ResourceSpec): Prior | undefined;
  /** First generation of a resource that has no prior. */
  firstGeneration(urn: string): number;
  needs(urn: string): readonly string[];
  /** Called for a reference to what is neither planned nor recorded. */
  missing(from: string, urn: string): void;
}

/** A planned resource. */
export interface Planned {
  change: Change;
  /** Absent when there is nothing to do, not even to record. */
  step?: Step;
  outputs: KnownOutputs;
}

/** Plans resources in dependency order. */
export class Planner {
  /** By URN. */
  readonly planned = new Map<string, Planned>();
  readonly problems: Diagnostic[] = [];
  readonly notices: string[] = [];

  constructor(private readonly context: PlannerContext) {}

  /** Where the values of one resource come from; without `from`, values of the stack itself, which may be left open. */
  source(from?: string): ResolveSource {
    return {
      output: (urn, path) => this.output(from, urn, path),
      lookup: (key) => this.context.lookups.find(key),
      allotted: (pool, key) => this.context.allotted(pool, key),
    };
  }

  private output(from: string | undefined, urn: string, path: string): OutputValue {
    const planned = this.planned.get(urn);
    if (planned) return outputOf(urn, planned.outputs, path);
    const recorded = this.context.state?.resources[urn];
    if (recorded && recorded.status === "ok") return outputOf(urn, recordedOutputs(recorded), path);
    if (from !== undefined) this.context.missing(from, urn);
    return { known: false, secret: false };
  }

  /** Plans one resource whose needs are planned. Returns a promise only if something must be asked. */
  plan(spec: ResourceSpec): Promise<void> | undefined {
    const source = this.source(spec.urn);
    const waiting = this.context.lookups.prepare(spec.props, source);
    if (waiting) {
      return waiting.then(
        () => this.decide(spec, source),
        (error) => this.fail(spec, error),
      );
    }
    return this.decide(spec, source);
  }

  /** Plans a resource if it is plainly the same, without asking anyone; else false and nothing is done. */
  planSame(spec: ResourceSpec): boolean {
    const prior = this.context.priorOf(spec);
    if (!prior) return false;
    const source = this.source(spec.urn);
    const waiting = this.context.lookups.prepare(spec.props, source);
    if (waiting) {
      waiting.catch(() => {}); // asked again, and reported, when the resource is planned
      return false;
    }
    const schema = this.context.schemas.type(spec.type);
    const { lineage } = this.context;
    const resolved = resolveInputs(spec, { source, schema, lineage, generation: prior.state.generation, prior: prior.state });
    if (resolved.problems.length > 0 || !this.isSame(prior, resolved)) return false;
    this.same(spec, prior, resolved);
    return true;
  }

  private decide(spec: ResourceSpec, source: ResolveSource): Promise<void> | undefined {
    const schema = this.context.schemas.type(spec.type);
    const prior = this.context.priorOf(spec);
    const generation = prior?.state.generation ?? this.context.firstGeneration(spec.urn);
    const resolved = resolveInputs(spec, { source, schema, lineage: this.context.lineage, generation, prior: prior?.state });
    if (resolved.problems.length > 0) {
      for (const message of resolved.problems) this.problem(spec, { severity: "error", code: "unresolved", message });
    }
    if (prior && this.isSame(prior, resolved)) {
      this.same(spec, prior, resolved);
      return undefined;
    }
    const asking = prior
      ? this.askChange(spec, schema, source, prior, resolved)
      : this.askCreate(spec, schema, source, generation, resolved);
    return asking.catch((error) => this.fail(spec, error));
  }

  private isSame(prior: Prior, resolved: ResolvedInputs): boolean {
    return (
      prior.state.status === "ok" &&
      !resolved.unknown &&
      !this.context.drifted.has(prior.key) &&
      jsonEqual(resolved.inputs, prior.state.inputs)
    );
  }

  private same(spec: ResourceSpec, prior: Prior, resolved: ResolvedInputs): void {
    const change = makeChange(spec.urn, spec.type, "same");
    const record =
      prior.key !== spec.urn ||
      prior.state.status !== "ok" ||
      optionsDiffer(prior.state, spec, this.context.needs(spec.urn), resolved.secretPaths) ||
      !jsonEqual(resolved.inputs, prior.state.inputs);
    this.planned.set(spec.urn, {
      change,
      outputs: recordedOutputs(prior.state),
      ...(record ? { step: this.step(spec, change, prior, prior.state.generation) } : {}),
    });
  }

  private step(spec: ResourceSpec, change: Change, prior: Prior | undefined, generation: number): Step {
    return {
      key: spec.urn,
      change,
      spec,
      generation,
      deleteBeforeReplace: false,
      ...(prior ? { prior: prior.state } : {}),
      ...(prior && prior.key !== spec.urn ? { priorKey: prior.key } : {}),
    };
  }

  private call(spec: ResourceSpec, { inputs, secretPaths }: ResolvedInputs): ResourceCall {
    return {
      urn: spec.urn,
      type: spec.type,
      inputs: providerInputs(inputs as Json, this.context.assetPath) as Props,
      secretPaths,
      ...(spec.options.timeouts ? { timeouts: spec.options.timeouts } : {}),
    };
  }

  private async askCreate(
    spec: ResourceSpec,
    schema: TypeSchema | undefined,
    source: ResolveSource,
    generation: number,
    resolved: ResolvedInputs,
  ): Promise<void> {
    const answer = await this.context.port.plan({ ...this.call(spec, resolved), prior: null });
    this.hear(spec, answer.diagnostics);
    const change = makeChange(spec.urn, spec.type, "create");
    change.properties = this.diff(spec, schema, source, undefined, generation, resolved, []);
    this.planned.set(spec.urn, {
      change,
      step: this.step(spec, change, undefined, generation),
      outputs: { id: undefined, outputs: answer.outputs, secretPaths: this.secretOutputs(schema, resolved), open: true },
    });
  }

  private async askChange(
    spec: ResourceSpec,
    schema: TypeSchema | undefined,
    source: ResolveSource,
    prior: Prior,
    resolved: ResolvedInputs,
  ): Promise<void> {
    const ignore = spec.options.ignoreChanges;
    const answer = await this.context.port.plan({
      ...this.call(spec, resolved),
      prior: toPrior(prior.state, this.context.assetPath),
      ...(ignore?.length ? { ignoreChanges: ignore } : {}),
    });
    this.hear(spec, answer.diagnostics);
    const broken = brokenReason(prior.state, schema);
    if (answer.action === "replace" || answer.action === "create" || broken) {
      return this.replace(spec, schema, source, prior, resolved, answer, broken);
    }
    if (answer.action === "same" && !resolved.unknown) return this.same(spec, prior, resolved);
    const change = makeChange(spec.urn, spec.type, "update");
    change.properties = this.diff(spec, schema, source, prior, prior.state.generation, resolved, []);
    addProviderChanges(change.properties, answer, prior.state, resolved);
    if (change.properties.length === 0 && !resolved.unknown && onlyRespelt(answer, prior.state)) return this.same(spec, prior, resolved);
    change.reasons = updateReasons(change.properties, prior.state);
    this.planned.set(spec.urn, {
      change,
      step: this.step(spec, change, prior, prior.state.generation),
      outputs: { id: prior.state.id, outputs: answer.outputs, secretPaths: outputSecrets(prior.state.secretPaths), open: true },
    });
  }

  private async replace(
    spec: ResourceSpec,
    schema: TypeSchema | undefined,
    source: ResolveSource,
    prior: Prior,
    resolved: ResolvedInputs,
    answer: ProviderPlan,
    broken: string | undefined,
  ): Promise<void> {
    const generation = prior.state.generation + 1;
    const next = resolveInputs(spec, { source, schema, lineage: this.context.lineage, generation, prior: prior.state });
    const fresh = await this.context.port.plan({ ...this.call(spec, next), prior: null });
    this.hear(spec, fresh.diagnostics);
    const change = makeChange(spec.urn, spec.type, "replace");
    change.properties = this.diff(spec, schema, source, prior, prior.state.generation, resolved, answer.replacePaths);
    addProviderChanges(change.properties, answer, prior.state, resolved);
    const forcing = change.properties.filter((p) => p.replaces);
    change.reasons = broken ? [broken] : replaceReasons(forcing, answer.replacePaths);
    const step = this.step(spec, change, prior, generation);
    const name = schema?.naming?.property ?? "";
    const nameStays = hasOwnName(spec, schema) && jsonEqual(next.inputs[name], prior.state.inputs[name]);
    step.deleteBeforeReplace = (spec.options.deleteBeforeReplace ?? false) || nameStays;
    if (nameStays && !spec.options.deleteBeforeReplace)
      change.reasons.push(`the old one is deleted first, because "${name}" is given and stays`);
    if (!broken && forcing.length > 0 && forcing.every((p) => p.unknown)) step.tentative = true;
    this.planned.set(spec.urn, {
      change,
      step,
      outputs: { id: undefined, outputs: fresh.outputs, secretPaths: this.secretOutputs(schema, next), open: true },
    });
  }

  private diff(
    spec: ResourceSpec,
    schema: TypeSchema | undefined,
    source: ResolveSource,
    prior: Prior | undefined,
    generation: number,
    resolved: ResolvedInputs,
    replacePaths: string[],
  ): PropertyChange[] {
    const structured = resolveInputs(spec, {
      source,
      schema,
      lineage: this.context.lineage,
      generation,
      prior: prior?.state,
      structured: true,
    });
    return differences(prior?.state.inputs as Json | undefined, structured.inputs as Json, {
      secretPaths: [...structured.secretPaths, ...hiddenBy(resolved, structured)],
      secretBefore: prior ? inputSecrets(prior.state.secretPaths) : [],
      replacePaths,
    });
  }

  private secretOutputs(schema: TypeSchema | undefined, resolved: ResolvedInputs): string[] {
    const sensitive = Object.entries(schema?.properties ?? {}).filter(([, p]) => p.sensitive);
    return [...new Set([...sensitive.map(([name]) => joinPath("", name)), ...resolved.secretPaths])];
  }

  private hear(spec: ResourceSpec, diagnostics: readonly Diagnostic[]): void {
    for (const d of diagnostics) {
      if (d.severity === "error") this.problem(spec, d);
      else this.notices.push(`${componentOf(spec.urn)}: ${d.message}`);
    }
  }

  private problem(spec: ResourceSpec, d: Diagnostic): void {
    const component = componentOf(spec.urn);
    const path = d.path ? `${component} (${spec.type} ${d.path})` : component;
    this.problems.push({ ...d, path: d.path?.startsWith(component) ? d.path : path });
  }

  private fail(spec: ResourceSpec, error: unknown): void {
    if (!isProviderError(error)) throw error;
    const diagnostics = error.diagnostics.filter((d) => d.severity === "error");
    if (diagnostics.length > 0) for (const d of diagnostics) this.problem(spec, d);
    else this.problem(spec, { severity: "error", code: `provider-${error.code}`, message: messageOf(error) });
    const change = makeChange(spec.urn, spec.type, "same");
    this.planned.set(spec.urn, { change, outputs: { id: undefined, outputs: {}, secretPaths: [], open: true } });
  }
}
