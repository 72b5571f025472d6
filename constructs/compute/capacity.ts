/** The `capacity` section: what tasks run on. Spot costs about 70 % less and may be taken back with two minutes' notice. */
/** One item of a capacity provider strategy: `base` tasks first, then shares by weight. */
export interface CapacityShare {
  capacityProvider: string;
  base?: number;
  weight: number;
}

/** The section as written. */
export interface CapacitySpec {
  spot?: string | undefined;
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

/** Capacity providers that a cluster offers where something asks for Spot. */
export const CAPACITY_PROVIDERS: readonly string[] = Object.freeze([ON_DEMAND, SPOT]);
