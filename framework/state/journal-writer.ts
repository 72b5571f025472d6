/** Writes the journal of one run. An intent is one object, durable before `intent` resolves; outcomes are gathered for 200 ms. Protocol section 6. */
import type { Clock, Random } from "../base/clock.js";
import { messageOf, PankaError } from "../base/errors.js";
import { type Json, sha256 } from "../base/json.js";
import type { Cipher } from "../model/cipher.js";
import type { Done, Intent, Journal, JournalObject } from "../model/journal.js";
import { isStoreError, type StateStore } from "../model/state-store.js";
import { sealOrRefuse } from "./codec.js";
import { retrying } from "./deps.js";
import { encodeJournal } from "./journal-codec.js";
import { journalKey } from "./keys.js";

/** How long outcomes wait for company, ms. */
const BATCH_MS = 200;
/** How long a store that does not answer is tried, ms, before an operation is refused. */
const PATIENCE_MS = 60_000;

/** What a journal needs. */
export interface JournalOptions {
  store: StateStore;
  cipher?: Cipher | undefined;
  clock: Clock;
  random: Random;
  /** `<stack>/<environment>`. */
  path: string;
  lineage: string;
  /** Encrypt each object as a whole: where the state is. */
  sealed: boolean;
  fence: number;
  patienceMs?: number | undefined;
  /** Called with +1 when an intent is durable, -1 when its outcome is recorded. */
  onFlight?: (change: 1 | -1) => void;
}

/** A journal that says what it could not write. */
export interface JournalWriter extends Journal {
  /** Outcomes that are not durable yet, in clear: what a dump must keep if the store stays away. */
  unsaved(): Done[];
}

/** The journal of the run that holds `fence`. `intent` throws PankaError `journal-unavailable` when the store fails. */
export function journalWriter(options: JournalOptions): JournalWriter {
  return new Writer(options);
}

class Writer implements JournalWriter {
  readonly fence: number;
  private seq = 0;
  private pending: Done[] = [];
  private writing: Promise<void> = Promise.resolve();
  private timer: AbortController | undefined;
  private failure: unknown;
  /** The last seq before `close`. */
  private closedAt: number | undefined;
  /** Intents without an outcome. */
  private readonly unanswered = new Set<number>();
  /** Intent's seq -> state key: bound into what its outcome seals. */
  private readonly keys = new Map<number, string>();

  constructor(private readonly options: JournalOptions) {
    this.fence = options.fence;
  }

  get lastSeq(): number {
    return this.unanswered.size > 0 ? (this.closedAt ?? this.seq) : this.seq;
  }

  get open(): number[] {
    return [...this.unanswered].sort((a, b) => a - b);
  }

  async intent(entry: Omit<Intent, "seq" | "at">): Promise<number> {
    this.seq += 1;
    const seq = this.seq;
    this.unanswered.add(seq);
    this.keys.set(seq, entry.key);
    const inputs = entry.inputs ? await this.seal({ inputs: entry.inputs }, entry.secretPaths, entry.key) : undefined;
    const intent: Intent = { ...entry, ...(inputs as { inputs?: Intent["inputs"] }), seq, at: this.options.clock.now() };
    try {
      await this.put(seq, { version: 1, kind: "intent", intent });
    } catch (error) {
      this.unanswered.delete(seq);
      throw new PankaError(
        "journal-unavailable",
        `the step could not be recorded at ${this.options.store.location}, so it was not started: ${messageOf(error)}`,
        {
          cause: error,
        },
      );
    }
    this.options.onFlight?.(1);
    return seq;
  }

  done(entry: Done): void {
    this.pending.push(entry);
    if (this.closedAt === undefined) this.unanswered.delete(entry.of);
    this.options.onFlight?.(-1);
    if (this.timer) return;
    const timer = new AbortController();
    this.timer = timer;
    this.options.clock.sleep(BATCH_MS, timer.signal).then(
      () => this.write().catch(() => {}),
      () => {},
    );
  }

  close(): void {
    this.closedAt ??= this.seq;
  }

  async flush(): Promise<void> {
    this.failure = undefined;
    await this.write();
    if (this.failure) throw this.failure;
  }

  unsaved(): Done[] {
    return [...this.pending];
  }

  /** Writes what is pending, after what is being written. Until it is durable it stays pending. */
  private write(): Promise<void> {
    this.timer?.abort();
    this.timer = undefined;
    this.writing = this.writing.then(async () => {
      const dones = [...this.pending];
      if (dones.length === 0) return;
      this.seq += 1;
      const seq = this.seq;
      try {
        const sealed = await Promise.all(dones.map((d) => this.sealDone(d)));
        await this.put(seq, { version: 1, kind: "done", seq, dones: sealed });
        this.pending.splice(0, dones.length);
      } catch (error) {
        this.failure = error;
      }
    });
    return this.writing;
  }

  private async sealDone(done: Done): Promise<Done> {
    if (!done.outputs) return done;
    const sealed = await this.seal({ outputs: done.outputs }, done.secretPaths, this.keys.get(done.of) ?? "");
    return { ...done, ...(sealed as { outputs: Done["outputs"] }) };
  }

  private seal(value: { [part: string]: { [key: string]: Json } }, paths: string[] | undefined, key: string): Promise<Json> {
    return sealOrRefuse(value, paths ?? [], this.options, key);
  }

  private async put(seq: number, object: JournalObject): Promise<void> {
    const { store, path, lineage, sealed, cipher } = this.options;
    const key = journalKey(this.fence, seq);
    const bytes = await encodeJournal(object, { path, lineage, fence: this.fence, seq }, sealed ? cipher : undefined);
    await retrying(this.options, this.options.patienceMs ?? PATIENCE_MS, async () => {
      try {
        await store.put(key, bytes, { ifNoneMatch: true });
      } catch (error) {
        if (!isStoreError(error, "refused")) throw error;
        const found = await store.get(key);
        if (!found || sha256(found.bytes) !== sha256(bytes)) throw error;
      }
    });
  }
}
