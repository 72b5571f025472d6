/**
 * Objects of the journal at rest: `{"sealed","version":2}`. `sealed` is the object of format version 1, encrypted; the stack's path, its
 * lineage, the run's fence and the object's number are associated data, so that an object of another stack, another run or another place in
 * the run, or one that was edited, does not open. Version 1, in clear but for secret values, is what a stack without a key writes, and what
 * earlier Pankas wrote: it is read only where the state does not say that this run encrypted its journal.
 */
import { messageOf, PankaError } from "../base/errors.js";
import { canonicalJson, isPlainObject } from "../base/json.js";
import type { Cipher } from "../model/cipher.js";
import type { JournalObject } from "../model/journal.js";
import type { StateFile } from "../model/state-file.js";
import { openWhole } from "./envelope.js";

/** Version of the sealed form. */
const SEALED_VERSION = 2;

/** Where an object belongs: what it is bound to. */
export interface JournalPlace {
  /** `<stack>/<environment>`. */
  path: string;
  lineage: string;
  fence: number;
  seq: number;
}

const contextOf = ({ path, lineage, fence, seq }: JournalPlace): string => `${path}\njournal\n${lineage}\n${fence}\n${seq}`;

/** The bytes of an object: sealed, or, `cipher` undefined, in clear. Throws PankaError `no-key`. */
export async function encodeJournal(object: JournalObject, place: JournalPlace, cipher: Cipher | undefined): Promise<Uint8Array> {
  const text = canonicalJson(object);
  if (!cipher) return new TextEncoder().encode(text);
  const { $enc } = await cipher.seal(text, contextOf(place));
  return new TextEncoder().encode(canonicalJson({ version: SEALED_VERSION, sealed: $enc }));
}

/** True if the run of this fence encrypted its journal, as the state says. */
export function sealsJournal(state: Pick<StateFile, "journalsSealedFrom">, fence: number): boolean {
  return state.journalsSealedFrom !== undefined && fence >= state.journalsSealedFrom;
}

/**
 * The object in these bytes. `sealedOnly`: one in clear is not believed. `location` names it in errors.
 * Throws PankaError `damaged-journal`, `cannot-decrypt`, `no-key`.
 */
export async function decodeJournal(
  bytes: Uint8Array,
  place: JournalPlace,
  context: { cipher?: Cipher | undefined; location: string; sealedOnly: boolean },
): Promise<JournalObject> {
  const damaged = (why: string, cause?: unknown): PankaError =>
    new PankaError("damaged-journal", `${context.location} can't be read: ${why}. Nothing was touched`, { next: REMOVE, cause });
  const parsed = parse(bytes, damaged);
  const { sealed } = parsed as { sealed?: unknown };
  if (parsed["version"] !== SEALED_VERSION) {
    if (context.sealedOnly) throw damaged("it is not encrypted, and the run that it is of encrypted its journal");
    return checked(parsed, place, damaged);
  }
  if (typeof sealed !== "string") throw damaged("its content is missing");
  const moved = "it was moved from another place";
  const text = await openWhole(sealed, contextOf(place), context.cipher, { ...context, moved, next: REMOVE });
  return checked(parse(new TextEncoder().encode(text), damaged), place, damaged);
}

const REMOVE = "compare the cloud with panka state show, then remove the object";

function parse(bytes: Uint8Array, damaged: (why: string, cause?: unknown) => PankaError): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw damaged(messageOf(error).split("\n")[0] ?? "not JSON", error);
  }
  if (isPlainObject(parsed)) return parsed;
  throw damaged("it is no object");
}

/** An object of version 1 that says of itself that it is the one with this number. */
function checked(parsed: Record<string, unknown>, { seq }: JournalPlace, damaged: (why: string) => PankaError): JournalObject {
  if (parsed["version"] !== 1) throw damaged(`version ${String(parsed["version"])} is unknown`);
  const object = parsed as unknown as JournalObject;
  if (object.kind !== "intent" && object.kind !== "done") throw damaged(`kind ${String(parsed["kind"])} is unknown`);
  const own = object.kind === "intent" ? object.intent?.seq : object.seq;
  if (own !== seq) throw damaged(`it is number ${String(own)} of its journal`);
  return object;
}
