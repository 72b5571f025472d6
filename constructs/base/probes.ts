/**
 * How a create whose reply was lost is found again, for types where the default (by tags) does not do: those without tags, and those
 * whose import id is known beforehand. Source of the import ids: "Import" in each type's page of the provider's documentation, 5.100, all
 * compared with it in November 2026; a test compares their shape with the examples there.
 */
import { LISTED_IDS, listToken, type ProbeSpec, type Value } from "../../framework/model/index.js";

type Props = { [key: string]: Value | undefined };

/** Filled in by plan: the physical name. */
const NAME: Value = { $name: true };

/** By an import id put together from parts; no probe by id where a part is missing. */
function byId(...parts: (Value | undefined)[]): ProbeSpec {
  if (parts.some((p) => p === undefined)) return { class: "B" };
  return { class: "A", importId: parts.length === 1 ? (parts[0] as Value) : { $text: parts as Value[] } };
}

const byName = (): ProbeSpec => byId(NAME);
/** By the output of a data source. */
const byLookup = (token: string, output: string, args: { [key: string]: Value }): ProbeSpec => ({
  class: "C",
  lookup: { token, args, output },
});
/** By what its service lists; properties that must match, of which a name has a default. */
const byList =
  (...properties: string[]) =>
  (props: Props, type: string): ProbeSpec => {
    const args: Props = Object.fromEntries(properties.map((key) => [key, props[key] ?? (key === "name" ? NAME : undefined)]));
    return Object.values(args).includes(undefined) ? UNKNOWN_ID : byLookup(listToken(type), LISTED_IDS, args as { [key: string]: Value });
  };
/** No probe: the cloud gives the id, and nothing finds it by what is known before. */
const UNKNOWN_ID: ProbeSpec = { class: "D" };
/** Made once more. */
const REPEATED: ProbeSpec = { class: "E" };
const byBucket = (p: Props): ProbeSpec => byId(p.bucket);

