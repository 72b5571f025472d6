/** The resource hooks of a run. Their names stand in the checkpoint, so that deletes of what is no longer registered ask, too. */
import type { PulumiCore } from "./sdk.js";

/** What a hook hears of a step. */
export interface HookCall {
  /** Pulumi's URN. */
  urn: string;
  id: string;
  newOutputs?: { [key: string]: unknown };
}

/** What is done at each step. A `before` that throws refuses it. */
export interface HookActions {
  before(op: "create" | "update" | "delete", call: HookCall): Promise<void>;
  after(op: "create" | "update" | "delete", call: HookCall): Promise<void>;
}

const OPS = ["create", "update", "delete"] as const;

/** Hook type -> names, as a checkpoint holds them (`resourceHooks`). */
export const HOOK_NAMES: { [type: string]: string[] } = Object.fromEntries(
  OPS.flatMap((op) =>
    ["Before", "After"].map((when) => [`${when}${op[0]?.toUpperCase()}${op.slice(1)}`, [`panka-${when.toLowerCase()}-${op}`]]),
  ),
);

/** Registers the hooks with the running program; the result is bound to every resource. With `preview` creates and updates are heard there, too. */
export function registerHooks(core: PulumiCore, actions: HookActions, preview: boolean): { [binding: string]: unknown[] } {
  const binding: { [name: string]: unknown[] } = {};
  for (const op of OPS) {
    const onDryRun = preview && op !== "delete";
    const heard = (when: "before" | "after") => async (args: unknown) => {
      const { urn, id, newOutputs } = args as HookCall;
      await actions[when](op, { urn, id, ...(newOutputs ? { newOutputs } : {}) });
    };
    for (const when of ["before", "after"] as const) {
      const hook = new core.ResourceHook(`panka-${when}-${op}`, heard(when), { onDryRun });
      binding[`${when}${op[0]?.toUpperCase()}${op.slice(1)}`] = [hook];
    }
  }
  return binding;
}
