/** How a service of containers is taken over by its new version: in stages, watched, and going back or not. */
import type { ExpandContext, ResourceHandle, RolloutSpec, Value } from "../../framework/model/index.js";
import type { ClusterHandle } from "../shared/cluster.js";
import { type DeploymentSpec, isStaged, isWaitedFor } from "./deployment.js";
import type { ServiceProps } from "./ecs-service.js";
import type { Exposure } from "./exposure.js";
import { type LimitAlarm, limitAlarms, refuseUnmeasured, watchOf } from "./limits.js";
import type { ScalingPlan } from "./scaling.js";
import { type Answers, answerMeasurements, type Load, taskMeasurements } from "./service-limits.js";
import { serviceStages } from "./service-stages.js";
import { checkStrategy, refuseStaged, strategyOf } from "./strategy.js";

/** Alarms on the service's answers, which stand before it. Reports limits on answers where no load balancer counts them. */
export function answerLimits(ctx: ExpandContext, spec: DeploymentSpec | undefined, answers: Answers | undefined): LimitAlarm[] {
  const limits = spec?.rollback?.metrics ?? [];
  if (answers) return limitAlarms(ctx, limits, answerMeasurements(answers));
  refuseUnmeasured(ctx, spec?.rollback, ["cpuPercent", "memoryPercent"], "no application load balancer counts its answers");
  return [];
}

/** Names of alarms that the stack does not make: ECS may be told of them before anything stands. */
export function alarmsOutside(ctx: ExpandContext, spec: DeploymentSpec | undefined): Value[] {
  return (spec?.rollback?.alarms ?? []).filter((name) => typeof name === "string" && ctx.addressOf(name) === undefined);
}

/** The service as it is declared. */
interface Taken {
  exposed: readonly Exposure[];
  /** The alarms on its answers. */
  early: readonly LimitAlarm[];
  load: Load;
  cluster: ClusterHandle;
  service: ResourceHandle;
  /** It offers something in Service Connect. */
  offers: boolean;
  plan: ScalingPlan;
  /** URN of what waits for it, where that is Panka. */
  steady: string | undefined;
  /** URN of the command that runs before its new version. */
  release: string | undefined;
}

/** The roll-out; undefined where it is like that of all. Declares the alarms on its tasks. Reports strategies that can't be. */
export function takeover(ctx: ExpandContext, props: ServiceProps, made: Taken): RolloutSpec | undefined {
  const spec = props.deployment;
  checkStrategy(ctx, spec);
  const tasks = limitAlarms(ctx, spec?.rollback?.metrics ?? [], taskMeasurements(made.load));
  const limits = [...made.early, ...tasks];
  const watch = watchOf(spec?.rollback, limits);
  const strategy = canBeShared(ctx, spec, made.exposed) ? strategyOf(spec, watch) : undefined;
  const staged =
    strategy &&
    serviceStages(ctx, strategy, {
      exposed: made.exposed,
      alarms: limits.map(({ role }) => role),
      offers: made.offers,
      running: made.plan.automatic ? tasksNow(made) : undefined,
      steady: made.steady,
      release: made.release,
      sticky: props.networking?.loadBalancer?.stickiness === true,
    });
  const stays = spec?.rollback?.onFailure === false;
  if (!isWaitedFor(spec) && !made.steady && !stays) return undefined;
  return {
    when: { urn: made.service.urn, path: "taskDefinition" },
    ...(made.steady ? { steps: [made.steady] } : {}),
    ...(stays ? { onFailure: false as const } : {}),
    ...(watch ? { watch } : {}),
    ...(staged ? { staged } : {}),
  };
}

/** How many tasks autoscaling has it run: the new version gets as many at once. */
function tasksNow({ cluster, service }: Taken): Value {
  const args = { clusterArn: cluster.arn, serviceName: service.out("name") };
  return { $lookup: { token: "aws:ecs/getService:getService", args, output: "desiredCount" } };
}

function canBeShared(ctx: ExpandContext, spec: DeploymentSpec | undefined, exposed: readonly Exposure[]): boolean {
  if (!isStaged(spec?.strategy)) return false;
  if (exposed.length === 0)
    refuseStaged(
      ctx,
      spec,
      "no load balancer sends any here",
      "set networking.loadBalancer.enabled: true, or deployment.strategy: rolling",
    );
  else if (exposed.some((e) => e.type === "network"))
    refuseStaged(
      ctx,
      spec,
      "a network load balancer hands over connections",
      "stand behind an application load balancer, or set deployment.strategy: rolling",
    );
  else return true;
  return false;
}
