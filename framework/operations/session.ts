/**
 * A session: the lock held, the barrier passed, the heartbeat running, the journal open. Everything that changes a stack happens in one.
 *
 * Order: self-test of the store, lock, barrier, journals of earlier runs, heartbeat. If any of it fails the lock is let go again.
 */
import type { Clock, Random } from "../base/clock.js";
import { messageOf, PankaError } from "../base/errors.js";
import { jsonEqual } from "../base/json.js";
import { leaseGate, type LeaseGate } from "../lock/gate.js";
import { type Heartbeat, type HeartbeatHost, startHeartbeat } from "../lock/heartbeat.js";
import type { ProcessReads } from "../lock/process-facts.js";
import type { Cipher, EventSink, FaultHook, Journal, JournalEntry, Lease, Locker, LockMetadata, LockScope } from "../model/index.js";
import { STACK_SCOPE } from "../model/scopes.js";
import type { ProviderIdentity, ReleaseRecord, StateFile } from "../model/state-file.js";
import type { Again, StateStore } from "../model/state-store.js";
import { barrier, overtakenBy } from "../state/barrier.js";
import { commit } from "../state/commit.js";
import { isPassing, retrying, type StoredState, type WriteDeps } from "../state/deps.js";
import { readJournals, sealJournals, type UnsealedJournals } from "../state/journal-reader.js";
import { type JournalWriter, journalWriter } from "../state/journal-writer.js";
import { encodeRelease } from "../state/release-codec.js";
import { putRelease } from "../state/releases.js";
import { dropOld } from "../state/retention.js";
import { takeLock } from "./lock-wait.js";
import type { TakeoverRequest } from "./stale-lock.js";
import { type DumpPlace, withDumps } from "./run-dump.js";

/** What a session is opened with. */
export interface SessionOptions {
  store: StateStore;
  locker: Locker;
  cipher?: Cipher | undefined;
  clock: Clock;
  random: Random;
  fault: FaultHook;
  metadata: LockMetadata;
  /** `--wait`, ms; 0 (default) refuses a held lock at once. */
  waitMs?: number;
  /** `--takeover`. */
  takeover?: TakeoverRequest | undefined;
  emit: EventSink;
  /** Recorded when the state is new. */
  provider: ProviderIdentity;
  engine: StateFile["engine"];
  /** `<stack>/<environment>`. */
  path: string;
  /** Default `*`. */
  scope?: LockScope;
  /** Settles what a run of another scope left, in a session of that scope; absent: stale locks of other scopes stand. */
  settle?: ((session: Session) => Promise<void>) | undefined;
  /** Where the heartbeat runs. Default: in this thread. */
  heartbeat?: HeartbeatHost;
  /** To find out whether a holder on this machine is dead. */
  reads?: ProcessReads | undefined;
  /** `--unsafe-store`: no self-test of the store. */
  unsafeStore?: boolean;
  /** Ends the wait for the lock. */
  signal?: AbortSignal | undefined;
  /** Where a run keeps what its store does not take, and looks for what earlier runs kept. Default: nowhere. */
  dumps?: DumpPlace | undefined;
  /** How long a store that does not answer is tried before a step is refused, ms. Default 60,000. */
  patienceMs?: number | undefined;
}

/** How long a fold tries a failing store, ms; the journal has it all. */
const FOLD_MS = 60_000;
/** How long a store that does not answer is tried before anything begins, ms. */
const SELF_TEST_MS = 60_000;

