/** Progress: the only thing that leaves the engine while it runs. Views turn events into lines, JSON lines or a live display. */
import type { Diagnostic } from "../base/diagnostics.js";
import type { ChangeAction } from "./plan.js";

/** One event. Times are ms since the run began. */
export type RunEvent =
  | {
      type: "phase";
      phase: "lock" | "recover" | "plan" | "assets" | "execute" | "commit" | "verify" | "rollback" | "release";
      message: string;
    }
  | { type: "waiting"; message: string }
  | { type: "step-started"; urn: string; component: string; resourceType: string; action: ChangeAction | "action"; at: number }
  | { type: "step-progress"; urn: string; component: string; message: string; at: number }
  | {
      type: "step-done";
      urn: string;
      component: string;
      resourceType: string;
      action: ChangeAction | "action";
      durationMs: number;
      at: number;
    }
  | {
      type: "step-failed";
      urn: string;
      component: string;
      resourceType: string;
      action: ChangeAction | "action";
      message: string;
      at: number;
    }
  | { type: "step-skipped"; urn: string; component: string; resourceType: string; because: string; at: number }
  | { type: "stage"; components: string[]; message: string }
  | { type: "bake"; components: string[]; message: string; remainingSeconds: number; totalSeconds: number }
  | { type: "recovered"; urn: string; component: string; message: string }
  /** A smoke test: `component` is an address, a service's name, or `""` for the stack; `retry`: it failed and is tried again. */
  | { type: "check"; component: string; test: string; outcome: "started" | "retry" | "passed" | "failed"; message: string; at: number }
  | { type: "diagnostic"; diagnostic: Diagnostic }
  | { type: "download"; message: string; received: number; total: number };

/** Where events go. Must not throw. */
export type EventSink = (event: RunEvent) => void;
