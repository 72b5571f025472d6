/** Who may call a function: statements of its own policy. */
import type { BoundTarget, ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";

/** A function as others call it: by its alias where it has one, whose policy is another one than the function's. */
export interface CalledFunction {
  name: Value;
  qualifier?: Value;
  /** Its own URL. */
  url?: { host: Value; open: boolean };
}

/** The function that a component is; undefined for other components. */
export function calledFunction({ bindings }: BoundTarget): CalledFunction | undefined {
  const backend = bindings?.backend;
  return backend && "function" in backend ? backend.function : undefined;
}

/** What of the caller is asked for. */
export interface Caller {
  /** `events.amazonaws.com`. */
  principal: string;
  sourceArn?: Value;
  sourceAccount?: Value;
  statementId?: string;
  /** Default: `lambda:InvokeFunction`. */
  action?: string;
}

/** Lets a service call it; the role as given. Returns the URN of the permission, without which the service is refused. */
export function permitCall(ctx: ExpandContext, role: string, called: CalledFunction, caller: Caller): string {
  return resource(ctx, role, "aws:lambda/permission:Permission", {
    action: "lambda:InvokeFunction",
    function: called.name,
    qualifier: called.qualifier,
    ...caller,
  }).urn;
}
