/** Volumes of a task: scratch space, and file systems of the stack with what mounting them takes. */
import { nearest } from "../../framework/base/nearest.js";
import type { BoundTarget, ExpandContext, Link, Mount, Value } from "../../framework/model/index.js";
import type { MountPoint } from "./container.js";
import type { ScopedGrant } from "./roles.js";

/** One `storage.volumes[]` entry. */
export interface VolumeSpec {
  name: string;
  mountPath: string;
  type?: "efs" | "emptyDir" | undefined;
  source?: string | undefined;
  readOnly?: boolean | undefined;
}

/** A volume as a task definition takes it. */
export interface TaskVolume {
  name: string;
  efsVolumeConfiguration?: {
    fileSystemId: Value;
    transitEncryption: "ENABLED";
    authorizationConfig: { iam: "ENABLED"; accessPointId?: Value };
  };
}

/** What the volumes of a task come to. */
export interface MadeVolumes {
  /** Of the task definition. */
  volumes: TaskVolume[];
  /** Of the main container. */
  mounts: MountPoint[];
  /** For the task's own role. */
  grants: ScopedGrant[];
  /** URNs that must stand before a task starts. */
  ready: string[];
  /** Addresses of the components that are mounted. */
  mounted: Set<string>;
}

/** The file systems that volumes name: a component, or a component and its access point. The port is opened by address, nothing else is given. `at`: where the list stands in the props. */
export function volumeLinks(volumes: readonly Pick<VolumeSpec, "source">[], at = "storage.volumes"): Link[] {
  return volumes.flatMap(({ source }, i): Link[] => {
    if (source === undefined) return [];
    const { component } = withPoint(source);
    return [{ component: source, ...(component === source ? {} : { or: component }), path: `${at}[${i}].source`, orderOnly: true }];
  });
}

/** `a/b` may be the component b of service a, or the access point b of component a. */
function withPoint(source: string): { component: string; point: string } {
  const slash = source.lastIndexOf("/");
  return slash < 0 ? { component: source, point: "" } : { component: source.slice(0, slash), point: source.slice(slash + 1) };
}

/** What a task needs for its volumes. Reports names and paths that are given twice, and what can't be mounted. */
export function mountVolumes(ctx: ExpandContext, specs: readonly VolumeSpec[]): MadeVolumes {
  const made: MadeVolumes = { volumes: [], mounts: [], grants: [], ready: [], mounted: new Set() };
  for (const [i, spec] of specs.entries()) {
    const path = `storage.volumes[${i}]`;
    for (const field of ["name", "mountPath"] as const)
      if (specs.findIndex((s) => s[field] === spec[field]) < i)
        ctx.error("duplicate-volume", `a second volume with ${field} "${spec[field]}"`, `${path}.${field}`);
    if (isEfs(ctx, spec, path)) mountFileSystem(ctx, spec, path, made);
    else made.volumes.push({ name: spec.name });
    made.mounts.push({ sourceVolume: spec.name, containerPath: spec.mountPath, ...(spec.readOnly ? { readOnly: true } : {}) });
  }
  return made;
}

function isEfs(ctx: ExpandContext, { type, source }: VolumeSpec, path: string): boolean {
  if (type === "efs" && source === undefined)
    ctx.error("volume-source", "a volume of type efs needs a source", `${path}.source`, { expected: "an EFS component" });
  if (type === "emptyDir" && source !== undefined)
    ctx.error("volume-source", "a volume of type emptyDir begins empty", `${path}.source`, { expected: "no source, or type: efs" });
  return type !== "emptyDir" && source !== undefined;
}

/** A file system of the stack as a volume: over TLS, by the task's role, through the access point only if one is named. */
function mountFileSystem(ctx: ExpandContext, spec: VolumeSpec, path: string, made: MadeVolumes): void {
  const found = findMount(ctx, spec.source ?? "", spec.readOnly, `${path}.source`);
  if (!found) return;
  const { address, mount, point, grant } = found;
  made.volumes.push({
    name: spec.name,
    efsVolumeConfiguration: {
      fileSystemId: mount.id,
      transitEncryption: "ENABLED",
      authorizationConfig: { iam: "ENABLED", ...(point ? { accessPointId: point.id } : {}) },
    },
  });
  made.grants.push(grant);
  made.ready.push(...mount.ready);
  made.mounted.add(address);
}

/** What a source names. */
export interface FoundMount {
  /** Address of the component. */
  address: string;
  mount: Mount;
  /** The access point, where one is named. */
  point: Mount["points"][string] | undefined;
  /** What the role of who mounts it needs: through the access point only, if one is named. */
  grant: ScopedGrant;
}

/** The file system or access point that a source names; the plan is told of the grant. Reports what can't be mounted, at `path`. */
export function findMount(ctx: ExpandContext, source: string, readOnly: boolean | undefined, path: string): FoundMount | undefined {
  const found = fileSystem(ctx, source, path);
  if (!found) return undefined;
  const { target, mount, point } = found;
  const { address } = target;
  const grant = { actions: mountActions(readOnly ?? false, point !== undefined), resources: [mount.arn] };
  ctx.granted([grant], address);
  const scoped = point ? { ...grant, conditions: { StringEquals: { "elasticfilesystem:AccessPointArn": point.arn } } } : grant;
  return { address, mount, point, grant: scoped };
}

/**
 * EFS User Guide, "Using IAM to control access to file systems". Without an access point, whose user owns its folder, only root may
 * write where nobody has made a folder yet.
 */
function mountActions(readOnly: boolean, byPoint: boolean): string[] {
  if (readOnly) return ["elasticfilesystem:ClientMount"];
  return ["elasticfilesystem:ClientMount", ...(byPoint ? [] : ["elasticfilesystem:ClientRootAccess"]), "elasticfilesystem:ClientWrite"];
}

function fileSystem(
  ctx: ExpandContext,
  source: string,
  path: string,
): { target: BoundTarget; mount: Mount; point: Mount["points"][string] | undefined } | undefined {
  const whole = ctx.target(source);
  const { component, point: name } = withPoint(source);
  const target = whole ?? ctx.target(component);
  if (!target) return undefined;
  const mount = target.bindings?.mount;
  if (!mount) {
    ctx.error("not-mountable", `${target.kind} "${target.address}" can't be mounted`, path, { expected: "an EFS component" });
    return undefined;
  }
  const point = whole ? undefined : mount.points[name];
  if (whole || point) return { target, mount, point };
  const names = Object.keys(mount.points);
  const suggestion = nearest(name, names);
  ctx.error("unknown-access-point", `"${target.address}" has no access point "${name}"`, path, {
    expected: names.length > 0 ? names.join(", ") : "no access point: it has none",
    ...(suggestion ? { suggestion: `${component}/${suggestion}` } : {}),
  });
  return undefined;
}
