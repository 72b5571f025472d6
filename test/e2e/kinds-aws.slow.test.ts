/** Every kind as a component on the official provider: made, changed, something of it replaced, destroyed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { registry } from "../../constructs/registry.js";
import { LIVES, UNSERVED } from "../support/kind-lives.js";
import { FORGOTTEN } from "../support/life-checks.js";
import { playBeside, playOnEmulator, whyNoLives } from "../support/life-runs.js";
import { startMoto } from "../support/moto.js";
import { ROOT } from "../support/source-tree.js";

/** Kinds of documents that make no component. */
const NO_COMPONENT = ["core", "infra"];

const why = whyNoLives();

test("every kind of component has a life here, on the emulator or beside it", () => {
  const told = new Set([...LIVES, ...UNSERVED].map((life) => life.kind));
  const kinds = registry.kinds.filter((kind) => !NO_COMPONENT.includes(kind.group)).map((kind) => kind.name);
  const page = readFileSync(join(ROOT, "docs", "reference", "emulators.md"), "utf8");
  const table = page.slice(page.indexOf("## Kinds on the emulator"));
  assert.equal(
    kinds.filter((kind) => !told.has(kind) || !new RegExp(`^\\| [^|]*\\b${kind}\\b`, "m").test(table)),
    [],
  );
});

if (why) console.log(`SKIP the life of every kind on the official provider: ${why}`);
else {
  test("on the emulator every kind that it serves is made, changed, replaced and destroyed, and nothing is left", async () => {
    const moto = await startMoto({ MOTO_IAM_LOAD_MANAGED_POLICIES: "true" });
    try {
      assert.equal(await playOnEmulator(moto, { name: "kinds", lives: LIVES, forgotten: FORGOTTEN }), []);
    } finally {
      await moto.stop();
    }
  });

  test("kinds that the emulator can't serve are planned by the official provider as the local one makes, changes and replaces them", async () => {
    const moto = await startMoto();
    try {
      await playBeside(moto, { name: "unserved", lives: UNSERVED });
    } finally {
      await moto.stop();
    }
  });
}

test.run();
