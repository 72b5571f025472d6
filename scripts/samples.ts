/** The examples of the kinds' pages, compiled: what docs/reference is generated from and held by. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments, stringify } from "yaml";
import { registry } from "../constructs/registry.js";
import { DiagnosticBag } from "../framework/base/diagnostics.js";
import type { SynthResult } from "../framework/model/index.js";
import { resolveModel } from "../framework/overlays/resolve.js";
import { loadSchemaIndex } from "../framework/providers/aws/schema-index.js";
import { synthesize } from "../framework/synth/index.js";
import { findEntry, readYamlStack } from "../framework/yaml/read.js";
import { memoryFiles } from "../test/support/yaml-stack.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** The service that the examples' components belong to. */
export const SERVICE = "orders";

/** An example of a kind's page. */
export interface Sample {
  kind: string;
  name: string;
  yaml: string;
}

type Doc = { kind: string; metadata: { name: string } };

/** The examples of every kind's page, the small one first. */
export function samples(): Sample[][] {
  const kinds = registry.kinds.filter((k) => k.group === "components").map((k) => k.name);
  return kinds.map((kind) => {
    const page = readFileSync(join(ROOT, "docs/reference/kinds", `${kind.toLowerCase()}.md`), "utf8");
    return [...page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, yaml = ""]) => {
      const doc = parseAllDocuments(yaml)
        .map((d) => d.toJS() as Doc)
        .find((d) => d.kind === kind);
      if (!doc) throw new Error(`an example of ${kind} has no ${kind}`);
      return { kind, name: doc.metadata.name, yaml };
    });
  });
}

const schemas = loadSchemaIndex(join(ROOT, "framework/providers/aws/data"));

/** What a sample comes to together with more documents; undefined where they are refused. */
export async function compiled(sample: Sample, ...more: object[]): Promise<SynthResult | undefined> {
  const documents = more.map((d) => stringify({ apiVersion: "components.panka.io/v1", ...d }));
  const files = memoryFiles({ "/p/stack.yaml": [sample.yaml, ...documents].join("---\n"), "/p/.git/HEAD": "" });
  const bag = new DiagnosticBag();
  const input = await readYamlStack(findEntry({ cwd: "/p" }, files), { registry, exclude: [], files }, bag);
  const environment = "development";
  const options = { environment, environmentClass: environment, vars: {}, configVariables: {}, envVariables: {}, git: {} } as const;
  const model = input && !bag.hasErrors ? resolveModel(input, options, registry, bag) : undefined;
  return model && synthesize(model, { registry, schemas, bag });
}
