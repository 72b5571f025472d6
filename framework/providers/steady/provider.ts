/** The provider with services that are waited for, and looked at, besides. */
import { messageOf } from "../../base/errors.js";
import { jsonEqual } from "../../base/json.js";
import type { Clock } from "../../model/clock.js";
import type { EventSink } from "../../model/events.js";
import {
  type PriorResource,
  type Props,
  type Provider,
  ProviderError,
  type ProviderPlan,
  type ResourceCall,
} from "../../model/provider.js";
import { SERVICE_HEALTH } from "../../model/health.js";
import { STEADY_TYPE } from "../../model/steady.js";
import { hasUnknown } from "../../model/values.js";
import { type Call, CallError } from "../aws/signed-call.js";
import { ownPlan, ownResult, progressOf, withOwnType } from "../own-type.js";
import { serviceHealth } from "./health.js";
import { type Awaited, untilSteady } from "./wait.js";

/** What waits. */
export interface SteadyWorld {
  /** Absent: there are no tasks, as in the local model; every service is steady at once. */
  call?: Call;
  clock: Clock;
  emit: EventSink;
}

/** The provider, and services that are waited for. */
export function withSteady(base: Provider, world: SteadyWorld): Provider {
  const stands = (inputs: Props) => ownResult(`${inputs["cluster"]}/${inputs["service"]}`, inputs);
  const { call: ecs } = world;
  return {
    ...withOwnType(base, STEADY_TYPE, {
      plan: async (call) => planned(call),
      make: async (call) => {
        await steady(world, call);
        return stands(call.inputs);
      },
      read: async ({ inputs }) => stands(inputs),
    }),
    lookup: (token, args) => (token === SERVICE_HEALTH && ecs ? serviceHealth(args, ecs) : base.lookup(token, args)),
  };
}

function planned({ inputs, prior }: ResourceCall & { prior: PriorResource | null }): ProviderPlan {
  const same = prior !== null && !hasUnknown(inputs) && jsonEqual(inputs, prior.inputs);
  return ownPlan(prior, same, inputs, Object.keys(inputs));
}

async function steady(world: SteadyWorld, { urn, inputs }: ResourceCall): Promise<void> {
  const { call, clock } = world;
  if (!call) return;
  let why: string | undefined;
  try {
    why = await untilSteady({ call, clock, say: progressOf(world, urn) }, inputs as unknown as Awaited);
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    why = `the service can't be looked at: ${messageOf(error)}`;
  }
  if (why !== undefined) throw new ProviderError("failed", why);
}
