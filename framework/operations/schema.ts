/** The JSON Schema of the documents and of panka.config.yaml, made from the schemas that check them. */
import { usageError } from "../base/errors.js";
import { LABEL } from "../base/names.js";
import { nearest } from "../base/nearest.js";
import { apiVersionsOf } from "../model/api-version.js";
import { configSchema } from "../model/config.js";
import { type JsonSchema, jsonSchemaOf, writtenSchemaOf } from "../model/json-schema.js";
import type { Kind, Registry } from "../model/kind.js";
import { componentSchema } from "../overlays/check.js";
import { SPELLINGS } from "../overlays/normalize.js";

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** The schema of one kind, of `config`, or of any document. Throws a usage error for an unknown kind. */
export function schemaOf(registry: Registry, name: string | undefined): unknown {
  if (name === "config") return { $schema: DIALECT, title: "panka.config.yaml", ...(jsonSchemaOf(configSchema) as object) };
  if (name !== undefined) {
    const kind = registry.find(name);
    if (kind) return { $schema: DIALECT, ...documentSchema(kind, registry) };
    const guess = nearest(name, [...registry.kinds.map((k) => k.name), "config"]);
    throw usageError("unknown-kind", `unknown kind "${name}"${guess ? `; did you mean ${guess}?` : ""}`, { next: "panka schema" });
  }
  return { $schema: DIALECT, title: "A Panka document", ...anyDocument(registry) };
}

/** By `kind`, so that an editor speaks of the one kind that is meant. */
function anyDocument(registry: Registry): JsonSchema {
  const names = ({ name, aliases = [] }: Kind): string[] => [name, ...aliases];
  return {
    type: "object",
    required: ["kind"],
    properties: { kind: { enum: registry.kinds.flatMap(names) } },
    allOf: registry.kinds.map((kind) => ({
      if: { properties: { kind: { enum: names(kind) } } },
      // biome-ignore lint/suspicious/noThenProperty: the name that JSON Schema gives it
      then: documentSchema(kind, registry),
    })),
  };
}

function documentSchema(kind: Kind, registry: Registry): JsonSchema {
  const text = { type: ["string", "number", "boolean"] };
  const texts = { type: "object", additionalProperties: text };
  const name = { type: "string", pattern: LABEL.source, maxLength: 63 };
  const spec = specSchema(kind, registry);
  return {
    title: kind.name,
    description: kind.summary,
    type: "object",
    required: ["apiVersion", "kind", "metadata", ...(spec.required?.length ? ["spec"] : [])],
    additionalProperties: false,
    properties: {
      apiVersion: { enum: apiVersionsOf(kind) },
      kind: { enum: [kind.name, ...(kind.aliases ?? [])] },
      metadata: {
        type: "object",
        required: ["name"],
        additionalProperties: false,
        properties: {
          name,
          description: text,
          labels: texts,
          annotations: texts,
          tenant: text,
          stack: text,
          service: text,
          environment: text,
        },
      },
      spec,
    },
  };
}

/** A component's spec with its infra sections; in documents that are merged with others nothing is required. */
function specSchema(kind: Kind, registry: Registry): JsonSchema {
  const schema = writtenSchemaOf(kind.group === "components" ? componentSchema(kind, registry) : kind.schema);
  delete schema.$schema;
  for (const { written, meant, section } of SPELLINGS)
    if (!section || kind.infra.includes(section)) addSpelling(schema, written.split("."), meant.split("."));
  if (kind.group === "infra" && kind.infra.length > 0) requireNothing(schema);
  return schema;
}

/** Takes at one path what is taken at another; nothing where the other is not in the schema. */
function addSpelling(schema: JsonSchema, written: readonly string[], meant: readonly string[]): void {
  const target = meant.reduce<JsonSchema | undefined>((at, key) => at?.properties?.[key], schema);
  if (!target) return;
  let at = schema;
  for (const key of written.slice(0, -1)) {
    at.properties[key] ??= { type: "object", additionalProperties: false, properties: {} };
    at = at.properties[key];
  }
  const last = written[written.length - 1] as string;
  if (at.properties && !(last in at.properties)) at.properties[last] = { ...target, deprecated: true };
}

function requireNothing(schema: JsonSchema): void {
  delete schema.required;
  for (const inner of Object.values<JsonSchema>(schema.properties ?? {})) requireNothing(inner);
}
