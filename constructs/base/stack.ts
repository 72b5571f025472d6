/**
 * Stack: the unit of deployment and of the default lock. Holds services and infra documents; makes nothing itself.
 *
 *   const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
 *   const orders = new Service(stack, "orders");
 *   stack.environment("production", { "orders/api": { scaling: { minReplicas: 4 } } });
 *   export default stack;
 */
import { type Diagnostic, DiagnosticBag } from "../../framework/base/diagnostics.js";
import { usageError } from "../../framework/base/errors.js";
import { LABEL } from "../../framework/base/names.js";
import type { ModelInput } from "../../framework/model/index.js";
import { type App, CONSTRUCT_FORMAT, isApp } from "./app.js";
import { type CallSite, callSite } from "./call-site.js";
import type { PropsOf } from "./common.js";
import { type Recorded, toDocument, toSourceMap } from "./recorded.js";
import type { stackSchema } from "./stack-kind.js";

const STACK = Symbol.for("panka.stack");

/** Spec of a stack. */
export interface StackProps extends PropsOf<typeof stackSchema> {}

/** What changes in one environment: address `service/component` (`""` for the stack) to a patch of its props. */
export interface EnvironmentChanges {
  [address: string]: { [prop: string]: unknown };
}

/** A stack of services. */
export class Stack {
  readonly [STACK] = CONSTRUCT_FORMAT;
  readonly name: string;
  private readonly recorded: Recorded[] = [];
  private readonly taken = new Set<string>();
  private readonly problems: { diagnostic: Diagnostic; site: CallSite }[] = [];
  private readonly changes: { environment: string; changes: EnvironmentChanges; site: CallSite }[] = [];

  constructor(name: string, props?: StackProps);
  constructor(app: App, name: string, props?: StackProps);
  constructor(first: App | string, second?: string | StackProps, third: StackProps = {}) {
    const app = isApp(first) ? first : undefined;
    const name = app ? (second as string) : (first as string);
    const props = app ? third : ((second as StackProps | undefined) ?? {});
    this.name = name;
    app?.stacks.push(this);
    this.record({ group: "core", kind: "Stack", name, props, site: callSite(new.target) });
  }

  /** What differs in one environment; the last layer, above all documents. May be called again for the same environment. */
  environment(name: string, changes: EnvironmentChanges): this {
    const site = callSite(this.environment);
    if (!LABEL.test(name)) this.problem("bad-name", `"${name}" can't name an environment`, "", site, { expected: LABEL_RULE });
    this.changes.push({ environment: name, changes, site });
    return this;
  }

  /** Records a construct; called by the constructors of services, components and infra kinds. Names are checked, problems collected.
   * @internal */
  record(entry: Recorded): void {
    this.recorded.push(entry);
    const path = entry.service === undefined ? entry.name : `${entry.service}/${entry.name}`;
    if (!LABEL.test(entry.name))
      this.problem("bad-name", `"${entry.name}" can't name a ${entry.kind}`, path, entry.site, { expected: LABEL_RULE });
    const key = entry.group === "infra" ? `infra ${entry.kind}` : entry.group === "core" ? `${entry.kind} ${entry.name}` : path;
    if (this.taken.has(key)) {
      const message = entry.group === "infra" ? `a second ${entry.kind}; a stack has one` : `a second construct named "${path}"`;
      this.problem("duplicate-name", message, path, entry.site, { expected: "each name once" });
    }
    this.taken.add(key);
  }

  private problem(code: string, message: string, path: string, site: CallSite, more: Partial<Diagnostic>): void {
    this.problems.push({ diagnostic: { severity: "error", code, message, ...(path ? { path } : {}), ...more }, site });
  }

  /**
   * The model of this stack. `root`: folder that files of positions are given relative to (absolute; default: positions stay absolute).
   * Throws PankaError `bad-stack` (exit 2) with all bad and repeated names.
   */
  toModel(root?: string): ModelInput {
    if (this.problems.length > 0) {
      const bag = new DiagnosticBag();
      bag.add(this.problems.map((p) => ({ ...p.diagnostic, ...toSourceMap(p.site, root)("") })));
      throw usageError("bad-stack", `the stack "${this.name}" can't be read`, { diagnostics: bag.sorted() });
    }
    const patches = this.changes.flatMap(({ environment, changes, site }) =>
      Object.entries(changes).map(([address, patch]) => ({ environment, address, patch, source: toSourceMap(site, root) })),
    );
    const spec = this.recorded[0]?.props as { environments?: readonly unknown[] } | undefined;
    const named = (spec?.environments ?? []).filter((e): e is string => typeof e === "string");
    return {
      format: 1,
      stack: this.name,
      frontEnd: "typescript",
      documents: this.recorded.map((r) => toDocument(r, root)),
      overlays: [],
      patches,
      environments: [...new Set([...named, ...patches.map((p) => p.environment)])].sort(),
    };
  }
}

const LABEL_RULE = "an RFC 1123 label: lower-case letters, digits and hyphens, at most 63 characters, no hyphen at either end";

/** True for a {@link Stack} of this or another loaded copy of the package, whatever its format number. */
export function isStack(value: unknown): value is Stack {
  return typeof value === "object" && value !== null && typeof (value as Record<symbol, unknown>)[STACK] === "number";
}
