/** `sidecars`: further containers in a task. They share its network, its role, its volumes and its log group with the main one. */
import { z } from "zod";
import { bool, cpu, group, int, listOf, mapOf, memory, oneOf, plainText, text } from "../../framework/model/fields.js";
import type { ExpandContext, Grant, Link, Value } from "../../framework/model/index.js";
import { type ConfigsSpec, WRITTEN } from "./config-files.js";
import { containerDefinition, type Condition, type MountPoint, type PortSpec } from "./container.js";
import { parseCpu, parseMemory } from "./fargate-sizes.js";
import { containerHealth } from "./health-check.js";
import { imageReference, pullGrants } from "./image.js";
import { configs, mountPath, ports, secrets } from "./schemas.js";
import type { VolumeSpec } from "./volumes.js";
import { asText, ownSecrets, type SecretEntry, type Wiring } from "./wiring.js";

const CONDITIONS = ["start", "healthy", "success", "complete"] as const;

const word = () => listOf(plainText("A word."), "Its words.");

const sidecar = group(
  {
    image: text("The image, `repository:tag`."),
    command: word().meta({ description: "Replaces the image's entry point." }).optional(),
    args: word().meta({ description: "Arguments; replaces the image's command." }).optional(),
    environment: mapOf(
      z.union([text("Its value."), z.number(), z.boolean()]),
      "Variables of this container; it gets none of the main one's.",
    ).optional(),
    secrets: secrets.optional(),
    ports: ports.meta({ description: "Ports that it listens on: reached by the containers of the task as localhost." }).optional(),
    cpu: cpu("Its share of the task's CPU.").optional(),
    memory: memory("Most memory that it may take of the task's; it is stopped beyond that.").optional(),
    essential: bool("Whether the task is stopped, and replaced, when this container ends.", { default: true }).optional(),
    mainWaitsFor: oneOf(
      CONDITIONS,
      "The main container starts when this one has started, is healthy, has ended well, or has ended.",
    ).optional(),
    dependsOn: listOf(
      group(
        {
          container: plainText("Another container of the task: a sidecar, or the main one by the component's name."),
          condition: oneOf(CONDITIONS, "What it must have come to.", { default: "start" }).optional(),
        },
        "One container.",
      ),
      "Containers of the task that come first.",
    ).optional(),
    healthCheck: group(
      {
        command: listOf(plainText("A word of the command."), "Command; exit code 0 is healthy."),
        initialDelaySeconds: int("Seconds after start in which failures do not count.", 0, 300).optional(),
        periodSeconds: int("Seconds between two checks.", 5, 300, { default: 10 }).optional(),
        timeoutSeconds: int("Seconds to wait for an answer.", 2, 60, { default: 5 }).optional(),
        failureThreshold: int("Bad answers in a row that make it unhealthy.", 1, 10, { default: 3 }).optional(),
      },
      "Run in the container by ECS.",
    ).optional(),
    volumes: listOf(
      group(
        {
          name: plainText("A volume of `storage.volumes`."),
          mountPath: mountPath("Where this container sees it."),
          readOnly: bool("Mounted for reading only.", { default: false }).optional(),
        },
        "One volume.",
      ),
      "Volumes of the task that it sees.",
    ).optional(),
    configs: configs.optional(),
  },
  "One further container.",
);

/** `sidecars`. */
export const sidecars = mapOf(sidecar, "Further containers in the task, by name.");

/** One sidecar as it reaches expand. */
export interface SidecarSpec {
  image: Value;
  command?: string[] | undefined;
  args?: string[] | undefined;
  environment?: { [name: string]: Value } | undefined;
  secrets?: SecretEntry[] | undefined;
  ports?: PortSpec[] | undefined;
  cpu?: string | number | undefined;
  memory?: string | number | undefined;
  essential?: boolean | undefined;
  mainWaitsFor?: (typeof CONDITIONS)[number] | undefined;
  dependsOn?: { container: string; condition?: (typeof CONDITIONS)[number] | undefined }[] | undefined;
  healthCheck?: SidecarHealth | undefined;
  volumes?: { name: string; mountPath: string; readOnly?: boolean | undefined }[] | undefined;
  configs?: ConfigsSpec | undefined;
}

interface SidecarHealth {
  command: string[];
  initialDelaySeconds?: number | undefined;
  periodSeconds?: number | undefined;
  timeoutSeconds?: number | undefined;
  failureThreshold?: number | undefined;
}

