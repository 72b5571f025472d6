/** Roll-outs in stages: which a plan begins, and the assembly of each stage, made of the assembly to reach and of what is recorded. Pure. */
import { compareText } from "../base/diagnostics.js";
import type { Json } from "../base/json.js";
import { getPath, isBelow, joinPath, setPath } from "../base/property-path.js";
import type { Assembly } from "../model/assembly.js";
import type { Plan } from "../model/plan.js";
import type { ResourceSpec } from "../model/resource.js";
import type { Rollout, Stage, StageSetting, Staged, WatchedTasks } from "../model/rollout.js";
import type { ResourceState, StateFile } from "../model/state-file.js";
import type { Value } from "../model/values.js";
import { inputSecrets, recordedSource } from "./outputs.js";
import { resolveValue } from "./resolve.js";

/** A roll-out that goes in stages. */
export type StagedRollout = Rollout & { staged: Staged };

/** What a plan makes of the roll-outs of its assembly. */
export interface Beginning {
  /** New versions, in stages. */
  staged: StagedRollout[];
  /** New versions that take over at once; `because`: why, where they were to go in stages. */
  atOnce: { rollout: Rollout; because?: string }[];
}

/** The new versions in a plan against a state. The first version of a component takes over from nothing: it is not among them. */
export function newVersions(plan: Pick<Plan, "changes">, assembly: Assembly, state: StateFile | null): Beginning {
  const changes = new Map(plan.changes.map((c) => [c.urn, c]));
  const found: Beginning = { staged: [], atOnce: [] };
  for (const rollout of assembly.rollouts ?? []) {
    const { when, staged } = rollout;
    const change = changes.get(when.urn);
    if (!change || change.action === "same" || change.action === "create") continue;
    const { path } = when;
    if (path !== undefined && change.action === "update" && !change.properties.some((p) => isBelow(p.path, path))) continue;
    const because = staged && state ? alone(staged, changes, state) : undefined;
    if (staged && because === undefined) found.staged.push({ ...rollout, staged });
    else found.atOnce.push({ rollout, ...(because ? { because } : {}) });
  }
  return found;
}

/** The tasks of components whose service the plan makes or changes; all where `all`. */
export function tasksIn(plan: Pick<Plan, "changes">, assembly: Assembly, all: boolean): WatchedTasks[] {
  const changed = new Set(plan.changes.filter((c) => c.action !== "same" && c.action !== "delete").map((c) => c.urn));
  return (assembly.running ?? []).filter(({ urn }) => all || changed.has(urn));
}

/** Why nothing can stand beside the old version this time, plain words; undefined if it can. */
function alone(staged: Staged, changes: ReadonlyMap<string, Plan["changes"][number]>, state: StateFile): string | undefined {
  const anew = staged.unless.find((urn) => ["create", "replace"].includes(changes.get(urn)?.action ?? "same"));
  if (anew !== undefined) return `${nameIn(anew)} must be made anew`;
  const missing = staged.hold.find(({ urn }) => state.resources[urn]?.status !== "ok");
  return missing ? `${nameIn(missing.urn)} is not whole` : undefined;
}

/** `target-group` of a URN: the role, else the type's name. */
function nameIn(urn: string): string {
  const [type, place] = urn.split("::").slice(-2) as [string, string];
  return `its ${place.split("/")[2] ?? type.split(":").pop()?.toLowerCase()}`;
}

/** What a reader of the plan is told of its roll-outs. */
export function rolloutNotices({ staged, atOnce }: Beginning): string[] {
  return [
    ...staged.map((r) => `${r.component}: ${r.staged.words}`),
    ...atOnce.flatMap(({ rollout: { component, watch, staged }, because }) => [
      ...(staged ? [`${component}: the new version takes over at once this time, as ${because}`] : []),
      ...(watch ? [`${component}: the new version is watched for ${minutesText(watch.minutes)} once it has taken over`] : []),
    ]),
  ];
}

/** `1 minute`, `5 minutes`. */
export function minutesText(minutes: number): string {
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}

