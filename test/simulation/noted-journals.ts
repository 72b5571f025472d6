/** What the checker knows of a step that was written into a journal. */
import type { Intent } from "../../framework/model/journal.js";

/** An intent, and what has become of it. */
export interface NotedIntent {
  urn: string;
  op: string;
  /** The thing that it changes or deletes. */
  of?: string | undefined;
  /** Its call has reached the cloud. */
  called: boolean;
  done: boolean;
  /** What it made, where the journal says it. */
  id?: string;
}

/** An intent as it is written. */
export function noted({ urn, op, id: of }: Intent): NotedIntent {
  return { urn, op, of, called: false, done: false };
}
