/** The `capacity` section: what tasks run on. Spot costs about 70 % less and may be taken back with two minutes' notice. */
import type { Value } from "../../framework/model/index.js";

/** One item of a capacity provider strategy: `base` tasks first, then shares by weight. */
export interface CapacityShare {
  capacityProvider: Value;
  base?: number;
  weight: number;
}

/** The section as written. */
export interface CapacitySpec {
  spot?: string | undefined;
  instances?:
    | { type?: string | undefined; spotTypes?: string[] | undefined; min?: number | undefined; max?: number | undefined }
    | undefined;
}

const SPOT = "FARGATE_SPOT";
const ON_DEMAND = "FARGATE";

/** How many tasks are on demand before the others are on Spot: 0 for all on Spot, undefined without Spot. */
export function onDemandBase(spec: CapacitySpec | undefined): number | undefined {
  if (spec?.spot === undefined || spec.spot === "none") return undefined;
  return Number(/^after (\d+)$/.exec(spec.spot)?.[1] ?? 0);
}

/** ECS's capacity provider strategy: all on Spot, or `base` tasks on demand and the rest on Spot. */
export function spotStrategy(base: number, onDemand: Value = ON_DEMAND, spot: Value = SPOT): CapacityShare[] {
  return [...(base > 0 ? [{ capacityProvider: onDemand, base, weight: 0 }] : []), { capacityProvider: spot, weight: 1 }];
}

/** AWS's own capacity providers: a cluster offers them beside those of the stack where something asks for Spot or instances. */
export const CAPACITY_PROVIDERS: readonly string[] = Object.freeze([ON_DEMAND, SPOT]);
