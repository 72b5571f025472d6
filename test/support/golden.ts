/** Golden assemblies: what kinds make of small stacks. `UPDATE_GOLDEN=1` writes them anew; review the difference. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Service, Stack } from "../../constructs/index.js";
import type { EnvironmentClass } from "../../framework/model/index.js";
import { assemblyText } from "../../framework/synth/index.js";
import { ROOT } from "./source-tree.js";
import { synthOf } from "./synth.js";

/** Stacks by the name of their file in test/golden/assemblies. */
export interface GoldenStacks {
  [name: string]: { fill: (service: Service, stack: Stack) => void; in?: EnvironmentClass };
}

/** A test per stack: its assembly is the reviewed one, and each of its resources can be found again after a lost reply. */
export function goldenTests(stacks: GoldenStacks): void {
  for (const [name, { fill, in: environment }] of Object.entries(stacks))
    test(`the assembly of ${name} is the reviewed one`, async () => {
      const stack = new Stack("golden", { provider: { name: "aws", region: "us-east-1" } });
      fill(new Service(stack, "shop"), stack);
      const { result, diagnostics } = await synthOf(stack, environment);
      assert.equal(
        diagnostics.filter((d) => d.severity === "error"),
        [],
      );
      const text = assemblyText(result!.assembly);
      const file = join(ROOT, "test/golden/assemblies", `${name}.json`);
      if (process.env["UPDATE_GOLDEN"]) writeFileSync(file, text);
      assert.fixture(text, readFileSync(file, "utf8"));
      assert.equal(
        result!.assembly.resources.filter((r) => r.probe.class === "D").map((r) => r.urn),
        [],
        "every resource can be found again",
      );
    });
}
