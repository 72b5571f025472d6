/** The provider with services that are waited for besides. */
import { messageOf } from "../../base/errors.js";
import { jsonEqual } from "../../base/json.js";
import { componentOf } from "../../base/names.js";
import type { Clock } from "../../model/clock.js";
import type { EventSink } from "../../model/events.js";
import { type PriorResource, type Provider, ProviderError, type ProviderResult, type ResourceCall } from "../../model/provider.js";
import { STEADY_TYPE } from "../../model/steady.js";
import { hasUnknown } from "../../model/values.js";
import { type Call, CallError } from "../aws/signed-call.js";
import { type Awaited, untilSteady } from "./wait.js";

/** What waits. */
export interface SteadyWorld {
  /** Absent: there are no tasks, as in the local model; every service is steady at once. */
  call?: Call;
  clock: Clock;
  emit: EventSink;
}

/** The provider, and services that are waited for. `base` is a plain object, as withImages makes it. */
export function withSteady(base: Provider, world: SteadyWorld): Provider {
  const own = (call: { type: string }): boolean => call.type === STEADY_TYPE;
  const stands = ({ inputs }: Pick<PriorResource, "inputs">): ProviderResult => ({
    id: `${inputs["cluster"]}/${inputs["service"]}`,
    outputs: inputs,
    private: "",
    schemaVersion: 0,
    secretPaths: [],
    diagnostics: [],
  });
  const wait = async (call: ResourceCall): Promise<ProviderResult> => {
    await steady(world, call);
    return stands(call);
  };
  return {
    ...base,
    validate: async (call) => (own(call) ? [] : base.validate(call)),
    plan: async (call) => {
      if (!own(call)) return base.plan(call);
      const same = call.prior !== null && !hasUnknown(call.inputs) && jsonEqual(call.inputs, call.prior.inputs);
      const action = same ? "same" : call.prior ? "update" : "create";
      return { action, replacePaths: [], outputs: call.inputs, changedPaths: same ? [] : Object.keys(call.inputs), diagnostics: [] };
    },
    create: async (call) => (own(call) ? wait(call) : base.create(call)),
    update: async (call) => (own(call) ? wait(call) : base.update(call)),
    delete: async (call) => (own(call) ? undefined : base.delete(call)),
    read: async (call) => (own(call) ? stands(call.prior) : base.read(call)),
    import: async (call) => (own(call) ? null : base.import(call)),
    findByTags: async (type, tags) => (own({ type }) ? [] : base.findByTags(type, tags)),
    waitReady: async (call) => (own(call) ? stands(call.prior) : base.waitReady(call)),
  };
}

async function steady({ call, clock, emit }: SteadyWorld, { urn, inputs }: ResourceCall): Promise<void> {
  if (!call) return;
  const say = (message: string): void =>
    emit({ type: "step-progress", urn, component: componentOf(urn), message, at: Math.round(clock.monotonic()) });
  let why: string | undefined;
  try {
    why = await untilSteady({ call, clock, say }, inputs as unknown as Awaited);
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    why = `the service can't be looked at: ${messageOf(error)}`;
  }
  if (why !== undefined) throw new ProviderError("failed", why);
}
