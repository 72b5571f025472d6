import { test } from "uvu";
import * as assert from "uvu/assert";
import { fine, inFolder, jsonOf, panka } from "../support/cli.js";
import { stackHead } from "../support/stack-text.js";

const topics = ["a", "b", "c"].map((name) => `---\napiVersion: components.panka.io/v1\nkind: SNS\nmetadata: { name: ${name} }\n`).join("");
const FILES = {
  "stack.yaml": stackHead("shop") + topics,
  "panka.config.yaml": "version: 1\nenvironments:\n  development: { provider: local }\n",
};

test("after a killed run of a saved plan the old plan is refused, and a new one comes to the end, what was left settled first", async () => {
  await inFolder(FILES, async (folder) => {
    const plan = (file: string) => panka(folder, ["plan", "--out", file]);
    const deploy = (file: string, env = {}) => panka(folder, ["deploy", "--yes", "--plan", file], env);
    fine(await plan("one.json"));
    const killed = await deploy("one.json", { PANKA_FAULT: "journal:done-written" });
    assert.is(killed.signal, "SIGKILL", killed.stdout + killed.stderr);
    let done = await deploy("one.json");
    assert.is(done.code, 5, "the old plan");
    for (let i = 0; done.code === 5 && i < 2; i++) {
      assert.match(done.stderr, /the state has moved on|no longer what the plan/);
      fine(await plan("next.json"));
      done = await deploy("next.json");
    }
    fine(done);
    assert.is(jsonOf(await panka(folder, ["list", "--json"])).result.length > 0, true);
    assert.match(fine(await panka(folder, ["deploy"])).stdout, /No changes/);
  });
});

test.run();
