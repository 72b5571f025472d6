/** A synthesized stack and what may be asserted about it. Failures are AssertionErrors that say what was found instead. */
import { AssertionError } from "node:assert";
import { nearest } from "../framework/base/nearest.js";
import { parseUrn } from "../framework/base/names.js";
import type { Assembly, ComponentGraph, ResourceSpec, SynthResult, Value } from "../framework/model/index.js";
import { type Mismatch, mismatches } from "./match.js";
import { compareSnapshot } from "./snapshot.js";

/** A pattern for a resource's properties; see match.ts. */
export interface PropsPattern {
  [property: string]: unknown;
}

/** Resources that belong together. */
export class ResourceSet {
  constructor(
    /** For messages: `the stack`, `orders/api`. */
    private readonly what: string,
    /** Sorted by URN. */
    readonly resources: readonly ResourceSpec[],
  ) {}

  /** The resources of a type (a token, such as `aws:sqs/queue:Queue`) whose properties match. */
  find(type: string, props: PropsPattern = {}): ResourceSpec[] {
    return this.resources.filter((r) => r.type === type && mismatches(props, r.props).length === 0);
  }

  /** Asserts that there is one that matches, and returns the first. The message shows the nearest that does not. */
  hasResource(type: string, props: PropsPattern = {}): ResourceSpec {
    const [found] = this.find(type, props);
    if (found) return found;
    const near = this.resources
      .filter((r) => r.type === type)
      .map((r) => ({ r, wrong: mismatches(props, r.props) }))
      .sort((a, b) => a.wrong.length - b.wrong.length)[0];
    if (!near) throw this.none(type);
    const lines = near.wrong.map((m: Mismatch) => `  ${m.path || "the properties"}: ${m.what}`);
    throw failure(`no ${type} of ${this.what} matches; ${addressOf(near.r)} comes nearest:\n${lines.join("\n")}`, this.hasResource);
  }

  /** Asserts that none matches. */
  hasNoResource(type: string, props: PropsPattern = {}): void {
    const found = this.find(type, props);
    if (found.length > 0)
      throw failure(`expected no such ${type} of ${this.what}, found ${found.map(addressOf).join(", ")}`, this.hasNoResource);
  }

  /** Asserts how many resources of a type there are; with `props`: how many match. */
  count(type: string, expected: number, props: PropsPattern = {}): void {
    const found = this.find(type, props);
    if (found.length === expected) return;
    const list = found.length > 0 ? ` (${found.map(addressOf).join(", ")})` : "";
    throw failure(`expected ${expected} ${type} of ${this.what}, found ${found.length}${list}`, this.count);
  }

  private none(type: string): AssertionError {
    const types = [...new Set(this.resources.map((r) => r.type))].sort();
    const near = nearest(type, types);
    const there = types.length > 0 ? `it has ${types.join(", ")}` : "it has no resources";
    return failure(`${this.what} has no ${type}; ${there}${near ? `; did you mean ${near}?` : ""}`, this.hasResource);
  }
}

/** One component of a synthesized stack. */
export class SynthesizedComponent extends ResourceSet {
  constructor(
    /** `service/component`. */
    readonly address: string,
    readonly kind: string,
    /** What others may refer to. */
    readonly outputs: { [output: string]: Value },
    /** Addresses of the components that it needs, sorted. */
    readonly needs: readonly string[],
    resources: readonly ResourceSpec[],
  ) {
    super(address, resources);
  }

  /** The resource of a role; without one the main resource. Asserts that there is one. */
  resource(role?: string): ResourceSpec {
    const found = this.resources.find((r) => roleOf(r) === role);
    if (found) return found;
    const roles = this.resources.map((r) => roleOf(r) ?? "(main)").sort();
    const near = role && nearest(role, roles);
    throw failure(
      `${this.address} has no ${role ?? "main"} resource; it has ${roles.join(", ")}${near ? `; did you mean ${near}?` : ""}`,
      this.resource,
    );
  }
}

/** A synthesized stack. */
export class SynthesizedStack extends ResourceSet {
  /** The whole of it, as `panka synth` prints it. */
  readonly assembly: Assembly;
  /** SHA-256 of the assembly: the same sources give the same. */
  readonly hash: string;
  /** Facts that plan would show. */
  readonly notices: readonly string[];
  private readonly graph: ComponentGraph;

  constructor(result: SynthResult) {
    super("the stack", result.assembly.resources);
    this.assembly = result.assembly;
    this.hash = result.hash;
    this.notices = result.notices;
    this.graph = result.graph;
  }

  /** All components, by address. */
  get components(): SynthesizedComponent[] {
    return this.graph.nodes.map((n) => this.component(n.address));
  }

  /** A component by `service/component`, or by its bare name where only one has it. Asserts that there is one. */
  component(name: string): SynthesizedComponent {
    const { nodes, edges } = this.graph;
    const found = nodes.filter((n) => n.address === name || (!name.includes("/") && n.address.endsWith(`/${name}`)));
    const [node] = found;
    if (!node || found.length > 1) {
      const all = (found.length > 1 ? found : nodes).map((n) => n.address);
      const near = node ? undefined : nearest(name, all);
      const what = node ? `"${name}" may be ${all.join(" or ")}` : `the stack has no component "${name}"; it has ${all.join(", ")}`;
      throw failure(`${what}${near ? `; did you mean ${near}?` : ""}`, this.component);
    }
    const { address, kind } = node;
    const needs = [...new Set(edges.filter((e) => e.from === address).map((e) => e.to))].sort();
    const own = this.resources.filter((r) => addressOf(r).startsWith(`${address}/`) || addressOf(r) === address);
    return new SynthesizedComponent(address, kind, this.assembly.outputs[address] ?? {}, needs, own);
  }

  /** Resources that components share: the network, the cluster, the load balancer. */
  get shared(): ResourceSet {
    return new ResourceSet(
      "the shared resources",
      this.resources.filter((r) => addressOf(r).startsWith("_stack/")),
    );
  }

  /**
   * Asserts that the assembly is as recorded in `file`. Recorded where the file is not there (in CI, where CI is set, that fails), and
   * again with PANKA_UPDATE_SNAPSHOTS=1.
   */
  matchesSnapshot(file: string): void {
    compareSnapshot(this.assembly, file);
  }
}

/** `service/component`, or `service/component/role`. */
function addressOf(resource: ResourceSpec): string {
  const { service, component, role } = parseUrn(resource.urn);
  return `${service}/${component}${role === undefined ? "" : `/${role}`}`;
}

function roleOf(resource: ResourceSpec): string | undefined {
  return parseUrn(resource.urn).role;
}

/** An assertion that failed, its stack beginning at the caller's line. */
function failure(message: string, at: (...args: never[]) => unknown): AssertionError {
  return new AssertionError({ message, stackStartFn: at });
}
