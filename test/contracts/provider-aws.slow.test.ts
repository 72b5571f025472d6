import { existsSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startMoto } from "../support/moto.js";
import { providerOn, whyNoPlugin } from "../support/plugin.js";
import { loadScenarios, type Observation, play, recordingFile } from "./provider-contract.js";
import { withZip } from "./zip.js";

const why = whyNoPlugin();
if (why) console.log(`SKIP the recorded answers of the official provider, played again: ${why}`);
else {
  test("the official provider on the emulator still answers as recorded, for every type", async () => {
    const moto = await startMoto();
    const provider = providerOn(moto);
    const problems: string[] = [];
    try {
      await withZip((zip) =>
        Promise.all(
          [...loadScenarios().values()].map(async (scenario) => {
            const file = recordingFile(scenario.type);
            if (!existsSync(file)) return problems.push(`${scenario.type}: no recording`);
            try {
              const recorded = JSON.parse(readFileSync(file, "utf8")) as Observation;
              assert.equal(await play(provider, scenario, zip, true), recorded);
            } catch (error) {
              problems.push(`${scenario.type}: ${error instanceof Error ? error.message : error}`);
            }
          }),
        ),
      );
    } finally {
      await provider.close();
      await moto.stop();
    }
    assert.is(problems.length, 0, problems.join("\n"));
  });
}

test("a machine that has both the plugin and the emulator plays the recordings", () => {
  if (process.env.PANKA_PLUGIN_DIR) assert.is(why === undefined || /moto_server/.test(why), true, why);
});

test.run();
