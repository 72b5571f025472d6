import { test } from "uvu";
import * as assert from "uvu/assert";
import { PLACE_PLANTS, PLANTS, VERIFIED_PLANTS } from "./plants.js";
import { Counts } from "./counts.js";
import { missing } from "./coverage.js";
import { layoutOf, runSeed } from "./seed.js";

/** Seeds of this slice; `npm run simulate` runs as many as are asked for. */
const SEEDS = 120;
/** A planted bug must be found within so many seeds. */
const WITHIN = 80;
/** Where the search for a rarer one begins, to save time; `npm run simulate` has no such start. */
const FROM: { [plant: string]: number } = { "a release without its condition": 300, "no read-back": 120 };

test("no seed breaks a promise: one effective writer, rising fences, linear history, no orphan, and a run succeeds once the faults end; what is not rare occurs", async () => {
  const counts = new Counts();
  for (let seed = 1; seed <= SEEDS; seed++) {
    const result = await runSeed(seed);
    assert.is(result.failure, undefined, `npm run simulate -- --seed ${seed} --trace`);
    counts.merge(result.counts);
  }
  assert.equal(missing(counts.all, true), []);
});

test("a seed gives the same run again, event by event", async () => {
  const trace = async (): Promise<string[]> => {
    const lines: string[] = [];
    await runSeed(11, { trace: (line) => lines.push(line) });
    return lines;
  };
  assert.equal(await trace(), await trace());
});

for (const [name, plant] of Object.entries(PLANTS)) {
  test(`a bug planted on purpose is found: ${name}`, async () => {
    const from = FROM[name] ?? 1;
    for (let seed = from; seed < from + WITHIN; seed++) {
      const { failure } = await runSeed(seed, { plant });
      if (failure !== undefined) return assert.not.match(failure, /bug in the simulation/);
    }
    assert.unreachable(`not found in ${WITHIN} seeds from ${from}`);
  });
}

for (const [name, plant] of Object.entries(VERIFIED_PLANTS)) {
  test(`a bug planted on purpose is found: ${name}`, async () => {
    for (let seed = 7; seed < 8 * WITHIN; seed += 8) {
      const { failure } = await runSeed(seed, { plant, layout: layoutOf(seed) });
      if (failure !== undefined) return assert.match(failure, /^(verification|rollback): /);
    }
    assert.unreachable(`not found in ${WITHIN} seeds`);
  });
}

for (const [name, plant] of Object.entries(PLACE_PLANTS)) {
  test(`a bug planted on purpose is found: ${name}`, async () => {
    // The seed has two tenants, one of them with a stack in two regions.
    const { failure } = await runSeed(6, { plant, layout: layoutOf(6) });
    assert.match(failure ?? "", /^place: .* touched /);
  });
}

test.run();
