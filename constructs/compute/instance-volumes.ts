/** Further disks of instances: made for each of them, or an EBS component. */
import type { z } from "zod";
import { group, int, listOf, oneOf, plainText } from "../../framework/model/fields.js";
import type { ExpandContext, ResourceHandle } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";

/** The field `volumes`. */
export const volumeFields = listOf(
  group(
    {
      name: plainText("Its name.", { pattern: /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/, expected: "lower case, digits and hyphens" }),
      device: plainText("Device name that the instance sees.", {
        pattern: /^(\/dev\/(sd[f-p]|xvd[f-p])|xvd[f-p])$/,
        expected: "/dev/sdf to /dev/sdp",
      }),
      sizeGB: int("Size of a disk that is made for each instance.", 1, 65_536, { unit: "GiB" }).optional(),
      type: oneOf(["gp2", "gp3", "st1", "sc1"], "Kind of disk.", { default: "gp3" }).optional(),
      component: plainText("An EBS component that is attached, instead; it must be in the instance's zone.").optional(),
    },
    "One disk.",
  ),
  "Further disks, encrypted.",
);

type Volume = z.output<typeof volumeFields>[number];

/** Declares disks and attachments; roles `volume-<name>`, `attach-<name>`, of the second instance on with `-2`. */
export function attachVolumes(volumes: readonly Volume[], ctx: ExpandContext, instances: readonly ResourceHandle[]): void {
  const devices = new Set<string>();
  for (const [i, volume] of volumes.entries()) {
    const path = `volumes[${i}]`;
    if (!distinct(volume, path, devices, ctx) || !complete(volume, path, ctx, instances.length)) continue;
    for (const [n, instance] of instances.entries()) attach(volume, ctx, instance, n === 0 ? "" : `-${n + 1}`);
  }
}

function distinct({ device }: Volume, path: string, seen: Set<string>, ctx: ExpandContext): boolean {
  const first = !seen.has(device);
  if (!first) ctx.error("volume-twice", `two volumes have the device "${device}"`, `${path}.device`);
  seen.add(device);
  return first;
}

function complete(volume: Volume, path: string, ctx: ExpandContext, count: number): boolean {
  const { sizeGB, component, type } = volume;
  if ((sizeGB === undefined) === (component === undefined))
    ctx.error("volume-source", "a volume has either a size or is an EBS component", path, { expected: "sizeGB, or component" });
  else if (component !== undefined && type !== undefined)
    ctx.error("type-unused", `the kind of disk is said by "${component}"`, `${path}.type`, { next: "remove type" });
  else if (component !== undefined && count > 1)
    ctx.error("volume-shared", `one disk can't be attached to ${count} instances`, `${path}.component`, {
      expected: "sizeGB, or count: 1",
    });
  else if (component !== undefined && ctx.target(component)?.outputs.volumeId === undefined)
    ctx.error("no-volume", `"${component}" is no disk`, `${path}.component`, { expected: "an EBS component" });
  else return true;
  return false;
}

function attach(volume: Volume, ctx: ExpandContext, instance: ResourceHandle, suffix: string): void {
  const own = volume.component === undefined ? undefined : ctx.target(volume.component)?.outputs.volumeId;
  const volumeId =
    own ??
    resource(ctx, `volume-${volume.name}${suffix}`, "aws:ebs/volume:Volume", {
      availabilityZone: instance.out("availabilityZone"),
      size: volume.sizeGB,
      type: volume.type ?? "gp3",
      encrypted: true,
      finalSnapshot: ctx.environmentClass === "production" ? true : undefined,
      tags: { ...ctx.tags, Name: `${ctx.stack}-${ctx.environment}-${ctx.component}-${volume.name}${suffix}` },
    }).out("id");
  resource(ctx, `attach-${volume.name}${suffix}`, "aws:ec2/volumeAttachment:VolumeAttachment", {
    deviceName: volume.device,
    volumeId,
    instanceId: instance.out("id"),
    stopInstanceBeforeDetaching: true,
  });
}
