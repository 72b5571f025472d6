/** Starts the heartbeat of a lease: in a worker thread, so that a busy main thread does not cost the lock; or in this thread where there is no worker. */
import { Worker } from "node:worker_threads";
import type { Clock } from "../base/clock.js";
import { messageOf } from "../base/errors.js";
import type { Lease, Locker } from "../model/locker.js";
import type { LeaseGate } from "./gate.js";
import { heartbeatLoop } from "./heartbeat-loop.js";
import type { LockerConfig } from "./open-locker.js";

/** Where the loop runs. `worker`: file is `dist/heartbeat-worker.js`, or `framework/lock/heartbeat-worker.ts` under tsx. `inline`: this thread, with the session's own locker. */
export type HeartbeatHost = { type: "worker"; file: string; locker: LockerConfig } | { type: "inline" };

/** A running heartbeat. */
export interface Heartbeat {
  /** An operation began (+1) or ended (-1): the lock is kept alive for it even if the main thread hangs. */
  flight(change: 1 | -1): void;
  /** Ends it. No beat is sent after this resolves. */
  stop(): Promise<void>;
}

/** What the worker gets. `shared`: [ticks, operations in flight]. */
export interface HeartbeatWorkerData {
  locker: LockerConfig;
  lease: Lease;
  shared: SharedArrayBuffer;
}

const TICK_MS = 1_000;

/** Starts beating. What the loop reports goes to the gate. */
export function startHeartbeat(options: { host: HeartbeatHost; clock: Clock; locker: Locker; lease: Lease; gate: LeaseGate }): Heartbeat {
  const { host, clock, locker, lease, gate } = options;
  const shared = new SharedArrayBuffer(8);
  const cells = new Int32Array(shared);
  const timer = setInterval(() => {
    Atomics.add(cells, 0, 1);
    gate.tick();
  }, TICK_MS);
  timer.unref();
  const flight = (change: 1 | -1): void => {
    Atomics.add(cells, 1, change);
  };
  if (host.type === "inline") {
    const abort = new AbortController();
    const channel = {
      ticks: () => clock.now(),
      inFlight: () => Atomics.load(cells, 1),
      report: gate.report.bind(gate),
      signal: abort.signal,
    };
    const loop = heartbeatLoop(clock, locker, lease, channel);
    const stop = async (): Promise<void> => {
      clearInterval(timer);
      abort.abort();
      await loop;
    };
    return { flight, stop };
  }
  const workerData: HeartbeatWorkerData = { locker: host.locker, lease, shared };
  const worker = new Worker(host.file, { workerData });
  worker.unref();
  worker.on("message", (report) => gate.report(report));
  worker.on("error", (error) => gate.report({ type: "failed", message: messageOf(error) }));
  const stop = async (): Promise<void> => {
    clearInterval(timer);
    await worker.terminate();
  };
  return { flight, stop };
}
