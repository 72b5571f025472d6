/**
 * A whole state at rest: `{"fence","sealed","serial","version":2}`. `sealed` is the state of format version 1, encrypted; the stack's path,
 * serial and fence are associated data, so that an object of another stack, of another serial, or with edited numbers does not open.
 * Without a key at hand a state that was never sealed is kept in clear, in format version 1; its secret values are refused elsewhere.
 */
import { isPankaError, messageOf, PankaError } from "../base/errors.js";
import { canonicalJson } from "../base/json.js";
import type { Cipher } from "../model/cipher.js";
import { damaged } from "./migrations.js";

/** Version of the sealed form. */
export const ENVELOPE_VERSION = 2;

/** What stands in clear around a sealed state. */
export interface Envelope {
  serial: number;
  fence: number;
  /** `1.<mode>.<key>.<iv>.<ciphertext>`, see cipher.ts. */
  sealed: string;
}

/** What a sealed state is bound to. */
export interface Binding {
  /** `<stack>/<environment>`. */
  path: string;
  serial: number;
  fence: number;
}

const contextOf = ({ path, serial, fence }: Binding): string => `${path}\nstate\n${serial}\n${fence}`;

/**
 * The bytes of a state's text: sealed where there is a key. Throws PankaError `no-key` where the key is not at hand and the state that
 * it replaces was sealed: what was encrypted once is never written in clear.
 */
export async function wrap(text: string, binding: Binding, cipher: Cipher | undefined, wasSealed: boolean): Promise<string> {
  const sealed = await sealText(text, binding, cipher, wasSealed);
  if (sealed === undefined) return text;
  return canonicalJson({ version: ENVELOPE_VERSION, serial: binding.serial, fence: binding.fence, sealed });
}

async function sealText(text: string, binding: Binding, cipher: Cipher | undefined, wasSealed: boolean): Promise<string | undefined> {
  try {
    if (cipher) return (await cipher.seal(text, contextOf(binding))).$enc;
  } catch (error) {
    if (!isPankaError(error) || error.code !== "no-key" || wasSealed) throw error;
  }
  if (wasSealed) throw noKey("the state is encrypted, and no key is configured to write it with");
  return undefined;
}

/** The envelope that this parsed JSON is, or undefined for a state in clear. Throws PankaError `damaged-state`. */
export function readEnvelope(parsed: unknown, location: string): Envelope | undefined {
  const { version, serial, fence, sealed } = (parsed ?? {}) as { [key: string]: unknown };
  if (version !== ENVELOPE_VERSION) return undefined;
  const whole = Number.isInteger(serial) && Number.isInteger(fence) && typeof sealed === "string";
  if (!whole) throw damaged(location, "serial, fence or content missing");
  return { serial, fence, sealed } as Envelope;
}

/** The text inside. Throws PankaError `no-key`, `cannot-decrypt`. */
export function unwrap(envelope: Envelope, path: string, cipher: Cipher | undefined, location: string): Promise<string> {
  const moved = "it belongs to another stack or serial";
  return openWhole(envelope.sealed, contextOf({ ...envelope, path }), cipher, { location, moved, next: "panka state history" });
}

/**
 * Opens an object that was sealed as a whole. `moved` says what a wrong place would mean, `next` what to do where the key is right.
 * Throws PankaError `no-key`, `cannot-decrypt`.
 */
export async function openWhole(
  sealed: string,
  context: string,
  cipher: Cipher | undefined,
  { location, moved, next }: { location: string; moved: string; next: string },
): Promise<string> {
  if (!cipher) throw noKey(`${location} is encrypted, and no key is configured to read it with`);
  try {
    return await cipher.open({ $enc: sealed }, context);
  } catch (error) {
    if (!isPankaError(error) || error.code !== "cannot-decrypt") throw error;
    throw new PankaError(
      "cannot-decrypt",
      `${location} can't be opened with ${cipher.source}: it was changed, ${moved}, or it was encrypted with another key (${messageOf(error)})`,
      { next: `set backend.encryption to the key that it was encrypted with; if that is right: ${next}`, cause: error },
    );
  }
}

/** True for the bytes of a sealed state; looks at their beginning only. */
export function isSealedObject(bytes: Uint8Array): boolean {
  return /^\{"fence":\d+,"sealed":"/.test(new TextDecoder().decode(bytes.subarray(0, 64)));
}

function noKey(message: string): PankaError {
  return new PankaError("no-key", message, {
    next: "set backend.encryption in panka.config.yaml: awskms://ALIAS, file:PATH, env:NAME or passphrase:PATH",
  });
}
