/** Whether a resource keeps its data encrypted, and with whose key: what the policy encryption-at-rest and Security's `enforce` read. */
import type { ResourceSpec } from "../../framework/model/index.js";
import type { Checks, Fault } from "./policies/policy.js";

type Props = ResourceSpec["props"];

const on =
  (property: string, path: string, what: string) =>
  (props: Props): Fault | undefined =>
    props[property] === true ? undefined : { path, message: `${what} is not encrypted at rest`, expected: "true" };

/** Types whose data may be unencrypted; those that AWS always encrypts (S3, DynamoDB, MemoryDB, Kafka, secrets) are not here. */
const RULES: Checks = {
  "aws:docdb/cluster:Cluster": on("storageEncrypted", "encryption.enabled", "the cluster"),
  "aws:ebs/volume:Volume": on("encrypted", "encryption.enabled", "the volume"),
  "aws:efs/fileSystem:FileSystem": on("encrypted", "encryption.enabled", "the file system"),
  "aws:elasticache/cluster:Cluster": () => ({
    path: "",
    message: "Memcached can't encrypt what it keeps",
    next: "use an ElastiCacheRedis",
  }),
  "aws:elasticache/replicationGroup:ReplicationGroup": on("atRestEncryptionEnabled", "security.atRestEncryption", "the cache"),
  "aws:rds/cluster:Cluster": on("storageEncrypted", "", "the database"),
  "aws:rds/instance:Instance": on("storageEncrypted", "", "the database"),
  "aws:sns/topic:Topic": (props) =>
    props.kmsMasterKeyId === undefined
      ? { path: "encryption.enabled", message: "the topic is not encrypted at rest", expected: "true" }
      : undefined,
  "aws:sqs/queue:Queue": (props) =>
    props.kmsMasterKeyId === undefined && props.sqsManagedSseEnabled !== true
      ? { path: "encryption.enabled", message: "the queue is not encrypted at rest", expected: "true" }
      : undefined,
};

/** Why a resource's data is not encrypted, or undefined where it is, or where there is none. */
export function unencrypted(resource: ResourceSpec): Fault | undefined {
  return RULES[resource.type]?.(resource.props, resource);
}

type Rules = { [key: string]: unknown }[];

/** The key that a resource's data is under, by type; undefined where AWS's own is taken. Types that take no key of one's own are not here. */
const KEYS: { [type: string]: { path: string; key(props: Props): unknown } } = {
  "aws:docdb/cluster:Cluster": { path: "encryption.kmsKey", key: (p) => p.kmsKeyId },
  "aws:dynamodb/table:Table": {
    path: "encryption",
    key: (p) => (p.serverSideEncryption as { kmsKeyArn?: unknown } | undefined)?.kmsKeyArn,
  },
  "aws:ebs/volume:Volume": { path: "encryption.kmsKey", key: (p) => p.kmsKeyId },
  "aws:efs/fileSystem:FileSystem": { path: "encryption.kmsKey", key: (p) => p.kmsKeyId },
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": {
    path: "encryption.algorithm",
    key: (p) =>
      ((p.rules as Rules | undefined)?.[0]?.applyServerSideEncryptionByDefault as { kmsMasterKeyId?: unknown } | undefined)?.kmsMasterKeyId,
  },
  "aws:sns/topic:Topic": {
    path: "encryption",
    key: (p) => (typeof p.kmsMasterKeyId === "string" && p.kmsMasterKeyId.startsWith("alias/aws/") ? undefined : p.kmsMasterKeyId),
  },
  "aws:sqs/queue:Queue": { path: "encryption", key: (p) => p.kmsMasterKeyId },
};

/** Why a resource's data is not under a key of the account's own, or undefined where it is, or where it takes none. */
export function withoutOwnKey(resource: ResourceSpec): Fault | undefined {
  const rule = KEYS[resource.type];
  if (!rule || rule.key(resource.props) !== undefined) return undefined;
  return {
    path: rule.path,
    message: "the data is under AWS's own key",
    expected: "the key of the Security document, or another of the account",
  };
}
