/**
 * Objects of the journal at rest (sealed-object.ts). They are bound to the stack's path, its lineage, the run's fence and their number: one of
 * another stack, another run or another place in the run does not open.
 */
import type { Cipher } from "../model/cipher.js";
import type { JournalObject } from "../model/journal.js";
import type { StateFile } from "../model/state-file.js";
import { damagedObject, openedObject, type SealedPlace, sealedText } from "./sealed-object.js";

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
  return new TextEncoder().encode(await sealedText(object, contextOf(place), cipher));
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
  const how: SealedPlace = {
    ...context,
    context: contextOf(place),
    notClear: context.sealedOnly ? "it is not encrypted, and the run that it is of encrypted its journal" : undefined,
    code: "damaged-journal",
    next: "compare the cloud with panka state show, then remove the object",
  };
  return checked((await openedObject(bytes, how)).object, place, how);
}

/** An object of version 1 that says of itself that it is the one with this number. */
function checked(parsed: Record<string, unknown>, { seq }: JournalPlace, how: SealedPlace): JournalObject {
  if (parsed["version"] !== 1) throw damagedObject(how, `version ${String(parsed["version"])} is unknown`);
  const object = parsed as unknown as JournalObject;
  if (object.kind !== "intent" && object.kind !== "done") throw damagedObject(how, `kind ${String(parsed["kind"])} is unknown`);
  const own = object.kind === "intent" ? object.intent?.seq : object.seq;
  if (own !== seq) throw damagedObject(how, `it is number ${String(own)} of its journal`);
  return object;
}
