/** State of one synthesis: what has been expanded so far, and what was asked of shared resources. */
import { compareText, type DiagnosticBag, type SourcePosition } from "../base/diagnostics.js";
import { canonicalJson } from "../base/json.js";
import { makeUrn, readableName, SHARED_SERVICE } from "../base/names.js";
import { nearest } from "../base/nearest.js";
import type { DetailedGraph } from "../graph/index.js";
import { ComponentNames } from "../model/component-names.js";
import {
  type BindingGrant,
  type Expansion,
  type ProbeSpec,
  type Ref,
  type Registry,
  refsIn,
  type ResolvedComponent,
  type ResolvedModel,
  type ResourceExtra,
  type ResourceHandle,
  type ResourceOptions,
  type ResourceSpec,
  type SchemaIndex,
  type SharedContext,
  type Told,
  type Value,
} from "../model/index.js";
import { testedComponents } from "./checks.js";
import { cleanValue } from "./values.js";

/** What synth is told besides the model. */
export interface SynthOptions {
  registry: Registry;
  /** Checks props and tokens, and says which types take tags; without it neither is checked. */
  schemas?: SchemaIndex;
  /** `"<service>/<component>#<key>"` -> SHA-256, or a file's text; without it every hash is 64 zeros (validate needs no files). */
  assets?: ReadonlyMap<string, string>;
  bag: DiagnosticBag;
}

/** A component as expanded. */
export interface ExpandedComponent extends Expansion {
  /** Its resources by role; the main one under "". */
  resources: Map<string, ResourceSpec>;
  /** URNs of those that `finish` declared: what waits for the component does not wait for them. */
  late: Set<string>;
}

/** A component's or shared kind's own part: what its context writes to. */
export interface Owner {
  service: string;
  component: string;
  address: string;
  /** Whether the main resource is protected. */
  protect: boolean;
  resources: Map<string, ResourceSpec>;
}

/** What a problem may say besides what is wrong. */
export interface ProblemDetails {
  expected?: string | undefined;
  suggestion?: string | undefined;
  next?: string | undefined;
  /** Said by an infra document's rule rather than by a check. */
  verdict?: "error" | "warning";
  /** Where it stands; default: where the path is written. */
  at?: SourcePosition | undefined;
}

/** One synthesis. */
export class SynthRun {
  readonly expanded = new Map<string, ExpandedComponent>();
  readonly byAddress: Map<string, ResolvedComponent>;
  readonly names: ComponentNames;
  readonly notices: string[] = [];
  readonly grants: BindingGrant[] = [];
  /** URNs of all declared resources. */
  readonly urns = new Set<string>();
  private tested: ReadonlySet<string> | undefined;
  private readonly told = new Map<string, Told[]>();
  private readonly requests = new Map<string, Map<string, { from: string; request: unknown }>>();
  private readonly closed = new Set<string>();

  constructor(
    readonly model: ResolvedModel,
    readonly options: SynthOptions,
    readonly graph: DetailedGraph,
  ) {
    this.byAddress = new Map(model.components.map((c) => [c.address, c]));
    this.names = new ComponentNames(this.byAddress.keys());
  }

  /** An infra document of the stack, or what the Stack document holds inline in its place. */
  infra(kind: string): { [key: string]: unknown } | undefined {
    return this.model.infra[kind] ?? this.options.registry.find(kind)?.fromStack?.(this.model.spec);
  }

  /** Reports infra kinds that are given twice: as a document, and inline in the Stack. */
  checkInline(): void {
    for (const kind of this.options.registry.kinds)
      if (this.model.infra[kind.name] && kind.fromStack?.(this.model.spec))
        this.options.bag.error("infra-twice", `the ${kind.name} document and the Stack both say it`, {
          path: this.model.stack,
          ...this.model.source(""),
          expected: `a ${kind.name} document, or its inline form in the Stack`,
        });
  }

  /** True if a smoke test is about the component. */
  isTested(address: string): boolean {
    this.tested ??= testedComponents(this);
    return this.tested.has(address);
  }

  /** Adds a problem at a property of a component, of an infra document (by its kind) or of the stack. */
  problem(address: string, path: string, code: string, message: string, more: ProblemDetails = {}): void {
    const { verdict, at, ...rest } = more;
    const source = this.byAddress.get(address)?.source ?? this.model.infraSources?.[address] ?? this.model.source;
    const report = verdict === "warning" ? "warn" : verdict === "error" ? "refuse" : "error";
    this.options.bag[report](code, message, {
      path: path ? `${address}.spec.${path}` : address,
      ...(at ?? source(path) ?? source("")),
      ...Object.fromEntries(Object.entries(rest).filter(([, v]) => v !== undefined)),
    });
  }

  /** The account id: as the stack says, else a look-up. */
  get accountId(): Value {
    const provider = this.model.spec.provider as { accountId?: string } | undefined;
    return provider?.accountId ?? this.options.registry.wellKnown?.accountId ?? "";
  }

  /** The region: as known, else a look-up. */
  get regionValue(): Value {
    return this.model.region || (this.options.registry.wellKnown?.region ?? "");
  }

