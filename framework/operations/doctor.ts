/** Doctor: is everything in place to deploy; each check says the next step; which setting came from where. */
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { isPankaError, messageOf } from "../base/errors.js";
import type { LockInfo } from "../model/locker.js";
import { STACK_SCOPE } from "../model/scopes.js";
import type { StackId } from "../model/stack-model.js";
import { isSealed } from "../state/journal-reader.js";
import { readState } from "../state/read.js";
import { withBackend } from "./access.js";
import { requireBackend } from "./required-backend.js";
import type { OperationContext, Settings } from "./context.js";
import { approvalRules } from "./approval-rules.js";
import { needs } from "./planned-run.js";
import { dumpPlace } from "./run-dump.js";
import { openProvider, regionOf } from "./provider.js";
import { placeOf, schemaIndex, withDocuments } from "./compile.js";
import { unverifiedRelease } from "./status.js";
import { mayBeAlive, SILENT_MS, silentFor } from "./stale-lock.js";
import { validate } from "./validate.js";

/** One check. `next` says what to do about it. */
export interface Check {
  name: string;
  status: "ok" | "failed" | "warning" | "skipped";
  message: string;
  next: string | null;
}

/** All checks, and the settings with their origins. */
export interface DoctorReport {
  environment: string;
  checks: Check[];
  settings: { name: string; value: string; origin: string }[];
}

/** Where the stack goes, and what is asked for there. */
type Place = Awaited<ReturnType<typeof placeOf>>;

/** Runs all checks; a failing one does not stop the others. */
export async function doctor(context: OperationContext): Promise<DoctorReport> {
  const checks: Check[] = [];
  const check = async (name: string, body: () => Promise<string | Omit<Check, "name">>): Promise<boolean> => {
    try {
      const found = await body();
      checks.push(typeof found === "string" ? { name, status: "ok", message: found, next: null } : { name, ...found });
      return true;
    } catch (error) {
      const next = isPankaError(error) ? (error.next ?? error.diagnostics[0]?.next ?? null) : null;
      checks.push({ name, status: "failed", message: messageOf(error).split("\n")[0] ?? "failed", next });
      return false;
    }
  };
  await check("panka", async () => `${context.pankaVersion}, ${nodeFact(context)}`);
  let stack: StackId | undefined;
  let read = context;
  await check("stack", async () => {
    read = await withDocuments(context);
    const found = await validate(read, { allEnvironments: false });
    const errors = found.diagnostics.filter((d) => d.severity === "error").length;
    if (errors > 0)
      return { status: "failed", message: `${found.stack} has ${errors} ${errors === 1 ? "problem" : "problems"}`, next: "panka validate" };
    stack = found.id;
    return `${found.stack}: ${found.components} ${found.components === 1 ? "component" : "components"}`;
  });
  await check("project folder", async () => {
    accessSync(context.settings.projectRoot, constants.W_OK);
    return `${context.settings.projectRoot} can be written`;
  });
  const configured = await check("back end", async () => {
    requireBackend(context.settings);
    return describeBackend(context.settings);
  });
  if (configured) await check("state and lock", () => stateCheck(context, stack ?? { stack: context.stackName ?? "doctor" }));
  else checks.push({ name: "state and lock", status: "skipped", message: "no back end to look at", next: null });
  let known: Promise<Place> | undefined;
  const place = () => (known ??= placeOf(read));
  await check("approval", async () => approvalCheck(context, await place()));
  await check("provider", () => providerCheck(context, place));
  for (const warning of context.settings.warnings) {
    checks.push({ name: "note", status: "warning", message: warning.message, next: warning.next ?? null });
  }
  return { environment: context.settings.environment, checks, settings: settingsTable(context.settings) };
}

function nodeFact(context: OperationContext): string {
  return existsSync(join(context.packageRoot, "node_modules")) ? "installed with its packages" : "installed";
}

function describeBackend(settings: Settings): string {
  const { backend, locks } = settings;
  if (backend?.type === "s3")
    return `s3://${backend.bucket} in ${backend.region}${locks?.type === "dynamodb" ? `, locks in ${locks.table}` : ""}`;
  return "on this machine (.panka/)";
}