/** How many stages come before the assembly itself. */
export function stageCount(rollouts: readonly StagedRollout[]): number {
  return Math.max(0, ...rollouts.map((r) => r.staged.stages.length));
}

/** The stage of one roll-out while all are at `index`: one with fewer stages stays at its last. */
export function stageAt({ staged }: StagedRollout, index: number): Stage {
  return staged.stages[Math.min(index, staged.stages.length - 1)] as Stage;
}

/**
 * The assembly of a stage, from 0. What is recorded and no longer in the assembly stays until the stages are over: the old version may
 * need it.
 */
export function stageAssembly(assembly: Assembly, state: StateFile, rollouts: readonly StagedRollout[], index: number): Assembly {
  const specs = new Map(assembly.resources.map((spec) => [spec.urn, spec]));
  const added = rollouts.flatMap((r) => r.staged.added);
  for (const spec of added) specs.set(spec.urn, spec);
  for (const rollout of rollouts) {
    const stage = stageAt(rollout, index);
    for (const setting of stage.set) change(specs, setting.urn, (spec) => withSetting(spec, setting, state));
    if (stage.released) continue;
    for (const { urn, path } of rollout.staged.hold) {
      const recorded = state.resources[urn];
      if (recorded) change(specs, urn, (spec) => (path === undefined ? held(spec, recorded) : heldAt(spec, path, recorded)));
    }
  }
  const moved = new Set(assembly.resources.flatMap((spec) => spec.options.aliases ?? []));
  for (const [key, recorded] of Object.entries(state.resources)) {
    if (specs.has(key) || key.includes("#") || moved.has(key) || recorded.status !== "ok") continue;
    specs.set(
      key,
      held({ urn: key, type: recorded.type, name: "", props: {}, dependsOn: [], options: {}, probe: { class: "E" } }, recorded),
    );
  }
  const { rollouts: _rollouts, running: _running, ...rest } = assembly;
  return { ...rest, resources: [...specs.values()].sort((a, b) => compareText(a.urn, b.urn)) };
}

function change(specs: Map<string, ResourceSpec>, urn: string, to: (spec: ResourceSpec) => ResourceSpec): void {
  const spec = specs.get(urn);
  if (spec) specs.set(urn, to(spec));
}

function withSetting(spec: ResourceSpec, { path, key, value }: StageSetting, state: StateFile): ResourceSpec {
  const part = key === undefined ? undefined : recordedText(key, state);
  if (key !== undefined && part === undefined) throw new TypeError(`a stage of ${spec.urn} needs what no stage before it makes`);
  const at = part === undefined ? path : joinPath(path, part);
  return { ...spec, props: setPath(spec.props, at, value) as ResourceSpec["props"] };
}

/** A value as text, made of what is recorded; undefined where that is not known. */
export function recordedText(value: Value, state: StateFile): string | undefined {
  const resolved = resolveValue(value, recordedSource(state));
  return resolved.unknown || resolved.problems.length > 0 || resolved.value === undefined ? undefined : String(resolved.value);
}

/** A resource that keeps all that is recorded of it: its plan is "same". */
function held(spec: ResourceSpec, recorded: ResourceState): ResourceSpec {
  let props: unknown = recorded.inputs;
  for (const path of inputSecrets(recorded.secretPaths)) {
    const secret = getPath(recorded.inputs, path) as Json | undefined;
    if (secret !== undefined && path !== "") props = setPath(props, path, { $secret: secret });
  }
  const { protect, retainOnDelete, deleteBeforeReplace } = recorded;
  const { actions: _actions, ...rest } = spec;
  return {
    ...rest,
    props: props as ResourceSpec["props"],
    dependsOn: recorded.dependsOn,
    options: {
      ...spec.options,
      protect,
      ...(retainOnDelete ? { retainOnDelete } : {}),
      ...(deleteBeforeReplace ? { deleteBeforeReplace } : {}),
    },
    probe: { class: "E" },
  };
}

function heldAt(spec: ResourceSpec, path: string, recorded: ResourceState): ResourceSpec {
  return { ...spec, props: setPath(spec.props, path, getPath(recorded.inputs, path)) as ResourceSpec["props"] };
}
