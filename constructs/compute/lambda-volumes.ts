/** `volumes` of a function: a folder of a file system of the stack, by an access point, and what mounting it takes. */
import { bool, group, listOf, plainText } from "../../framework/model/fields.js";
import type { ExpandContext, Value } from "../../framework/model/index.js";
import type { ScopedGrant } from "./roles.js";
import { findMount, type VolumeSpec } from "./volumes.js";

/** One `volumes[]` entry. */
export type FunctionVolume = Pick<VolumeSpec, "mountPath" | "readOnly"> & { source: string };

/** The field `volumes` (Lambda API, "FileSystemConfig"). */
export const functionVolumes = listOf(
  group(
    {
      source: plainText("An EFS component and its access point: `files/uploads`, or `service/files/uploads`."),
      mountPath: plainText("Where the function sees it: below /mnt/.", {
        max: 160,
        pattern: /^\/mnt\/[\w.-]+$/,
        expected: "a path such as /mnt/files",
      }),
      readOnly: bool("It may read only.", { default: false }).optional(),
    },
    "One folder.",
  ),
  "A folder of a file system of the stack, at most one; the function then runs in the network.",
);

/** What the volumes of a function come to. */
export interface FunctionMounts {
  /** As the function has it. */
  config: { arn: Value; localMountPath: string } | undefined;
  /** For the function's role. */
  grants: ScopedGrant[];
  /** URNs that must stand before the function is made. */
  ready: readonly string[];
  /** Addresses of the components that are mounted. */
  mounted: ReadonlySet<string>;
}

/** What a function needs for its volumes. Reports a second one, and what can't be mounted. */
export function functionMounts(ctx: ExpandContext, [volume, ...more]: readonly FunctionVolume[]): FunctionMounts {
  if (more.length > 0)
    ctx.error("one-volume", "a function mounts one folder (Lambda API, FileSystemConfigs)", "volumes[1]", {
      expected: "one volume",
      next: "mount an access point whose path holds both folders",
    });
  const none: FunctionMounts = { config: undefined, grants: [], ready: [], mounted: new Set() };
  if (volume === undefined) return none;
  const { source, mountPath, readOnly } = volume;
  const found = findMount(ctx, source, readOnly, "volumes[0].source");
  if (!found) return none;
  const { address, mount, point, grant } = found;
  if (!point) {
    const names = Object.keys(mount.points);
    ctx.error("no-access-point", `a function mounts an access point, and "${source}" is a whole file system`, "volumes[0].source", {
      expected: names.length > 0 ? names.map((name) => `${source}/${name}`).join(", ") : "component/access-point",
      ...(names.length > 0 ? {} : { next: `give ${address} accessPoints: [{ name: files, path: /files }]` }),
    });
    return none;
  }
  return {
    config: { arn: point.arn, localMountPath: mountPath },
    grants: [grant],
    ready: mount.ready,
    mounted: new Set([address]),
  };
}
