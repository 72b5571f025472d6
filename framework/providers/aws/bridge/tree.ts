/** Builds Pulumi's view of a type (PropertySchema trees) from the wire schema and the exceptions. */
import type { LookupSchema, PropertySchema, TypeSchema } from "../../../model/index.js";
import type { TypeExceptions } from "./exceptions.js";
import { camel, memberNames } from "./names.js";
import type { CtyType, WireAttribute, WireBlock, WireBlockType, WireSchema } from "./wire-schema.js";

const NESTING = { 1: "single", 2: "list", 3: "set" } as const;

/** Looks one type's exceptions up by path. */
class Rules {
  private readonly json: Set<string>;
  private readonly assets: Set<string>;
  private readonly optional: Set<string>;
  constructor(readonly exceptions: TypeExceptions) {
    this.json = new Set(exceptions.jsonDocuments);
    this.assets = new Set(exceptions.assets);
    this.optional = new Set(exceptions.optional);
  }

  name(path: string): string | undefined {
    return this.exceptions.renames?.[path];
  }

  flat(path: string, byDefault: boolean): boolean {
    return this.exceptions.maxItemsOne?.[path] ?? byDefault;
  }

  /** Adds what the exceptions say of the property at `path`. */
  finish(path: string, p: PropertySchema): PropertySchema {
    const type = this.exceptions.typeOverrides?.[path];
    if (type && type !== p.type) {
      p.wireType = p.type as "string" | "number" | "boolean";
      p.type = type;
    }
    if (this.json.has(path)) p.json = true;
    if (this.assets.has(path)) p.asset = true;
    if (this.optional.has(path)) {
      delete p.required;
      p.optional = true;
    }
    return p;
  }
}

const join = (path: string, name: string): string => (path ? `${path}.${name}` : name);

/** The tree of a cty type, at wire path `path`. */
function ofType(type: CtyType, wire: string, path: string, rules: Rules): PropertySchema {
  if (type === "bool") return { type: "boolean", wire };
  if (type === "string" || type === "number") return { type, wire };
  if (type === "dynamic" || type[0] === "tuple") return { type: "any", wire };
  if (type[0] === "object") {
    const fields = type[1];
    const members = new Map<string, boolean>();
    for (const [name, t] of Object.entries(fields)) members.set(name, isMany(t) && !rules.flat(join(path, name), false));
    const names = memberNames(members, (n) => rules.name(join(path, n)));
    const out: { [name: string]: PropertySchema } = {};
    for (const [name, t] of Object.entries(fields)) out[names.get(name)!] = attributeTree(t, name, join(path, name), rules);
    return { type: "object", fields: out, wire };
  }
  return { type: type[0], element: ofType(type[1], "", path, rules), wire };
}

function isMany(type: CtyType): boolean {
  return Array.isArray(type) && (type[0] === "list" || type[0] === "set");
}

function attributeTree(type: CtyType, wire: string, path: string, rules: Rules): PropertySchema {
  if (isMany(type) && rules.flat(path, false)) {
    const inner = ofType((type as ["list", CtyType])[1], wire, path, rules);
    return rules.finish(path, { ...inner, maxOne: true });
  }
  return rules.finish(path, ofType(type, wire, path, rules));
}

function attribute(a: WireAttribute, path: string, rules: Rules): PropertySchema {
  const p = attributeTree(a.type, a.name, path, rules);
  const flags: Partial<PropertySchema> = {};
  if (a.required) flags.required = true;
  if (a.optional) flags.optional = true;
  if (a.computed) flags.computed = true;
  if (a.sensitive) flags.sensitive = true;
  return rules.finish(path, { ...p, ...flags });
}

