/** Watches journal and gate of a run: how long its operations wait for them. */
import type { ExecuteRequest } from "../../framework/model/engine.js";
import type { Gate, Journal } from "../../framework/model/journal.js";

/** What was spent in one deploy, ms. */
export interface Spent {
  /** Each operation's wait for its intent. */
  intents: number[];
  /** Passing the gate, all operations together. */
  gate: number;
  /** Each operation from asking for its intent to its outcome. */
  operations: number[];
  /** From the first operation's start to the last one's outcome. */
  execution: number;
  /** Until the outcomes that were not durable when the last operation ended were. */
  flush: number;
  /** From asking for the lock to having let it go. */
  whole: number;
}

/**
 * The share of journal and gate in a deploy, %. Many operations run at once, so that their waits can't be summed up against the clock:
 * the share of an operation's time that is spent waiting counts for the time in which operations ran, and the last flush in full.
 */
export function shareOf({ intents, gate, operations, execution, flush, whole }: Spent): number {
  const waited = (sum(intents) + gate) / (sum(operations) + gate);
  return (100 * (execution * waited + flush)) / whole;
}

function sum(all: number[]): number {
  return all.reduce((a, b) => a + b, 0);
}

/** Stands between an engine and the journal and gate of its run. */
export class Watch {
  private readonly intents: number[] = [];
  private readonly operations: number[] = [];
  private readonly began = new Map<number, number>();
  private gate = 0;
  private first = Number.POSITIVE_INFINITY;
  private last = 0;

  /** The same request, watched. */
  watched(request: ExecuteRequest): ExecuteRequest {
    return { ...request, journal: this.journalOf(request.journal), gate: this.gateOf(request.gate) };
  }

  /** What was spent; `whole` is how long the run took, ms, `lastPut` when its last journal object was durable (performance.now). */
  spent(whole: number, lastPut: number): Spent {
    const { intents, gate, operations } = this;
    return { intents, gate, operations, execution: this.last - this.first, flush: Math.max(0, lastPut - this.last), whole };
  }

  private journalOf(own: Journal): Journal {
    return {
      fence: own.fence,
      intent: async (entry) => {
        const started = performance.now();
        this.first = Math.min(this.first, started);
        const seq = await own.intent(entry);
        this.began.set(seq, started);
        this.intents.push(performance.now() - started);
        return seq;
      },
      done: (entry) => {
        own.done(entry);
        this.last = performance.now();
        this.operations.push(this.last - (this.began.get(entry.of) as number));
      },
      flush: () => own.flush(),
      close: () => own.close(),
      get lastSeq() {
        return own.lastSeq;
      },
      get open() {
        return own.open;
      },
    };
  }

  private gateOf(own: Gate): Gate {
    return {
      check: async (sure) => {
        const started = performance.now();
        await own.check(sure);
        this.gate += performance.now() - started;
      },
      shut: (reason) => own.shut(reason),
      get isShut() {
        return own.isShut;
      },
      get reason() {
        return own.reason;
      },
    };
  }
}
