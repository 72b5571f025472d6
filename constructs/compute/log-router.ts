/** Where a task's containers write: to their log group, or to a log router beside them that the Observability document names (FireLens). */
import type { ExpandContext, ResourceHandle, Value } from "../../framework/model/index.js";
import { imageReference } from "./image.js";
import { LOG_ROUTER_IMAGE } from "./images.js";
import { type FirelensSpec, observabilityOf } from "./logs.js";

/** Name of the router's container. */
export const ROUTER = "log-router";

/** The log configuration of a container that writes to the component's log group. */
export function toLogGroup(ctx: ExpandContext, logs: ResourceHandle, prefix: string): Value {
  return {
    logDriver: "awslogs",
    options: { "awslogs-group": logs.out("name"), "awslogs-region": ctx.regionValue, "awslogs-stream-prefix": prefix },
  };
}

/** What a task's own container writes by, and the router's container if there is one; the router writes to the log group itself. */
export function logRouting(ctx: ExpandContext, logs: ResourceHandle): { log: Value; containers: Value[] } {
  const firelens = firelensOf(ctx);
  if (!firelens) return { log: toLogGroup(ctx, logs, ctx.component), containers: [] };
  return {
    log: { logDriver: "awsfirelens", options: { ...firelens.options } },
    containers: [
      {
        name: ROUTER,
        image: imageReference(firelens.image ?? LOG_ROUTER_IMAGE),
        essential: true,
        memoryReservation: 50,
        firelensConfiguration: { type: "fluentbit", options: { "enable-ecs-log-metadata": "true" } },
        logConfiguration: toLogGroup(ctx, logs, ROUTER),
      },
    ],
  };
}

function firelensOf(ctx: ExpandContext): FirelensSpec | undefined {
  const destination = observabilityOf(ctx).logging?.destination;
  return typeof destination === "object" ? destination.firelens : undefined;
}
