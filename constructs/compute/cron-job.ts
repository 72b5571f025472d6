/**
 * CronJob: a container that runs by the clock and ends: an ECS task, started by EventBridge Scheduler.
 *
 * Costs nothing between runs; 0.25 vCPU and 512 MiB about $0.0123 an hour, and $1 per million starts after the first 14 million a month.
 *
 *     new CronJob(users, "report", {
 *       image: "ghcr.io/acme/report:1.4.2", schedule: "cron(0 3 * * ? *)", timezone: "Europe/Berlin",
 *       uses: [bucket.write()],
 *     });
 */
import { group, int, listOf, oneOf, plainText } from "../../framework/model/fields.js";
import type { ExpandContext, Expansion, Ref } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component } from "../base/component.js";
import { defineKind } from "../base/kind.js";
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
import { refuseUnbuilt } from "./not-yet.js";
import { openMounts, placementOf, runsOn } from "./platform.js";
import { workloadRole } from "./roles.js";
import { taskFiles } from "./config-files.js";
import { configs, containerRuntime, environment, image, permissions, secrets, uses } from "./schemas.js";
import { sidecars } from "./sidecars.js";
import { type MadeTask, taskDefinition, type TaskProps } from "./task.js";
import { timeLimit } from "./time-limit.js";
import { wire } from "./wiring.js";
import { type LinkedProps, workloadLinks } from "./workload-links.js";

const schema = group(
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
    command: listOf(plainText("A word."), "Replaces the image's entry point.").optional(),
    args: listOf(plainText("A word."), "Arguments; replaces the image's command.").optional(),
    timeoutSeconds: int("Longest run; a second container that sleeps so long ends the task then.", 1, 1_209_600, {
      unit: "seconds",
      default: "no limit",
    }).optional(),
    retries: int("How often the start of a run is tried again when ECS could not start it.", 0, 185, { default: 2 }).optional(),
    concurrency: oneOf(["allow"], "A run starts though the one before it still runs; forbid is not supported yet.", {
      default: "allow",
    }).optional(),
    uses: uses.optional(),
    permissions: permissions.optional(),
    sidecars: sidecars.optional(),
    ...commonFields,
  },
  "A container that runs by the clock and ends.",
);

/** Spec of a CronJob with its infra sections. */
export type CronJobProps = PropsOf<typeof schema> & Pick<SectionInputs, "resources" | "networking" | "storage" | "capacity">;

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
  refuseUnbuilt(props, ctx);
  refuseConnect(ctx);
  const tier = workloadTier(networkingOf(ctx), ctx.environmentClass, placementOf(props));
  const network = ctx.shared<NetworkHandle>("network", { tier, ...(tier === "private" ? { egress: true } : {}) });
  const on = runsOn(props, ctx);
  const cluster = ctx.shared<ClusterHandle>("cluster", on.cluster);
  const group = securityGroup(ctx, network.vpcId);
  const task = taskDefinition(ctx, props, wire(ctx, props), timeLimit(props.timeoutSeconds));
  openTargets(ctx, group, task.mounted);
  openMounts(ctx, on.instances, task.mounted);
  const role = startRole(ctx, task, cluster);
  const schedule = resource(
    ctx,
    undefined,
    "aws:scheduler/schedule:Schedule",
    {
      description: `Runs ${ctx.address}`,
      scheduleExpression: props.schedule,
      scheduleExpressionTimezone: props.timezone ?? "UTC",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: cluster.arn,
        roleArn: role.arn,
        ecsParameters: {
          taskDefinitionArn: task.arn,
          taskCount: 1,
          launchType: on.strategy ? undefined : "FARGATE",
          capacityProviderStrategies: on.strategy,
          placementStrategies: on.placement,
          enableEcsManagedTags: true,
          propagateTags: "TASK_DEFINITION",
          networkConfiguration: {
            subnets: network.subnetIds,
            securityGroups: [group, ...network.sharedGroups, ...(props.networking?.securityGroups ?? [])],
            assignPublicIp: on.instances ? undefined : tier === "public",
          },
        },
        retryPolicy: { maximumRetryAttempts: props.retries ?? DEFAULT_RETRIES },
      },
    },
    { dependsOn: [...task.ready, ...role.ready, ...cluster.ready, ...network.routes] },
  );
  return { outputs: { taskDefinitionArn: task.arn, scheduleArn: schedule.out("arn") }, bindings: { grants: {}, inject: {} } };
}

/** The role with which Scheduler starts the task, in this cluster only; roles `schedule-role`, `schedule-policy`. */
function startRole(ctx: ExpandContext, task: MadeTask, cluster: ClusterHandle) {
  return workloadRole(ctx, "schedule-role", "scheduler.amazonaws.com", [
    {
      actions: ["ecs:RunTask"],
      resources: [{ $text: [task.family, ":*"] }],
      conditions: { ArnEquals: { "ecs:cluster": cluster.arn } },
    },
    {
      actions: ["ecs:TagResource"],
      resources: [{ $text: ["arn:*:ecs:", ctx.regionValue, ":", ctx.accountId, ":task/", cluster.name, "/*"] }],
      conditions: { StringEquals: { "ecs:CreateAction": "RunTask" } },
    },
    {
      actions: ["iam:PassRole"],
      resources: [task.roleArn, task.executionRoleArn],
      conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
  ]);
}
