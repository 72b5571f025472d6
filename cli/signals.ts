/** Signals as requests to stop: the first finishes what is in flight, the second stops waiting, the third ends the process. */
import { EXIT } from "../framework/base/errors.js";
import type { StopLevel, StopRequests } from "../framework/operations/context.js";
import type { World } from "./context.js";

/** Requests to stop, and how to stop listening. */
export interface Signals extends StopRequests {
  close(): void;
}

/** Listens to SIGINT and SIGTERM. `say` is told what each one does. */
export function listenForStop(world: World, say: (line: string) => void): Signals {
  const listeners = new Set<(level: StopLevel) => void>();
  const state: { level: StopLevel; signal: "SIGINT" | "SIGTERM" | undefined } = { level: 0, signal: undefined };
  const off = world.onSignal((signal) => {
    if (listeners.size === 0 || state.level === 2) return world.exit(signal === "SIGINT" ? EXIT.interrupted : EXIT.terminated);
    state.signal ??= signal;
    state.level = state.level === 0 ? 1 : 2;
    say(
      state.level === 1
        ? "Stopping: what is in flight is finished and saved. Once more stops at once."
        : "Stopping at once: what is known is saved, the next run looks after the rest.",
    );
    for (const listener of [...listeners]) listener(state.level);
  });
  return {
    get level() {
      return state.level;
    },
    get signal() {
      return state.signal;
    },
    onRise: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: off,
  };
}
