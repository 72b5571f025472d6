/** PANKA_FAULT=<point>[@n]: kill -9 of this process when the point is passed for the n-th time (default 1). For tests. */
import { usageError } from "../framework/base/errors.js";
import { FAULT_POINTS, type FaultHook, noFault } from "../framework/model/faults.js";
import type { World } from "./context.js";

/** The hook that PANKA_FAULT asks for. Throws a usage error for a point that does not exist. */
export function makeFaults(world: Pick<World, "env" | "kill">): FaultHook {
  const wanted = world.env.PANKA_FAULT;
  if (!wanted) return noFault;
  const match = /^(.+?)(?:@(\d+))?$/.exec(wanted);
  const point = match?.[1] ?? wanted;
  if (!(FAULT_POINTS as readonly string[]).includes(point)) {
    throw usageError("unknown-fault", `PANKA_FAULT names "${point}"; the points are ${FAULT_POINTS.join(", ")}`);
  }
  let left = Number(match?.[2] ?? 1);
  return (passed) => {
    if (passed === point && --left === 0) world.kill();
  };
}
