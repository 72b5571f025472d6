/** A store that failed in the middle of a run, in words: what happened, what of the run is safe and where, what to type. Protocol section 7. */
import { isPankaError, messageOf, PankaError } from "../base/errors.js";
import { isStoreError } from "../model/state-store.js";
import type { Session } from "./session.js";

const AGAIN = "run the same command again";

/** What kind of failure it was, in words, and what to type. */
export interface StoreReason {
  code: string;
  what: string;
  next: string;
}

/** Why a store failed, by its own kinds; undefined for any other error. */
export function storeReason(error: unknown): StoreReason | undefined {
  if (!isStoreError(error)) return undefined;
  const text = messageOf(error);
  switch (error.failure) {
    case "expired":
      return { code: "credentials-expired", what: `the credentials expired: ${text}`, next: `log in again, then ${AGAIN}` };
    case "denied":
      return { code: "store-denied", what: text, next: `check the credentials and the permissions, then ${AGAIN}` };
    case "full":
      return { code: "disk-full", what: text, next: `make room, then ${AGAIN}` };
    default:
      return { code: "store-unavailable", what: text, next: `when it answers again, ${AGAIN}` };
  }
}

/** The error to show for a run whose work could not be saved. What the store did not take is dumped here first. */
export async function notSaved(error: unknown, session: Pick<Session, "dump">): Promise<unknown> {
  const reason = storeReason(error);
  const kept = await keep(session);
  if (reason) return new PankaError(reason.code, `${reason.what}. ${kept ?? IN_JOURNAL}`, { next: reason.next, cause: error });
  if (!kept || !isPankaError(error)) return error;
  return new PankaError(error.code, `${error.message}. ${kept}`, {
    exitCode: error.exitCode,
    cause: error,
    ...(error.next ? { next: error.next } : {}),
  });
}

const IN_JOURNAL = "What was done is in the journal; the next run takes it from there";

async function keep(session: Pick<Session, "dump">): Promise<string | undefined> {
  try {
    const dump = await session.dump();
    if (!dump) return undefined;
    const kept = dump.outcomes === 1 ? "1 outcome that was not saved is kept" : `${dump.outcomes} outcomes that were not saved are kept`;
    return `${kept}, encrypted, in ${dump.place}; the next run from this folder takes ${dump.outcomes === 1 ? "it" : "them"} up`;
  } catch (failure) {
    return `What was done could not be kept here either (${messageOf(failure)}); the next run looks for it in the cloud`;
  }
}
