/**
 * Release records at rest (sealed-object.ts). They are bound to the stack's path, its lineage and the serial: one of another stack, another
 * serial, or of a stack that had this name before does not open.
 */
import { hashJson, isPlainObject } from "../base/json.js";
import type { Cipher } from "../model/cipher.js";
import type { ReleaseRecord, StateFile } from "../model/state-file.js";
import { checkVersion, damagedObject, openedObject, type SealedPlace, sealedText } from "./sealed-object.js";

/** Where a record belongs: what it is bound to. */
export interface ReleasePlace {
  /** `<stack>/<environment>`. */
  path: string;
  lineage: string;
  serial: number;
}

const contextOf = ({ path, lineage, serial }: ReleasePlace): string => `${path}\nrelease\n${lineage}\n${serial}`;

/** The bytes of a record: sealed, or, `cipher` undefined, in clear. Throws PankaError `no-key`. */
export async function encodeRelease(record: ReleaseRecord, place: ReleasePlace, cipher: Cipher | undefined): Promise<Uint8Array> {
  return new TextEncoder().encode(`${await sealedText(record, contextOf(place), cipher)}\n`);
}

/** True if the releases of this serial and of later ones are encrypted, as the state says. */
export function sealsRelease(state: Pick<StateFile, "releasesSealedFrom">, serial: number): boolean {
  return state.releasesSealedFrom !== undefined && serial >= state.releasesSealedFrom;
}

/**
 * The record in these bytes. `sealedOnly`: one in clear is not believed. `location` names it in errors.
 * Throws PankaError `damaged-release`, `newer-state`, `cannot-decrypt`, `no-key`.
 */
export async function decodeRelease(
  bytes: Uint8Array,
  place: ReleasePlace,
  context: { cipher?: Cipher | undefined; location: string; sealedOnly: boolean },
): Promise<ReleaseRecord> {
  const how: SealedPlace = {
    ...context,
    context: contextOf(place),
    notClear: context.sealedOnly ? "it is not encrypted, and the state that it is of is" : undefined,
    code: "damaged-release",
    next: "panka history, then panka rollback SERIAL with another release",
  };
  const { object, sealed } = await openedObject(bytes, how);
  return checked(object, place, how, sealed);
}

/** A record that says of itself that it is of this serial. In clear its assembly must have the hash that it says, too. */
function checked(parsed: Record<string, unknown>, { serial }: ReleasePlace, how: SealedPlace, sealed: boolean): ReleaseRecord {
  checkVersion(parsed, how);
  const record = parsed as unknown as ReleaseRecord;
  if (record.serial !== serial) throw damagedObject(how, `it is the release of serial ${String(record.serial)}`);
  if (!isPlainObject(record.summary) || typeof record.assemblyHash !== "string") throw damagedObject(how, "it is not whole");
  // A destroy has no assembly of its own, and so no hash.
  if (!sealed && record.assemblyHash !== "" && hashJson(record.assembly) !== record.assemblyHash)
    throw damagedObject(how, "its assembly is not the one that was released (its hash differs)");
  return record;
}
