import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createLocalProvider } from "../../framework/providers/local/provider.js";
import { shippedSchema } from "../support/plugin.js";
import { realClock } from "../support/world.js";
import { loadGaps, loadScenarios, type Observation, play, recordingFile, type Step, withGaps } from "./provider-contract.js";
import { withZip } from "./zip.js";

const scenarios = loadScenarios();
const gaps = loadGaps();
const schemas = shippedSchema();

async function playLocally(type: string): Promise<Observation> {
  const folder = mkdtempSync(join(tmpdir(), "panka-contract-"));
  try {
    const provider = createLocalProvider({
      file: join(folder, "local-cloud.json"),
      schemas,
      region: "us-east-1",
      clock: realClock,
      account: "123456789012",
    });
    const scenario = scenarios.get(type);
    assert.ok(scenario);
    return await withZip((zip) => play(provider, scenario, zip));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const type of scenarios.keys()) {
  test(`local answers about ${type} as the official provider did on the emulator, and as AWS where the emulator differs`, async () => {
    const file = recordingFile(type);
    assert.ok(existsSync(file), `no recording of ${type}: node --import tsx test/contracts/record.ts ${type}`);
    const expected = withGaps(type, JSON.parse(readFileSync(file, "utf8")) as Observation, gaps);
    const seen = await playLocally(type);
    const { created: wanted = [], ...rest } = expected;
    const { created = [], ...others } = seen;
    for (const step of Object.keys(rest) as Step[])
      assert.equal(others[step as keyof typeof others], rest[step as keyof typeof rest], `${type}: ${step}`);
    const missing = wanted.filter((name) => !created.includes(name));
    assert.equal(missing, [], `${type}: outputs that have a value after create with the official provider`);
  });
}

test("every known difference between the emulator and AWS names its source, a scenario and a step", () => {
  for (const gap of gaps) {
    assert.ok(scenarios.has(gap.type), gap.type);
    assert.match(gap.source, /^https:\/\//);
  }
});

test.run();