/** An open session. */
export interface Session {
  readonly lease: Lease;
  /** The state as this session last read or wrote it; its lineage is durable. */
  readonly state: StateFile;
  /** The state is encrypted: the key is at hand. */
  readonly sealed: boolean;
  readonly journal: Journal;
  readonly gate: LeaseGate;
  /** What earlier runs began and did not seal, in order: recovery goes first. */
  readonly recovery: readonly JournalEntry[];
  /** Reads those journals again: a run that was displaced while it lived may have said more since. True if it has. */
  reread(): Promise<boolean>;
  /** Saves the content during a run; the journal stays open. At most every 10 s: that is the caller's part. */
  fold(content: StateFile): Promise<StateFile>;
  /** Flushes the journal, then commits with history and seals the journals. `assemblyHash` null unless everything succeeded. Throws PankaError `lock-lost`, `commit-unknown`, `state-deleted`. */
  commit(content: StateFile, end: { sealed: true; assemblyHash: string | null }): Promise<StateFile>;
  /** Keeps on this machine, encrypted, the outcomes that the store did not take; how many and where. Undefined: there are none, or no place is known. Throws when the place can't be written. */
  dump(): Promise<{ outcomes: number; place: string } | undefined>;
  /** Writes `releases/<serial>.json`, encrypted where the state is. */
  writeRelease(record: ReleaseRecord): Promise<void>;
  /** Stops the heartbeat and lets the lock go. A lock that can't be let go is said as a warning, never thrown: it frees itself. */
  release(): Promise<void>;
}

/** Opens a session. Throws PankaError: `unsafe-store`, `lock-held` (exit 4), `lock-lost`, `damaged-state`, `newer-state`, `state-deleted`, `damaged-journal`, `cannot-decrypt`, `no-key`. */
export async function openSession(options: SessionOptions): Promise<Session> {
  if (!options.unsafeStore) await options.store.selfTest(patient(options));
  const scope = options.scope ?? STACK_SCOPE;
  const { settle } = options;
  const clear = settle ? (stale: Lease) => clearStale(options, stale, settle) : undefined;
  return begin(options, await takeLock({ ...options, scope, waitMs: options.waitMs ?? 0, clear }));
}

/** Tries each call of the self-test for a while, and says so once. */
function patient(options: SessionOptions): Again {
  let told = false;
  const failed = (error: unknown): never => {
    if (isPassing(error) && !told) {
      told = true;
      const message = `${options.store.location} does not answer as it should; trying again for up to ${SELF_TEST_MS / 1000} s`;
      options.emit({ type: "waiting", message });
    }
    throw error;
  };
  return (body) => retrying(options, SELF_TEST_MS, () => body().catch(failed));
}

/** A stale lock of another scope: barrier, recovery and release, all in its own scope. */
async function clearStale(options: SessionOptions, lease: Lease, settle: (session: Session) => Promise<void>): Promise<void> {
  const session = await begin(options, lease);
  try {
    await settle(session);
  } finally {
    await session.release();
  }
}

/** What follows the lock. */
async function begin(options: SessionOptions, lease: Lease): Promise<OpenSession> {
  const gate = leaseGate(options.clock, options.locker, lease);
  const heartbeat = startHeartbeat({ host: options.heartbeat ?? { type: "inline" }, ...options, lease, gate });
  try {
    const result = await barrier(options, lease, options);
    if (result.outcome === "lost") throw lockLost(options.path, result.fence);
    const unsealed = await readUnsealed(options, result.stored.state, lease);
    const newer = await overtakenBy(options, lease, result.stored);
    if (newer !== undefined) throw lockLost(options.path, newer);
    return new OpenSession(options, lease, gate, heartbeat, result.stored, unsealed);
  } catch (error) {
    await heartbeat.stop();
    await options.locker.release(lease).catch(() => {});
    throw error;
  }
}

async function readUnsealed(options: SessionOptions, state: StateFile, lease: Lease): Promise<UnsealedJournals> {
  const journals = await readJournals(options, state, lease.fence, lease.scope);
  return withDumps(options.dumps, journals, state.lineage, options.emit);
}

class OpenSession implements Session {
  readonly journal: JournalWriter;
  private writing: Promise<unknown> = Promise.resolve();
  private released: Promise<void> | undefined;

  constructor(
    private readonly options: SessionOptions,
    readonly lease: Lease,
    readonly gate: LeaseGate,
    private readonly heartbeat: Heartbeat,
    private stored: StoredState,
    private unsealed: UnsealedJournals,
  ) {
    const { state, sealed = false } = stored;
    const onFlight = (change: 1 | -1): void => heartbeat.flight(change);
    this.journal = journalWriter({ ...options, lineage: state.lineage, sealed, fence: lease.fence, onFlight });
  }

