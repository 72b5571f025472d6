/** The assembly: what a stack is in one environment, as data. Deterministic, hashed, versioned; the input of plan, review and tests. */
import type { ResourceSpec } from "./resource.js";
import type { Rollout, WatchedTasks } from "./rollout.js";
import type { CheckGroup } from "./smoke-test.js";
import type { Value } from "./values.js";

/** Version of the assembly's format; raised with a migration when it changes. */
export const ASSEMBLY_VERSION = 1;

/** panka.out/<stack>/<environment>/assembly.json. */
export interface Assembly {
  version: typeof ASSEMBLY_VERSION;
  stack: string;
  environment: string;
  /** The cloud region; "" where the stack leaves it to the configuration. */
  region: string;
  /** Sorted by urn. */
  resources: ResourceSpec[];
  /** `"<service>/<component>"` -> output name -> value. */
  outputs: { [component: string]: { [output: string]: Value } };
  /** By component, sorted; absent where every component is rolled out at once and unwatched. */
  rollouts?: Rollout[];
  /** By component, sorted; absent where no new version is watched. */
  running?: WatchedTasks[];
  /** What is tested after a deployment: components, then services, then the stack, each sorted by name. Absent: nothing. */
  checks?: CheckGroup[];
}

/** Positions and people's data beside the assembly, outside its hash (sources.json). */
export interface Sources {
  version: 1;
  /** `"<service>/<component>"` or `""` (the stack) -> property path (`""` = the component itself) -> `file:line:column`, file relative to the project root. */
  components: { [component: string]: { [path: string]: string } };
}

/** What a component's roles are allowed, and because of what: one statement. */
export interface BindingGrant {
  /** `service/component` of the role. */
  component: string;
  /** Address of the component that it uses, or the ARN or name of what is outside of the stack; null for statements that the user wrote (`permissions`). */
  to: string | null;
  actions: string[];
  /** As text, references as `${service/component[/role].output}`. */
  resources: string[];
}

/** What synth returns. */
export interface SynthResult {
  assembly: Assembly;
  /** SHA-256 of the assembly's canonical JSON. */
  hash: string;
  sources: Sources;
  /** For plans and views: facts that are not in the assembly (rounded CPU/memory pairs and the like). */
  notices: string[];
  /** Permissions by component and by what they are for, sorted. */
  grants: BindingGrant[];
  /** Component-level graph: address -> addresses it needs, sorted. */
  graph: ComponentGraph;
}

/**
 * Why a component needs another. `afterwards`: only what it declares at the very end refers to the other, so that the edge gives no order
 * between the two and may close a circle.
 */
export type EdgeReason = "reference" | "dependsOn" | "uses" | "afterwards";

/** The graph of components, for `panka graph`, selection and waves. */
export interface ComponentGraph {
  nodes: { address: string; kind: string; service: string }[];
  edges: { from: string; to: string; reason: EdgeReason }[];
}
