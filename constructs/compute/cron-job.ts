/**
 * CronJob: a container that runs by the clock and ends: an ECS task, started by EventBridge Scheduler; where runs may not overlap, through
 * a Step Functions state machine that looks first.
 *
 * Costs nothing between runs; 0.25 vCPU and 512 MiB about $0.0123 an hour, and $1 per million starts after the first 14 million a month
 * (with `concurrency: forbid` $25 per million steps, about five a run, after the first 4,000 a month).
 *
 *     new CronJob(users, "report", {
 *       image: "ghcr.io/acme/report:1.4.2", schedule: "cron(0 3 * * ? *)", timezone: "Europe/Berlin",
 *       uses: [bucket.write()],
 *     });
 */
import { group, int, oneOf, plainText } from "../../framework/model/fields.js";
import type { ExpandContext, Expansion, Ref, Run, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component } from "../base/component.js";
import { defineKind } from "../base/kind.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import type { SectionInputs } from "../base/sections.js";
import type { Service } from "../base/service.js";
import { workloadTier } from "../network/plan.js";
import type { ClusterHandle } from "../shared/cluster.js";
import { networkingOf, type NetworkHandle } from "../shared/network.js";
import { type NetworkingSection, openTargets, securityGroup } from "./ecs-service.js";
import { refuseConnect } from "./discovery.js";
import { imageAssets } from "./image.js";
import { normalizeWorkload } from "./normalize.js";
import { openMounts, placementOf, type RunsOn, runsOn } from "./platform.js";
import { type ScopedGrant, workloadRole } from "./roles.js";
import { taskFiles } from "./config-files.js";
import { commandFields, configs, containerRuntime, environment, image, permissions, secrets, uses } from "./schemas.js";
import { sidecars } from "./sidecars.js";
import { checkSingle, DELIVERY_SECONDS, lookGrant, singleRun, STARTED_WITH } from "./single-run.js";
import { type MadeTask, taskDefinition, type TaskProps } from "./task.js";
import { timeLimit } from "./time-limit.js";
import { wire } from "./wiring.js";
import { type LinkedProps, workloadLinks } from "./workload-links.js";

const schema = () =>
  group(
    {
      image,
      schedule: plainText(
        "When it runs: `rate(1 hour)`, or `cron(minutes hours day-of-month month day-of-week year)` with one `?` among the days.",
        {
          pattern: /^(rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)|cron\(\S+ \S+ \S+ \S+ \S+ \S+\))$/,
          expected: "rate(1 hour), rate(5 minutes) or cron(0 3 * * ? *)",
        },
      ),
      timezone: plainText("Time zone of a cron schedule, such as Europe/Berlin.", { default: "UTC" }).optional(),
      runtime: containerRuntime.optional(),
      environment: environment.optional(),
      secrets: secrets.optional(),
      configs: configs.optional(),
      ...commandFields,
      timeoutSeconds: int("Longest run; a second container that sleeps so long ends the task then.", 1, 1_209_600, {
        unit: "seconds",
        default: "no limit",
      }).optional(),
      retries: int("How often the start of a run is tried again when ECS could not start it.", 0, 185, { default: 2 }).optional(),
      concurrency: oneOf(
        ["allow", "forbid"],
        "Whether a run starts though the one before it still runs; forbid takes five minutes between runs.",
        {
          default: "allow",
        },
      ).optional(),
      uses: uses.optional(),
      permissions: permissions.optional(),
      sidecars: sidecars.optional(),
      ...commonFields,
    },
    "A container that runs by the clock and ends.",
  );

/** Spec of a CronJob with its infra sections. */
export type CronJobProps = PropsOf<ReturnType<typeof schema>> & Pick<SectionInputs, "resources" | "networking" | "storage" | "capacity">;

/** A container that runs by the clock. */
export class CronJob extends Component {
  constructor(service: Service, name: string, props: CronJobProps) {
    super("CronJob", service, name, props);
  }
  /** ARN of the ECS task definition. */
  get taskDefinitionArn(): Ref {
    return this.output("taskDefinitionArn");
  }
  /** ARN of the schedule. */
  get scheduleArn(): Ref {
    return this.output("scheduleArn");
  }
}

