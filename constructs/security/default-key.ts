/** The stack's own encryption key, as its Security document names it: what takes it without being asked. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { securityOf } from "./settings.js";

/** The key, or undefined where each service's own is taken. */
export function stackKey(ctx: Pick<ExpandContext, "infra">): Value | undefined {
  return securityOf(ctx).encryption?.kmsKey;
}

/** The key as a property of that name; nothing without one. */
export function stackKeyAs<N extends string>(ctx: Pick<ExpandContext, "infra">, name: N): { [K in N]?: Value } {
  const key = stackKey(ctx);
  return (key === undefined ? {} : { [name]: key }) as { [K in N]?: Value };
}

type Props = { [key: string]: Value | undefined };

/**
 * Type -> the property of its key, where nobody but the service itself uses the key, so that a reader needs no permission for it. Types
 * whose readers and writers do (queues, topics, tables, buckets, secrets) name the key in their kinds.
 */
const PROPERTIES: { [type: string]: string } = {
  "aws:cloudwatch/logGroup:LogGroup": "kmsKeyId",
  "aws:docdb/cluster:Cluster": "kmsKeyId",
  "aws:ebs/volume:Volume": "kmsKeyId",
  "aws:efs/fileSystem:FileSystem": "kmsKeyId",
  "aws:elasticache/replicationGroup:ReplicationGroup": "kmsKeyId",
  "aws:memorydb/cluster:Cluster": "kmsKeyArn",
  "aws:rds/cluster:Cluster": "kmsKeyId",
  "aws:rds/instance:Instance": "kmsKeyId",
};

/** The key as a property of a resource that says none. A read replica has that of its source, a cache without encryption none. */
export function keyProperty(ctx: Pick<ExpandContext, "infra">, type: string, props: Props): Props {
  const property = PROPERTIES[type];
  if (property === undefined || props[property] !== undefined) return {};
  if (props.replicateSourceDb !== undefined || props.atRestEncryptionEnabled === false) return {};
  return stackKeyAs(ctx, property);
}
