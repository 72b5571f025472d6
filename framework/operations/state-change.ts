/** Changing the recorded state by hand: under the lock of the whole stack, as a new serial. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isPankaError, PankaError, usageError } from "../base/errors.js";
import type { StateFile } from "../model/state-file.js";
import { STACK_SCOPE } from "../model/scopes.js";
import { decodeState, stateText } from "../state/codec.js";
import { listHistory, readHistory } from "../state/history.js";
import { leftSteps } from "../state/journal-reader.js";
import { readState } from "../state/read.js";
import { getRelease } from "../state/releases.js";
import { replaceDamaged } from "../state/replace.js";
import { withBackend } from "./access.js";
import type { Backend } from "./backend.js";
import type { OperationContext } from "./context.js";
import { lockMetadata } from "./lock-metadata.js";
import { takeLock } from "./lock-wait.js";
import { openSession } from "./session.js";
import { stackId } from "./stack-id.js";
import { dropResources, moveResources, putContent } from "./state-edit.js";

/** What a change came to. `done` false: not confirmed. */
export interface StateChange {
  done: boolean;
  /** `<stack>/<environment>`. */
  path: string;
  /** What was done, one line each. */
  lines: string[];
  serial: number | null;
}

type Confirm = (question: string) => Promise<boolean>;

/** One kept state. */
export interface KeptState {
  serial: number;
  fence: number;
  /** From the release of that serial; "" where it was none. */
  at: string;
  by: string;
  operation: string;
}

/** The recorded state as text that `state push` takes: in clear but for secret values, which stay encrypted. Throws PankaError `not-deployed`. */
export async function statePull(context: OperationContext): Promise<string> {
  return withBackend(context, await stackId(context), async (backend) => stateText(await current(context, backend), backend));
}

/** The kept states, newest first. */
export async function stateHistory(context: OperationContext): Promise<KeptState[]> {
  return withBackend(context, await stackId(context), async (backend) => {
    const kept = (await listHistory(backend.store)).reverse();
    // This is where damage sends people, so that nothing here may need a whole state or a whole release.
    const state = await readState(backend).then((stored) => stored?.state, unlessDamaged);
    const release = (serial: number) => (state ? getRelease(backend, state, serial).catch(unlessDamaged) : undefined);
    const releases = await Promise.all(kept.slice(0, 50).map((k) => release(k.serial)));
    return kept.map((k, i) => {
      const release = releases[i];
      return { ...k, at: release?.at ?? "", by: release?.by ?? "", operation: release?.operation ?? "" };
    });
  });
}

/** Undefined for an error that is about what was read; throws any other. */
function unlessDamaged(error: unknown): undefined {
  if (!isPankaError(error)) throw error;
}

/** Puts an edited state in place of the recorded one. */
export async function statePush(context: OperationContext, file: string, confirm: Confirm): Promise<StateChange> {
  const path = resolve(context.cwd, file);
  const bytes = await readFile(path).catch((error) => {
    throw usageError("no-file", `${file} can't be read: ${error.message}`);
  });
  return changed(context, "state push", confirm, async (state, backend) => {
    const content = await decodeState(bytes, file, backend);
    const count = Object.keys(content.resources).length;
    return { state: putContent(state, content, true), lines: [`recorded ${count} resources from ${file}`] };
  });
}

/** Moves a URN or a component. */
export function stateMove(context: OperationContext, from: string, to: string, confirm: Confirm): Promise<StateChange> {
  return changed(context, "state mv", confirm, async (state) => {
    const { state: next, moved } = moveResources(state, from, to);
    return { state: next, lines: moved.map(([a, b]) => `${a} is now ${b}`) };
  });
}

/** Forgets resources; the cloud keeps them. */
export function stateRemove(context: OperationContext, targets: string[], confirm: Confirm): Promise<StateChange> {
  return changed(context, "state rm", confirm, async (state) => {
    const { state: next, keys } = dropResources(state, targets);
    return { state: next, lines: keys.map((key) => `forgot ${key} (${state.resources[key]?.id ?? ""}); it stands in the cloud`) };
  });
}

