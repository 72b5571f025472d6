import { test } from "uvu";
import * as assert from "uvu/assert";
import { inExample, jsonOf, panka } from "../support/cli.js";

/** The assembly of an example, as bytes. */
async function assembly(example: string, environment: string): Promise<string> {
  let bytes = "";
  await inExample(example, async (folder) => {
    const done = await panka(folder, ["synth", "-e", environment, "--json"]);
    assert.is(done.code, 0, done.stdout + done.stderr);
    bytes = done.stdout;
  });
  return bytes;
}

for (const [name, environments] of [
  ["quickstart", ["development", "production"]],
  ["user-platform", ["development", "staging", "production"]],
  ["platform", ["development", "staging", "production"]],
] as const) {
  for (const environment of environments) {
    test(`${name} in TypeScript and in YAML give one assembly in ${environment}, byte for byte`, async () => {
      const [typescript, yaml] = [await assembly(`${name}/typescript`, environment), await assembly(`${name}/yaml`, environment)];
      assert.is(typescript, yaml);
    });
  }
}

test("an example's overlays make its environments differ", async () => {
  const seen = new Set<string>();
  for (const environment of ["development", "staging", "production"])
    seen.add((await assembly("user-platform/yaml", environment)).replaceAll(environment, "ENV"));
  assert.is(seen.size, 3);
});

for (const example of [
  "quickstart/typescript",
  "quickstart/yaml",
  "user-platform/typescript",
  "user-platform/yaml",
  "platform/typescript",
]) {
  test(`${example} is deployed, found unchanged and destroyed on the local provider`, async () => {
    await inExample(example, async (folder) => {
      const deployed = await panka(folder, ["deploy", "--yes"]);
      assert.is(deployed.code, 0, deployed.stdout + deployed.stderr);
      const outputs = jsonOf(await panka(folder, ["outputs", "--json"]));
      assert.ok(Object.keys(outputs.result.outputs ?? outputs.result).length >= 2);
      const again = await panka(folder, ["deploy"]);
      assert.is(again.code, 0);
      assert.match(again.stdout, /No changes\. [a-z-]+ in development is up to date\./);
      const destroyed = await panka(folder, ["destroy", "--yes"]);
      assert.is(destroyed.code, 0, destroyed.stdout + destroyed.stderr);
      const plan = jsonOf(await panka(folder, ["plan", "--json"]));
      assert.is(plan.summary.same, 0);
    });
  });
}

test.run();
