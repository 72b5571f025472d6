/** A run of a saved plan: what must still be so, and who has agreed to it. Each refusal is exit 5, before anything is touched. */
import { EXIT, PankaError } from "../base/errors.js";
import type { ApprovalRule } from "../model/approval.js";
import type { ShownPlan } from "../model/plan.js";
import type { SavedPlan } from "../model/saved-plan.js";
import type { ProviderIdentity, StateFile } from "../model/state-file.js";
import { agreementsOf, sealsApprovals } from "../state/approvals.js";
import { stateFingerprint } from "../state/fingerprint.js";
import { callerIdentity } from "./account.js";
import { refusedBy } from "./approval-rules.js";
import type { Backend } from "./backend.js";
import type { OperationContext } from "./context.js";

/** The plan that a run is of, and the file it was read from. */
export interface PlannedRun {
  saved: SavedPlan;
  file: string;
}

/** What the release of an approved run says. */
export interface RunApproval {
  /** The plan's id. */
  plan: string;
  /** Who agreed, the one who deploys left out. */
  approvedBy: string[];
}

/** True where another one has agreed: nobody is asked again. */
export function isApproved(approval: RunApproval | undefined): approval is RunApproval {
  return approval !== undefined && approval.approvedBy.length > 0;
}

/** Throws PankaError `other-plan` where the plan is for another place than this run's. An account that is not known counts as the same. */
export function checkPlace({ saved, file }: PlannedRun, wanted: ProviderIdentity, engine: StateFile["engine"]): void {
  const differ = (what: string, planned: string, is: string): PankaError =>
    refusal(
      "other-plan",
      `the plan ${file} is for the ${what} ${planned || "of AWS itself"}, this run has ${is || "AWS's own"}`,
      "panka plan --out FILE",
    );
  for (const key of ["name", "account", "region", "endpoint"] as const) {
    if (saved.provider[key] === wanted[key] || (key === "account" && (!wanted[key] || !saved.provider[key]))) continue;
    throw differ(key === "name" ? "provider" : key, saved.provider[key], wanted[key]);
  }
  if (saved.engine !== engine) throw differ("engine", saved.engine, engine);
}

/** Throws PankaError `moved-state` where something else stands than when the plan was made. */
export async function checkUnmoved({ saved, file }: PlannedRun, state: StateFile | null): Promise<void> {
  const { lineage, serial, content } = saved.state;
  const other = lineage !== "" && state?.lineage !== lineage;
  if (!other && (await stateFingerprint(state)) === content) return;
  const now = state === null ? "there is none" : `it is at serial ${state.serial}`;
  const moved = other ? "is another one" : "has moved on";
  throw refusal(
    "moved-state",
    `the state ${moved} since the plan ${file} was made against serial ${serial}: ${now}`,
    "panka plan --out FILE",
  );
}

/** Throws PankaError `plan-differs` where the plan made anew, with the saved one's serial, is not the saved one. */
export function checkSamePlan({ saved, file }: PlannedRun, now: ShownPlan): void {
  if (now.planHash === saved.plan.planHash) return;
  const was = new Map(saved.plan.changes.map((c) => [c.urn, c.action]));
  const is = new Map(now.changes.map((c) => [c.urn, c.action]));
  const differing = [...new Set([...was.keys(), ...is.keys()])].filter((urn) => was.get(urn) !== is.get(urn));
  const urn = differing[0];
  const example = urn ? `: ${urn} was to ${was.get(urn) ?? "stay out"}, and is now to ${is.get(urn) ?? "stay out"}` : "";
  throw refusal("plan-differs", `what is to be done is no longer what the plan ${file} shows${example}`, "panka plan --out FILE");
}

/**
 * Who agreed to the plan. Throws PankaError `approval-required` where a rule asks for it and nobody but the one who deploys has, and as
 * reading an approval does.
 */
export async function approvalOf(
  context: OperationContext,
  backend: Backend,
  { saved, file }: PlannedRun,
  on: { state: StateFile | null; rules: readonly ApprovalRule[] },
): Promise<RunApproval> {
  const self = await callerIdentity(context, saved.provider.region);
  const agreements = await agreementsOf(backend, saved, await sealsApprovals(backend, on.state));
  const others = agreements.map(({ by }) => by).filter((by) => by !== self && !refusedBy(on.rules, by));
  if (on.rules.length === 0 || others.length > 0) return { plan: saved.id, approvedBy: others };
  const own = agreements.some(({ by }) => by === self);
  const why = own ? `you (${self}) approved the plan ${file} yourself, and another person must` : `nobody has approved the plan ${file}`;
  throw refusal("approval-required", `${needs(saved.environment, on.rules)}, and ${why}`, `another person: panka approve ${file}`);
}

/** Thrown where an approval is needed and the run is of no plan. */
export function planRequired(environment: string, rules: readonly ApprovalRule[], operation: SavedPlan["operation"]): PankaError {
  const made = `panka plan -e ${environment}${operation === "destroy" ? " --destroy" : ""} --out plan.json`;
  return refusal(
    "approval-required",
    needs(environment, rules),
    `${made}, then another person: panka approve plan.json, then panka ${operation} -e ${environment} --plan plan.json`,
  );
}

/** `production takes approved plans only (panka.config.yaml), approved by alice`. */
export function needs(environment: string, rules: readonly ApprovalRule[]): string {
  const by = [...new Set(rules.flatMap((rule) => rule.by))];
  return `${environment} takes approved plans only (${rules.map((rule) => rule.asked).join(", ")})${by.length > 0 ? `, approved by ${by.join(" or ")}` : ""}`;
}

/** Exit 5. */
export function refusal(code: string, message: string, next: string): PankaError {
  return new PankaError(code, `${message}. Nothing was touched`, { exitCode: EXIT.refused, next });
}