/** Tries to start a run unless the user says otherwise. */
const DEFAULT_RETRIES = 2;

/** Props as they reach expand. */
interface JobProps extends TaskProps {
  schedule: string;
  timezone?: string | undefined;
  timeoutSeconds?: number | undefined;
  retries?: number | undefined;
  concurrency?: "allow" | "forbid" | undefined;
  networking?: NetworkingSection | undefined;
}

/** The kind CronJob. */
export const cronJobKind = defineKind({
  name: "CronJob",
  group: "components",
  summary: "A container that runs by the clock and ends: ECS on Fargate or EC2, and EventBridge Scheduler.",
  schema,
  infra: ["resources", "networking", "storage", "capacity"],
  infraExcept: ["networking.loadBalancer", "networking.ingress"],
  stateful: false,
  normalize: normalizeWorkload,
  outputs: { taskDefinitionArn: "ARN of the ECS task definition.", scheduleArn: "ARN of the schedule." },
  assets: (props) => [...imageAssets(props), ...taskFiles(props)],
  links: (props) => workloadLinks(props as unknown as LinkedProps),
  expand: (props, ctx) => expandJob(props as unknown as JobProps, ctx),
});

function expandJob(props: JobProps, ctx: ExpandContext): Expansion {
  refuseConnect(ctx);
  const tier = workloadTier(networkingOf(ctx), ctx.environmentClass, placementOf(props));
  const network = ctx.shared<NetworkHandle>("network", { tier, ...(tier === "private" ? { egress: true } : {}) });
  const on = runsOn(props, ctx);
  const cluster = ctx.shared<ClusterHandle>("cluster", on.cluster);
  const group = securityGroup(ctx, network.vpcId);
  const task = taskDefinition(ctx, props, wire(ctx, props), timeLimit(props.timeoutSeconds));
  openTargets(ctx, group, task.mounted);
  openMounts(ctx, on.instances, task.mounted);
  const started: Started = {
    task,
    cluster,
    on,
    retries: props.retries ?? DEFAULT_RETRIES,
    subnets: network.subnetIds,
    groups: [group, ...network.sharedGroups, ...(props.networking?.securityGroups ?? [])],
    publicIp: on.instances ? undefined : tier === "public",
    ready: [...task.ready, ...cluster.ready, ...network.routes],
  };
  if (props.concurrency === "forbid") checkSingle(ctx, props.schedule, started.retries);
  const { target, ready } = props.concurrency === "forbid" ? machineTarget(ctx, started) : taskTarget(ctx, started);
  // Scheduler counts by group (User Guide, "Monitoring with Amazon CloudWatch"), and tags groups only.
  const scheduleGroup = resource(ctx, "group", "aws:scheduler/scheduleGroup:ScheduleGroup", { name: undefined, tags: ctx.tags });
  const groupName = scheduleGroup.out("name");
  const schedule = resource(
    ctx,
    undefined,
    "aws:scheduler/schedule:Schedule",
    {
      groupName,
      description: `Runs ${ctx.address}`,
      scheduleExpression: props.schedule,
      scheduleExpressionTimezone: props.timezone ?? "UTC",
      flexibleTimeWindow: { mode: "OFF" },
      target,
    },
    { dependsOn: ready },
  );
  const counted = { TargetErrorCount: "Sum", InvocationDroppedCount: "Sum", InvocationAttemptCount: "Sum" };
  const metrics = metricsOf("AWS/Scheduler", { ScheduleGroup: groupName }, counted);
  const run =
    props.concurrency === "forbid"
      ? { closed: "its runs may not overlap (concurrency: forbid), and only runs by the clock can be kept apart" }
      : runByEvents(ctx, started);
  return { outputs: { taskDefinitionArn: task.arn, scheduleArn: schedule.out("arn") }, bindings: { grants: {}, inject: {}, metrics, run } };
}

