/** What a deploy or destroy came to. */
import type { Diagnostic } from "../base/diagnostics.js";
import type { ExitCode } from "../base/errors.js";
import type { Json } from "../base/json.js";
import type { ChangeAction, Plan } from "../model/plan.js";

/** How a run ended. `declined`: not approved, nothing changed. `rolled-back`: what it made did not pass, and the last good release stands again. */
export type RunKind = "done" | "no-changes" | "nothing-to-destroy" | "declined" | "failed" | "stopped" | "rolled-back";

/** The result, for views. */
export interface RunResult {
  operation: "deploy" | "destroy";
  kind: RunKind;
  exitCode: ExitCode;
  stack: string;
  environment: string;
  /** What was done (for a run that changed nothing: zeros and `same`). */
  summary: Record<ChangeAction, number>;
  /** By component, secrets left out. */
  outputs: { [component: string]: { [output: string]: Json } };
  /** Serial of the state after the run; null where there is none. */
  serial: number | null;
  diagnostics: Diagnostic[];
  /** One sentence without a full stop, for runs that did not end well. */
  message?: string;
  /** Component -> types created. */
  createdByComponent: { [component: string]: string[] };
  /** What a destroy left standing, and why. */
  kept: string[];
  /** Changes of the plan that were not done. */
  left: number;
  durationMs: number;
  /** Of a run that was rolled back: the serial of the release that stands again. */
  rolledBackTo?: number;
  /** The next command to type. */
  next?: string;
}

/** How a person answered. */
export type Approval = "yes" | "no" | "nobody";

/** What a run needs of the one who watches it. */
export interface RunHooks {
  /** Shows the plan, once, before approval. */
  planned(plan: Plan): void;
  /** Asks whether to go on. */
  approve(plan: Plan): Promise<Approval>;
}

/** A result with nothing in it yet. */
export function emptyResult(operation: "deploy" | "destroy", stack: string, environment: string): RunResult {
  return {
    operation,
    kind: "done",
    exitCode: 0,
    stack,
    environment,
    summary: { create: 0, update: 0, replace: 0, delete: 0, same: 0 },
    outputs: {},
    serial: null,
    diagnostics: [],
    createdByComponent: {},
    kept: [],
    left: 0,
    durationMs: 0,
  };
}
