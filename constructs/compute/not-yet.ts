/** Settings of the infra sections that workloads do not have yet: refused, never ignored. */
import { NOT_YET } from "../../framework/model/fields.js";
import type { ExpandContext } from "../../framework/model/index.js";
import type { SectionOutputs } from "../base/sections.js";

/** Reports every section setting that is not built for container workloads. */
export function refuseUnbuilt(sections: unknown, ctx: ExpandContext): void {
  const { deployment } = sections as SectionOutputs;
  const refuse = (path: string, what: string, expected?: string): void =>
    ctx.error(NOT_YET, `${what} is not supported yet`, path, expected ? { expected } : {});
  const strategy = deployment?.strategy;
  if (strategy !== undefined && strategy !== "rolling" && strategy !== "recreate")
    refuse("deployment.strategy", `the strategy ${strategy}`, "rolling or recreate");
}
