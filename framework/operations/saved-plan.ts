/** Saved plans as files: made from a plan that was shown, written for their owner only, and believed only where their id is that of their content. */
import { dirname, join, resolve } from "node:path";
import { EXIT, messageOf, PankaError, usageError } from "../base/errors.js";
import { makeFolder } from "../base/folders.js";
import { canonicalJson, hashJson, isPlainObject } from "../base/json.js";
import type { ApprovalRule } from "../model/approval.js";
import type { SynthResult } from "../model/assembly.js";
import type { Plan } from "../model/plan.js";
import { SAVED_PLAN_VERSION, type SavedPlan } from "../model/saved-plan.js";
import type { ProviderIdentity, StateFile } from "../model/state-file.js";
import { shownPlan } from "../plan/shown-plan.js";
import { replaceWhole } from "../state/durable-files.js";
import { stateFingerprint } from "../state/fingerprint.js";
import { callerIdentity } from "./account.js";
import type { Deployable } from "./compile.js";
import type { OperationContext } from "./context.js";
import { gitFacts } from "./git.js";
import { readNamedFile } from "./named-file.js";
import type { SelectionOptions } from "./selection.js";

/** What a plan is saved with. */
export interface PlanParts {
  operation: SavedPlan["operation"];
  compiled: { model: Deployable["model"]; synth: Pick<SynthResult, "assembly" | "graph"> };
  plan: Plan;
  /** What it was made against, as recorded. */
  state: StateFile | null;
  provider: ProviderIdentity;
  selection: SelectionOptions;
  refresh: boolean;
  allowDelete?: readonly string[];
  rules: readonly ApprovalRule[];
}

/** The saved form of a plan. Throws what asking for the caller's identity throws. */
export async function savedPlanOf(context: OperationContext, parts: PlanParts): Promise<SavedPlan> {
  const { compiled, plan, state, selection } = parts;
  const { stack, tenant, regional, environment } = compiled.model;
  const { commit } = gitFacts(context.settings.projectRoot);
  const content: Omit<SavedPlan, "id"> = {
    version: SAVED_PLAN_VERSION,
    operation: parts.operation,
    stack,
    ...(tenant === undefined ? {} : { tenant }),
    ...(regional === undefined ? {} : { regional }),
    environment,
    panka: context.pankaVersion,
    at: new Date(context.clock.now()).toISOString(),
    by: await callerIdentity(context, parts.provider.region),
    ...(commit ? { gitCommit: commit } : {}),
    engine: context.settings.engine,
    provider: parts.provider,
    place: { ...(compiled.model.spec["provider"] as object | undefined) },
    state: { lineage: state?.lineage ?? "", serial: state?.serial ?? 0, content: await stateFingerprint(state) },
    assembly: compiled.synth.assembly,
    graph: compiled.synth.graph,
    selection: { services: selection.services, components: selection.components, withDependencies: selection.withDependencies },
    refresh: parts.refresh,
    allowDelete: [...(parts.allowDelete ?? [])],
    imageOverrides: { ...context.images },
    lookups: plan.lookups,
    plan: shownPlan(plan),
    approval: [...parts.rules],
  };
  // As it will be read: what JSON leaves out has no part in the id.
  const written = JSON.parse(canonicalJson(content)) as Omit<SavedPlan, "id">;
  return { ...written, id: hashJson(written) };
}

/** Where a plan goes that nobody asked to save, relative to the project root. */
export function keptPlanFile({ stack, environment, id }: SavedPlan): string {
  return join("panka.out", stack, environment, `plan-${id.slice(0, 12)}.json`);
}

/** Writes it, readable by its owner only, over what is there; relative paths are relative to `folder`. Throws PankaError `not-written`. */
export async function writeSavedPlan(context: OperationContext, file: string, saved: SavedPlan, folder = context.cwd): Promise<void> {
  const path = resolve(folder, file);
  try {
    await makeFolder(dirname(path));
    await replaceWhole(path, `${canonicalJson(saved, 2)}\n`, `${path}.${context.random.uuid()}.tmp`);
  } catch (error) {
    throw new PankaError("not-written", `the plan can't be written to ${file}: ${messageOf(error)}`, { next: "--out with another file" });
  }
}

/**
 * The plan in a file. Throws a usage error where there is none, PankaError `edited-plan` (exit 5) where its content is not what its id
 * says, `newer-plan` for another version of the format.
 */
export async function readSavedPlan(cwd: string, file: string): Promise<SavedPlan> {
  const text = await readNamedFile(cwd, file, { code: "no-plan-file", next: "panka plan --out FILE" });
  const parsed = parse(text);
  if (parsed === undefined || !("version" in parsed) || typeof parsed["id"] !== "string")
    throw usageError("no-plan", `${file} is no saved plan`, { next: "panka plan --out FILE" });
  if (parsed["version"] !== SAVED_PLAN_VERSION) {
    const message = `the plan ${file} has format version ${String(parsed["version"])}; this Panka reads version ${SAVED_PLAN_VERSION}`;
    throw new PankaError("newer-plan", message, { next: "make it anew: panka plan --out FILE" });
  }
  const { id, ...content } = parsed;
  if (hashJson(content) === id) return parsed as unknown as SavedPlan;
  throw new PankaError(
    "edited-plan",
    `the plan ${file} was edited after it was made: its content is not what its id says. Nothing was touched`,
    {
      exitCode: EXIT.refused,
      next: "make it anew: panka plan --out FILE",
    },
  );
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isPlainObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
