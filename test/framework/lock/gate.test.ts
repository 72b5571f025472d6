import { test } from "uvu";
import * as assert from "uvu/assert";
import { leaseGate } from "../../../framework/lock/gate.js";
import { heartbeatLoop, type HeartbeatReport } from "../../../framework/lock/heartbeat-loop.js";
import { provablyDead, type ProcessReads, startTime } from "../../../framework/lock/process-facts.js";
import { type Hand, jumpClock, metadata } from "../../support/world.js";

const lease = { scope: "*", lockId: "l", fence: 1 };
const codeOf = (p: Promise<unknown>): Promise<string> =>
  p.then(
    () => "open",
    (e) => e.message,
  );
const beating = { beat: async () => "mine" as const };
const MINUTE = 60_000;

/** Moves time on in steps small enough to be no gap. */
function pass(clock: ReturnType<typeof jumpClock>, gate: { tick(): void }, ms: number, only?: Hand): void {
  for (let t = 0; t < ms; t += 30_000) {
    clock.advance(30_000, only);
    gate.tick();
  }
}

test("the gate refuses new steps after 10 minutes without a beat and opens with the next; under 5 minutes of lease it shuts for good", async () => {
  const clock = jumpClock();
  const gate = leaseGate(clock, beating, lease);
  pass(clock, gate, 9 * MINUTE);
  assert.is(await codeOf(gate.check()), "open");
  pass(clock, gate, 2 * MINUTE);
  assert.match(await codeOf(gate.check()), /10 minutes/);
  gate.report({ type: "beat", at: clock.now() });
  assert.is(await codeOf(gate.check()), "open");
  pass(clock, gate, 56 * MINUTE);
  assert.match(await codeOf(gate.check()), /55 minutes/);
  gate.report({ type: "beat", at: clock.now() });
  assert.ok(gate.isShut);
});

test("after a gap of more than a minute the lock is looked at before the gate opens: mine goes on, lost shuts", async () => {
  for (const [answer, expected] of [
    ["mine", /open/],
    ["lost", /taken over/],
  ] as const) {
    const clock = jumpClock();
    let asked = 0;
    const beat = async (): Promise<"mine" | "lost"> => {
      asked += 1;
      return answer;
    };
    const gate = leaseGate(clock, { beat }, lease);
    clock.advance(2 * MINUTE);
    assert.match(await codeOf(gate.check()), expected);
    assert.is(asked, 1);
  }
});

for (const only of ["wall", "monotonic"] as const) {
  test(`a gap and an old beat are noticed where only the ${only} clock tells of them`, async () => {
    const clock = jumpClock();
    let asked = 0;
    const beat = async (): Promise<"mine"> => {
      asked += 1;
      return "mine";
    };
    const gate = leaseGate(clock, { beat }, lease);
    clock.advance(2 * MINUTE, only);
    assert.is(await codeOf(gate.check()), "open");
    assert.is(asked, 1);
    pass(clock, gate, 11 * MINUTE, only);
    assert.match(await codeOf(gate.check()), /10 minutes/);
    pass(clock, gate, 45 * MINUTE, only);
    assert.match(await codeOf(gate.check()), /55 minutes/);
    assert.is(asked, 1);
  });
}

test("a heartbeat beats every 30 s while the main thread ticks or a call is in flight, tries again after a failure, and ends when lost", async () => {
  const clock = jumpClock();
  const start = clock.now();
  const beats: number[] = [];
  const reports: HeartbeatReport[] = [];
  let ticks = 0;
  let flying = 0;
  const answers = ["mine", "fail", "mine", "silent", "mine", "lost"];
  const beat = async (): Promise<"mine" | "lost"> => {
    beats.push((clock.now() - start) / 1000);
    const answer = answers.shift();
    if (answers[0] === "silent") answers.shift();
    if (answer === "fail") throw new Error("down");
    return answer as "mine" | "lost";
  };
  // The main thread hangs from 65 s to 125 s; from 95 s on a call is in flight.
  const channel = {
    ticks: () => (clock.now() - start > 66_000 && clock.now() - start < 125_000 ? ticks : ++ticks),
    inFlight: () => (clock.now() - start > 100_000 ? flying || ++flying : 0),
    report: (r: HeartbeatReport) => reports.push(r),
    signal: new AbortController().signal,
  };
  await heartbeatLoop(clock, { beat }, lease, channel);
  assert.equal(beats, [30, 60, 65, 125, 155]);
  assert.equal(
    reports.map((r) => r.type),
    ["beat", "failed", "beat", "beat", "lost"],
  );
});

const reads = (more: Partial<ProcessReads> = {}): ProcessReads => ({
  platform: "linux",
  readFile: (p) => (p.endsWith("boot_id") ? "boot-1\n" : `77 (a) b) S ${"0 ".repeat(18)}100 0`),
  readLink: () => "pid:[1]",
  run: () => undefined,
  probe: () => "alive",
  ...more,
});

test("a holder is dead only on this boot and namespace, if its pid is gone, a zombie, or started at another time", () => {
  assert.is(startTime(77, reads()).startTime, "100");
  assert.not(provablyDead(metadata(), reads()));
  assert.ok(provablyDead(metadata(), reads({ probe: () => "gone" })));
  assert.ok(provablyDead(metadata({ startTime: "99" }), reads()));
  assert.not(provablyDead(metadata({ bootId: "other" }), reads({ probe: () => "gone" })));
  assert.not(provablyDead(metadata({ pidNamespace: "pid:[2]" }), reads({ probe: () => "gone" })));
  assert.not(provablyDead(metadata({ pidNamespace: "" }), reads({ probe: () => "gone", readLink: () => undefined })));
  assert.not(provablyDead(metadata({ startTime: "" }), reads()));
  assert.not(provablyDead(metadata(), reads({ probe: () => "unknown" })));
});

test.run();