async function stateCheck(context: OperationContext, stack: StackId): Promise<string | Omit<Check, "name">> {
  return withBackend(context, stack, async (backend) => {
    await backend.store.selfTest();
    const stored = await readState(backend);
    const { locks, serverTime } = await backend.locker.list();
    const held = locks.map((lock) => lockCheck(context, lock, serverTime));
    const worst = held.find((lock) => lock.dead) ?? held[0];
    if (worst) return lockReport(context, worst, held.length - 1);
    const dumps = stored ? await dumpPlace(context, stack.stack).read(stored.state.lineage) : [];
    if (dumps.length > 0) {
      return {
        status: "warning",
        message: "outcomes of an earlier run, which the stores did not take, are kept on this machine",
        next: `panka deploy -e ${context.settings.environment} on this machine, which takes them up`,
      };
    }
    if (stored && !isSealed(stored.state)) {
      return {
        status: "warning",
        message: `serial ${stored.state.serial}: an earlier run did not end, and what it left is not settled yet`,
        next: `panka deploy -e ${context.settings.environment}`,
      };
    }
    const unverified = stored && (await unverifiedRelease(backend, stored.state));
    if (unverified) {
      const how = unverified.status === "verifying" ? "is not verified yet" : "failed its verification and stands";
      return {
        status: "warning",
        message: `serial ${unverified.serial} ${how}`,
        next: `panka deploy -e ${context.settings.environment}, which runs its tests`,
      };
    }
    return stored
      ? `serial ${stored.state.serial} at ${backend.store.location}, no lock`
      : `nothing deployed yet at ${backend.store.location}`;
  });
}

/** A held lock: of a run at work, or of one that is silent or dead. */
interface HeldLock {
  message: string;
  dead: boolean;
}

function lockReport({ settings: { environment } }: OperationContext, { message, dead }: HeldLock, more: number): Omit<Check, "name"> {
  const others = more === 0 ? "" : `; and ${more} more ${more === 1 ? "lock" : "locks"}: panka state locks -e ${environment}`;
  const next = dead ? `panka deploy --takeover -e ${environment}` : `panka state locks -e ${environment}`;
  return { status: "warning", message: `${message}${others}`, next };
}

function lockCheck(context: OperationContext, lock: LockInfo, serverTime: string): HeldLock {
  const silent = silentFor(lock, serverTime);
  const scope = lock.scope === STACK_SCOPE ? "" : ` (${lock.scope} only)`;
  const who = `locked${scope} by ${lock.metadata.user}@${lock.metadata.host} for ${lock.metadata.operation} since ${lock.lockedAt}`;
  if (!mayBeAlive(lock, serverTime, context.reads) || silent > SILENT_MS) {
    const how = silent > SILENT_MS ? `which is silent for ${Math.round(silent / 60_000)} min` : "which does not beat any more";
    return { dead: true, message: `${who}, ${how}; its work is settled by the next run` };
  }
  return { dead: false, message: who };
}

/** What asks for an approval; of a stack that has problems, which the check of the stack tells, what the configuration asks for. */
function approvalCheck(context: OperationContext, model: Place): string {
  const rules = approvalRules(context, model);
  const { environment } = context.settings;
  return rules.length === 0 ? `runs in ${environment} need none` : needs(environment, rules);
}

async function providerCheck(context: OperationContext, place: () => Promise<Place>): Promise<string> {
  if (context.settings.provider === "local") return "local: a model of AWS on a file; nothing real is made";
  const model = await place();
  const provider = await openProvider(context, schemaIndex(context), model);
  try {
    const { account } = await provider.identity();
    return `aws: account ${account || "unknown"}, ${regionOf(context, model)}`;
  } finally {
    await provider.close();
  }
}

function settingsTable(settings: Settings): DoctorReport["settings"] {
  const values: { [name: string]: string | undefined } = {
    environment: settings.environment,
    class: settings.environmentClass,
    provider: settings.provider,
    engine: settings.engine,
    backend: settings.backend ? (settings.backend.type === "s3" ? `s3://${settings.backend.bucket}` : "local") : undefined,
    locks: settings.locks ? (settings.locks.type === "dynamodb" ? settings.locks.table : "local") : undefined,
    "locks.scope": settings.lockScope,
    "aws.profile": settings.aws.profile,
    "aws.region": settings.aws.environmentRegion ?? settings.aws.fallbackRegion,
    "aws.endpoint": settings.aws.endpoint,
  };
  return Object.entries(values).map(([name, value]) => ({
    name,
    value: value ?? "(not set)",
    origin: settings.origins[name] ?? "default",
  }));
}
