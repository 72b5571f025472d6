/** Golden assemblies: what kinds make of small stacks. `UPDATE_GOLDEN=1` writes them anew; review the difference. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Service, Stack } from "../../constructs/index.js";
import { registry } from "../../constructs/registry.js";
import type { EnvironmentClass } from "../../framework/model/index.js";
import { assemblyText } from "../../framework/synth/index.js";
import { ROOT } from "./source-tree.js";
import { type Synthesis, synthOf, synthYaml } from "./synth.js";
import { stackWith } from "./yaml-stack.js";

/** Folder of the files. */
export const GOLDENS = join(ROOT, "test/golden/assemblies");

/** A stack of constructs, or of YAML documents beside those of stack and service. */
export type GoldenStack = { in?: EnvironmentClass } & ({ fill: (service: Service, stack: Stack) => void } | { yaml: string[] });

/** Stacks by the name of their file in test/golden/assemblies; one named like a kind (`api-gateway`) has a document of that kind. */
export interface GoldenStacks {
  [name: string]: GoldenStack;
}

/** Kinds whose golden has that name. */
export function kindsNamed(file: string): string[] {
  return registry.kinds.map((k) => k.name).filter((name) => name.toLowerCase() === file.replaceAll("-", ""));
}

function synthesis(golden: GoldenStack, kinds: readonly string[]): Promise<Synthesis> {
  if ("yaml" in golden) {
    for (const kind of kinds)
      assert.ok(
        golden.yaml.some((document) => document.includes(`kind: ${kind}\n`)),
        `no ${kind} in it`,
      );
    return synthYaml(stackWith(...golden.yaml), golden.in);
  }
  const stack = new Stack("golden", { provider: { name: "aws", region: "us-east-1" } });
  golden.fill(new Service(stack, "shop"), stack);
  const written = stack.toModel(ROOT).documents.map((d) => d.kind);
  for (const kind of kinds) assert.ok(written.includes(kind), `no ${kind} in it`);
  return synthOf(stack, golden.in);
}

/** A test per stack: its assembly is the reviewed one, and each of its resources can be found again after a lost reply. */
export function goldenTests(stacks: GoldenStacks): void {
  for (const [name, golden] of Object.entries(stacks))
    test(`the assembly of ${name} is the reviewed one`, async () => {
      const { result, diagnostics } = await synthesis(golden, kindsNamed(name));
      assert.equal(
        diagnostics.filter((d) => d.severity === "error"),
        [],
      );
      const text = assemblyText(result!.assembly);
      const file = join(GOLDENS, `${name}.json`);
      if (process.env["UPDATE_GOLDEN"]) writeFileSync(file, text);
      assert.fixture(text, readFileSync(file, "utf8"));
      assert.equal(
        result!.assembly.resources.filter((r) => r.probe.class === "D").map((r) => r.urn),
        [],
        "every resource can be found again",
      );
    });
}
