/** The container of a task: image, ports, command, as ECS's container definition takes them. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { DEFAULT_SIZE, type FargateSize, parseCpu, parseMemory, roundToFargate, sizeInWords } from "./fargate-sizes.js";
import type { ContainerHealth } from "./health-check.js";
import type { Wiring } from "./wiring.js";

/** One port. */
export interface PortSpec {
  name: string;
  port: number;
  protocol?: string | undefined;
  /** What a proxy may read in it: `http`, `http2`, `grpc`. */
  appProtocol?: string | undefined;
}

/** A volume of the task in a container; as ECS takes it. */
export interface MountPoint {
  sourceVolume: string;
  containerPath: string;
  readOnly?: true;
}

/** Another container of the task that comes first, and what it must have come to; as ECS takes it. */
export interface Condition {
  containerName: string;
  condition: "START" | "HEALTHY" | "SUCCESS" | "COMPLETE";
}

/** What a container needs to be described. */
export interface ContainerSpec {
  name: string;
  image: Value;
  /** The tag; kept as a label, a digest may stand in its place. */
  tag?: Value | undefined;
  ports: readonly PortSpec[];
  entryPoint?: readonly string[] | undefined;
  command?: readonly string[] | undefined;
  wiring: Pick<Wiring, "environment" | "secrets">;
  health: ContainerHealth | undefined;
  /** Its log configuration. */
  log: Value;
  /** ARN of the secret with the registry's user name and password. */
  credentials?: Value | undefined;
  /** Whether the task ends with it; default true. */
  essential?: boolean | undefined;
  /** CPU units of the task kept for it. */
  cpu?: number | undefined;
  /** MiB of the task that it may take. */
  memory?: number | undefined;
  /** What comes first. */
  waits?: readonly Condition[] | undefined;
  /** Volumes that it sees. */
  mounts?: readonly MountPoint[] | undefined;
  /** Seconds between SIGTERM and SIGKILL. */
  stopTimeout?: number | undefined;
}

/** The container definition; keys that say nothing are left out. */
export function containerDefinition(spec: ContainerSpec): Value {
  const { wiring } = spec;
  const definition: { [key: string]: Value | undefined } = {
    name: spec.name,
    image: spec.image,
    essential: spec.essential ?? true,
    cpu: spec.cpu,
    memory: spec.memory,
    dependsOn: spec.waits?.length ? spec.waits.map((w) => ({ ...w })) : undefined,
    entryPoint: spec.entryPoint ? [...spec.entryPoint] : undefined,
    command: spec.command ? [...spec.command] : undefined,
    portMappings: spec.ports.length === 0 ? undefined : spec.ports.map(portMapping),
    environment: wiring.environment.length === 0 ? undefined : wiring.environment,
    secrets: wiring.secrets.length === 0 ? undefined : wiring.secrets.map(({ name, valueFrom }) => ({ name, valueFrom })),
    mountPoints: spec.mounts?.length ? spec.mounts.map((m) => ({ ...m })) : undefined,
    healthCheck: spec.health === undefined ? undefined : { ...spec.health },
    repositoryCredentials: spec.credentials === undefined ? undefined : { credentialsParameter: spec.credentials },
    dockerLabels: spec.tag === undefined ? undefined : { "panka.io/tag": spec.tag },
    stopTimeout: spec.stopTimeout,
    logConfiguration: spec.log,
  };
  return Object.fromEntries(Object.entries(definition).filter((e): e is [string, Value] => e[1] !== undefined));
}

function portMapping(port: PortSpec): Value {
  const { name, port: number, appProtocol } = port;
  const protocol = (port.protocol ?? "tcp").toLowerCase();
  return { name, containerPort: number, hostPort: number, protocol, ...(appProtocol ? { appProtocol } : {}) };
}

/** The port that speaks HTTP: a TCP port named `http`, `https` or `web`, or beginning so with a hyphen; undefined if there is none. */
export function httpPort(ports: readonly PortSpec[]): PortSpec | undefined {
  return ports.find((p) => isTcp(p) && /^(https?|web)(-|$)/.test(p.name));
}

/** The first TCP port. */
export function tcpPort(ports: readonly PortSpec[]): PortSpec | undefined {
  return ports.find(isTcp);
}

/** True unless the port says udp. */
export function isTcp(port: PortSpec): boolean {
  return (port.protocol ?? "tcp").toLowerCase() === "tcp";
}

/** Least CPU of a task on EC2, in units (ECS Developer Guide, "Task definition parameters", Task size). */
const LEAST_CPU = 128;

/** The task's size: as written, on Fargate rounded up to what it sells; says so in a notice; reports what it can't read or buy. */
export function taskSize(
  ctx: ExpandContext,
  resources: { cpu?: string | number; memory?: string | number } | undefined,
  ec2 = false,
): FargateSize {
  if (!resources) return DEFAULT_SIZE;
  const cpu = resources.cpu === undefined ? DEFAULT_SIZE.cpu : parseCpu(resources.cpu);
  const memory = resources.memory === undefined ? undefined : parseMemory(resources.memory);
  if (cpu === undefined) {
    ctx.error("bad-cpu", `"${resources.cpu}" is no amount of CPU`, "resources.cpu", { expected: "256, 256m or 0.25 vCPU" });
    return DEFAULT_SIZE;
  }
  if (resources.memory !== undefined && memory === undefined) {
    ctx.error("bad-memory", `"${resources.memory}" is no amount of memory`, "resources.memory", { expected: "512, 512Mi or 1Gi" });
    return DEFAULT_SIZE;
  }
  if (ec2) {
    if (cpu < LEAST_CPU) ctx.error("bad-cpu", `ECS runs no task with ${cpu} units of CPU`, "resources.cpu", { expected: "128 or more" });
    return { cpu: Math.ceil(cpu), memory: Math.ceil(memory ?? DEFAULT_SIZE.memory) };
  }
  const wanted = { cpu, memory: memory ?? 1 };
  const size = roundToFargate(wanted);
  if (!size) {
    ctx.error("too-large", `Fargate sells no task with ${sizeInWords(wanted)}`, "resources", { expected: "at most 16 vCPU and 120 GiB" });
    return DEFAULT_SIZE;
  }
  if ((memory !== undefined && size.memory !== memory) || size.cpu !== cpu)
    ctx.notice(`${sizeInWords(wanted)} is not sold by Fargate; rounded up to ${sizeInWords(size)}`);
  return size;
}
