/** From what the engine did to the result of a run, and to the record of its release. */
import type { Diagnostic } from "../base/diagnostics.js";
import { EXIT, type ExitCode } from "../base/errors.js";
import type { ExecuteResult } from "../model/engine.js";
import type { ChangeAction, Plan } from "../model/plan.js";
import type { ReleaseRecord, StateFile } from "../model/state-file.js";
import { typeName } from "../providers/aws/type-names.js";
import { dropOldApprovals } from "../state/approvals.js";
import type { Carried } from "./carry-out.js";
import type { OperationContext } from "./context.js";
import type { LockedJob, OpenRun } from "./locked-job.js";
import { releaseRecord } from "./release-record.js";
import { emptyResult, type RunResult } from "./run-result.js";
import { shownOutputs } from "./secrets-out.js";
import type { Session } from "./session.js";

/** What is reported. Without `executed` nothing was to be done. */
export interface ReportParts extends Carried {
  /** The run ended before it was known whether what it made works. */
  unverified?: true;
}

/** The result of a run whose state is saved. */
export function runReport({ context, job, session }: OpenRun, parts: ReportParts): RunResult {
  const { plan, state, executed, unverified } = parts;
  const { stack, environment } = job.assembly;
  const base: RunResult = {
    ...emptyResult(job.operation, stack, environment),
    outputs: shownOutputs(state),
    serial: state.serial,
    kept: parts.kept,
    summary: doneOf(parts),
  };
  if (!executed && !unverified) {
    const nothing = job.operation === "destroy" && Object.keys(state.resources).length === 0;
    return { ...base, kind: nothing ? "nothing-to-destroy" : "no-changes", next: nextCommand(context, job, true) };
  }
  const undone = undoneOf(executed);
  const created: { [component: string]: string[] } = {};
  for (const change of plan.changes) {
    if (change.action === "create" && !undone.has(change.urn))
      created[change.component] = [...(created[change.component] ?? []), typeName(change.type)];
  }
  const diagnostics = problems(context, job, { executed, unverified, session });
  const result: RunResult = { ...base, createdByComponent: created, left: undone.size, diagnostics };
  if (executed?.ok !== false && !unverified) return { ...result, next: nextCommand(context, job, true) };
  const { kind, exitCode, message } = ending(context, job, parts);
  return { ...result, kind, exitCode, message, next: nextCommand(context, job, false) };
}

function undoneOf(executed: ExecuteResult | undefined): Set<string> {
  return new Set([...(executed?.failed ?? []), ...(executed?.skipped ?? [])].map((s) => s.urn));
}

/** How many resources were changed, and how. */
function doneOf({ plan, executed }: ReportParts): Record<ChangeAction, number> {
  const summary = { create: 0, update: 0, replace: 0, delete: 0, same: plan.summary.same };
  const undone = undoneOf(executed);
  if (executed) for (const change of plan.changes) if (change.action !== "same" && !undone.has(change.urn)) summary[change.action] += 1;
  return summary;
}

function ending(
  context: OperationContext,
  job: LockedJob,
  { executed, unverified }: ReportParts,
): Pick<RunResult, "kind" | "message"> & { exitCode: ExitCode } {
  const what = `${job.operation} of ${job.assembly.stack} in ${job.assembly.environment}`;
  if (context.stop.level > 0) {
    const exitCode = context.stop.signal === "SIGINT" ? EXIT.interrupted : EXIT.terminated;
    const rest = unverified ? "the next deploy verifies it first" : "what was done is saved";
    return { kind: "stopped", exitCode, message: `${what} was stopped; ${rest}` };
  }
  if (unverified)
    return { kind: "failed", exitCode: EXIT.failed, message: `The ${what} could not be verified; the next deploy does that first` };
  const failed = executed?.failed.length ?? 0;
  const skipped = executed?.skipped.length ?? 0;
  const counts = [failed ? `${failed} failed` : "", skipped ? `${skipped} skipped` : ""].filter(Boolean).join(", ");
  return { kind: "failed", exitCode: EXIT.failed, message: `The ${what} did not finish: ${counts || "it was interrupted"}` };
}

