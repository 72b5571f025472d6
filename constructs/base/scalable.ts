/** What Application Auto Scaling moves: tasks, instances that are kept ready, readers, capacity of a table. */
import type { ResourceHandle, Value } from "../../framework/model/index.js";

/** By what a policy or a scheduled action names the target (`aws:appautoscaling/target:Target`) that it moves. */
export function ofTarget(target: ResourceHandle): { serviceNamespace: Value; scalableDimension: Value; resourceId: Value } {
  return {
    serviceNamespace: target.out("serviceNamespace"),
    scalableDimension: target.out("scalableDimension"),
    resourceId: target.out("resourceId"),
  };
}