  get state(): StateFile {
    return this.stored.state;
  }

  get sealed(): boolean {
    return this.stored.sealed === true;
  }

  get recovery(): readonly JournalEntry[] {
    return this.unsealed.entries;
  }

  async reread(): Promise<boolean> {
    const before = this.recovery;
    this.unsealed = await readUnsealed(this.options, this.state, this.lease);
    return !jsonEqual(before, this.recovery);
  }

  fold(content: StateFile): Promise<StateFile> {
    return this.write(() => ({ ...content, assemblyHash: null, sealed: this.state.sealed, seals: this.state.seals }), false);
  }

  commit(content: StateFile, end: { sealed: true; assemblyHash: string | null }): Promise<StateFile> {
    const sealed = async (): Promise<StateFile> => {
      await this.journal.flush();
      const seals = sealJournals(this.state, { ...this.lease, lastSeq: this.journal.lastSeq, open: this.journal.open }, this.unsealed);
      return { ...content, ...seals, assemblyHash: end.assemblyHash };
    };
    return this.write(sealed, true).then(async (state) => {
      if (!this.gate.isShut) await dropOld(this.options, this.state).catch(() => {});
      // A narrower run leaves the others' dumps; one that was settled counts for nothing.
      if (this.lease.scope === STACK_SCOPE) await this.options.dumps?.clear(state.lineage).catch(() => {});
      return state;
    });
  }

  async dump(): Promise<{ outcomes: number; place: string } | undefined> {
    const dones = this.journal.unsaved();
    if (dones.length === 0 || !this.options.dumps) return undefined;
    const place = await this.options.dumps.write({ lineage: this.state.lineage, fence: this.lease.fence, dones });
    return { outcomes: dones.length, place };
  }

  /** One write at a time, each over what the last one left. */
  private write(content: () => StateFile | Promise<StateFile>, history: boolean): Promise<StateFile> {
    const run = this.writing.then(async () => {
      const deps: WriteDeps = this.options;
      const patienceMs = this.options.patienceMs ?? (history ? undefined : FOLD_MS);
      const patience = patienceMs === undefined ? {} : { patienceMs };
      const result = await commit(deps, { lease: this.lease, base: this.stored, mine: await content(), history, ...patience });
      if (result.outcome === "committed") {
        this.stored = result.stored;
        if (result.fenced) this.gate.shut("the lock was taken over");
        return result.mine;
      }
      this.gate.shut("the lock was taken over");
      throw result.outcome === "lost" ? lockLost(this.options.path, result.fence) : commitUnknown(this.options.path);
    });
    this.writing = run.catch(() => {});
    return run;
  }

  async writeRelease(record: ReleaseRecord): Promise<void> {
    const { store, cipher, path } = this.options;
    const { serial } = record;
    const bytes = await encodeRelease(record, { path, lineage: this.state.lineage, serial }, this.sealed ? cipher : undefined);
    await retrying(this.options, 60_000, () => putRelease(store, serial, bytes));
  }

  release(): Promise<void> {
    this.released ??= this.letGo();
    return this.released;
  }

  private async letGo(): Promise<void> {
    await this.heartbeat.stop();
    this.options.fault("release:before");
    try {
      await retrying(this.options, 5_000, () => this.options.locker.release(this.lease));
    } catch (error) {
      const message = `the lock of ${this.options.path} could not be released (${messageOf(error)}); it frees itself within an hour`;
      this.options.emit({ type: "diagnostic", diagnostic: { severity: "warning", code: "lock-not-released", message } });
    }
    this.options.fault("release:after");
  }
}

function lockLost(path: string, fence: number): PankaError {
  return new PankaError(
    "lock-lost",
    `the lock of ${path} was taken over by another run (fence ${fence}); nothing more was written by this one`,
    {
      next: "run the same command again: it first recovers what this run had begun",
    },
  );
}

function commitUnknown(path: string): PankaError {
  return new PankaError(
    "commit-unknown",
    `the last write of ${path} was never answered and a newer run has written since, so it is not known whether it counted; every step is in the journal`,
    { next: "panka plan, to see what stands" },
  );
}
