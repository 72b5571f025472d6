/**
 * Objects that are sealed as a whole: `{"sealed","version":2}`. `sealed` is the object of format version 1, encrypted; its place is
 * associated data, so that an object of another place, or one that was edited, does not open. Version 1 is the same object in clear: what a
 * stack without a key writes, and what earlier Pankas wrote. It is read only where the state does not say that it is encrypted there.
 */
import { messageOf, PankaError } from "../base/errors.js";
import { canonicalJson, isPlainObject } from "../base/json.js";
import type { Cipher } from "../model/cipher.js";
import { openWhole } from "./envelope.js";

/** Version of the sealed form. */
const SEALED_VERSION = 2;

/** What an object is bound to, and what is said where it can't be read. */
export interface SealedPlace {
  /** Associated data. */
  context: string;
  cipher?: Cipher | undefined;
  /** Names the object in errors. */
  location: string;
  /** Why one in clear is not believed; undefined: it is. */
  notClear: string | undefined;
  /** Of errors. */
  code: "damaged-journal" | "damaged-release" | "damaged-approval";
  /** What to do about it. */
  next: string;
}

/** The text of an object: sealed, or, `cipher` undefined, in clear. Throws PankaError `no-key`. */
export async function sealedText(object: unknown, context: string, cipher: Cipher | undefined): Promise<string> {
  const text = canonicalJson(object);
  if (!cipher) return text;
  const { $enc } = await cipher.seal(text, context);
  return canonicalJson({ version: SEALED_VERSION, sealed: $enc });
}

/** The object in these bytes, of format version 1. Throws PankaError: that of the place, `cannot-decrypt`, `no-key`. */
export async function openedObject(bytes: Uint8Array, place: SealedPlace): Promise<{ object: Record<string, unknown>; sealed: boolean }> {
  const parsed = parse(bytes, place);
  const { sealed } = parsed as { sealed?: unknown };
  if (parsed["version"] !== SEALED_VERSION) {
    if (place.notClear !== undefined) throw damagedObject(place, place.notClear);
    return { object: parsed, sealed: false };
  }
  if (typeof sealed !== "string") throw damagedObject(place, "its content is missing");
  const text = await openWhole(sealed, place.context, place.cipher, { ...place, moved: "it was moved from another place" });
  return { object: parse(new TextEncoder().encode(text), place), sealed: true };
}

/** PankaError of the place's code. */
export function damagedObject({ code, location, next }: SealedPlace, why: string, cause?: unknown): PankaError {
  return new PankaError(code, `${location} can't be read: ${why}. Nothing was touched`, { next, cause });
}

/** Throws PankaError for an opened object that is not of format version 1: `newer-state`; that of the place where it says no version. */
export function checkVersion({ version }: Record<string, unknown>, place: SealedPlace): void {
  if (version === 1) return;
  if (!Number.isInteger(version)) throw damagedObject(place, "it has no version");
  const message = `${place.location} has format version ${String(version)}; this Panka reads up to version ${SEALED_VERSION}`;
  throw new PankaError("newer-state", message, { next: "install the Panka version that wrote it: npm install panka@latest" });
}

function parse(bytes: Uint8Array, place: SealedPlace): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw damagedObject(place, messageOf(error).split("\n")[0] ?? "not JSON", error);
  }
  if (isPlainObject(parsed)) return parsed;
  throw damagedObject(place, "it is no object");
}