function block(b: WireBlockType, path: string, rules: Rules): PropertySchema {
  const nesting = NESTING[b.nesting as 1 | 2 | 3];
  const fields = members(b.block, path, rules);
  const need: Partial<PropertySchema> = b.min_items > 0 ? { required: true } : { optional: true };
  const object: PropertySchema = { type: "object", fields, wire: b.type_name };
  if (nesting === "single") return rules.finish(path, { ...object, ...need, block: nesting });
  if (rules.flat(path, b.max_items === 1)) return rules.finish(path, { ...object, ...need, block: nesting, maxOne: true });
  return rules.finish(path, { type: nesting, element: { ...object, wire: "" }, wire: b.type_name, ...need, block: nesting });
}

/** All members of a block under their Pulumi names, sorted. */
function members(b: WireBlock, path: string, rules: Rules, skip: ReadonlySet<string> = new Set()): { [name: string]: PropertySchema } {
  const many = new Map<string, boolean>();
  for (const a of b.attributes) many.set(a.name, isMany(a.type) && !rules.flat(join(path, a.name), false));
  for (const t of b.block_types) many.set(t.type_name, t.nesting !== 1 && !rules.flat(join(path, t.type_name), t.max_items === 1));
  const names = memberNames(many, (n) => rules.name(join(path, n)));
  const out: { [name: string]: PropertySchema } = {};
  for (const a of b.attributes) if (!skip.has(a.name)) out[names.get(a.name)!] = attribute(a, join(path, a.name), rules);
  for (const t of b.block_types) if (!skip.has(t.type_name)) out[names.get(t.type_name)!] = block(t, join(path, t.type_name), rules);
  return Object.fromEntries(Object.entries(out).sort(([x], [y]) => (x < y ? -1 : 1)));
}

/** A `timeouts` block of SDKv2 types is hidden; that of framework types as well: both are set through the resource's options. */
function timeoutsOf(b: WireBlock): string[] | undefined {
  const found = b.block_types.find((t) => t.type_name === "timeouts");
  return found?.block.attributes.map((a) => a.name).sort();
}

/** Which properties stand in for the id: those the exceptions name, else the ARN, else none. */
function idFrom(b: WireBlock, exceptions: TypeExceptions): string[] {
  if (exceptions.idFrom) return exceptions.idFrom.map(camel);
  return b.attributes.some((a) => a.name === "arn") ? ["arn"] : [];
}

/**
 * The schema of a resource type in Pulumi's view. It has no forceNew and no defaults: the wire does not carry them.
 * @param token Pulumi's token
 * @param wire the provider's type name
 */
export function typeTree(token: string, wire: string, schema: WireSchema, exceptions: TypeExceptions = {}): TypeSchema {
  const b = schema.block;
  const hidden = new Set(exceptions.hidden);
  for (const a of b.attributes) if (a.write_only) hidden.add(a.name);
  const hasId = b.attributes.some((a) => a.name === "id");
  const timeouts = timeoutsOf(b);
  const isBlock = new Set(b.block_types.map((t) => t.type_name));
  return {
    token,
    wire,
    version: schema.version,
    properties: members(b, "", new Rules(exceptions), new Set([...hidden, "id", "timeouts"])),
    taggable: b.attributes.some((a) => a.name === "tags" && a.optional === true),
    ...(timeouts ? { timeouts } : {}),
    ...(hidden.size ? { hidden: [...hidden].sort().map((n) => (isBlock.has(n) ? `${n}[]` : n)) } : {}),
    ...(hasId ? {} : { idFrom: idFrom(b, exceptions) }),
  };
}

/** The schema of a data source in Pulumi's view; `id` is an ordinary property of it. */
export function lookupTree(token: string, wire: string, schema: WireSchema, exceptions: TypeExceptions = {}): LookupSchema {
  const b = schema.block;
  const hidden = exceptions.hidden ?? [];
  const timeouts = timeoutsOf(b);
  const isBlock = new Set(b.block_types.map((t) => t.type_name));
  return {
    token,
    wire,
    properties: members(b, "", new Rules(exceptions), new Set(["timeouts", ...hidden])),
    ...(timeouts ? { timeouts } : {}),
    ...(hidden.length ? { hidden: hidden.map((n) => (isBlock.has(n) ? `${n}[]` : n)) } : {}),
  };
}