/** How rules of EventBridge start the task beside the clock. */
function runByEvents(ctx: ExpandContext, started: Started): Run {
  const { task, cluster, on, ready } = started;
  return {
    arn: cluster.arn,
    parameters: { ...taskParameters(started), orderedPlacementStrategies: on.placement } as unknown as Value,
    grants: startGrants(ctx, task, cluster),
    ready,
  };
}

/** What is started, and where. */
interface Started {
  task: MadeTask;
  cluster: ClusterHandle;
  on: RunsOn;
  retries: number;
  subnets: Value;
  groups: Value[];
  /** undefined where AWS takes neither answer. */
  publicIp: boolean | undefined;
  /** URNs that must stand before a task starts. */
  ready: string[];
}

/** What Scheduler and EventBridge are told of the task alike. */
function taskParameters({ task, on, subnets, groups, publicIp }: Started) {
  return {
    taskDefinitionArn: task.arn,
    taskCount: 1,
    launchType: on.strategy ? undefined : "FARGATE",
    capacityProviderStrategies: on.strategy,
    enableEcsManagedTags: true,
    propagateTags: "TASK_DEFINITION",
    networkConfiguration: { subnets, securityGroups: groups, assignPublicIp: publicIp },
  };
}

/** Scheduler starts the task itself. */
function taskTarget(ctx: ExpandContext, started: Started) {
  const { task, cluster, on, retries, ready } = started;
  const role = workloadRole(ctx, "schedule-role", "scheduler.amazonaws.com", startGrants(ctx, task, cluster));
  const target = {
    arn: cluster.arn,
    roleArn: role.arn,
    ecsParameters: { ...taskParameters(started), placementStrategies: on.placement },
    retryPolicy: { maximumRetryAttempts: retries },
  };
  return { target, ready: [...ready, ...role.ready] };
}

/** Scheduler starts the state machine that starts the task; roles `run-role` and `schedule-role`. */
function machineTarget(ctx: ExpandContext, { task, cluster, on, retries, subnets, groups, publicIp, ready }: Started) {
  const run = workloadRole(ctx, "run-role", "states.amazonaws.com", [...startGrants(ctx, task, cluster), lookGrant(cluster.arn)]);
  const machine = singleRun(ctx, {
    cluster: cluster.arn,
    family: task.familyName,
    retries,
    roleArn: run.arn,
    ready: [...ready, ...run.ready],
    run: {
      TaskDefinition: task.arn,
      LaunchType: on.strategy ? undefined : "FARGATE",
      CapacityProviderStrategy: on.strategy?.map(({ capacityProvider, base, weight }) => ({
        CapacityProvider: capacityProvider,
        ...(base === undefined ? {} : { Base: base }),
        Weight: weight,
      })),
      PlacementStrategy: on.placement?.map(({ type, field }) => ({ Type: type, Field: field })),
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          Subnets: subnets,
          SecurityGroups: groups,
          ...(publicIp === undefined ? {} : { AssignPublicIp: publicIp ? "ENABLED" : "DISABLED" }),
        },
      },
    },
  });
  const role = workloadRole(ctx, "schedule-role", "scheduler.amazonaws.com", [
    { actions: ["states:StartExecution"], resources: [machine] },
  ]);
  const retryPolicy = { maximumRetryAttempts: retries, maximumEventAgeInSeconds: DELIVERY_SECONDS };
  return { target: { arn: machine, roleArn: role.arn, input: STARTED_WITH, retryPolicy }, ready: role.ready };
}

/** What starting the task takes, in this cluster only. */
function startGrants(ctx: ExpandContext, task: MadeTask, cluster: ClusterHandle): ScopedGrant[] {
  return [
    {
      actions: ["ecs:RunTask"],
      resources: [{ $text: [task.family, ":*"] }],
      conditions: { ArnEquals: { "ecs:cluster": cluster.arn } },
    },
    {
      actions: ["ecs:TagResource"],
      resources: [{ $text: ["arn:aws:ecs:", ctx.regionValue, ":", ctx.accountId, ":task/", cluster.name, "/*"] }],
      conditions: { StringEquals: { "ecs:CreateAction": "RunTask" } },
    },
    {
      actions: ["iam:PassRole"],
      resources: [task.roleArn, task.executionRoleArn],
      conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
  ];
}
