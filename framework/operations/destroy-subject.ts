/** What a destroy is of, and its plan: from the stack's files where they are here, from a saved plan, or from what is recorded alone. */
import { isPankaError } from "../base/errors.js";
import { componentOf } from "../base/names.js";
import type { ApprovalRule } from "../model/approval.js";
import type { Assembly, ComponentGraph } from "../model/assembly.js";
import type { LockScope } from "../model/locker.js";
import type { Plan } from "../model/plan.js";
import type { Provider } from "../model/provider.js";
import type { SchemaIndex } from "../model/provider-schema.js";
import type { StackId } from "../model/stack-model.js";
import type { StateFile } from "../model/state-file.js";
import { checkGuards } from "../plan/guards.js";
import { makePlan } from "../plan/make-plan.js";
import type { Selection } from "../plan/selection.js";
import { urnOfKey } from "../plan/selection.js";
import { approvalRules } from "./approval-rules.js";
import { compile, type Compiled } from "./compile.js";
import type { OperationContext } from "./context.js";
import { idOf, rulesOf } from "./deploy-plan.js";
import { withinScope } from "./lock-scope.js";
import { type PlannedRun, refusal } from "./planned-run.js";
import { chosen, isNarrowed, type SelectionOptions } from "./selection.js";
import { stackId } from "./stack-id.js";

/** What is destroyed. */
export interface DestroySubject {
  id: StackId;
  /** "" where only what is recorded says it. */
  region: string;
  spec: { [key: string]: unknown };
  /** What says how to find again what a killed run left; empty where the stack's files are not here. */
  assembly: Assembly;
  /** Of its components; absent as well. */
  graph?: ComponentGraph;
  selection: SelectionOptions;
  /** `--allow-delete`. */
  allowDelete: string[];
  rules: readonly ApprovalRule[];
  planned?: PlannedRun;
}

/** The stack that the command is about. Its files may be gone or broken: what is recorded can be deleted all the same. */
export async function destroySubject(
  context: OperationContext,
  options: Pick<DestroySubject, "selection" | "allowDelete">,
): Promise<DestroySubject> {
  const compiled = await tryCompile(context, isNarrowed(options.selection));
  const id = compiled?.model ?? (await stackId(context));
  const region = compiled?.model.region ?? "";
  const nothing: Assembly = { version: 1, stack: id.stack, environment: context.settings.environment, region, resources: [], outputs: {} };
  return {
    ...options,
    id: idOf(id),
    region,
    spec: compiled?.model.spec ?? {},
    assembly: compiled?.synth.assembly ?? nothing,
    ...(compiled ? { graph: compiled.synth.graph } : {}),
    rules: approvalRules(context, compiled?.model),
  };
}

/** What a saved plan destroys. Throws PankaError `other-plan` (exit 5) where it is not for that. */
export async function plannedSubject(context: OperationContext, planned: PlannedRun): Promise<DestroySubject> {
  const { saved, file } = planned;
  if (saved.operation !== "destroy") throw refusal("other-plan", `the plan ${file} is of a deployment`, `panka deploy --plan ${file}`);
  const rules = await rulesOf(context, planned);
  const { assembly, graph, selection, allowDelete } = saved;
  return {
    id: idOf(saved),
    region: assembly.region,
    spec: { provider: saved.place },
    assembly,
    graph,
    selection,
    allowDelete,
    rules,
    planned,
  };
}

async function tryCompile(context: OperationContext, needed: boolean): Promise<Compiled | undefined> {
  if (!context.stackEntry && !needed) return undefined;
  try {
    return await compile(context);
  } catch (error) {
    if (!needed && isPankaError(error) && error.code === "invalid-stack") return undefined;
    throw error;
  }
}

/** What deletions are planned with. */
export interface DeletionParts {
  state: StateFile | null;
  scope: LockScope;
  provider: Provider;
  schemas: SchemaIndex;
}

/** Plans the deletion; what is protected, and what that needs, is left out and named in `kept`. */
export async function planDeletion(subject: DestroySubject, parts: DeletionParts): Promise<{ plan: Plan; kept: string[] }> {
  const { assembly, allowDelete, planned } = subject;
  const { state, scope, provider: port, schemas } = parts;
  const serial = planned ? { serial: planned.saved.plan.serial } : {};
  const make = (selection: Selection | undefined) =>
    makePlan({ assembly, assemblyHash: "", state, schemas, port, destroy: true, ...serial, ...(selection ? { selection } : {}) });
  const plan = await make(narrowed(subject));
  const refused = state ? checkGuards(plan, state, { allowDelete }) : [];
  if (!state || refused.length === 0) return { plan: withinScope(plan, scope), kept: [] };
  const guarded = new Set(refused.map((d) => d.path ?? ""));
  const keep = closure(state, (component) => guarded.has(component));
  const urns = plan.changes.filter((c) => c.action === "delete" && !keep.has(c.urn)).map((c) => c.urn);
  const kept = [...guarded].sort().map((component) => `${component} is protected; to delete it, too: --allow-delete ${component}`);
  const others = new Set([...keep].map(componentOf).filter((c) => !guarded.has(c)));
  if (others.size > 0) kept.push(`${[...others].sort().join(", ")}: needed by what is protected`);
  return { plan: withinScope(await make({ urns }), scope), kept };
}

function narrowed({ selection, graph }: DestroySubject): Selection | undefined {
  return isNarrowed(selection) && graph ? { components: chosen(graph, selection), services: selection.services } : undefined;
}

/** Resources of components, and all that they need. */
function closure(state: StateFile, is: (component: string) => boolean): Set<string> {
  const keep = new Set<string>();
  const add = (urn: string): void => {
    if (keep.has(urn)) return;
    keep.add(urn);
    for (const need of state.resources[urn]?.dependsOn ?? []) add(urnOfKey(need));
  };
  for (const key of Object.keys(state.resources)) if (is(componentOf(urnOfKey(key)))) add(urnOfKey(key));
  return keep;
}