function problems(
  context: OperationContext,
  job: LockedJob,
  { executed, unverified, session }: { executed: ExecuteResult | undefined; unverified: true | undefined; session: Session },
): Diagnostic[] {
  const ended = executed?.interrupted || unverified;
  const reason = ended && context.stop.level === 0 ? session.gate.reason : undefined;
  const shut: Diagnostic[] =
    reason === undefined ? [] : [{ severity: "error", code: "gate-shut", message: `no further step was started: ${reason}` }];
  return [...shut, ...stepProblems(job, executed)];
}

/** Each step that failed, where its component is written. */
export function stepProblems(job: LockedJob, executed: ExecuteResult | undefined): Diagnostic[] {
  return (executed?.failed ?? []).map((f) => ({
    severity: "error" as const,
    code: f.code ?? "step-failed",
    message: `could not ${verb(f.action)} ${typeName(f.type)}: ${f.message}`,
    path: f.component,
    ...job.position(f.component),
  }));
}

function verb(action: ChangeAction | "action"): string {
  return { create: "create", update: "change", replace: "replace", delete: "delete", same: "keep", action: "finish" }[action];
}

/** Writes the record of what a run deployed; `state` is that state as it was saved. Returns it. */
export async function recordRelease(
  { context, job, session }: OpenRun,
  done: Carried,
  state: StateFile,
  status: ReleaseRecord["status"],
): Promise<ReleaseRecord> {
  const record = releaseRecord(context, job.backend, state, {
    status,
    operation: job.recordAs ?? job.operation,
    assemblyHash: done.plan.assemblyHash,
    assembly: job.assembly,
    summary: doneOf(done),
    ...(done.plan.leftOut.length > 0 ? { partial: true as const } : {}),
    ...job.approval,
  });
  await session.writeRelease(record);
  if (job.approval) await dropOldApprovals(job.backend, job.approval.plan, state.lineage, session.sealed).catch(() => {});
  return record;
}

/** What to type next. */
export function nextCommand(context: OperationContext, job: Pick<LockedJob, "operation">, ok: boolean): string {
  const where = commandTarget(context);
  if (!ok) return `mend it and run panka ${job.operation}${where} again: what is done stays done`;
  return job.operation === "deploy" ? `panka status${where}` : `panka deploy${where}`;
}

/** ` examples/quickstart -e development`: how this run's stack and environment are named on a command line. */
export function commandTarget(context: OperationContext): string {
  const { settings, stackEntry, stackName, cwd } = context;
  const entry = settings.entry.startsWith(`${cwd}/`) ? settings.entry.slice(cwd.length + 1) : settings.entry;
  const isHere = settings.entry === cwd || stackEntry?.folder === cwd;
  const path = stackName ? ` --stack ${stackName}` : isHere ? "" : ` ${entry.replace(/\/stack\.ts$/, "")}`;
  const byDefault = settings.origins.environment !== "-e";
  return `${path}${byDefault ? "" : ` -e ${settings.environment}`}`;
}

/** Nothing was approved: exit 5. `nobody`: no person was there to ask. */
export function declined({ operation, assembly }: LockedJob, plan: Plan, nobody: boolean): RunResult {
  const of = { operation, stack: assembly.stack, environment: assembly.environment };
  if (nobody) return unattended(of, plan, `panka ${operation} --yes`);
  return { ...untouched(of, plan), message: "Not approved; nothing was changed." };
}

/** There is something to do, and nobody is there to approve it: exit 5 with nothing touched. `next`: the command that asks nobody. */
export function unattended(of: Subject, plan: Plan, next: string): RunResult {
  const what = of.operation === "destroy" ? "there is something to delete" : "there are changes";
  const message = `${what}, and nobody is there to approve it; nothing was changed`;
  return { ...untouched(of, plan), diagnostics: [{ severity: "error", code: "not-approved", message, next }] };
}

/** What a run is about. */
type Subject = Pick<RunResult, "operation" | "stack" | "environment">;

function untouched({ operation, stack, environment }: Subject, plan: Plan): RunResult {
  return {
    ...emptyResult(operation, stack, environment),
    kind: "declined",
    exitCode: EXIT.refused,
    message: "",
    serial: plan.serial,
    left: plan.steps.length,
  };
}

/** A run that the second signal ended. */
export function stoppedResult(context: OperationContext, job: LockedJob, message: string): RunResult {
  const exitCode: ExitCode = context.stop.signal === "SIGINT" ? EXIT.interrupted : EXIT.terminated;
  return { ...emptyResult(job.operation, job.assembly.stack, job.assembly.environment), kind: "stopped", exitCode, message };
}
