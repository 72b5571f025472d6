/** The fields of a bucket. */
import { anything, bool, group, int, listOf, mapOf, oneOf, plainText, text } from "../../framework/model/fields.js";
import { KEY_FORMS } from "../security/key-ref.js";
import { commonFields } from "../base/common.js";

const days = (description: string) => int(description, 1, undefined, { unit: "days" });

/** Storage classes that a rule may move objects to (S3 User Guide, "Lifecycle transitions"). */
const STORAGE_CLASSES = ["STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"] as const;

/** An event as S3 names it (S3 User Guide, "Supported event types for SQS, SNS, and Lambda"). */
export const s3Event = plainText("An event, such as `s3:ObjectCreated:*` or `s3:ObjectRemoved:Delete`.", {
  pattern: /^s3:[A-Za-z]+(:([A-Za-z]+|\*))?$/,
  expected: "an event such as s3:ObjectCreated:* or s3:ObjectRemoved:Delete",
});

/** Spec of the kind S3. */
export const s3Fields = {
  bucket: group(
    {
      name: plainText("The bucket's physical name, unique in the world.", { min: 3, max: 63, default: "generated" }).optional(),
      acl: oneOf(
        [
          "private",
          "public-read",
          "public-read-write",
          "authenticated-read",
          "log-delivery-write",
          "bucket-owner-read",
          "bucket-owner-full-control",
        ],
        "Canned ACL; turns ACLs on for the bucket. Leave it out: ACLs are then off.",
      ).optional(),
      forceDestroy: bool("Destroying the bucket deletes what is in it.", { default: false }).optional(),
      tags: mapOf(text("The value."), "Tags of the bucket alone.").optional(),
    },
    "The bucket itself.",
  ).optional(),
  versioning: group(
    { enabled: bool("true keeps every version; false suspends it.", { default: true }).optional() },
    "Versions of objects.",
  ).optional(),
  encryption: group(
    {
      enabled: bool("Encryption at rest; can't be off.", { default: true }).optional(),
      algorithm: oneOf(["AES256", "aws:kms"], "S3's own key or a KMS key.", { default: "aws:kms with kmsKeyId, else AES256" }).optional(),
      kmsKeyId: text(`Key: ${KEY_FORMS}.`).optional(),
    },
    "Encryption at rest.",
  ).optional(),
  lifecycle: listOf(
    group(
      {
        id: plainText("The rule's name.", { min: 1, max: 255 }),
        enabled: bool("On or off.", { default: true }).optional(),
        prefix: plainText("Objects that the rule is for.", { default: "all" }).optional(),
        expiration: group({ days: days("Age at which objects are deleted.") }, "Deletes objects.").optional(),
        transitions: listOf(
          group({ days: int("Age.", 0, undefined, { unit: "days" }), storageClass: oneOf(STORAGE_CLASSES, "Where to.") }, "One move."),
          "Moves objects to cheaper storage.",
        ).optional(),
        noncurrentVersionExpiration: group({ days: days("Days since a version was replaced.") }, "Deletes old versions.").optional(),
        abortIncompleteMultipartDays: days("Age at which unfinished uploads are dropped.").optional(),
      },
      "One rule.",
    ),
    "What happens to objects with time.",
  ).optional(),
  cors: group(
    {
      allowedOrigins: listOf(plainText("An origin, or *."), "Origins that may ask.").min(1),
      allowedMethods: listOf(oneOf(["GET", "PUT", "POST", "DELETE", "HEAD"], "A method."), "Methods that they may use.").min(1),
      allowedHeaders: listOf(plainText("A header, or *."), "Headers that they may send.").optional(),
      exposeHeaders: listOf(plainText("A header."), "Headers that they may read.").optional(),
      maxAgeSeconds: int("How long a browser may keep the answer.", 0, undefined, { unit: "seconds" }).optional(),
    },
    "Requests of browsers from other origins.",
  ).optional(),
  website: group(
    {
      enabled: bool("On or off.", { default: true }).optional(),
      indexDocument: plainText("Page of a folder.", { default: "index.html" }).optional(),
      errorDocument: plainText("Page for errors.").optional(),
      routingRules: anything("Redirects, as S3's RoutingRules in JSON.").optional(),
    },
    "Static website over HTTP. Readable by everyone only if publicAccessBlock.blockPublicPolicy and .restrictPublicBuckets are false.",
  ).optional(),
  replication: group(
    {
      enabled: bool("On or off.", { default: true }).optional(),
      destinationBucket: text("The bucket that gets the copies: an S3 component or an ARN; it must have versioning.").optional(),
      region: plainText(
        "Instead of destinationBucket, in a stack of several regions: the region whose bucket of this component gets the copies of the others.",
        { pattern: /^[a-z]{2}(-[a-z]+)+-\d$/, expected: "a region such as eu-central-1" },
      ).optional(),
      bothWays: bool("With region, in a stack of two: copies go back, too.", { default: false }).optional(),
      roleArn: text("Role that copies.", { default: "one is made" }).optional(),
      replicaKmsKeyId: text(
        "The key that copies are encrypted with, a KMSKey component or an ARN, in the destination's region; needed where the bucket is encrypted with a KMS key.",
      ).optional(),
    },
    "Copies new objects to another bucket; needs versioning.",
  ).optional(),
  publicAccessBlock: group(
    {
      blockPublicAcls: bool("Refuses public ACLs.", { default: true }).optional(),
      blockPublicPolicy: bool("Refuses public bucket policies.", { default: true }).optional(),
      ignorePublicAcls: bool("Ignores public ACLs.", { default: true }).optional(),
      restrictPublicBuckets: bool("Ignores public bucket policies.", { default: true }).optional(),
    },
    "What keeps the bucket from being public; all on.",
  ).optional(),
  notifications: listOf(
    group(
      {
        component: plainText(
          "Who is told: a Lambda, SQS or SNS component; an EventBridge component without a bus is told every event, for its rules to choose from.",
        ),
        events: listOf(s3Event, "Which events.", { default: "s3:ObjectCreated:*" }).optional(),
        prefix: plainText("Only objects whose key begins so.").optional(),
        suffix: plainText("Only objects whose key ends so.").optional(),
      },
      "One receiver.",
    ),
    "Who hears of new and deleted objects. A Lambda's s3 trigger does the same from the other side.",
  ).optional(),
  ...commonFields,
};
