/**
 * EBS: a disk for an instance, encrypted, with snapshots where asked for.
 * gp3 $0.08, io2 $0.125 per GB and month, snapshots $0.05 per GB and month (us-east-1, 2026-11).
 *
 *   const disk = new EBS(service, "disk", { sizeGB: 50, snapshots: { schedule: "rate(24 hours)", retain: 7 } });
 */
import { z } from "zod";
import { group, int, oneOf, plainText } from "../../framework/model/fields.js";
import type { ExpandContext, Metric, Ref, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component } from "../base/component.js";
import { encryptionField, encryptionKey } from "../base/encryption.js";
import { keyLinks } from "../security/key-ref.js";
import { defineKind, type Expanded, NO_BINDINGS } from "../base/kind.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { workloadRole } from "../compute/roles.js";
import { zone } from "../network/plan.js";

/** Hours between snapshots that Data Lifecycle Manager knows (DLM API, CreateRule). */
const HOURS = [1, 2, 3, 4, 6, 8, 12, 24];
const RETAIN = 7;

const schema = () =>
  z.strictObject({
    sizeGB: int("Its size; may grow later.", 1, 65536, { unit: "GiB" }),
    type: oneOf(["gp2", "gp3", "io1", "io2", "st1", "sc1"], "Kind of disk: gp3 for most, io for much, st1 and sc1 are slow and cheap.", {
      default: "gp3",
    }).optional(),
    iops: int("gp3, io1, io2: operations per second.", 100, 256_000, { default: "gp3: 3000" }).optional(),
    throughput: int("gp3: throughput.", 125, 2000, { unit: "MiB/s", default: 125 }).optional(),
    availabilityZone: plainText("The zone; a change replaces the volume.", { default: "the region's first" }).optional(),
    encryption: encryptionField("EBS's own key"),
    snapshots: group(
      {
        schedule: plainText("`rate(N hours)` with N one of 1, 2, 3, 4, 6, 8, 12, 24, or `cron(...)`; UTC.", {
          pattern: /^(rate\(\d+ hours?\)|cron\(\S+ \S+ \S+ \S+ \S+ \S+\))$/,
          expected: "rate(24 hours) or cron(0 3 * * ? *)",
        }),
        retain: int("How many are kept.", 1, 1000, { default: RETAIN }).optional(),
      },
      "Snapshots by schedule.",
    ).optional(),
    ...commonFields,
  });

/** Props of {@link EBS}. */
export interface EBSProps extends PropsOf<ReturnType<typeof schema>> {}

/** A disk. */
export class EBS extends Component {
  constructor(service: Service, name: string, props: EBSProps) {
    super("EBS", service, name, props);
  }

  get volumeId(): Ref {
    return this.output("volumeId");
  }
}

type Props = Expanded<z.output<ReturnType<typeof schema>>>;

/** Kind `EBS`. */
export const ebsKind = defineKind({
  name: "EBS",
  group: "components",
  summary: "A disk for an instance.",
  schema,
  infra: [],
  outputs: { volumeId: "The volume's id." },
  stateful: true,
  links: (props) => keyLinks(props.encryption?.kmsKey, "encryption.kmsKey"),
  expand(props, ctx) {
    check(props, ctx);
    const kmsKeyId = encryptionKey(props.encryption, ctx, "a volume");
    // Data Lifecycle Manager finds volumes by any one tag, so this one must be nobody else's.
    const marked: { [tag: string]: string } = props.snapshots
      ? { "panka:snapshots": `${ctx.stack}/${ctx.environment}/${ctx.address}` }
      : {};
    const volume = resource(ctx, undefined, "aws:ebs/volume:Volume", {
      availabilityZone: props.availabilityZone ?? zone(0),
      size: props.sizeGB,
      type: props.type ?? "gp3",
      iops: props.iops,
      throughput: props.throughput,
      encrypted: true,
      kmsKeyId,
      finalSnapshot: ctx.environmentClass === "production" ? true : undefined,
      tags: { ...ctx.tags, ...marked, Name: `${ctx.stack}-${ctx.environment}-${ctx.component}` },
    });
    if (props.snapshots) snapshots(props.snapshots, ctx, volume.out("arn"), marked);
    return { outputs: { volumeId: volume.out("id") }, bindings: { ...NO_BINDINGS, metrics: metrics(props, volume.out("id")) } };
  },
});

