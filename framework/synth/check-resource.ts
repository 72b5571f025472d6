/** Checks a resource's props against the provider's schema: names, types, what is required, what must be secret. */
import { isPlainObject } from "../base/json.js";
import { parseUrn } from "../base/names.js";
import { nearest } from "../base/nearest.js";
import { joinPath } from "../base/property-path.js";
import { type PropertySchema, type RefValue, type ResourceSpec, type SchemaIndex, tagOf, type Value, walkTags } from "../model/index.js";
import type { SynthRun } from "./run.js";

/** Adds a problem: path within the resource's props. */
type Report = (path: string, code: string, message: string, more?: { expected?: string; suggestion?: string; next?: string }) => void;

/** Checks one resource; types that exist but are not shipped are taken as they are. */
export function checkResource(run: SynthRun, address: string, role: string, spec: ResourceSpec, schemas: SchemaIndex | undefined): void {
  const report: Report = (path, code, message, more) => {
    const where = `${spec.type}${role ? ` "${role}"` : ""}`;
    run.problem(
      address,
      run.byAddress.get(address)?.props.type === spec.type ? joinPaths("props", path) : "",
      code,
      `${where}: ${message}`,
      more,
    );
  };
  walkTags(spec.props, (tagged, tag, path) => {
    if (tag === "$ref") checkRef(tagged as unknown as RefValue, run, report, schemas);
    // `$secret` wraps only what is looked up or referred to: a literal would stand readable in the assembly.
    if (tag === "$secret" && !isIndirect(tagged.$secret)) literalSecret(path, report);
  });
  for (const action of spec.actions ?? [])
    walkTags(action, (tagged, tag) => {
      if (tag === "$ref") checkRef(tagged as unknown as RefValue, run, report, schemas);
    });
  if (!schemas || spec.options.engine) return;
  const type = schemas.type(spec.type);
  if (!type) {
    const tokens = schemas.tokens();
    if (tokens.includes(spec.type)) return;
    const suggestion = nearest(spec.type, tokens);
    report("", "unknown-type", "the provider has no such type", suggestion ? { suggestion } : {});
    return;
  }
  checkFields(spec.props, type.properties, "", report);
}

function joinPaths(a: string, b: string): string {
  return b === "" ? a : b.startsWith("[") ? `${a}${b}` : `${a}.${b}`;
}

/** A `$ref` names a resource of this assembly and, where its type is known, an output that the type has. */
function checkRef({ $ref: { urn, output } }: RefValue, run: SynthRun, report: Report, schemas: SchemaIndex | undefined): void {
  if (!run.urns.has(urn)) {
    report("", "dangling-reference", `it refers to ${urn}, which no component declares`);
    return;
  }
  const type = parseUrn(urn).type;
  const properties = schemas?.type(type)?.properties;
  const head = /^[^.[]*/.exec(output)?.[0] ?? "";
  if (!properties || head === "id" || Object.hasOwn(properties, head)) return;
  const suggestion = nearest(head, [...Object.keys(properties), "id"]);
  report("", "unknown-output", `${type} has no output ${head}`, suggestion ? { suggestion } : {});
}

function isIndirect(value: unknown): boolean {
  const tag = tagOf(value);
  if (tag === "$ref" || tag === "$lookup") return true;
  if (tag === "$text" || tag === "$json") {
    let found = false;
    walkTags(value, (_, inner) => {
      if (inner === "$ref" || inner === "$lookup") found = true;
    });
    return found;
  }
  return false;
}

function literalSecret(path: string, report: Report): void {
  report(path, "literal-secret", `a secret is written out at ${path}`, {
    expected: "a secretRef: a Secret component, an ARN, or the name of an existing secret",
    next: "panka secret set <service>/<component>, then refer to it by secretRef",
  });
}

function checkFields(props: { [key: string]: Value }, fields: { [name: string]: PropertySchema }, path: string, report: Report): void {
  for (const [name, value] of Object.entries(props)) {
    const key = name.startsWith("$$") ? name.slice(1) : name;
    const at = joinPath(path, key);
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (!field) {
      const suggestion = nearest(key, Object.keys(fields));
      report(at, "unknown-property", `no property ${at}`, suggestion ? { suggestion } : {});
    } else if (path === "" && field.computed && !field.optional && !field.required) {
      report(at, "output-only", `${at} is an output of the type and can't be set`);
    } else checkValue(value, field, at, report);
  }
  for (const name of requiredOf(fields))
    if (props[name] === undefined) report(joinPath(path, name), "missing-property", `${joinPath(path, name)} is missing`);
}

const REQUIRED = new WeakMap<object, string[]>();

/** Names of the required fields: few of the many that a type has. */
function requiredOf(fields: { [name: string]: PropertySchema }): string[] {
  const known = REQUIRED.get(fields);
  if (known) return known;
  const names = Object.keys(fields).filter((name) => fields[name]?.required);
  REQUIRED.set(fields, names);
  return names;
}

function checkValue(value: Value, schema: PropertySchema, path: string, report: Report): void {
  if (value === null || schema.type === "any") return;
  const tag = tagOf(value);
  if (schema.sensitive && isLiteral(value)) {
    literalSecret(path, report);
    return;
  }
  if (tag === "$ref" || tag === "$lookup") return;
  if (tag === "$secret") {
    checkValue((value as { $secret: Value }).$secret, { ...schema, sensitive: false }, path, report);
    return;
  }
  const wrong = tag || !isPlainObject(value) ? scalarProblem(value, tag, schema) : undefined;
  if (wrong) {
    report(path, "wrong-type", `${path} is ${wrong}`, { expected: WORDS[schema.type] ?? schema.type });
  } else if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) if (schema.element) checkValue(item, schema.element, joinPath(path, i), report);
  } else if (!tag && isPlainObject(value)) checkMap(value as { [key: string]: Value }, schema, path, report);
}

/** What a value other than a map is, where that is not what is due; else undefined. */
function scalarProblem(value: Value, tag: ReturnType<typeof tagOf>, schema: PropertySchema): string | undefined {
  const { type } = schema;
  if (tag === "$allot") return type === "number" || type === "string" ? undefined : "a number";
  if (tag === "$asset") return schema.asset === true || type === "string" ? undefined : "a file";
  if (tag === "$text" || tag === "$json" || typeof value === "string") return type === "string" ? undefined : "text";
  if (Array.isArray(value)) return type === "list" || type === "set" ? undefined : "a list";
  return type === typeof value ? undefined : `a ${typeof value}`;
}

function checkMap(value: { [key: string]: Value }, schema: PropertySchema, path: string, report: Report): void {
  if (schema.json) return;
  if (schema.type === "object" && schema.fields) checkFields(value, schema.fields, path, report);
  else if (schema.type !== "map" && schema.type !== "object")
    report(path, "wrong-type", `${path} is a map`, { expected: WORDS[schema.type] ?? schema.type });
  else for (const [key, item] of Object.entries(value)) if (schema.element) checkValue(item, schema.element, joinPath(path, key), report);
}

/** True where the value itself can be read off the assembly. */
function isLiteral(value: Value): boolean {
  if (typeof value === "string") return value !== "";
  if (typeof value !== "object" || value === null) return false;
  const tag = tagOf(value);
  return (tag === "$text" || tag === "$json") && !isIndirect(value);
}

const WORDS: { [type: string]: string } = {
  string: "text",
  number: "a number",
  boolean: "true or false",
  list: "a list",
  set: "a list",
  map: "a map",
  object: "a map",
};
