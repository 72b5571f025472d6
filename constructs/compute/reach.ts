/** How a service is tested: through its load balancer, or in a one-off task with its task definition, in its network, on its capacity. */
import type { Reach, TaskPlace, Value } from "../../framework/model/index.js";
import type { ClusterHandle } from "../shared/cluster.js";
import type { ServiceProps } from "./ecs-service.js";
import type { Exposure } from "./exposure.js";
import { ENTRY_POINT } from "./release.js";
import type { MadeTask } from "./task.js";

/** What a service has. */
export interface ServiceParts {
  cluster: ClusterHandle;
  task: MadeTask;
  /** As the service's resource has it. */
  launch: { launchType: string } | { capacityProviderStrategies: readonly object[] };
  network: { subnets: Value; securityGroups: Value[]; assignPublicIp: boolean | undefined };
  container: string;
}

/** How it is reached. ECS lets a task replace the command of an image, never the entry point. */
export function reachOf(props: ServiceProps, exposure: Exposure | undefined, parts: ServiceParts): Reach {
  const task = props.command === undefined ? { task: taskPlace(parts) } : { noTask: `${ENTRY_POINT.why}; ${ENTRY_POINT.next}` };
  if (exposure === undefined) return { noUrl: "no load balancer sends requests to it", ...task };
  return props.networking?.loadBalancer?.internal === true
    ? { noUrl: "its load balancer is internal, and tests are run from outside of the network", ...task }
    : { url: exposure.url, ...task };
}

/** The place, in the ECS API's words where it goes there as it is. */
export function taskPlace({ cluster, task, launch, network, container }: ServiceParts): TaskPlace {
  return {
    cluster: cluster.arn,
    taskDefinition: task.arn,
    container,
    launch: "launchType" in launch ? launch : { capacityProviderStrategy: launch.capacityProviderStrategies as unknown as Value },
    subnets: network.subnets,
    securityGroups: network.securityGroups,
    assignPublicIp: network.assignPublicIp === true,
    logGroup: task.logGroup,
  };
}
