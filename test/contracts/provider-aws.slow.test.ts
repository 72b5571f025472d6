import { existsSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startEmulator } from "./emulator.js";
import { whyNoPlugin } from "../support/plugin.js";
import { loadScenarios, type Observation, play, recordingFile, type Scenario } from "./provider-contract.js";
import { withZip } from "./zip.js";

/** Scenarios at once: more make the emulator so slow that the provider's own waits run out. */
const AT_ONCE = 40;

/** Plays scenarios on an emulator of their own; the problems by type. */
async function playAll(scenarios: Scenario[]): Promise<Map<string, string>> {
  const emulator = await startEmulator();
  const problems = new Map<string, string>();
  const queue = [...scenarios];
  const worker = async (zip: string): Promise<void> => {
    for (let scenario = queue.shift(); scenario; scenario = queue.shift()) {
      const { type } = scenario;
      const file = recordingFile(type);
      try {
        if (!existsSync(file)) throw new Error("no recording");
        assert.equal(await play(emulator.provider(type), scenario, zip, true), JSON.parse(readFileSync(file, "utf8")) as Observation);
      } catch (error) {
        problems.set(type, `${type}: ${error instanceof assert.Assertion ? `${error.message}\n${error.details}` : error}`);
      }
    }
  };
  try {
    await withZip((zip) => Promise.all(Array.from({ length: AT_ONCE }, () => worker(zip))));
  } finally {
    await emulator.stop();
  }
  return problems;
}

const why = whyNoPlugin();
if (why) console.log(`SKIP the recorded answers of the official provider, played again: ${why}`);
else {
  test("the official provider on the emulator still answers as recorded, for every type", async () => {
    const all = [...loadScenarios().values()];
    const first = await playAll(all);
    for (const problem of first.values()) console.log(`played once more, on a fresh emulator: ${problem}`);
    const again = first.size > 0 ? await playAll(all.filter((s) => first.has(s.type))) : first;
    assert.is(again.size, 0, [...again.values()].join("\n"));
  });
}

test("a machine that has both the plugin and the emulator plays the recordings", () => {
  if (process.env.PANKA_PLUGIN_DIR) assert.is(why === undefined || /moto_server/.test(why), true, why);
});

test.run();
