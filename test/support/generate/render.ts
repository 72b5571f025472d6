/** Drawn stacks as a user writes them: YAML documents, and a program with the same values as TypeScript literals. */
import { stringify } from "yaml";
import { registry } from "../../../constructs/registry.js";
import { isPlainObject } from "../../../framework/base/json.js";
import { sortOf } from "../../../framework/model/fields.js";
import { branches, defOf, type Schema } from "../../../framework/model/schema-walk.js";
import { isRef, isText, type Ref } from "../../../framework/model/values.js";
import { type Document, schemaOfKind, type Spec } from "./stacks.js";

/** One file with all documents of a stack. `loose`: numbers and booleans are written as text where the schema wants no text. */
export function yamlOf(documents: readonly Document[], loose = false): string {
  return documents
    .map((d) => {
      const group = registry.find(d.kind)?.group ?? "components";
      const metadata = { name: d.name, ...(d.service ? { service: d.service } : {}) };
      return stringify(
        { apiVersion: `${group}.panka.io/v1`, kind: d.kind, metadata, spec: yamlValue(loose ? loosened(d) : d.spec) },
        { lineWidth: 0 },
      );
    })
    .join("---\n");
}

function loosened(d: Document): unknown {
  const kind = registry.find(d.kind);
  return kind ? asText(schemaOfKind(kind), d.spec) : d.spec;
}

function asText(schema: Schema, value: unknown): unknown {
  if (branches(schema).length > 1 || isRef(value) || isText(value)) return value;
  if (["integer", "number", "boolean"].includes(sortOf(schema) ?? "")) return String(value);
  if (Array.isArray(value)) return value.map((item) => asText(defOf(schema).element as Schema, item));
  if (!isPlainObject(value) || sortOf(schema) !== undefined) return value;
  const { shape, valueType } = defOf(schema);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const child = shape?.[key] ?? valueType;
      return [key, child ? asText(child, item) : item];
    }),
  );
}

/** References as `${component.output}`. */
export function yamlValue(value: unknown): unknown {
  if (isRef(value)) return written(value);
  if (isText(value)) return value.parts.map((p) => (isRef(p) ? written(p) : p)).join("");
  if (Array.isArray(value)) return value.map(yamlValue);
  if (isPlainObject(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, yamlValue(v)]));
  return value;
}

function written(ref: Ref): string {
  return `\${${ref.component}.${ref.output}}`;
}

/** A program whose default export is an App with all the stacks. */
export function programOf(stacks: readonly (readonly Document[])[]): string {
  const classes = new Set(["App", "text"]);
  const bodies = stacks.map((documents) => {
    const { plain, infra } = splitInfra(documents);
    const lines = plain.map((d) => statement(d, infra.get(d.name), classes));
    return `{\n${lines.map((l) => `  ${l}`).join("\n")}\n}`;
  });
  const names = [...classes].filter((c) => c !== "AwsResource").sort();
  return `import { ${names.join(", ")} } from "panka";
import { AwsResource } from "panka/aws";

const root = new App();
${bodies.join("\n")}
export default root;
`;
}

/** ComponentInfra has no class: its fields are the component's props. */
function splitInfra(documents: readonly Document[]): { plain: Document[]; infra: Map<string, Spec> } {
  const infra = new Map(documents.filter((d) => d.kind === "ComponentInfra").map((d) => [d.name, d.spec]));
  return { plain: documents.filter((d) => d.kind !== "ComponentInfra"), infra };
}

function statement(d: Document, infra: Spec | undefined, classes: Set<string>): string {
  const spec = infra ? (merged(d.spec, infra) as Spec) : d.spec;
  const group = registry.find(d.kind)?.group;
  if (d.kind === "Resource") {
    const { type, props, ...rest } = spec;
    return `const ${d.name} = new AwsResource(${d.service}, "${d.name}", ${[type, props ?? {}, rest].map(literal).join(", ")});`;
  }
  classes.add(d.kind);
  if (d.kind === "Stack") return `const stack = new Stack(root, "${d.name}", ${literal(spec)});`;
  if (d.kind === "Service") return `const ${d.name} = new Service(stack, "${d.name}", ${literal(spec)});`;
  if (group === "infra") return `new ${d.kind}(${d.service ?? "stack"}, ${literal(spec)});`;
  return `const ${d.name} = new ${d.kind}(${d.service}, "${d.name}", ${literal(spec)});`;
}

/** A value as source text; references as the outputs of the component that the constant holds. */
function literal(value: unknown): string {
  if (isRef(value)) return `${value.component}.${value.output}`;
  if (isText(value)) return `text\`${value.parts.map((p) => (isRef(p) ? `\${${literal(p)}}` : escaped(p))).join("")}\``;
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (isPlainObject(value))
    return `{ ${Object.entries(value)
      .map(([k, v]) => `${JSON.stringify(k)}: ${literal(v)}`)
      .join(", ")} }`;
  return JSON.stringify(value);
}

function escaped(part: string): string {
  return part.replaceAll(/[\\`]|\$\{/g, (found) => `\\${found}`);
}

/** `high` over `low`, maps by key. */
function merged(low: unknown, high: unknown): unknown {
  if (!isPlainObject(low) || !isPlainObject(high)) return high;
  const out: Spec = { ...low };
  for (const [key, value] of Object.entries(high)) out[key] = key in out ? merged(out[key], value) : value;
  return out;
}
