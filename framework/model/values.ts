/**
 * Values: what props, outputs and the assembly are made of. JSON, plus tagged objects.
 *
 * Two stages:
 *  - in the **model** a reference names a component and an output of its kind ({@link Ref}), text around references is a {@link Text};
 *  - in the **assembly** it names a resource and a Pulumi property path (`{"$ref": {urn, output}}`).
 * A user's own key that begins with `$` is escaped as `$$` in the assembly.
 */
import { PankaError } from "../base/errors.js";
import { isPlainObject } from "../base/json.js";

/** An assembly value: JSON plus the tags below. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

/** A value that another resource gives; `output` is a Pulumi property path such as `arn` or `masterUserSecrets[0].secretArn`; `id` is the resource's id. */
export interface RefValue {
  $ref: { urn: string; output: string };
}
/** Text made of literal and referring parts, joined when all are known. */
export interface TextValue {
  $text: Value[];
}
/** A structure that is made a JSON string at apply and diffed as structure. */
export interface JsonValue {
  $json: Value;
}
/** Something looked up in the cloud by plan: `token` is a data source's token, `output` a path in its result. */
export interface LookupValue {
  $lookup: { token: string; args: Value; output: string };
}
/** The content hash of a file that the stack ships (panka.out/assets/<sha256>.zip). */
export interface AssetValue {
  $asset: string;
}
/** A number filled in by plan: the one recorded for (pool, key), else 1 + hash(key) folded into min..max, next free. */
export interface AllotValue {
  $allot: { pool: string; key: string; min: number; max: number };
}
/** A secret; wraps only `$ref`, `$lookup`, or `$text`/`$json` made of them. */
export interface SecretValue {
  $secret: Value;
}
/** What plan knows only after apply. Never in an assembly or a state; in plans and between engine and provider only. */
export interface UnknownValue {
  $unknown: true;
}

/** The one unknown. */
export const UNKNOWN: Readonly<UnknownValue> = Object.freeze({ $unknown: true as const });

const TAGS = ["$ref", "$text", "$json", "$lookup", "$asset", "$allot", "$secret", "$unknown", "$enc"] as const;

/** A value's tag, or undefined for plain JSON. A tagged value has exactly that one key. */
export function tagOf(value: unknown): (typeof TAGS)[number] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  let only: string | undefined;
  for (const key in value) {
    if (only !== undefined || !key.startsWith("$")) return undefined;
    only = key;
  }
  return (TAGS as readonly (string | undefined)[]).includes(only) && isPlainObject(value) ? (only as (typeof TAGS)[number]) : undefined;
}

/** True for {@link UNKNOWN} or a copy of it. */
export function isUnknown(value: unknown): value is UnknownValue {
  return tagOf(value) === "$unknown";
}

/** True if an unknown stands anywhere in the value. */
export function hasUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isPlainObject(value) && Object.values(value).some(hasUnknown);
}

/** Calls `visit` for every tagged value in `value`, outermost first; descends into tags too. */
export function walkTags(value: unknown, visit: (tagged: Record<string, unknown>, tag: string, path: string) => void, path = ""): void {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (typeof value[i] === "object") walkTags(value[i], visit, `${path}[${i}]`);
    return;
  }
  if (!isPlainObject(value)) return;
  const tag = tagOf(value);
  if (tag) {
    visit(value, tag, path);
    if (tag !== "$ref" && tag !== "$allot" && tag !== "$asset") walkTags(value[tag], visit, path);
    return;
  }
  // Most members are plain, and what is not walked into needs no path.
  for (const k of Object.keys(value)) if (typeof value[k] === "object") walkTags(value[k], visit, path ? `${path}.${k}` : k);
}

/** URNs that a value refers to, each once, in order of appearance. */
export function refsIn(value: unknown): string[] {
  const urns = new Set<string>();
  addRefs(value, urns);
  return [...urns];
}

/** As {@link walkTags} goes, without the paths. */
function addRefs(value: unknown, urns: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) addRefs(item, urns);
    return;
  }
  if (!isPlainObject(value)) return;
  const tag = tagOf(value);
  if (tag === "$ref") urns.add((value["$ref"] as RefValue["$ref"]).urn);
  else if (tag !== "$allot" && tag !== "$asset") for (const key of Object.keys(value)) addRefs(value[key], urns);
}

const REF = Symbol.for("panka.ref");
const TEXT = Symbol.for("panka.text");

/**
 * A reference to an output of a component, as a value: `db.endpoint`. Turning it into a string throws: its value exists
 * only after deployment; write text`...${db.endpoint}...` instead. Recognised by {@link isRef}, not by instanceof.
 */
export class Ref {
  readonly [REF] = 1;
  /**
   * @param component the component's address `service/component`, or as the user wrote it
   * @param output an output of its kind
   */
  constructor(
    readonly component: string,
    readonly output: string,
  ) {}

  /** Throws PankaError `ref-as-string`. */
  toString(): string {
    throw new PankaError(
      "ref-as-string",
      `the output "${this.output}" of "${this.component}" was used as a string, but its value is known only after deployment`,
      { next: `write text\`...\${${this.component.split("/").pop()}.${this.output}}...\` (import { text } from "panka")` },
    );
  }

  /** Throws PankaError `ref-as-string`. */
  [Symbol.toPrimitive](): string {
    return this.toString();
  }

  /** JSON form, for snapshots of props only. */
  toJSON(): unknown {
    return { component: this.component, output: this.output };
  }
}

/** Text with references in it. Made by {@link text}. */
export class Text {
  readonly [TEXT] = 1;
  constructor(readonly parts: readonly (string | Ref)[]) {}

  /** Throws PankaError `ref-as-string`. */
  toString(): string {
    throw new PankaError("ref-as-string", "text with references in it has no value before deployment and can't be made a string");
  }

  /** Throws PankaError `ref-as-string`. */
  [Symbol.toPrimitive](): string {
    return this.toString();
  }
}

/** True for a {@link Ref} of this or another loaded copy of the package. */
export function isRef(value: unknown): value is Ref {
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[REF] === 1;
}

/** True for a {@link Text} of this or another loaded copy of the package. */
export function isText(value: unknown): value is Text {
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[TEXT] === 1;
}

/** Tag for text around references: text`postgres://${db.endpoint}/users`. Numbers and booleans are written as JSON writes them. */
export function text(strings: TemplateStringsArray, ...values: (string | number | boolean | Ref | Text)[]): Text {
  const parts: (string | Ref)[] = [strings[0] ?? ""];
  values.forEach((value, i) => {
    if (isRef(value)) parts.push(value);
    else if (isText(value)) parts.push(...value.parts);
    else parts.push(String(value));
    parts.push(strings[i + 1] ?? "");
  });
  return new Text(joinLiterals(parts));
}

/** Joins neighbouring literals and drops empty ones, so that equal texts have equal parts. */
export function joinLiterals(parts: readonly (string | Ref)[]): (string | Ref)[] {
  const out: (string | Ref)[] = [];
  for (const part of parts) {
    const last = out[out.length - 1];
    if (typeof part === "string" && typeof last === "string") out[out.length - 1] = last + part;
    else if (part !== "") out.push(part);
  }
  return out;
}
