/**
 * Values of the assembly as TypeScript: references stay references, everything else is written as it was recorded, so that the program
 * asks for what stands. Secret values never become text: they are references or look-ups.
 */
import { PankaError } from "../../../base/errors.js";
import { isPlainObject, type Json } from "../../../base/json.js";
import { getPath, joinPath, parsePath } from "../../../base/property-path.js";
import { tagOf, walkTags, type Value } from "../../../model/values.js";
import { resolveValue, type ResolveSource, unescapeKey } from "../../../plan/resolve.js";
import { type Code, inline, literal } from "./code.js";
import { memberOf } from "./names.js";

/** What expressions are made with. */
export interface Scope {
  /** The variable of a resource. */
  variable(urn: string): string;
  /** Recorded outputs of a resource. */
  outputs(urn: string): { [name: string]: Json };
  /** Recorded values. */
  source: ResolveSource;
  /** The archive of an asset, relative to the project. */
  asset(sha: string): string;
  /** True where the recorded value at a path must not be written down. */
  secret(path: string): boolean;
}

/** The expression for a value and what was recorded of it. Undefined: nothing is there. Throws PankaError `secret-in-code`. */
export function expression(value: Value | undefined, recorded: Json | undefined, scope: Scope, path = ""): Code | undefined {
  if (recorded === undefined || recorded === null) return undefined;
  const tag = value === undefined ? undefined : tagOf(value);
  if (tag === "$asset") return archive(String((value as { $asset: string }).$asset), scope);
  if (tag && (isLive(value) || scope.secret(path))) return live(value as Value, scope, scope.secret(path));
  if (Array.isArray(recorded)) {
    const own = Array.isArray(value) && value.length === recorded.length ? value : undefined;
    return { items: recorded.map((item, i) => expression(own?.[i], item, scope, joinPath(path, i)) ?? { text: "null" }) };
  }
  if (isPlainObject(recorded)) {
    const own = isPlainObject(value) && !tag ? byKey(value as { [key: string]: Value }) : {};
    const fields = Object.entries(recorded).map(([key, inner]): [string, Code | undefined] => {
      const name = unescapeKey(key);
      return [name, expression(own[name], inner as Json, scope, joinPath(path, name))];
    });
    return { fields: fields.filter((field): field is [string, Code] => field[1] !== undefined) };
  }
  if (scope.secret(path)) throw new PankaError("secret-in-code", `${path} is a secret text, which is not written into a program`);
  return tag === "$json" ? document(value as Value, scope) : literal(recorded);
}

/** True if what it becomes is known only while the program runs: it refers to a resource, or holds a secret. */
function isLive(value: unknown): boolean {
  let found = false;
  walkTags(value, (_, tag) => {
    if (tag === "$ref" || tag === "$secret") found = true;
  });
  return found;
}

function byKey(value: { [key: string]: Value }): { [key: string]: Value } {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [unescapeKey(key), inner]));
}

/** A tagged value whose parts are references; with `secret` also look-ups, which are read again by the program. */
function live(value: Value, scope: Scope, secret: boolean): Code {
  const tag = tagOf(value);
  const inner = tag === undefined ? undefined : ((value as { [key: string]: Value })[tag] as Value);
  if (tag === "$ref") return reference(inner as unknown as { urn: string; output: string }, scope);
  if (tag === "$secret") return { call: "pulumi.secret", of: [part(inner as Value, scope, true)] };
  if (tag === "$text") return template(inner as Value[], scope, secret);
  if (tag === "$json") return { call: "pulumi.jsonStringify", of: [structure(inner as Value, scope, secret)] };
  return lookup(value, scope);
}

/** A part of a text, a document or a secret. */
function part(value: Value, scope: Scope, secret: boolean): Code {
  if (isLive(value) || (secret && tagOf(value) !== undefined)) return live(value, scope, secret);
  return literal(resolveValue(value, scope.source).value ?? null);
}

/** `variable.output`; a list of one may be left out in our paths, not in Pulumi's. */
function reference({ urn, output }: { urn: string; output: string }, scope: Scope): Code {
  let text = scope.variable(urn);
  let at: unknown = scope.outputs(urn);
  for (const key of parsePath(output)) {
    if (Array.isArray(at) && typeof key === "string" && at.length === 1) {
      text += "[0]";
      at = at[0];
    }
    text += typeof key === "number" || !/^[A-Za-z_$][\w$]*$/.test(key) ? `[${JSON.stringify(key)}]` : `.${key}`;
    at = getPath(at, [key]);
  }
  return { text };
}

function template(parts: readonly Value[], scope: Scope, secret: boolean): Code {
  const text = parts.map((p) => {
    if (typeof p === "string") return escaped(p);
    const code = part(p, scope, secret);
    if (!("text" in code)) return `\${pulumi.jsonStringify(${inline(code)})}`;
    return isLive(p) || secret ? `\${${code.text}}` : escaped(String(JSON.parse(code.text) ?? ""));
  });
  return { text: `pulumi.interpolate\`${text.join("")}\`` };
}

function escaped(text: string): string {
  return text.replace(/[\\`]|\$\{/g, (match) => `\\${match}`);
}

/** A document without references: its text is made of the structure, so that it can be read and changed. */
function document(value: Value, scope: Scope): Code {
  return { call: "JSON.stringify", of: [structure((value as { $json: Value }).$json, scope, false)] };
}

/** The structure of a document, keys in the order of its recorded text: sorted. */
function structure(value: Value, scope: Scope, secret: boolean): Code {
  if (tagOf(value) !== undefined) return part(value, scope, secret);
  if (Array.isArray(value)) return { items: value.map((item) => structure(item, scope, secret)) };
  if (!isPlainObject(value)) return literal(value);
  const own = byKey(value as { [key: string]: Value });
  const keys = Object.keys(own).sort();
  return { fields: keys.map((key) => [key, structure(own[key] as Value, scope, secret)]) };
}

/** A look-up whose result is a secret: read again by the program. */
function lookup(value: Value, scope: Scope): Code {
  const { token, args, output } = (value as { $lookup: { token: string; args: Value; output: string } }).$lookup;
  const call: Code = { call: `${memberOf(token)}Output`, of: [structure(args, scope, false)] };
  return { text: `${inline(call)}.${output}` };
}

function archive(sha: string, scope: Scope): Code {
  return { call: "new pulumi.asset.FileArchive", of: [{ text: JSON.stringify(scope.asset(sha)) }] };
}
