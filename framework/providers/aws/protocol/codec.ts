/**
 * Values on the wire: cty in MessagePack. In memory they are JSON under the provider's own names, unknowns being
 * {@link UNKNOWN}. On the wire an unknown is an extension: type 0, or 12 when it is refined; any extension is read as unknown.
 */
import { decode, ExtData, ExtensionCodec, encode } from "@msgpack/msgpack";
import type { Json } from "../../../base/json.js";
import { isUnknown, UNKNOWN } from "../../../model/index.js";

/** A value in the provider's names: JSON, with UNKNOWN where it is not known. */
export type Wire = Json;

/** An object of the provider: every attribute and block present. */
export type WireObject = { [name: string]: Wire };

/** Message DynamicValue. */
export interface DynamicValue {
  msgpack: Uint8Array;
}

/** Written for an unknown: fixext 1, type 0, one zero byte. */
const UNKNOWN_EXT = new ExtData(0, new Uint8Array([0]));

const codec = new ExtensionCodec();

/** MessagePack of a value. Whole numbers are written as integers, as the provider wants them. */
export function toDynamic(value: Wire): DynamicValue {
  return { msgpack: encode(markUnknowns(value), { extensionCodec: codec, ignoreUndefined: true }) };
}

/** The value in a DynamicValue; null for an absent one. */
export function fromDynamic(value: { msgpack?: Uint8Array } | null | undefined): Wire {
  if (!value?.msgpack?.length) return null;
  return plain(decode(value.msgpack, { extensionCodec: codec }));
}

function markUnknowns(value: Wire): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isUnknown(value)) return UNKNOWN_EXT;
  if (Array.isArray(value)) return value.map(markUnknowns);
  const out: { [key: string]: unknown } = {};
  for (const [key, v] of Object.entries(value)) out[key] = markUnknowns(v);
  return out;
}

function plain(value: unknown): Wire {
  if (typeof value !== "object" || value === null) return typeof value === "bigint" ? Number(value) : (value as Wire);
  if (value instanceof ExtData) return UNKNOWN as unknown as Wire;
  if (Array.isArray(value)) return value.map(plain);
  const out: WireObject = {};
  for (const [key, v] of Object.entries(value)) out[key] = plain(v);
  return out;
}
