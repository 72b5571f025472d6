import { test } from "uvu";
import * as assert from "uvu/assert";
import { retried } from "../../../framework/health/retried.js";

/** A world whose sleeps are noted. */
function world(signal = new AbortController().signal) {
  const slept: number[] = [];
  const heard: string[] = [];
  const sleep = async (ms: number): Promise<void> => {
    slept.push(ms);
    signal.throwIfAborted();
  };
  const clock = { now: () => 0, monotonic: () => 0, sleep };
  return { slept, heard, clock, signal, failed: (wrong: string, left: number) => void heard.push(`${wrong}, ${left} left`) };
}

const answers = (...wrong: (string | undefined)[]) => {
  let n = 0;
  return async () => wrong[Math.min(n++, wrong.length - 1)];
};

test("a test that passes is not tried again", async () => {
  const w = world();
  assert.equal(await retried({ retries: 3, intervalSeconds: 10 }, answers(undefined), w), { wrong: undefined, tries: 1 });
  assert.equal(w.slept, []);
});

test("it is tried again after the interval, as often as it may, and each failure before the last is heard", async () => {
  const w = world();
  assert.equal(await retried({ retries: 2, intervalSeconds: 10 }, answers("a", "b", "c"), w), { wrong: "c", tries: 3 });
  assert.equal(w.slept, [10_000, 10_000]);
  assert.equal(w.heard, ["a, 2 left", "b, 1 left"]);
  assert.equal(await retried({ retries: 2, intervalSeconds: 1 }, answers("a", undefined), world()), { wrong: undefined, tries: 2 });
  assert.equal(await retried({ retries: 0, intervalSeconds: 1 }, answers("a"), world()), { wrong: "a", tries: 1 });
});

test("it rejects when it is to stop between two tries", async () => {
  const abort = new AbortController();
  abort.abort(new Error("stop"));
  const tried = retried({ retries: 2, intervalSeconds: 1 }, answers("a"), world(abort.signal));
  assert.is(await tried.catch((error) => error.message), "stop");
});

test.run();
