/** Entry of the heartbeat's thread: hosts the loop, nothing else. The locker is made at the first beat, so that a short run loads no SDK here. */
import { randomBytes, randomUUID } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../base/clock.js";
import type { Locker } from "../model/locker.js";
import type { HeartbeatWorkerData } from "./heartbeat.js";
import { heartbeatLoop } from "./heartbeat-loop.js";
import { openLocker } from "./open-locker.js";

const data = workerData as HeartbeatWorkerData;
const cells = new Int32Array(data.shared);
const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }) as Promise<void>,
};
const random = { bytes: (n: number) => randomBytes(n), uuid: () => randomUUID() };

let opened: Promise<Locker> | undefined;
const locker = {
  beat: async (lease: Parameters<Locker["beat"]>[0]) => {
    opened ??= openLocker(data.locker, { clock, random });
    return (await opened).beat(lease);
  },
};

await heartbeatLoop(clock, locker, data.lease, {
  ticks: () => Atomics.load(cells, 0),
  inFlight: () => Atomics.load(cells, 1),
  report: (report) => parentPort?.postMessage(report),
  signal: new AbortController().signal,
});
