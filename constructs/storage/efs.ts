/**
 * EFS: a file system that many tasks mount at once, in private subnets, encrypted, reached over TLS by components that refer to it.
 * $0.30 per GB and month, $0.016 in infrequent access; throughput mode elastic $0.03 per GB read, $0.06 per GB written (us-east-1, 2026-11).
 *
 *   const files = new EFS(service, "files", { accessPoints: [{ name: "uploads", path: "/uploads" }] });
 */
import { z } from "zod";
import { bool, group, int, listOf, oneOf, plainText } from "../../framework/model/fields.js";
import type { Bindings, ExpandContext, Metric, Mount, Ref, ResourceHandle, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { encryptionField, encryptionKey } from "../base/encryption.js";
import { keyLinks } from "../security/key-ref.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { policyDocument } from "../iam.js";
import { ZONE_LETTERS } from "../network/plan.js";
import { privatePlace, type PrivatePlace } from "../network/private-place.js";

/** Days after which files may move (EFS API, LifecyclePolicy). */
const LIFECYCLE_DAYS = [1, 7, 14, 30, 60, 90, 180, 270, 365];
const DAYS = `${LIFECYCLE_DAYS.slice(0, -1).join(", ")} or 365.`;
/** Port of NFS. */
const NFS = 2049;
/** User, group and permissions of an access point's folder where nothing is said. */
const OWNER = { id: 1000, permissions: "0755" };

const id = (of: string) => int(`${of} id of every file written and of the folder.`, 0, 4_294_967_295, { default: OWNER.id }).optional();

const schema = () =>
  z.strictObject({
    throughputMode: oneOf(["elastic", "bursting", "provisioned"], "Throughput: as used, growing with the size, or a fixed one.", {
      default: "elastic",
    }).optional(),
    provisionedThroughput: int("With throughputMode provisioned: what is kept ready.", 1, 3414, { unit: "MiB/s" }).optional(),
    performanceMode: oneOf(["generalPurpose", "maxIO"], "maxIO: more at once, each slower; a change replaces the file system.", {
      default: "generalPurpose",
    }).optional(),
    encryption: encryptionField("EFS's own key"),
    lifecycle: group(
      {
        toInfrequentAccessDays: int(`After so many days without access files move to cheaper storage: ${DAYS}`, 1, 365, {
          unit: "days",
        }).optional(),
        toArchiveDays: int(`And to archive: ${DAYS}`, 1, 365, { unit: "days" }).optional(),
        backOnAccess: bool("Moves a file back when it is read.", { default: false }).optional(),
      },
      "Files that nobody reads move to cheaper storage.",
    ).optional(),
    backup: bool("Daily backups by AWS Backup, kept 35 days.", { default: "true in production" }).optional(),
    accessPoints: listOf(
      group(
        {
          name: plainText("Its name.", {
            pattern: /^[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?$/,
            expected: "lower-case letters, digits and hyphens",
          }),
          path: plainText("The folder that its users see as root; made if it is not there.", {
            pattern: /^(\/|(\/[^/]+){1,4})$/,
            expected: "an absolute path of at most four folders",
          }),
          uid: id("User"),
          gid: id("Group"),
          permissions: plainText("Of the folder, octal.", {
            pattern: /^0?[0-7]{3}$/,
            expected: "such as 0755",
            default: OWNER.permissions,
          }).optional(),
        },
        "One access point.",
      ),
      "Doors to single folders, each with a user of its own.",
    ).optional(),
    ...commonFields,
  });

/** Props of {@link EFS}. */
export interface EFSProps extends PropsOf<ReturnType<typeof schema>> {}

/** A file system. */
export class EFS extends Component {
  constructor(service: Service, name: string, props: EFSProps = {}) {
    super("EFS", service, name, props);
  }

  get fileSystemId(): Ref {
    return this.output("fileSystemId");
  }

  get fileSystemArn(): Ref {
    return this.output("fileSystemArn");
  }

  /** ARNs of the access points, a list in the order given. */
  get accessPointArns(): Ref {
    return this.output("accessPointArns");
  }

  /** Lets the user mount it and read. */
  read(): Use {
    return this.use("read");
  }

  /** The same as {@link readWrite}: a file system is not written without being read. */
  write(): Use {
    return this.use("write");
  }

  /** Lets the user mount it, read and write. */
  readWrite(): Use {
    return this.use("readWrite");
  }

  /** Opens the port to the user; what it may do there is said otherwise. */
  connect(): Use {
    return this.use("connect");
  }
}

type Props = Expanded<z.output<ReturnType<typeof schema>>>;

/** Kind `EFS`. */
export const efsKind = defineKind({
  name: "EFS",
  group: "components",
  summary: "A file system that many tasks mount at once.",
  schema,
  infra: [],
  outputs: {
    fileSystemId: "The file system's id.",
    fileSystemArn: "The file system's ARN.",
    accessPointArns: "ARNs of the access points, a list in the order given.",
  },
  stateful: true,
  links: (props) => keyLinks(props.encryption?.kmsKey, "encryption.kmsKey"),
  expand(props, ctx) {
    check(props, ctx);
    const kmsKeyId = encryptionKey(props.encryption, ctx, "a file system");
    const place = privatePlace(ctx, "File system");
    const system = resource(ctx, undefined, "aws:efs/fileSystem:FileSystem", {
      encrypted: true,
      kmsKeyId,
      performanceMode: props.performanceMode ?? "generalPurpose",
      throughputMode: props.throughputMode ?? "elastic",
      provisionedThroughputInMibps: props.provisionedThroughput,
      lifecyclePolicies: lifecycle(props),
      tags: { ...ctx.tags, Name: `${ctx.stack}-${ctx.environment}-${ctx.component}` },
    });
    const fileSystemId = system.out("id");
    const arn = system.out("arn");
    // It goes with the file system.
    const options = { retainOnDelete: true };
    resource(ctx, "policy", "aws:efs/fileSystemPolicy:FileSystemPolicy", { fileSystemId, policy: tlsOnly(arn) }, { options });
    if (props.backup ?? ctx.environmentClass === "production")
      resource(ctx, "backup", "aws:efs/backupPolicy:BackupPolicy", { fileSystemId, backupPolicy: { status: "ENABLED" } });
    const ready = mountTargets(ctx, fileSystemId, place);
    const points = accessPoints(props, ctx, fileSystemId);
    return {
      outputs: { fileSystemId, fileSystemArn: arn, accessPointArns: [...points.values()].map((p) => p.out("arn")) },
      bindings: {
        ...bindings(fileSystemId, arn, place.securityGroupId),
        metrics: metrics(props, fileSystemId),
        mount: { id: fileSystemId, arn, points: doors(points), ready },
      },
    };
  },
});

function check(props: Props, ctx: ExpandContext): void {
  const provisioned = props.throughputMode === "provisioned";
  if (provisioned !== (props.provisionedThroughput !== undefined))
    ctx.error(
      "throughput",
      provisioned ? "throughputMode provisioned needs provisionedThroughput" : "provisionedThroughput is for throughputMode provisioned",
      "provisionedThroughput",
    );
  if (props.performanceMode === "maxIO" && (props.throughputMode ?? "elastic") === "elastic")
    ctx.error("max-io-elastic", "performanceMode maxIO does not go with throughputMode elastic", "performanceMode", {
      next: "set throughputMode: bursting",
    });
  const { toInfrequentAccessDays: ia, toArchiveDays: archive } = props.lifecycle ?? {};
  for (const [name, days] of Object.entries({ toInfrequentAccessDays: ia, toArchiveDays: archive }))
    if (days !== undefined && !LIFECYCLE_DAYS.includes(days))
      ctx.error("lifecycle-days", `files can't move after ${days} days`, `lifecycle.${name}`, { expected: DAYS.slice(0, -1) });
  if (archive !== undefined && ia !== undefined && archive <= ia)
    ctx.error("archive-first", "files go to archive after infrequent access", "lifecycle.toArchiveDays", { expected: `more than ${ia}` });
}

function lifecycle(props: Props) {
  const { toInfrequentAccessDays: ia, toArchiveDays: archive, backOnAccess } = props.lifecycle ?? {};
  const after = (days: number): string => `AFTER_${days}_${days === 1 ? "DAY" : "DAYS"}`;
  // One transition each: EFS wants them so.
  const list = [
    ...(ia === undefined ? [] : [{ transitionToIa: after(ia) }]),
    ...(archive === undefined ? [] : [{ transitionToArchive: after(archive) }]),
    ...(backOnAccess ? [{ transitionToPrimaryStorageClass: "AFTER_1_ACCESS" }] : []),
  ];
  return list.length === 0 ? undefined : list;
}

/** Nobody without TLS; who may mount is then said by the IAM policies of the account's roles. */
function tlsOnly(arn: Value): Value {
  return policyDocument([
    {
      sid: "TlsOnly",
      effect: "Deny",
      principals: { AWS: "*" },
      actions: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientRootAccess", "elasticfilesystem:ClientWrite"],
      resources: [arn],
      conditions: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
}

/** One per private subnet; roles `mount-a`, `mount-b`. */
function mountTargets(ctx: ExpandContext, fileSystemId: Value, place: PrivatePlace): string[] {
  if (!Array.isArray(place.subnetIds)) {
    ctx.error("subnets-unknown", "a file system in an existing VPC needs the ids of the private subnets, one per zone", "", {
      next: "name them in the Networking document: subnets.private[].id",
    });
    return [];
  }
  return place.subnetIds.map(
    (subnetId, i) =>
      resource(ctx, `mount-${ZONE_LETTERS[i] ?? i}`, "aws:efs/mountTarget:MountTarget", {
        fileSystemId,
        subnetId,
        securityGroups: place.securityGroupIds,
      }).urn,
  );
}

/** By name; roles `access-<name>`. */
function accessPoints(props: Props, ctx: ExpandContext, fileSystemId: Value): Map<string, ResourceHandle> {
  const seen = new Map((props.accessPoints ?? []).map((point) => [point.name, point]));
  const made = [...seen.values()].map((point): [string, ResourceHandle] => {
    const [uid, gid] = [point.uid ?? OWNER.id, point.gid ?? OWNER.id];
    const permissions = (point.permissions ?? OWNER.permissions).padStart(4, "0");
    const handle = resource(ctx, `access-${point.name}`, "aws:efs/accessPoint:AccessPoint", {
      fileSystemId,
      posixUser: { uid, gid },
      rootDirectory: { path: point.path, creationInfo: { ownerUid: uid, ownerGid: gid, permissions } },
      tags: { ...ctx.tags, Name: point.name },
    });
    return [point.name, handle];
  });
  return new Map(made);
}

/** The access points as those who mount them name them. */
function doors(points: ReadonlyMap<string, ResourceHandle>): Mount["points"] {
  return Object.fromEntries([...points].map(([name, p]) => [name, { id: p.out("id"), arn: p.out("arn") }]));
}

/** EFS User Guide, "CloudWatch metrics for Amazon EFS": what there is of its modes. */
function metrics(props: Props, FileSystemId: Value): Metric[] {
  return metricsOf(
    "AWS/EFS",
    { FileSystemId },
    {
      ...(props.throughputMode === "bursting" ? { BurstCreditBalance: "Minimum" } : {}),
      ...(props.performanceMode === "maxIO" ? {} : { PercentIOLimit: "Maximum" }),
      ClientConnections: "Sum",
      TotalIOBytes: "Sum",
    },
  );
}

/** Actions per access: EFS User Guide, "Using IAM to control access to file systems". */
function bindings(id: Value, arn: Value, securityGroupId: Value): Bindings {
  const read = [{ actions: ["elasticfilesystem:ClientMount"], resources: [arn] }];
  const write = [{ actions: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"], resources: [arn] }];
  return {
    grants: { read, write, readWrite: write },
    defaultAccess: "readWrite",
    connect: { securityGroupId, port: NFS, protocol: "tcp" },
    inject: { _FILE_SYSTEM_ID: { value: id } },
  };
}
