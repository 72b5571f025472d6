/** A task definition on Fargate with its roles and log group: what all container kinds share. */
import type { ExpandContext, Grant, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { containerDefinition, type ImageSpec, imageReference, type PortSpec, taskSize } from "./container.js";
import { containerHealth, containerProbe, type HealthCheck } from "./health-check.js";
import { logRouting, toLogGroup } from "./log-router.js";
import { logGroup } from "./logs.js";
import { logGrant, pullGrants, workloadRole } from "./roles.js";
import { readAction, secretSource } from "./secret-ref.js";
import { collector, containerTracing } from "./tracing.js";
import { type EnvironmentSpec, type SecretEntry, type Wiring, withExtra } from "./wiring.js";

/** Props of anything that runs a container, as they reach expand. */
export interface TaskProps {
  image: string | ImageSpec | { [key: string]: unknown };
  runtime?: { architecture?: string | undefined } | undefined;
  command?: string[] | undefined;
  args?: string[] | undefined;
  ports?: PortSpec[] | undefined;
  environment?: EnvironmentSpec;
  secrets?: SecretEntry[] | undefined;
  permissions?: Grant[] | undefined;
  healthCheck?: HealthCheck | undefined;
  resources?: { cpu?: string | number; memory?: string | number } | undefined;
  storage?: { ephemeralGB?: number } | undefined;
}

/** A declared task definition. */
export interface MadeTask {
  arn: Value;
  /** Without the revision: what may be granted. */
  family: Value;
  roleArn: Value;
  executionRoleArn: Value;
  /** Name of the log group. */
  logGroup: Value;
  /** What must stand before a task starts. */
  ready: string[];
}

/** Declares it; roles `task-definition`, `task-role`, `execution-role`, `logs`. */
export function taskDefinition(ctx: ExpandContext, props: TaskProps, wired: Wiring, further: readonly Value[] = []): MadeTask {
  const logs = logGroup(ctx);
  const wiring = withExtra(wired, containerTracing(ctx));
  const routing = logRouting(ctx, logs);
  const image = imageReference(props.image);
  const long = typeof props.image === "object" ? (props.image as ImageSpec & { credentials?: Value }) : undefined;
  const credentials = long?.credentials === undefined ? undefined : secretSource(ctx, long.credentials);
  const starting = [
    logGrant(logs),
    ...pullGrants(image),
    ...wiring.secretGrants,
    ...(credentials ? [{ actions: [readAction(credentials)], resources: [credentials.arn] }, ...(credentials.further ?? [])] : []),
  ];
  const role = workloadRole(ctx, "task-role", "ecs-tasks.amazonaws.com", wiring.grants);
  const execution = workloadRole(ctx, "execution-role", "ecs-tasks.amazonaws.com", starting);
  const size = taskSize(ctx, props.resources);
  const arm = props.runtime?.architecture === "arm64";
  const task = resource(ctx, "task-definition", "aws:ecs/taskDefinition:TaskDefinition", {
    family: `${ctx.stack}-${ctx.environment}-${ctx.service}-${ctx.component}`,
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: String(size.cpu),
    memory: String(size.memory),
    executionRoleArn: execution.arn,
    taskRoleArn: role.arn,
    runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: arm ? "ARM64" : "X86_64" },
    ephemeralStorage: props.storage?.ephemeralGB === undefined ? undefined : { sizeInGib: props.storage.ephemeralGB },
    containerDefinitions: {
      $json: [
        containerDefinition({
          name: ctx.component,
          image,
          tag: long?.digest ? long.tag : undefined,
          ports: props.ports ?? [],
          entryPoint: props.command,
          command: props.args,
          wiring,
          health: containerHealth(containerProbe(props.healthCheck)),
          log: routing.log,
          credentials: credentials?.arn,
        }),
        ...collector(ctx, toLogGroup(ctx, logs, "trace-collector")),
        ...routing.containers,
        ...further,
      ],
    },
    tags: ctx.tags,
  });
  return {
    arn: task.out("arn"),
    family: task.out("arnWithoutRevision"),
    roleArn: role.arn,
    executionRoleArn: execution.arn,
    logGroup: logs.out("name"),
    ready: [...role.ready, ...execution.ready],
  };
}
