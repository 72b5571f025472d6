import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createLocalProvider } from "../../framework/providers/local/provider.js";
import { shippedSchema } from "../support/plugin.js";
import { realClock, withFolder } from "../support/world.js";
import { loadGaps, loadScenarios, type Observation, play, recordingFile, type Step, withGaps } from "./provider-contract.js";
import { withZip } from "./zip.js";

const scenarios = loadScenarios();
const gaps = loadGaps();
const schemas = shippedSchema();

async function playLocally(type: string): Promise<Observation> {
  const scenario = scenarios.get(type);
  assert.ok(scenario);
  return withFolder((folder) => {
    const file = join(folder, "local-cloud.json");
    const provider = createLocalProvider({ file, schemas, region: "us-east-1", clock: realClock, account: "123456789012" });
    return withZip((zip) => play(provider, scenario, zip, false));
  });
}

/** What is compared: of the changed paths their first names, of the outputs those that the cloud computes. */
function essence(type: string, seen: Observation): Observation {
  const properties = schemas.type(type)?.properties ?? {};
  const out: Observation = { ...seen };
  if (seen.change) {
    const names = seen.change.changedPaths.map((path) => path.split(/[.[]/)[0] as string);
    out.change = { ...seen.change, changedPaths: [...new Set(names)].sort() };
  }
  if (seen.created) out.created = seen.created.filter((name) => properties[name]?.computed);
  return out;
}

for (const type of scenarios.keys()) {
  test(`local answers about ${type} as the official provider did on the emulator, and as AWS where the emulator differs`, async () => {
    const file = recordingFile(type);
    assert.ok(existsSync(file), `no recording of ${type}: node --import tsx test/contracts/record.ts ${type}`);
    const expected = essence(type, withGaps(type, JSON.parse(readFileSync(file, "utf8")) as Observation, gaps));
    const seen = essence(type, await playLocally(type));
    for (const step of Object.keys(expected) as Step[])
      if (step !== "created") assert.equal(seen[step], expected[step], `${type}: ${step}`);
    const missing = (expected.created ?? []).filter((name) => !seen.created?.includes(name));
    assert.equal(missing, [], `${type}: computed outputs that have a value after a create by the official provider`);
  });
}

/** Tokens of resource types in the files below a folder. */
function tokensIn(folder: string, name: RegExp): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true }).map((f) => join(folder, String(f)));
  const text = files.filter((f) => name.test(f)).map((f) => readFileSync(f, "utf8"));
  return [...new Set(text.flatMap((t) => [...t.matchAll(/"(aws:\w+\/\w+:[A-Z]\w+)"/g)].map((m) => m[1] as string)))].sort();
}

test("every type that a construct makes or a golden assembly holds has a scenario", () => {
  // These two also speak of types that only a Resource component makes.
  const made = tokensIn("constructs", /(?<!\/base\/(probes|global-names))\.ts$/);
  const used = [...tokensIn("test/golden", /assembly\.json$/), ...made].filter((type) => schemas.type(type));
  assert.ok(used.length > 30);
  assert.equal(
    used.filter((type) => !scenarios.has(type)),
    [],
  );
});

test("every known difference between the emulator and AWS names its source, a scenario and a step", () => {
  for (const gap of gaps) {
    assert.ok(scenarios.has(gap.type), gap.type);
    assert.match(gap.source, /^https:\/\//);
    assert.ok(gap.says.length > 0, `${gap.type} ${gap.step}`);
  }
});

test("differences whose source was not confirmed are counted", () => {
  const open = gaps.filter((gap) => gap.confirmed === false);
  console.log(`${open.length} of ${gaps.length} differences between the emulator and AWS are not confirmed`);
  for (const gap of open) console.log(`  ${gap.type} ${gap.step}`);
});

test.run();
