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
  instances?: { type?: string | undefined; min?: number | undefined; max?: number | undefined } | undefined;
}

const SPOT = "FARGATE_SPOT";
const ON_DEMAND = "FARGATE";

/** ECS's capacity provider strategy: all on Spot, or N on demand and the rest on Spot; undefined without Spot. */
export function spotStrategy(spec: CapacitySpec | undefined): CapacityShare[] | undefined {
  if (spec?.spot === undefined || spec.spot === "none") return undefined;
  const after = /^after (\d+)$/.exec(spec.spot);
  const base = after ? Number(after[1]) : 0;
  return [...(base > 0 ? [{ capacityProvider: ON_DEMAND, base, weight: 0 }] : []), { capacityProvider: SPOT, weight: 1 }];
}

/** AWS's own capacity providers: a cluster offers them beside those of the stack where something asks for Spot or instances. */
export const CAPACITY_PROVIDERS: readonly string[] = Object.freeze([ON_DEMAND, SPOT]);