/** Brings back the content of a kept state, as a new serial; also over a state that is damaged or gone. */
export async function stateRestore(context: OperationContext, serial: number, confirm: Confirm): Promise<StateChange> {
  const stack = await stackId(context);
  return withBackend(context, stack, async (backend) => {
    const content = await kept(backend, serial);
    const lines = [`restored serial ${serial}: ${Object.keys(content.resources).length} resources`];
    const damage = await readState(backend).then(
      (stored) => (stored ? undefined : "there is no state"),
      (error) => {
        if (isPankaError(error) && ["damaged-state", "cannot-decrypt", "state-deleted"].includes(error.code)) return error.message;
        throw error;
      },
    );
    if (damage === undefined) {
      return underLock(context, backend, "state restore", confirm, async (state) => ({ state: putContent(state, content, false), lines }));
    }
    if (!(await confirm(`${damage}. Put serial ${serial} in its place?`))) return declined(backend.path);
    const deps = { ...backend, random: context.random, fault: context.faults };
    const metadata = lockMetadata(context, "state restore");
    const lease = await takeLock({ ...deps, metadata, scope: STACK_SCOPE, waitMs: 0, emit: context.emit, reads: context.reads });
    try {
      const stored = await replaceDamaged(deps, lease, content);
      return { done: true, path: backend.path, lines, serial: stored.state.serial };
    } finally {
      await backend.locker.release(lease);
    }
  });
}

async function kept(backend: Backend, serial: number): Promise<StateFile> {
  const entries = (await listHistory(backend.store)).filter((entry) => entry.serial === serial);
  const entry = entries.at(-1);
  const state = entry && (await readHistory(backend.store, entry, backend));
  if (state) return state;
  throw usageError("no-such-serial", `no state of serial ${serial} is kept at ${backend.store.location}`, { next: "panka state history" });
}

async function current(context: OperationContext, backend: Backend): Promise<StateFile> {
  const stored = await readState(backend);
  if (stored) return stored.state;
  throw new PankaError("not-deployed", `${backend.path} has no state`, { next: `panka deploy -e ${context.settings.environment}` });
}

type Change = (state: StateFile, backend: Backend) => Promise<{ state: StateFile; lines: string[] }>;

async function changed(context: OperationContext, operation: string, confirm: Confirm, change: Change): Promise<StateChange> {
  const stack = await stackId(context);
  return withBackend(context, stack, (backend) => underLock(context, backend, operation, confirm, change));
}

/** Shows what would be done, asks, then does it under the lock on the state as it is then. */
async function underLock(
  context: OperationContext,
  backend: Backend,
  operation: string,
  confirm: Confirm,
  change: Change,
): Promise<StateChange> {
  const before = await current(context, backend);
  const { lines } = await change(before, backend);
  if (await leftSteps(backend, before)) throw unsettled(backend.path);
  if (!(await confirm(`${lines.join("\n")}\nWrite this as a new serial of ${backend.path}?`))) return declined(backend.path);
  const session = await openSession({
    ...backend,
    random: context.random,
    fault: context.faults,
    metadata: lockMetadata(context, operation),
    emit: context.emit,
    provider: before.provider,
    engine: before.engine,
    reads: context.reads,
  });
  try {
    if (session.recovery.length > 0) throw unsettled(backend.path);
    // The barrier made a serial of its own; what was looked at is the one before it.
    const next = await change({ ...session.state, serial: session.state.serial - 1 }, backend);
    const written = await session.commit({ ...next.state, serial: session.state.serial }, { sealed: true, assemblyHash: null });
    return { done: true, path: backend.path, lines: next.lines, serial: written.serial };
  } finally {
    await session.release();
  }
}

const declined = (path: string): StateChange => ({ done: false, path, lines: [], serial: null });

function unsettled(path: string): PankaError {
  return new PankaError("unsettled", `an earlier run of ${path} did not end, and what it left comes first`, {
    next: "panka deploy, which settles it",
  });
}