/** EBS User Guide, "Amazon CloudWatch metrics for Amazon EBS"; credits have the types that burst. */
function metrics({ type }: Props, VolumeId: Value): Metric[] {
  return metricsOf(
    "AWS/EBS",
    { VolumeId },
    {
      VolumeQueueLength: "Average",
      VolumeReadOps: "Sum",
      VolumeWriteOps: "Sum",
      ...(type === "gp2" || type === "st1" || type === "sc1" ? { BurstBalance: "Minimum" } : {}),
    },
  );
}

/** Limits per type: EBS User Guide, "Amazon EBS volume types". */
const LIMITS: { [type: string]: { size: [number, number]; iops?: [number, number] } } = {
  gp2: { size: [1, 16_384] },
  gp3: { size: [1, 65_536], iops: [3000, 80_000] },
  io1: { size: [4, 16_384], iops: [100, 64_000] },
  io2: { size: [4, 65_536], iops: [100, 256_000] },
  st1: { size: [125, 16_384] },
  sc1: { size: [125, 16_384] },
};

function check(props: Props, ctx: ExpandContext): void {
  const type = props.type ?? "gp3";
  const limits = LIMITS[type] ?? { size: [1, 65_536] };
  const within = (value: number, [from, to]: [number, number]): boolean => value >= from && value <= to;
  if (!within(props.sizeGB, limits.size))
    ctx.error("volume-size", `a ${type} volume can't have ${props.sizeGB} GiB`, "sizeGB", { expected: limits.size.join(" to ") });
  if (props.iops !== undefined && !limits.iops)
    ctx.error("iops-unused", `a ${type} volume takes no iops`, "iops", { expected: "gp3, io1 or io2" });
  else if (props.iops !== undefined && limits.iops && !within(props.iops, limits.iops))
    ctx.error("volume-iops", `a ${type} volume can't have ${props.iops} iops`, "iops", { expected: limits.iops.join(" to ") });
  if (props.iops === undefined && type.startsWith("io"))
    ctx.error("missing-iops", `a ${type} volume needs iops`, "iops", { expected: "a number from 100" });
  if (props.throughput !== undefined && type !== "gp3")
    ctx.error("throughput-unused", `a ${type} volume takes no throughput`, "throughput", { expected: "gp3" });
  const hours = Number(/^rate\((\d+)/.exec(props.snapshots?.schedule ?? "")?.[1] ?? HOURS[0]);
  if (!HOURS.includes(hours))
    ctx.error("snapshot-rate", `snapshots can't be taken every ${hours} hours`, "snapshots.schedule", {
      expected: `one of ${HOURS.join(", ")} hours, or cron(...)`,
    });
}

/** The policy that takes them, and its role; roles `snapshots`, `snapshots-role`. */
function snapshots(
  spec: NonNullable<Props["snapshots"]>,
  ctx: ExpandContext,
  volumeArn: Value,
  targetTags: { [key: string]: string },
): void {
  const snapshotArn: Value = { $text: ["arn:aws:ec2:", ctx.regionValue, "::snapshot/*"] };
  // Descriptions know no resource: AWS accepts only `*` there.
  const role = workloadRole(ctx, "snapshots-role", "dlm.amazonaws.com", [
    { actions: ["ec2:CreateSnapshot"], resources: [volumeArn, snapshotArn] },
    { actions: ["ec2:CreateTags", "ec2:DeleteSnapshot"], resources: [snapshotArn] },
    { actions: ["ec2:DescribeSnapshots", "ec2:DescribeVolumes"], resources: ["*"] },
  ]);
  const rate = /^rate\((\d+)/.exec(spec.schedule)?.[1];
  resource(
    ctx,
    "snapshots",
    "aws:dlm/lifecyclePolicy:LifecyclePolicy",
    {
      description: `Snapshots of ${ctx.service} ${ctx.component}`,
      executionRoleArn: role.arn,
      policyDetails: {
        resourceTypes: ["VOLUME"],
        targetTags,
        schedules: [
          {
            name: "snapshots",
            createRule: rate === undefined ? { cronExpression: spec.schedule } : { interval: Number(rate), intervalUnit: "HOURS" },
            retainRule: { count: spec.retain ?? RETAIN },
            copyTags: true,
          },
        ],
      },
      tags: ctx.tags,
    },
    { dependsOn: role.ready },
  );
}
