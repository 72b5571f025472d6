/** A journaled call: gate, durable intent, call, outcome. The order is the protocol's (section 6); fault points stand between the steps. */
import { isPankaError, messageOf } from "../base/errors.js";
import { noFault } from "../model/faults.js";
import type { Done, Intent } from "../model/journal.js";
import { isProviderError } from "../model/provider.js";
import type { Run } from "./run.js";

/** The gate was shut before the call was sent: nothing was done. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** Sends tried after throttling; the wait doubles from 1 s. */
const THROTTLE_TRIES = 8;
/**
 * A call is sent within this time after the gate was passed, or the lock itself is looked at again, ms. A successor that takes a lock over
 * by force reads the journal, probes, and takes a step for not made after the provider's settle time: by then it must have arrived.
 */
const FRESH_MS = 15_000;

/** What a journaled call is made of. */
export interface JournaledCall<T> {
  intent: Omit<Intent, "seq" | "at">;
  /** Sends the call. */
  send(): Promise<T>;
  /** What is written when it came back. */
  done(result: T): Omit<Done, "of">;
  /** What is written when it failed; undefined leaves the intent open, for the next run to look after. */
  failed(error: unknown): Omit<Done, "of"> | undefined;
  /** Called with the seq of the intent that was left open. */
  leftOpen?(of: number): void;
}

/**
 * Runs one call under the journal. Throws {@link Interrupted} when the gate is shut before it is sent, else what the call threw.
 * A journal that can't be written shuts the gate.
 */
export async function journaled<T>(run: Run, call: JournaledCall<T>): Promise<T> {
  const { journal, gate } = run.request;
  const { urn } = call.intent;
  const freshness = new Freshness(run);
  await passGate(run);
  run.fault("journal:before-intent", urn);
  let of: number;
  try {
    of = await journal.intent(call.intent);
  } catch (error) {
    gate.shut(`the journal could not be written: ${messageOf(error)}`);
    throw new Interrupted(gate.reason);
  }
  run.fault("journal:intent-durable", urn);
  try {
    await freshness.renew();
  } catch (error) {
    journal.done({ of, error: "not sent: the run was stopped" });
    throw error;
  }
  const reply = sendUnthrottled(run, call, freshness);
  reply.catch(() => {});
  run.fault("journal:call-sent", urn);
  let result: T;
  try {
    result = await reply;
  } catch (error) {
    run.fault("journal:reply-received", urn);
    const done = error instanceof Interrupted ? { error: "throttled, then the run was stopped" } : call.failed(error);
    if (done) journal.done({ of, ...done });
    else call.leftOpen?.(of);
    if (isProviderError(error, "expired")) gate.shut("the credentials expired");
    throw error;
  }
  run.fault("journal:reply-received", urn);
  journal.done({ of, ...call.done(result) });
  if (run.fault !== noFault) await journal.flush();
  run.fault("journal:done-written", urn);
  return result;
}

/** When the gate was last passed, on both clocks: a stopped process and a sleeping machine are both noticed. */
class Freshness {
  private wall = 0;
  private monotonic = 0;

  constructor(private readonly run: Run) {
    this.passed();
  }

  /** Passes the gate again, after a while with a look at the lock: the process may have slept. Throws {@link Interrupted}. */
  async renew(): Promise<void> {
    const { clock } = this.run.request;
    const age = Math.max(Math.abs(clock.now() - this.wall), clock.monotonic() - this.monotonic);
    if (age > FRESH_MS) this.passed();
    await passGate(this.run, age > FRESH_MS);
  }

  private passed(): void {
    this.wall = this.run.request.clock.now();
    this.monotonic = this.run.request.clock.monotonic();
  }
}

async function passGate(run: Run, sure = false): Promise<void> {
  try {
    await run.request.gate.check(sure);
  } catch (error) {
    if (isPankaError(error)) throw new Interrupted(error.message);
    throw error;
  }
}

async function sendUnthrottled<T>(run: Run, call: JournaledCall<T>, freshness: Freshness): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      const result = await call.send();
      run.width.passed();
      return result;
    } catch (error) {
      if (!isProviderError(error, "throttled") || error.outcome !== "none" || tried >= THROTTLE_TRIES) throw error;
      run.width.throttled();
      await run.request.clock.sleep(Math.min(1000 * 2 ** (tried - 1), 20_000), run.request.signal);
      await freshness.renew();
    }
  }
}
