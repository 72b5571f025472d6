/**
 * S3: a bucket. Private, encrypted, reachable over TLS only, without ACLs.
 * Costs nothing while empty; $0.023 per GB and month (us-east-1, 2026-11).
 *
 *   const avatars = new S3(service, "avatars", {
 *     versioning: { enabled: true },
 *     lifecycle: [{ id: "old", expiration: { days: 365 } }],
 *   });
 */
import { z } from "zod";
import type { Bindings, Metric, Ref, Value } from "../../framework/model/index.js";
import { Component, type Use } from "../base/component.js";
import { defineKind } from "../base/kind.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import type { PropsOf } from "../base/common.js";
import { bucketAccess, bucketPolicy, type BucketStatement } from "./s3-access.js";
import { keyLinks } from "../security/key-ref.js";
import { openKey } from "../security/key-policy.js";
import { bucketLinks } from "./log-bucket.js";
import { announceBucket, type BucketNotice, notifications } from "./s3-notifications.js";
import { bucketKey } from "./s3-key.js";
import { bucketParts } from "./s3-parts.js";
import { bucketName, checkRegional } from "./s3-regions.js";
import { s3Fields } from "./s3-schema.js";

const schema = z.strictObject(s3Fields);

/** Props of {@link S3}. */
export interface S3Props extends PropsOf<typeof schema> {}

/** A bucket. */
export class S3 extends Component {
  constructor(service: Service, name: string, props: S3Props = {}) {
    super("S3", service, name, props);
  }

  get bucketName(): Ref {
    return this.output("bucketName");
  }

  get bucketArn(): Ref {
    return this.output("bucketArn");
  }

  /** Regional domain name, for CloudFront and virtual-hosted requests. */
  get domainName(): Ref {
    return this.output("domainName");
  }

  /** URL of the website; an error at validate if there is none. */
  get websiteUrl(): Ref {
    return this.output("websiteUrl");
  }

  /** Lets the user list and read objects. */
  read(): Use {
    return this.use("read");
  }

  /** Lets the user put and delete objects. */
  write(): Use {
    return this.use("write");
  }

  /** Both. */
  readWrite(): Use {
    return this.use("readWrite");
  }
}

/** Kind `S3`. */
export const s3Kind = defineKind({
  name: "S3",
  group: "components",
  summary: "A bucket.",
  schema,
  infra: [],
  outputs: {
    bucketName: "The bucket's physical name.",
    bucketArn: "The bucket's ARN.",
    domainName: "The bucket's regional domain name.",
    websiteUrl: "URL of the website, if there is one.",
  },
  hasOutput: (name, props) =>
    ["bucketName", "bucketArn", "domainName"].includes(name) || (name === "websiteUrl" && hasWebsite(props as { website?: Website })),
  stateful: true,
  links: ({ notifications: told = [], encryption, replication }) => [
    ...told.map(({ component }, i) => ({ component, path: `notifications[${i}].component`, orderOnly: true, late: "both" as const })),
    ...keyLinks(encryption?.kmsKeyId, "encryption.kmsKeyId", true),
    ...bucketLinks(replication?.destinationBucket, "replication.destinationBucket"),
    ...keyLinks(replication?.replicaKmsKeyId, "replication.replicaKmsKeyId"),
  ],
  expand(props, ctx) {
    checkRegional(props, ctx);
    const name = bucketName(props, ctx);
    const bucket = resource(
      ctx,
      undefined,
      "aws:s3/bucketV2:BucketV2",
      {
        bucket: name,
        forceDestroy: props.bucket?.forceDestroy,
        tags: { ...ctx.tags, ...props.bucket?.tags },
      },
      { probe: { class: "A", importId: name ?? { $name: true } } },
    );
    const place = { id: bucket.out("id"), arn: bucket.out("arn") };
    bucketAccess(props, ctx, place);
    const website = bucketParts(props, ctx, place);
    announceBucket(props.notifications ?? [], place.arn, ctx);
    const key = bucketKey(props.encryption, ctx);
    return {
      outputs: {
        bucketName: place.id,
        bucketArn: place.arn,
        domainName: bucket.out("bucketRegionalDomainName"),
        ...(website ? { websiteUrl: { $text: ["http://", website] } } : {}),
      },
      bindings: { ...bindings(place.id, place.arn, key), metrics: metrics(place.id), ...(key === undefined ? {} : { encryptedWith: key }) },
    };
  },
  finish(props, told, ctx) {
    const requests = told.map((t) => t.request as Partial<BucketStatement & BucketNotice>);
    const statements = requests.filter((r): r is BucketStatement => r.statement !== undefined);
    bucketPolicy(props, ctx, statements);
    openKey(
      ctx,
      bucketKey(props.encryption, ctx),
      statements.flatMap((s) => s.key ?? []),
    );
    const notices = requests.filter((r): r is BucketNotice => r.list !== undefined);
    notifications(props.notifications ?? [], notices, ctx);
  },
});

type Website = { enabled?: boolean };

function hasWebsite(props: { website?: Website | undefined }): boolean {
  return props.website !== undefined && props.website.enabled !== false;
}

/** S3 counts what it holds once a day, free of charge (Amazon S3 User Guide, "Metrics and dimensions"); requests it counts where it is paid for. */
const DAY = 86_400;

function metrics(BucketName: Value): Metric[] {
  const held = (name: string, StorageType: string) => metricsOf("AWS/S3", { BucketName, StorageType }, { [name]: "Average" }, DAY);
  return [...held("BucketSizeBytes", "StandardStorage"), ...held("NumberOfObjects", "AllStorageTypes")];
}

/** Actions per access: Amazon S3 User Guide, "Required permissions for Amazon S3 API operations". */
function bindings(name: Value, arn: Value, kmsKey: Value | undefined): Bindings {
  const objects: Value = { $text: [arn, "/*"] };
  const list = { actions: ["s3:GetBucketLocation", "s3:ListBucket"], resources: [arn] };
  const read = { actions: ["s3:GetObject", "s3:GetObjectVersion"], resources: [objects] };
  const write = {
    actions: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
    resources: [objects],
  };
  const key = kmsKey === undefined ? [] : [{ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [kmsKey] }];
  return {
    grants: { read: [list, read, ...key], write: [list, write, ...key], readWrite: [list, read, write, ...key] },
    defaultAccess: "readWrite",
    inject: { _BUCKET: { value: name } },
  };
}
