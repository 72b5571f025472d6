/**
 * Writes docs/reference/yaml.md from the kinds' own schemas, bindings.md from what references come to, metrics.md from what is measured and
 * commands.md from the commands. `npm run docs`; a test fails when a page is behind.
 */
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { registry } from "../constructs/registry.js";
import { jsonSchemaOf } from "../framework/model/json-schema.js";
import type { Kind } from "../framework/model/kind.js";

type Schema = { [key: string]: any };

const HEAD = `# YAML reference

Generated from the schemas that check documents; the TypeScript classes of the same names take the same fields as props. A field marked **!** is
required. How documents are found and merged: [concepts](../guide/concepts.md).

    apiVersion: core.panka.io/v1 | infra.panka.io/v1 | components.panka.io/v1     # panka.io/v1 is accepted for any kind
    kind: <Kind>
    metadata: { name, description, labels, annotations, stack, service, environment }
    spec: { ... }
`;

/** What may stand in a field, in a few words. */
function typeOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map((v: unknown) => `\`${String(v)}\``).join(", ");
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return [...new Set(variants.map(typeOf))].join(" or ");
  if (schema.type === "array") return `list of ${schema.items ? typeOf(schema.items) : "anything"}`;
  if (schema.type === "object" && schema.additionalProperties && !schema.properties) return `map of ${typeOf(schema.additionalProperties)}`;
  const range = [schema.minimum, schema.maximum].some((v) => v !== undefined) ? ` ${schema.minimum ?? ""}..${schema.maximum ?? ""}` : "";
  const unit = schema.unit ? ` (${schema.unit})` : "";
  return `${schema.type === "string" ? "text" : schema.type === "object" ? "object" : (schema.type ?? "anything")}${range}${unit}`;
}

/** The object whose fields are listed below a field, if any: of several forms the fields of all, required where each requires it. */
function inner(schema: Schema): Schema | undefined {
  if (schema.properties) return schema;
  if (schema.type === "array" && schema.items) return inner(schema.items);
  const variants: Schema[] = schema.anyOf ?? schema.oneOf ?? [];
  const objects = variants.map(inner).filter((v): v is Schema => v !== undefined);
  if (objects.length < 2) return objects[0];
  const required = objects.map((o) => o.required ?? []).reduce((a, b) => a.filter((name: string) => b.includes(name)));
  return { properties: Object.assign({}, ...objects.map((o) => o.properties).reverse()), required };
}

function rows(schema: Schema, prefix: string, depth: number): string[] {
  const required = new Set<string>(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const f = field as Schema;
    const path = `${prefix}${name}`;
    const fallback = f.default === undefined ? "" : `\`${String(f.default)}\``;
    const text = String(f.description ?? "")
      .replaceAll("|", "\\|")
      .replaceAll("\n", " ");
    const row = `| \`${path}\`${required.has(name) ? " **!**" : ""} | ${typeOf(f).replaceAll("|", "\\|")} | ${fallback} | ${text} |`;
    const below = inner(f);
    const list = f.type === "array" ? "[]." : ".";
    return [row, ...(below && depth < 5 ? rows(below, `${path}${list}`, depth + 1) : [])];
  });
}

function section(kind: Kind): string {
  const schema = jsonSchemaOf(kind.schema);
  const names = kind.aliases?.length ? ` (also ${kind.aliases.join(", ")})` : "";
  const lines = [`## ${kind.name}${names}`, "", kind.summary, "", `\`apiVersion: ${kind.group}.panka.io/v1\``, ""];
  if (existsSync(new URL(`../docs/reference/kinds/${kind.name.toLowerCase()}.md`, import.meta.url)))
    lines.push(`Examples: [${kind.name}](kinds/${kind.name.toLowerCase()}.md).`, "");
  if (kind.infra.length > 0) lines.push(`Sections of ComponentInfra that apply: ${kind.infra.join(", ")}.`, "");
  lines.push("| field | what may stand there | default | meaning |", "|---|---|---|---|", ...rows(schema, "", 0), "");
  const outputs = Object.entries(kind.outputs);
  if (outputs.length > 0) lines.push("| output | meaning |", "|---|---|", ...outputs.map(([n, d]) => `| \`${n}\` | ${d} |`), "");
  return lines.join("\n");
}

/** The whole page. */
export function yamlReference(): string {
  const groups = ["core", "infra", "components"] as const;
  const kinds = groups.flatMap((g) => registry.kinds.filter((k) => k.group === g));
  return `${HEAD}\n${kinds.map(section).join("\n")}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { bindingsPage, namedCases, useCases } = await import("./bindings.js");
  const { measuredCases, metricsPage } = await import("./measured.js");
  const { commandsPage } = await import("./commands.js");
  const write = (page: string, text: string) => writeFileSync(new URL(`../docs/reference/${page}.md`, import.meta.url), text);
  write("yaml", yamlReference());
  write("bindings", bindingsPage(await useCases(), await namedCases()));
  write("commands", commandsPage());
  write("metrics", metricsPage(await measuredCases()));
}
