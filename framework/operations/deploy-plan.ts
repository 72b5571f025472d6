/** `deploy --plan`: does what a saved plan says, or nothing. The plan's own assembly counts, not the files that are here now. */
import { isPankaError } from "../base/errors.js";
import { hashJson, jsonEqual } from "../base/json.js";
import type { ApprovalRule } from "../model/approval.js";
import { IMAGE_TYPE } from "../model/images.js";
import type { SavedPlan } from "../model/saved-plan.js";
import type { StackId } from "../model/stack-model.js";
import { approvalRules } from "./approval-rules.js";
import { compile, type Deployable, readModel, schemaIndex } from "./compile.js";
import type { OperationContext } from "./context.js";
import { deployCompiled, type DeployOptions } from "./deploy.js";
import { type PlannedRun, refusal } from "./planned-run.js";
import type { RunHooks, RunResult } from "./run-result.js";
import { absentAssets } from "./stored-assets.js";

/** What the plan itself does not say. */
export type PlanRunOptions = Omit<DeployOptions, "selection" | "refresh" | "recordAs" | "rules" | "planned">;

/** Deploys a saved plan. Throws like deploy, and PankaError (exit 5, nothing touched) where the plan is not for this, or no longer. */
export async function deployPlan(
  context: OperationContext,
  planned: PlannedRun,
  options: PlanRunOptions,
  hooks: RunHooks,
): Promise<RunResult> {
  const { saved } = planned;
  if (saved.operation !== "deploy")
    throw refusal("other-plan", `the plan ${planned.file} is of a destroy`, `panka destroy --plan ${planned.file}`);
  const rules = await rulesOf(context, planned);
  const compiled = await deployable(context, saved);
  const more = { selection: saved.selection, refresh: saved.refresh, rules, planned };
  return deployCompiled({ ...context, images: saved.imageOverrides }, compiled, { ...options, ...more }, hooks);
}

/** What asks for an approval: now, or when the plan was made. Throws where the plan is of another stack or environment than this run. */
export async function rulesOf(context: OperationContext, { saved, file }: PlannedRun): Promise<ApprovalRule[]> {
  const { environment } = context.settings;
  if (saved.environment !== environment)
    throw refusal("other-plan", `the plan ${file} is for ${saved.environment}, not for ${environment}`, `the same command without -e`);
  const here = context.stackEntry !== undefined || context.program !== undefined;
  const model = here ? await readModel(context).then((read) => read.model, unlessDestroyed(saved)) : undefined;
  if (model && !jsonEqual(idOf(model), idOf(saved)))
    throw refusal(
      "other-plan",
      `the plan ${file} is of the stack ${shownId(saved)}, not of ${shownId(model)}`,
      "the same command where that stack is",
    );
  const now = approvalRules(context, model);
  return [...now, ...saved.approval.filter((rule) => !now.some((other) => jsonEqual(rule, other)))];
}

/** What is recorded can be deleted although the stack's files are broken. */
const unlessDestroyed =
  ({ operation }: SavedPlan) =>
  (error: unknown): undefined => {
    if (operation !== "destroy" || !isPankaError(error) || error.code !== "invalid-stack") throw error;
  };

/** Which stack a plan is of. */
export function idOf({ stack, tenant, regional }: StackId): StackId {
  return { stack, ...(tenant === undefined ? {} : { tenant }), ...(regional === undefined ? {} : { regional }) };
}

function shownId({ stack, tenant, regional }: StackId): string {
  return `${tenant === undefined ? "" : `${tenant}/`}${stack}${regional === undefined ? "" : ` in ${regional}`}`;
}

/** What the plan deploys. Files and images that it ships are made again from the stack's files where they are not at hand; others than the plan's are not taken. */
async function deployable(context: OperationContext, saved: SavedPlan): Promise<Deployable> {
  const { assembly, graph, plan } = saved;
  const ships = absentAssets(context, assembly).length > 0 || assembly.resources.some((r) => r.type === IMAGE_TYPE);
  const built = ships && context.stackEntry ? (await compile({ ...context, images: saved.imageOverrides })).builds : undefined;
  return {
    model: { ...idOf(saved), environment: saved.environment, region: assembly.region, spec: { provider: saved.place } },
    synth: {
      assembly,
      hash: hashJson(assembly),
      sources: { version: 1, components: {} },
      notices: plan.notices,
      grants: plan.grants ?? [],
      graph,
    },
    schemas: schemaIndex(context),
    diagnostics: [],
    ...(built ? { builds: built } : {}),
  };
}
