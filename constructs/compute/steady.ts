/** `deployment.failFast`: a service that Panka itself waits for, so that it can give up as soon as its tasks show that they never will run. */
import { type ExpandContext, STEADY_TYPE, type Value } from "../../framework/model/index.js";
import { DEFAULT_TIMEOUT, type DeploymentSpec } from "./deployment.js";

/** Declares it, role `steady`; its URN. Undefined where nothing says when to give up. */
export function steadyService(
  ctx: ExpandContext,
  spec: DeploymentSpec | undefined,
  of: { cluster: Value; service: Value; taskDefinition: Value },
): string | undefined {
  if (spec?.failFast === undefined) return undefined;
  const limits = { failFast: spec.failFast, timeoutMinutes: spec.timeoutMinutes ?? DEFAULT_TIMEOUT };
  return ctx.resource("steady", STEADY_TYPE, { ...of, ...limits }, { probe: { class: "E" } }).urn;
}
