/** From values of the model (Ref, Text, JSON) to values of the assembly. */
import { isPlainObject } from "../base/json.js";
import { isRef, isText, type Ref, tagOf, type Value } from "../model/index.js";

/** Gives the value that a reference means. */
export type RefResolver = (ref: Ref) => Value;

/** Props with every Ref and Text replaced, undefined members dropped, and the user's own keys that begin with `$` escaped as `$$`. */
export function toValue(input: unknown, resolve: RefResolver): Value {
  if (typeof input !== "object" || input === null) return input as Value;
  if (isRef(input)) return resolve(input);
  if (isText(input)) return textValue(input.parts.map((p) => (isRef(p) ? resolve(p) : p)));
  if (Array.isArray(input)) return input.map((v) => (v === undefined ? null : toValue(v, resolve)));
  const out: { [key: string]: Value } = {};
  for (const [key, value] of Object.entries(input)) {
    if (value === undefined) continue;
    setOwn(out, key.startsWith("$") ? `$${key}` : key, toValue(value, resolve));
  }
  return out;
}

/** Parts joined: plain text where all are known, else `{"$text": [...]}` with neighbouring literals joined and inner texts spliced in. */
export function textValue(parts: readonly Value[]): Value {
  const out: Value[] = [];
  const add = (part: Value): void => {
    if (tagOf(part) === "$text") {
      for (const inner of (part as { $text: Value[] }).$text) add(inner);
      return;
    }
    const literal = typeof part === "number" || typeof part === "boolean" ? String(part) : part;
    const last = out[out.length - 1];
    if (typeof literal === "string" && typeof last === "string") out[out.length - 1] = last + literal;
    else if (literal !== "") out.push(literal);
  };
  for (const part of parts) add(part);
  if (out.length === 0) return "";
  return out.length === 1 && typeof out[0] === "string" ? out[0] : { $text: out };
}

/** A copy of a value with undefined members dropped and keys sorted; plain objects only. */
export function cleanValue(value: unknown): Value {
  if (Array.isArray(value)) return value.map((v) => (v === undefined ? null : cleanValue(v)));
  if (!isPlainObject(value)) return value as Value;
  const out: { [key: string]: Value } = {};
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) setOwn(out, key, cleanValue(member));
  }
  return out;
}

/** Sets an own member, `__proto__` too. */
function setOwn(target: { [key: string]: Value }, key: string, value: Value): void {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}
