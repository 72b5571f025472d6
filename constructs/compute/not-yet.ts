/** Settings of the infra sections that workloads do not have yet: refused, never ignored. */
import { NOT_YET } from "../../framework/model/fields.js";
import type { ExpandContext } from "../../framework/model/index.js";
import type { SectionOutputs } from "../base/sections.js";

/** Reports every section setting that is not built for container workloads. */
export function refuseUnbuilt(sections: unknown, ctx: ExpandContext): void {
  const { capacity, deployment } = sections as SectionOutputs;
  const refuse = (path: string, what: string, expected?: string): void =>
    ctx.error(NOT_YET, `${what} is not supported yet`, path, expected ? { expected } : {});
  if (capacity?.spot !== undefined && capacity.spot !== "none") refuse("capacity.spot", "Spot capacity", "none");
  const { scaling, storage, deployment } = sections as SectionOutputs;
  if (scaling?.autoscaling?.queueDepthPerTask !== undefined)
    refuse("scaling.autoscaling.queueDepthPerTask", "scaling by queue depth", "targetCPUPercent");
  if ((storage?.volumes?.length ?? 0) > 0) refuse("storage.volumes", "mounting volumes");
  const strategy = deployment?.strategy;
  if (strategy !== undefined && strategy !== "rolling" && strategy !== "recreate")
    refuse("deployment.strategy", `the strategy ${strategy}`, "rolling or recreate");
}