/** Sidecars by name. */
export interface Sidecars {
  [name: string]: SidecarSpec;
}

/** Secrets that sidecars name by component. */
export function sidecarLinks(all: Sidecars | undefined): Link[] {
  return named(all).flatMap(([name, { secrets: list }]) =>
    (list ?? []).flatMap((secret, i): Link[] =>
      typeof secret.secretRef === "string"
        ? [{ component: secret.secretRef, path: `sidecars.${name}.secrets[${i}].secretRef`, optional: true, orderOnly: true }]
        : [],
    ),
  );
}

/** In order of their names. */
export function named(all: Sidecars | undefined): [string, SidecarSpec][] {
  return Object.entries(all ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What a container of the task is told besides its own spec. */
export interface Surroundings {
  /** The log configuration of a container. */
  logOf(container: string): Value;
  /** Volumes of the task. */
  volumes: readonly VolumeSpec[];
  /** Files by container. */
  files: ReadonlyMap<string, MountPoint>;
}

/** The container definitions of all sidecars, and what starting them takes. Reports what does not go together. */
export function sidecarContainers(
  ctx: ExpandContext,
  all: Sidecars | undefined,
  around: Surroundings,
): { containers: Value[]; grants: Grant[] } {
  const grants: Grant[] = [];
  const containers = named(all).map(([name, spec]) => {
    const { wiring, secretGrants } = wireSidecar(ctx, name, spec);
    grants.push(...secretGrants, ...pullGrants(spec.image));
    return containerDefinition({
      name,
      image: imageReference(spec.image),
      essential: spec.essential ?? true,
      ports: spec.ports ?? [],
      entryPoint: spec.command,
      command: spec.args,
      wiring,
      health: spec.healthCheck && containerHealth({ ...spec.healthCheck, exec: { command: spec.healthCheck.command } }),
      cpu: share(spec.cpu, parseCpu),
      memory: share(spec.memory, parseMemory),
      log: around.logOf(name),
      mounts: mounts(ctx, name, spec, around),
      waits: [
        ...(spec.dependsOn ?? []).map((d): Condition => ({ containerName: d.container, condition: conditionOf(d.condition ?? "start") })),
        ...(around.files.has(name) ? [WRITTEN] : []),
      ],
    });
  });
  return { containers, grants };
}

/** What the main container waits for. */
export function mainWaits(all: Sidecars | undefined): Condition[] {
  return named(all).flatMap(([containerName, { mainWaitsFor }]) =>
    mainWaitsFor ? [{ containerName, condition: conditionOf(mainWaitsFor) }] : [],
  );
}

function conditionOf(word: (typeof CONDITIONS)[number]): Condition["condition"] {
  return word.toUpperCase() as Condition["condition"];
}

/** A share as whole units or MiB; what can't be read the schema refuses. */
function share(written: string | number | undefined, parse: (value: string | number) => number | undefined): number | undefined {
  const parsed = written === undefined ? undefined : parse(written);
  return parsed === undefined ? undefined : Math.ceil(parsed);
}

function mounts(ctx: ExpandContext, name: string, spec: SidecarSpec, around: Surroundings): MountPoint[] {
  const own = (spec.volumes ?? []).map((v, i): MountPoint => {
    const volume = around.volumes.find((other) => other.name === v.name);
    if (!volume)
      ctx.error("unknown-volume", `the task has no volume "${v.name}"`, `sidecars.${name}.volumes[${i}].name`, {
        expected: around.volumes.map((other) => other.name).join(", ") || "a volume of storage.volumes",
      });
    return { sourceVolume: v.name, containerPath: v.mountPath, ...(v.readOnly ? { readOnly: true as const } : {}) };
  });
  const files = around.files.get(name);
  return files ? [...own, files] : own;
}

/** Its own variables and secrets only. */
function wireSidecar(
  ctx: ExpandContext,
  container: string,
  spec: SidecarSpec,
): { wiring: Pick<Wiring, "environment" | "secrets">; secretGrants: Grant[] } {
  const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
  const found = ownSecrets(ctx, spec.secrets, `sidecars.${container}.`);
  const environment = Object.entries(spec.environment ?? {}).map(([name, value]) => ({ name, value: asText(value) }));
  return {
    wiring: { environment: environment.sort(byName), secrets: found.map((f) => f.secret).sort(byName) },
    secretGrants: found.flatMap((f) => f.grants),
  };
}