/** Token -> probe for these props. */
const PROBES: { [token: string]: (props: Props, type: string) => ProbeSpec } = {
  // It waits for what is there, and makes nothing.
  "aws:acm/certificateValidation:CertificateValidation": () => REPEATED,
  "aws:apigateway/restApi:RestApi": () => byLookup("aws:apigateway/getRestApi:getRestApi", "id", { name: NAME }),
  "aws:apigateway/integration:Integration": (p) => byId(p.restApi, "/", p.resourceId, "/", p.httpMethod),
  "aws:apigateway/method:Method": (p) => byId(p.restApi, "/", p.resourceId, "/", p.httpMethod),
  "aws:apigateway/methodSettings:MethodSettings": (p) => byId(p.restApi, "/", p.stageName, "/", p.methodPath),
  "aws:apigateway/stage:Stage": (p) => byId(p.restApi, "/", p.stageName),
  "aws:apigatewayv2/apiMapping:ApiMapping": byList("domainName", "apiId"),
  "aws:apigatewayv2/authorizer:Authorizer": byList("apiId", "name"),
  "aws:apigatewayv2/domainName:DomainName": (p) => byId(p.domainName),
  "aws:apigatewayv2/integration:Integration": byList("apiId", "integrationUri"),
  "aws:apigatewayv2/route:Route": byList("apiId", "routeKey"),
  "aws:apigatewayv2/stage:Stage": (p) => byId(p.apiId, "/", p.name ?? NAME),
  "aws:apigatewayv2/vpcLink:VpcLink": byList("name"),
  "aws:appautoscaling/policy:Policy": (p) => byId(p.serviceNamespace, "/", p.resourceId, "/", p.scalableDimension, "/", NAME),
  // PutScheduledAction makes one or changes the one of that name (Application Auto Scaling API reference); it can't be imported.
  "aws:appautoscaling/scheduledAction:ScheduledAction": () => REPEATED,
  "aws:appautoscaling/target:Target": (p) => byId(p.serviceNamespace, "/", p.resourceId, "/", p.scalableDimension),
  "aws:autoscaling/group:Group": byName,
  "aws:autoscaling/policy:Policy": (p) => byId(p.autoscalingGroupName, "/", p.name),
  "aws:cloudfront/cachePolicy:CachePolicy": (p) => byLookup("aws:cloudfront/getCachePolicy:getCachePolicy", "id", { name: p.name ?? NAME }),
  "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": (p) =>
    p.name === undefined ? UNKNOWN_ID : byLookup("aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy", "id", { name: p.name }),
  "aws:cloudfront/originAccessControl:OriginAccessControl": byList("name"),
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": () => UNKNOWN_ID,
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": byName,
  "aws:cloudwatch/eventBus:EventBus": byName,
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": (p) => byId(p.eventBusName ?? "default"),
  "aws:cloudwatch/eventPermission:EventPermission": (p) => byId(p.eventBusName ?? "default", "/", NAME),
  "aws:cloudwatch/eventRule:EventRule": (p) => byId(p.eventBusName ?? "default", "/", NAME),
  "aws:cloudwatch/eventTarget:EventTarget": (p) => byId(p.eventBusName ?? "default", "/", p.rule, "/", NAME),
  "aws:cloudwatch/logGroup:LogGroup": byName,
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": (p) => byId(p.logGroupName, ":", NAME),
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": (p) => byId(p.logGroup, "|", p.name),
  "aws:cloudwatch/metricAlarm:MetricAlarm": byName,
  "aws:docdb/cluster:Cluster": byName,
  "aws:docdb/clusterInstance:ClusterInstance": byName,
  "aws:docdb/clusterParameterGroup:ClusterParameterGroup": byName,
  "aws:docdb/subnetGroup:SubnetGroup": byName,
  "aws:dynamodb/kinesisStreamingDestination:KinesisStreamingDestination": (p) => byId(p.tableName, ",", p.streamArn),
  "aws:dynamodb/table:Table": byName,
  "aws:ec2/keyPair:KeyPair": byName,
  "aws:ec2/route:Route": (p) =>
    byId(p.routeTableId, "_", p.destinationCidrBlock ?? p.destinationIpv6CidrBlock ?? p.destinationPrefixListId),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": (p) => byId(p.subnetId ?? p.gatewayId, "/", p.routeTableId),
  "aws:ec2/volumeAttachment:VolumeAttachment": (p) => byId(p.deviceName, ":", p.volumeId, ":", p.instanceId),
  "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation": (p) => byId(p.vpcEndpointId, "/", p.subnetId),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": (p) => byId(p.repository),
  "aws:ecr/repositoryPolicy:RepositoryPolicy": (p) => byId(p.repository),
  "aws:ecs/capacityProvider:CapacityProvider": byName,
  "aws:ecs/cluster:Cluster": byName,
  "aws:efs/backupPolicy:BackupPolicy": (p) => byId(p.fileSystemId),
  "aws:efs/fileSystemPolicy:FileSystemPolicy": (p) => byId(p.fileSystemId),
  "aws:efs/mountTarget:MountTarget": byList("fileSystemId", "subnetId"),
  "aws:eks/accessEntry:AccessEntry": (p) => byId(p.clusterName, ":", p.principalArn),
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (p) => byId(p.clusterName, "#", p.principalArn, "#", p.policyArn),
  "aws:eks/addon:Addon": (p) => byId(p.clusterName, ":", p.addonName),
  "aws:eks/fargateProfile:FargateProfile": (p) => byId(p.clusterName, ":", p.fargateProfileName),
  "aws:eks/nodeGroup:NodeGroup": (p) => byId(p.clusterName, ":", NAME),
  "aws:elasticache/cluster:Cluster": byName,
  "aws:elasticache/parameterGroup:ParameterGroup": byName,
  "aws:elasticache/replicationGroup:ReplicationGroup": byName,
  "aws:elasticache/subnetGroup:SubnetGroup": byName,
  "aws:iam/instanceProfile:InstanceProfile": byName,
  "aws:iam/policy:Policy": () => byLookup("aws:iam/getPolicy:getPolicy", "arn", { name: NAME }),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": (p) => ({
    class: "C",
    lookup: { token: "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider", args: { url: p.url ?? "" }, output: "arn" },
  }),
  "aws:iam/role:Role": byName,
  "aws:iam/rolePolicy:RolePolicy": (p) => byId(p.role, ":", NAME),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (p) => byId(p.role, "/", p.policyArn),
  "aws:iam/user:User": byName,
  "aws:iam/userPolicy:UserPolicy": (p) => byId(p.user, ":", p.name),
  "aws:kinesis/stream:Stream": byName,
  "aws:kms/alias:Alias": byName,
  "aws:kms/keyPolicy:KeyPolicy": (p) => byId(p.keyId),
  "aws:lambda/alias:Alias": (p) => byId(p.functionName, "/", NAME),
  "aws:lambda/function:Function": byName,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": (p) =>
    p.qualifier === undefined ? byId(p.functionName) : byId(p.functionName, ":", p.qualifier),
  "aws:lambda/functionUrl:FunctionUrl": (p) => (p.qualifier === undefined ? byId(p.functionName) : byId(p.functionName, "/", p.qualifier)),
  // Its ARN ends in a version that AWS counts.
  "aws:lambda/layerVersion:LayerVersion": () => UNKNOWN_ID,
  "aws:lambda/permission:Permission": (p) =>
    p.qualifier === undefined ? byId(p.function, "/", NAME) : byId(p.function, ":", p.qualifier, "/", NAME),
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": (p) => byId(p.functionName, ",", p.qualifier),
  "aws:lb/listenerCertificate:ListenerCertificate": (p) => byId(p.listenerArn, "_", p.certificateArn),
  // RegisterTargets takes a target again that is there (Elastic Load Balancing API reference); it can't be imported.
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": () => REPEATED,
  "aws:memorydb/acl:Acl": byName,
  "aws:memorydb/cluster:Cluster": byName,
  "aws:memorydb/parameterGroup:ParameterGroup": byName,
  "aws:memorydb/subnetGroup:SubnetGroup": byName,
  "aws:memorydb/user:User": byName,
  "aws:msk/clusterPolicy:ClusterPolicy": (p) => byId(p.clusterArn),
  // A configuration has no tags; its ARN is looked up by its name.
  "aws:msk/configuration:Configuration": () => byLookup("aws:msk/getConfiguration:getConfiguration", "arn", { name: NAME }),
  "aws:msk/scramSecretAssociation:ScramSecretAssociation": (p) => byId(p.clusterArn),
  "aws:rds/cluster:Cluster": byName,
  "aws:rds/clusterInstance:ClusterInstance": byName,
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": byName,
  "aws:rds/globalCluster:GlobalCluster": (p) => byId(p.globalClusterIdentifier),
  "aws:rds/instance:Instance": byName,
  "aws:rds/optionGroup:OptionGroup": byName,
  "aws:rds/parameterGroup:ParameterGroup": byName,
  "aws:rds/proxy:Proxy": byName,
  "aws:rds/subnetGroup:SubnetGroup": byName,
  "aws:s3/bucketAccelerateConfigurationV2:BucketAccelerateConfigurationV2": byBucket,
  "aws:s3/bucketAclV2:BucketAclV2": (p) => (p.acl === undefined ? byId(p.bucket) : byId(p.bucket, ",", p.acl)),
  "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2": byBucket,
  "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": (p) => byId(p.bucket, ":", p.name),
  "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": byBucket,
  "aws:s3/bucketLoggingV2:BucketLoggingV2": byBucket,
  "aws:s3/bucketNotification:BucketNotification": byBucket,
  "aws:s3/bucketObject:BucketObject": (p) => byId(p.bucket, "/", p.key),
  "aws:s3/bucketObjectv2:BucketObjectv2": (p) => byId(p.bucket, "/", p.key),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": byBucket,
  "aws:s3/bucketPolicy:BucketPolicy": byBucket,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": byBucket,
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": byBucket,
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": byBucket,
  "aws:s3/bucketV2:BucketV2": byName,
  "aws:s3/bucketVersioningV2:BucketVersioningV2": byBucket,
  "aws:s3/bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2": byBucket,
  "aws:secretsmanager/secretPolicy:SecretPolicy": (p) => byId(p.secretArn),
  "aws:secretsmanager/secretRotation:SecretRotation": (p) => byId(p.secretId),
  // Subscribe gives the existing subscription's ARN when it is asked again with the same attributes (SNS API reference), so a lost
  // create is simply done again: the id here names none.
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": (p) => byId(p.clusterName),
  "aws:route53/record:Record": (p) =>
    byId(p.zoneId, "_", p.name, "_", p.type, ...(p.setIdentifier === undefined ? [] : ["_", p.setIdentifier])),
  // Zones may share a name, and the tagging API knows them in one region only. The look-up finds private zones only where it is told to.
  "aws:route53/zone:Zone": (p) => ({
    class: "C",
    lookup: {
      token: "aws:route53/getZone:getZone",
      args: { name: p.name ?? NAME, ...(p.vpcs === undefined ? {} : { privateZone: true }) },
      output: "zoneId",
      tagged: true,
    },
  }),
  "aws:route53/zoneAssociation:ZoneAssociation": (p) =>
    byId(p.zoneId, ":", p.vpcId, ...(p.vpcRegion === undefined ? [] : [":", p.vpcRegion])),
  "aws:scheduler/schedule:Schedule": (p) => byId(p.groupName ?? "default", "/", NAME),
  "aws:scheduler/scheduleGroup:ScheduleGroup": byName,
  // Imported by its id and its VPC's.
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": (p) =>
    p.name === undefined || p.vpc === undefined
      ? { class: "B" }
      : {
          ...byLookup("aws:servicediscovery/getDnsNamespace:getDnsNamespace", "id", { name: p.name, type: "DNS_PRIVATE" }),
          importId: { $text: [":", p.vpc] },
        },
  "aws:sns/topicSubscription:TopicSubscription": (p) => byId(p.topic, ":00000000-0000-0000-0000-000000000000"),
  "aws:sns/topicPolicy:TopicPolicy": (p) => byId(p.arn),
  "aws:sqs/queuePolicy:QueuePolicy": (p) => byId(p.queueUrl),
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": (p) => byId(p.queueUrl),
  "aws:sqs/redrivePolicy:RedrivePolicy": (p) => byId(p.queueUrl),
  "aws:ssm/parameter:Parameter": byName,
  "aws:wafv2/webAclAssociation:WebAclAssociation": (p) => byId(p.webAclArn, ",", p.resourceArn),
};

/** The probe of a resource of this type, or undefined for the default. */
export function probeFor(type: string, props: Props): ProbeSpec | undefined {
  return Object.hasOwn(PROBES, type) ? PROBES[type]?.(props, type) : undefined;
}

/** Types that have a probe of their own here. */
export const PROBED_TYPES: readonly string[] = Object.keys(PROBES);
