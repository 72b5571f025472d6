/** A task definition with its roles and log group: what all container kinds share. */
import type { ExpandContext, Grant, ResourceHandle, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import type { CapacitySpec } from "./capacity.js";
import { configFiles, type ConfigsSpec, WRITER, WRITTEN } from "./config-files.js";
import { containerDefinition, type PortSpec, taskSize } from "./container.js";
import { containerHealth, containerProbe, type HealthCheck } from "./health-check.js";
import { type ImageProp, taskImage } from "./image.js";
import { logRouting, toLogGroup } from "./log-router.js";
import { logGroup } from "./logs.js";
import { checkRoom, onEc2, type RuntimeSpec } from "./platform.js";
import { logGrant, workloadRole } from "./roles.js";
import { readAction, secretSource } from "./secret-ref.js";
import { checkSidecars } from "./sidecar-checks.js";
import { mainWaits, sidecarContainers, type Sidecars } from "./sidecars.js";
import { COLLECTOR, collector, containerTracing } from "./tracing.js";
import { type MadeVolumes, mountVolumes, type TaskVolume, type VolumeSpec } from "./volumes.js";
import { type EnvironmentSpec, type SecretEntry, type Wiring, withExtra } from "./wiring.js";

/** Props of anything that runs a container, as they reach expand. */
export interface TaskProps {
  image: ImageProp;
  runtime?: RuntimeSpec | undefined;
  capacity?: CapacitySpec | undefined;
  command?: string[] | undefined;
  args?: string[] | undefined;
  ports?: PortSpec[] | undefined;
  environment?: EnvironmentSpec;
  secrets?: SecretEntry[] | undefined;
  configs?: ConfigsSpec | undefined;
  sidecars?: Sidecars | undefined;
  permissions?: Grant[] | undefined;
  healthCheck?: HealthCheck | undefined;
  resources?: { cpu?: string | number; memory?: string | number } | undefined;
  storage?: { ephemeralGB?: number | undefined; volumes?: VolumeSpec[] | undefined } | undefined;
}

/** A declared task definition. */
export interface MadeTask {
  arn: Value;
  /** Its containers, as text: the same for revisions that run the same. */
  definition: Value;
  /** Without the revision: what may be granted. */
  family: Value;
  /** Name of its family. */
  familyName: Value;
  roleArn: Value;
  executionRoleArn: Value;
  /** Name of the log group. */
  logGroup: Value;
  /** What must stand before a task starts. */
  ready: string[];
  /** Addresses of components that it mounts. */
  mounted: ReadonlySet<string>;
}

/** Name of the family: of all revisions of one component. */
export function taskFamily(ctx: ExpandContext): string {
  return `${ctx.stack}-${ctx.environment}-${ctx.service}-${ctx.component}`;
}

/** Declares it; roles `task-definition`, `task-role`, `execution-role`, `logs`. */
export function taskDefinition(ctx: ExpandContext, props: TaskProps, wired: Wiring, further: readonly Value[] = []): MadeTask {
  const logs = logGroup(ctx);
  const wiring = withExtra(wired, containerTracing(ctx));
  const ec2 = onEc2(props.runtime);
  const size = taskSize(ctx, props.resources, ec2);
  checkRoom(props, ctx, size);
  checkSidecars(ctx, props, size);
  const disks = mountVolumes(ctx, props.storage?.volumes ?? []);
  const made = containers(ctx, props, { wiring, logs, disks });
  const role = workloadRole(ctx, "task-role", "ecs-tasks.amazonaws.com", [...wiring.grants, ...disks.grants]);
  const execution = workloadRole(ctx, "execution-role", "ecs-tasks.amazonaws.com", [logGrant(logs), ...made.starting]);
  const arm = props.runtime?.architecture === "arm64";
  const volumes = [...disks.volumes, ...made.volumes];
  const definition = { $json: [...made.definitions, ...further] };
  const task = resource(ctx, "task-definition", "aws:ecs/taskDefinition:TaskDefinition", {
    family: taskFamily(ctx),
    requiresCompatibilities: [ec2 ? "EC2" : "FARGATE"],
    networkMode: "awsvpc",
    cpu: String(size.cpu),
    memory: String(size.memory),
    executionRoleArn: execution.arn,
    taskRoleArn: role.arn,
    runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: arm ? "ARM64" : "X86_64" },
    ephemeralStorage: props.storage?.ephemeralGB === undefined ? undefined : { sizeInGib: props.storage.ephemeralGB },
    volumes: volumes.length === 0 ? undefined : volumes,
    containerDefinitions: definition,
    tags: ctx.tags,
  });
  return {
    arn: task.out("arn"),
    definition,
    family: task.out("arnWithoutRevision"),
    familyName: task.out("family"),
    roleArn: role.arn,
    executionRoleArn: execution.arn,
    logGroup: logs.out("name"),
    ready: [...role.ready, ...execution.ready, ...disks.ready],
    mounted: disks.mounted,
  };
}

/** The main container, those beside it, and the one that writes their files; with what starting them takes. */
function containers(
  ctx: ExpandContext,
  props: TaskProps,
  { wiring, logs, disks }: { wiring: Wiring; logs: ResourceHandle; disks: MadeVolumes },
): { definitions: Value[]; volumes: TaskVolume[]; starting: Grant[] } {
  const image = taskImage(ctx, props.image, props.runtime);
  const credentials = image.credentials === undefined ? undefined : secretSource(ctx, image.credentials);
  const routing = logRouting(ctx, logs);
  const files = configFiles(ctx, props, toLogGroup(ctx, logs, WRITER));
  const own = files.mounts.get(ctx.component);
  const logOf = (name: string): Value => (routing.containers.length > 0 ? routing.log : toLogGroup(ctx, logs, name));
  const others = sidecarContainers(ctx, props.sidecars, { logOf, volumes: props.storage?.volumes ?? [], files: files.mounts });
  const main = containerDefinition({
    name: ctx.component,
    image: image.reference,
    tag: image.tag,
    ports: props.ports ?? [],
    entryPoint: props.command,
    command: props.args,
    wiring,
    health: containerHealth(containerProbe(props.healthCheck)),
    log: routing.log,
    mounts: own ? [...disks.mounts, own] : disks.mounts,
    waits: [...mainWaits(props.sidecars), ...(own ? [WRITTEN] : [])],
    credentials: credentials?.arn,
  });
  return {
    definitions: [
      main,
      ...others.containers,
      ...(files.writer ? [files.writer] : []),
      ...collector(ctx, toLogGroup(ctx, logs, COLLECTOR)),
      ...routing.containers,
    ],
    volumes: files.volumes,
    starting: [
      ...image.grants,
      ...wiring.secretGrants,
      ...(credentials ? [{ actions: [readAction(credentials)], resources: [credentials.arn] }, ...(credentials.further ?? [])] : []),
      ...others.grants,
    ],
  };
}
