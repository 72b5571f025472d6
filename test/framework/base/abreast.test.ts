import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { abreast } from "../../../framework/base/abreast.js";

test("all items are worked on, no more at a time than are allowed, and the results are in their order", async () => {
  let now = 0;
  let most = 0;
  const results = await abreast([5, 1, 4, 2, 3], 2, async (ms) => {
    most = Math.max(most, ++now);
    await sleep(ms);
    now--;
    return ms * 10;
  });
  assert.equal(results, [50, 10, 40, 20, 30]);
  assert.is(most, 2);
});

test("the first failure is the caller's, and no items give no results", async () => {
  const failing = abreast([1, 2], 2, async (n) => {
    if (n === 2) throw new Error("two");
    return n;
  });
  assert.is(await failing.catch((error) => error.message), "two");
  assert.equal(await abreast([] as number[], 8, async (n) => n), []);
});

test.run();
