/** The examples of the kinds' pages, compiled: what docs/reference is generated from and held by. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { registry } from "../constructs/registry.js";
import type { SynthResult } from "../framework/model/index.js";
import { ROOT } from "../test/support/source-tree.js";
import { synthYaml } from "../test/support/synth.js";

/** The service that the examples' components belong to. */
export const SERVICE = "orders";

/** An example of a kind's page. */
export interface Sample {
  kind: string;
  name: string;
  yaml: string;
}

type Doc = { kind: string; metadata: { name: string } };

/** The examples of every kind's page, the small one first; also those beside the three of its headings. */
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

/** What a sample comes to together with more documents; undefined where they are refused. */
export async function compiled(sample: Sample, ...more: object[]): Promise<SynthResult | undefined> {
  const documents = more.map((d) => stringify({ apiVersion: "components.panka.io/v1", ...d }));
  return (await synthYaml([sample.yaml, ...documents].join("---\n"))).result;
}
