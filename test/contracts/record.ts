/**
 * Plays scenarios through the real provider on the emulator and writes recordings: node --import tsx test/contracts/record.ts [part of a type...]
 * Needs PANKA_PLUGIN_DIR and moto_server. The recordings are then compared by provider.test.ts and provider-aws.slow.test.ts.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { canonicalJson } from "../../framework/base/json.js";
import { startEmulator } from "./emulator.js";
import { loadScenarios, play, recordingFile } from "./provider-contract.js";
import { withZip } from "./zip.js";

const patterns = process.argv.slice(2);
const wanted = [...loadScenarios().values()].filter((s) => patterns.length === 0 || patterns.some((p) => s.type.includes(p)));
const emulator = await startEmulator();
await withZip(async (zip) => {
  await Promise.all(
    wanted.map(async (scenario) => {
      const began = performance.now();
      const seconds = () => `${((performance.now() - began) / 1000).toFixed(0)} s`;
      try {
        const seen = await play(emulator.provider(scenario.type), scenario, zip, true);
        const file = recordingFile(scenario.type);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, `${canonicalJson(seen, 2)}\n`);
        console.log(`recorded ${scenario.type} in ${seconds()}`);
      } catch (error) {
        console.log(`FAILED ${scenario.type} in ${seconds()}: ${error instanceof Error ? error.stack : error}`);
      }
    }),
  );
});
await emulator.stop();
