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

/** What a journaled call is made of. */
export interface JournaledCall<T> {
  intent: Omit<Intent, "seq" | "at">;
  /** Sends the call. */
  send(): Promise<T>;
  /** What is written when it came back. */
  done(result: T): Omit<Done, "of">;
  /** What is written when it failed; undefined leaves the intent open, for the next run to look after. */
  failed(error: unknown): Omit<Done, "of"> | undefined;
}

/**
 * Runs one call under the journal. Throws {@link Interrupted} when the gate is shut before it is sent, else what the call threw.
 * A journal that can't be written shuts the gate.
 */
export async function journaled<T>(run: Run, call: JournaledCall<T>): Promise<T> {
  const { journal, gate } = run.request;
  const { urn } = call.intent;
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
  // The process may have slept while the intent was written: the gate is asked again, so that nothing is sent under a lost lease.
  await passGate(run).catch((error) => {
    journal.done({ of, error: "not sent: the run was stopped" });
    throw error;
  });
  const reply = sendUnthrottled(run, call);
  reply.catch(() => {});
  run.fault("journal:call-sent", urn);
  let result: T;
  try {
    result = await reply;
  } catch (error) {
    run.fault("journal:reply-received", urn);
    const done = call.failed(error);
    if (done) journal.done({ of, ...done });
    if (isProviderError(error, "expired")) gate.shut("the credentials expired");
    throw error;
  }
  run.fault("journal:reply-received", urn);
  journal.done({ of, ...call.done(result) });
  if (run.fault !== noFault) await journal.flush();
  run.fault("journal:done-written", urn);
  return result;
}

async function passGate(run: Run): Promise<void> {
  try {
    await run.request.gate.check();
  } catch (error) {
    if (isPankaError(error)) throw new Interrupted(error.message);
    throw error;
  }
}

async function sendUnthrottled<T>(run: Run, call: JournaledCall<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      const result = await call.send();
      run.width.passed();
      return result;
    } catch (error) {
      if (!isProviderError(error, "throttled") || error.outcome !== "none" || tried >= THROTTLE_TRIES) throw error;
      run.width.throttled();
      await run.request.clock.sleep(Math.min(1000 * 2 ** (tried - 1), 20_000), run.request.signal);
    }
  }
}