  /** What a Ref of `from` means; reports an output that the target has not. */
  resolveRef(ref: Ref, from: string, path: string, address: string): Value {
    if (address === SHARED_SERVICE) return ref.output === "region" ? this.regionValue : this.accountId;
    const target = this.byAddress.get(address);
    const kind = target && this.options.registry.find(target.kind);
    const output = kind?.outputAliases?.[ref.output] ?? ref.output;
    const outputs = this.expanded.get(address)?.outputs ?? {};
    const value = outputs[output];
    if (value !== undefined) return value;
    const main = this.expanded.get(address)?.resources.get("");
    if (main && target && kind?.hasOutput?.(output, target.props) && kind.outputs[output] === undefined)
      return { $ref: { urn: main.urn, output } };
    const known = Object.keys(outputs).sort();
    if (this.expanded.has(address))
      this.problem(from, path, "unknown-output", `"${address}" has no output "${ref.output}"`, {
        expected: known.length > 0 ? known.join(", ") : "a component with outputs",
        suggestion: nearest(ref.output, known),
      });
    return "";
  }

  /** The URN of a resource of an owner. */
  urn(owner: Pick<Owner, "service" | "component">, role: string | undefined, type: string): string {
    const { environment, stack } = this.model;
    return makeUrn({ environment, stack, type, service: owner.service, component: owner.component, ...(role ? { role } : {}) });
  }

  /** Declares a resource of an owner. Throws TypeError for a role used twice. */
  declare(
    owner: Owner,
    role: string | undefined,
    type: string,
    props: { [key: string]: Value | undefined },
    extra: ResourceExtra = {},
  ): ResourceHandle {
    const key = role ?? "";
    if (owner.resources.has(key)) throw new TypeError(`${owner.address} declares the role "${role ?? "main"}" twice`);
    const urn = this.urn(owner, role, type);
    this.urns.add(urn);
    const clean = cleanValue(props) as { [key: string]: Value };
    const options: ResourceOptions = { ...(key === "" && owner.protect ? { protect: true } : {}), ...extra.options };
    const refs = new Set(refsIn(clean));
    owner.resources.set(key, {
      urn,
      type,
      name: readableName(urn),
      props: clean,
      dependsOn: [...new Set(extra.dependsOn ?? [])].filter((u) => !refs.has(u)).sort(compareText),
      options: cleanValue(options) as unknown as ResourceOptions,
      probe: extra.probe
        ? (cleanValue(extra.probe) as unknown as ProbeSpec)
        : (this.options.registry.probeFor?.(type, props) ?? this.defaultProbe(type)),
      ...(extra.actions && extra.actions.length > 0 ? { actions: cleanValue(extra.actions) as unknown as typeof extra.actions } : {}),
    });
    return { urn, out: (output) => ({ $ref: { urn, output } }) };
  }

  /** B where the type takes tags; A by its name where it takes none but is named; else D. Types outside the table are taken to have tags. */
  private defaultProbe(type: string): ProbeSpec {
    const schema = this.options.schemas?.type(type);
    if (!schema || schema.taggable) return { class: "B" };
    return schema.naming ? { class: "A", importId: { $name: true } } : { class: "D" };
  }

  /** Records what one component hands to the `finish` of another. Throws TypeError for an address that is no component. */
  tell(from: string, address: string, request: unknown): void {
    if (!this.byAddress.has(address)) throw new TypeError(`${from} tells "${address}", which is no component`);
    const list = this.told.get(address);
    if (list) list.push({ from, request });
    else this.told.set(address, [{ from, request }]);
  }

  /** What was handed to a component, by teller, in the order in which each told it. */
  toldTo(address: string): Told[] {
    return [...(this.told.get(address) ?? [])].sort((a, b) => compareText(a.from, b.from));
  }

  /** Records a request for a shared resource and gives its handle. Throws TypeError for one that is unknown or already expanded. */
  askShared(from: string, name: string, request: unknown): unknown {
    const kind = this.options.registry.shared.find((s) => s.name === name);
    if (!kind) throw new TypeError(`no shared resource "${name}"`);
    if (this.closed.has(name)) throw new TypeError(`${from} asks for "${name}", which is expanded before it`);
    let requests = this.requests.get(name);
    if (!requests) {
      requests = new Map();
      this.requests.set(name, requests);
    }
    requests.set(`${from} ${canonicalJson(request ?? null)}`, { from, request });
    return kind.handle(request, this.sharedContext(name, from));
  }

  /** All requests for a shared resource, by asker; no more may come after this. */
  closeShared(name: string): { from: string; request: unknown }[] {
    this.closed.add(name);
    return [...(this.requests.get(name) ?? [])].sort(([a], [b]) => compareText(a, b)).map(([, r]) => r);
  }

  private sharedContext(name: string, from: string): SharedContext {
    const { stack, environment, environmentClass } = this.model;
    return {
      stack,
      environment,
      environmentClass,
      from,
      infra: (kind) => this.infra(kind),
      urn: (role, type) => this.urn({ service: SHARED_SERVICE, component: name }, role, type),
      shared: <H>(other: string, request?: unknown) => this.askShared(from, other, request) as H,
    };
  }
}
