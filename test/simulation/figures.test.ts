import { test } from "uvu";
import * as assert from "uvu/assert";
import { contend, deployers, recoveryTimes } from "./figures.js";

const MINUTE = 60_000;

test("of 50 contenders with clocks off by up to 10 minutes one has the lock, round after round, and fences rise", async () => {
  const { rounds, attempts } = await contend(60, 50);
  assert.is(attempts, rounds * 50);
});

test("after kill -9 on another machine in the middle of a create the next run has committed within 15 minutes, with --takeover within 3", async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const { automatic, takeover } = await recoveryTimes(seed);
    assert.ok(automatic > 12 * MINUTE && automatic <= 15 * MINUTE, `${automatic} ms`);
    assert.ok(takeover > 1.5 * MINUTE && takeover <= 3 * MINUTE, `${takeover} ms`);
  }
});

test("ten deployers of one stack at once all get their turn; under locks of their services none waits for another", async () => {
  const { sameStack, sameStackByService } = await deployers(10);
  assert.is(sameStack.length, 10);
  assert.ok((sameStackByService.at(-1) as number) < (sameStack.at(-1) as number), `${sameStackByService} against ${sameStack}`);
});

test.run();
