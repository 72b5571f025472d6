/** The JSON Schema of the documents and of panka.config.yaml, made from the schemas that check them. */
import { usageError } from "../base/errors.js";
import { nearest } from "../base/nearest.js";
import { configSchema } from "../model/config.js";
import { jsonSchemaOf } from "../model/fields.js";
import type { Kind, Registry } from "../model/kind.js";

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** The schema of one kind, of `config`, or of any document. Throws a usage error for an unknown kind. */
export function schemaOf(registry: Registry, name: string | undefined): unknown {
  if (name === "config") return { $schema: DIALECT, title: "panka.config.yaml", ...(jsonSchemaOf(configSchema) as object) };
  if (name !== undefined) {
    const kind = registry.find(name);
    if (kind) return { $schema: DIALECT, ...documentSchema(kind) };
    const guess = nearest(name, [...registry.kinds.map((k) => k.name), "config"]);
    throw usageError("unknown-kind", `unknown kind "${name}"${guess ? `; did you mean ${guess}?` : ""}`, { next: "panka schema" });
  }
  return { $schema: DIALECT, title: "A Panka document", oneOf: registry.kinds.map(documentSchema) };
}

function documentSchema(kind: Kind): { [key: string]: unknown } {
  const text = { type: "string" };
  const texts = { type: "object", additionalProperties: text };
  return {
    title: kind.name,
    description: kind.summary,
    type: "object",
    required: ["apiVersion", "kind", "metadata"],
    additionalProperties: false,
    properties: {
      apiVersion: { enum: [`${kind.group}.panka.io/v1`, "panka.io/v1"] },
      kind: { enum: [kind.name, ...(kind.aliases ?? [])] },
      metadata: {
        type: "object",
        required: ["name"],
        additionalProperties: false,
        properties: {
          name: text,
          description: text,
          labels: texts,
          annotations: texts,
          tenant: text,
          stack: text,
          service: text,
          environment: text,
        },
      },
      spec: jsonSchemaOf(kind.schema) as object,
    },
  };
}
