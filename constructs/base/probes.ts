/**
 * How a create whose reply was lost is found again, for types where the default (by tags) does not do: those without tags, and those
 * whose import id is known beforehand. Source of the import ids: "Import" in each type's page of the provider's documentation, 5.100.
 */
import type { ProbeSpec, Value } from "../../framework/model/index.js";

type Props = { [key: string]: Value | undefined };

/** Filled in by plan: the physical name. */
const NAME: Value = { $name: true };

/** By an import id put together from parts; no probe by id where a part is missing. */
function byId(...parts: (Value | undefined)[]): ProbeSpec {
  if (parts.some((p) => p === undefined)) return { class: "B" };
  return { class: "A", importId: parts.length === 1 ? (parts[0] as Value) : { $text: parts as Value[] } };
}

const byName = (): ProbeSpec => byId(NAME);
const byBucket = (p: Props): ProbeSpec => byId(p.bucket);

/** Token -> probe for these props. */
const PROBES: { [token: string]: (props: Props) => ProbeSpec } = {
  "aws:apigateway/restApi:RestApi": () => ({
    class: "C",
    lookup: { token: "aws:apigateway/getRestApi:getRestApi", args: { name: NAME }, output: "id" },
  }),
  "aws:apigatewayv2/stage:Stage": (p) => byId(p.apiId, "/", p.name ?? NAME),
  "aws:appautoscaling/policy:Policy": (p) => byId(p.serviceNamespace, "/", p.resourceId, "/", p.scalableDimension, "/", NAME),
  "aws:appautoscaling/target:Target": (p) => byId(p.serviceNamespace, "/", p.resourceId, "/", p.scalableDimension),
  "aws:cloudwatch/eventBus:EventBus": byName,
  "aws:cloudwatch/eventRule:EventRule": (p) => byId(p.eventBusName ?? "default", "/", NAME),
  "aws:cloudwatch/eventTarget:EventTarget": (p) => byId(p.eventBusName ?? "default", "/", p.rule, "/", NAME),
  "aws:cloudwatch/logGroup:LogGroup": byName,
  "aws:cloudwatch/metricAlarm:MetricAlarm": byName,
  "aws:docdb/cluster:Cluster": byName,
  "aws:docdb/clusterInstance:ClusterInstance": byName,
  "aws:docdb/clusterParameterGroup:ClusterParameterGroup": byName,
  "aws:docdb/subnetGroup:SubnetGroup": byName,
  "aws:dynamodb/table:Table": byName,
  "aws:ec2/route:Route": (p) =>
    byId(p.routeTableId, "_", p.destinationCidrBlock ?? p.destinationIpv6CidrBlock ?? p.destinationPrefixListId),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": (p) => byId(p.subnetId, "/", p.routeTableId),
  "aws:ecs/cluster:Cluster": byName,
  "aws:efs/backupPolicy:BackupPolicy": (p) => byId(p.fileSystemId),
  "aws:efs/fileSystemPolicy:FileSystemPolicy": (p) => byId(p.fileSystemId),
  "aws:elasticache/cluster:Cluster": byName,
  "aws:elasticache/parameterGroup:ParameterGroup": byName,
  "aws:elasticache/replicationGroup:ReplicationGroup": byName,
  "aws:elasticache/subnetGroup:SubnetGroup": byName,
  "aws:iam/role:Role": byName,
  "aws:iam/rolePolicy:RolePolicy": (p) => byId(p.role, ":", NAME),
  "aws:kms/alias:Alias": byName,
  "aws:lambda/function:Function": byName,
  "aws:lambda/functionUrl:FunctionUrl": (p) => (p.qualifier === undefined ? byId(p.functionName) : byId(p.functionName, "/", p.qualifier)),
  "aws:lambda/permission:Permission": (p) =>
    p.qualifier === undefined ? byId(p.function, "/", NAME) : byId(p.function, ":", p.qualifier, "/", NAME),
  "aws:lb/listenerCertificate:ListenerCertificate": (p) => byId(p.listenerArn, "_", p.certificateArn),
  "aws:memorydb/acl:Acl": byName,
  "aws:memorydb/cluster:Cluster": byName,
  "aws:memorydb/subnetGroup:SubnetGroup": byName,
  "aws:memorydb/user:User": byName,
  // A configuration has no tags; its ARN is looked up by its name.
  "aws:msk/configuration:Configuration": () => ({
    class: "C",
    lookup: { token: "aws:msk/getConfiguration:getConfiguration", args: { name: NAME }, output: "arn" },
  }),
  "aws:rds/cluster:Cluster": byName,
  "aws:rds/clusterInstance:ClusterInstance": byName,
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": byName,
  "aws:rds/instance:Instance": byName,
  "aws:rds/parameterGroup:ParameterGroup": byName,
  "aws:rds/subnetGroup:SubnetGroup": byName,
  "aws:s3/bucketAclV2:BucketAclV2": (p) => byId(p.bucket, ",", p.acl),
  "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2": byBucket,
  "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": byBucket,
  "aws:s3/bucketNotification:BucketNotification": byBucket,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": byBucket,
  "aws:s3/bucketPolicy:BucketPolicy": byBucket,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": byBucket,
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": byBucket,
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": byBucket,
  "aws:s3/bucketV2:BucketV2": byName,
  "aws:s3/bucketVersioningV2:BucketVersioningV2": byBucket,
  "aws:s3/bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2": byBucket,
  "aws:secretsmanager/secretRotation:SecretRotation": (p) => byId(p.secretId),
  // Subscribe gives the existing subscription's ARN when it is asked again with the same attributes (SNS API reference), so a lost
  // create is simply done again: the id here names none.
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": (p) => byId(p.clusterName),
  "aws:route53/record:Record": (p) => byId(p.zoneId, "_", p.name, "_", p.type),
  // Zones may share a name, and the tagging API knows them in one region only.
  "aws:route53/zone:Zone": (p) => ({
    class: "C",
    lookup: { token: "aws:route53/getZone:getZone", args: { name: p.name ?? NAME }, output: "zoneId", tagged: true },
  }),
  "aws:scheduler/schedule:Schedule": (p) => byId(p.groupName ?? "default", "/", NAME),
  "aws:sns/topicSubscription:TopicSubscription": (p) => byId(p.topic, ":00000000-0000-0000-0000-000000000000"),
  "aws:sns/topicPolicy:TopicPolicy": (p) => byId(p.arn),
  "aws:sqs/queuePolicy:QueuePolicy": (p) => byId(p.queueUrl),
  "aws:wafv2/webAclAssociation:WebAclAssociation": (p) => byId(p.webAclArn, ",", p.resourceArn),
};

/** The probe of a resource of this type, or undefined for the default. */
export function probeFor(type: string, props: Props): ProbeSpec | undefined {
  return Object.hasOwn(PROBES, type) ? PROBES[type]?.(props) : undefined;
}
