/** Starts the heartbeat of a lease: in a worker thread, so that a busy main thread does not cost the lock; or in this thread where there is no worker. */
import { Worker } from "node:worker_threads";
import type { Clock } from "../base/clock.js";
import { messageOf } from "../base/errors.js";
import type { Lease, Locker } from "../model/locker.js";
import type { LeaseGate } from "./gate.js";
import { heartbeatLoop, type HeartbeatReport } from "./heartbeat-loop.js";
import type { LockerConfig } from "./open-locker.js";

/**
 * Where the loop runs. `worker`: file is `dist/heartbeat-worker.js`, or `framework/lock/heartbeat-worker.ts` under tsx. `inline`: this thread, with the session's own locker.
 * `thread`: a thread of the host's own, which runs {@link heartbeatLoop} with a clock and a locker of its own.
 */
export type HeartbeatHost =
  | { type: "worker"; file: string; locker: LockerConfig }
  | { type: "inline" }
  | { type: "thread"; start: StartThread };

/** Starts a thread that beats; returns what ends it. What the loop says goes to `report`, on the main thread. */
export type StartThread = (data: Omit<HeartbeatWorkerData, "locker">, report: (report: HeartbeatReport) => void) => () => Promise<void>;

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
  const ended = new AbortController();
  void everySecond(clock, ended.signal, () => {
    Atomics.add(cells, 0, 1);
    gate.tick();
  });
  const report = gate.report.bind(gate);
  const flight = (change: 1 | -1): void => {
    Atomics.add(cells, 1, change);
  };
  const started = (end: () => Promise<unknown>): Heartbeat => ({
    flight,
    stop: async () => {
      ended.abort();
      await end();
    },
  });
  if (host.type === "inline") {
    const inFlight = (): number => Atomics.load(cells, 1);
    const loop = heartbeatLoop(clock, locker, lease, { ticks: () => clock.now(), inFlight, report, signal: ended.signal });
    return started(() => loop);
  }
  if (host.type === "thread") return started(host.start({ lease, shared }, report));
  const workerData: HeartbeatWorkerData = { locker: host.locker, lease, shared };
  const worker = new Worker(host.file, { workerData });
  worker.unref();
  worker.on("message", report);
  worker.on("error", (error) => report({ type: "failed", message: messageOf(error) }));
  return started(() => worker.terminate());
}

/** Calls `body` every second until the signal comes. */
async function everySecond(clock: Clock, signal: AbortSignal, body: () => void): Promise<void> {
  for (;;) {
    try {
      await clock.sleep(TICK_MS, signal);
    } catch {
      return;
    }
    body();
  }
}
