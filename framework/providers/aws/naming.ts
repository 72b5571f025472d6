/**
 * How AWS wants its names, by type token. Limits are those of the AWS API reference of each service; where Pulumi's bridge
 * knows a shorter one it is AWS's as well. Types that are not here take their name from the user or need none.
 */
import type { NameRule } from "../../base/names.js";
import type { TypeSchema } from "../../model/index.js";

/** Letters, digits, `_` and `-`. */
const WORD = "[^A-Za-z0-9_-]";
/** Letters, digits, `_`, `.` and `-`. */
const DOTTED = "[^A-Za-z0-9_.-]";
/** IAM: letters, digits and `+=,.@_-` (IAM API reference, CreateRole). */
const IAM = "[^A-Za-z0-9+=,.@_-]";

const name = (max: number, more: Partial<NameRule> = {}): NameRule => ({ property: "name", max, ...more });
const unique = true;
const lower = true;

/** Token -> rule. `unique` means unique in account and region, or wider. */
export const NAME_RULES: { readonly [token: string]: NameRule } = {
  // Messaging. SQS 80 with suffix; SNS 256 (CreateTopic); EventBridge 64 per rule, 256 per bus; Scheduler 64.
  "aws:sqs/queue:Queue": name(80, { invalid: WORD, suffixWhen: { property: "fifoQueue", suffix: ".fifo" }, unique }),
  "aws:sns/topic:Topic": name(256, { invalid: WORD, suffixWhen: { property: "fifoTopic", suffix: ".fifo" }, unique }),
  "aws:cloudwatch/eventBus:EventBus": name(256, { invalid: DOTTED, unique }),
  "aws:cloudwatch/eventRule:EventRule": name(64, { invalid: DOTTED, unique }),
  "aws:cloudwatch/eventTarget:EventTarget": { property: "targetId", max: 64, invalid: DOTTED },
  "aws:cloudwatch/eventPermission:EventPermission": { property: "statementId", max: 64, invalid: WORD },
  "aws:cloudwatch/eventArchive:EventArchive": name(48, { invalid: DOTTED, unique }),
  "aws:scheduler/schedule:Schedule": name(64, { invalid: DOTTED, unique }),
  "aws:scheduler/scheduleGroup:ScheduleGroup": name(64, { invalid: DOTTED, unique }),
  "aws:msk/cluster:Cluster": { property: "clusterName", max: 64, unique },
  "aws:msk/serverlessCluster:ServerlessCluster": { property: "clusterName", max: 64, unique },
  "aws:msk/configuration:Configuration": name(100, { unique }),
  "aws:kinesis/stream:Stream": name(128, { invalid: DOTTED, unique }),
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": name(64, { invalid: DOTTED, unique }),
  "aws:sfn/stateMachine:StateMachine": name(80, { invalid: WORD, unique }),

  // Data. DynamoDB 255; RDS identifiers 63, lower case, groups 255; ElastiCache 50 and 40; MemoryDB 40.
  "aws:dynamodb/table:Table": name(255, { invalid: DOTTED, unique }),
  "aws:rds/instance:Instance": { property: "identifier", max: 63, lower, unique },
  "aws:rds/cluster:Cluster": { property: "clusterIdentifier", max: 63, lower, unique },
  "aws:rds/clusterInstance:ClusterInstance": { property: "identifier", max: 63, lower, unique },
  "aws:rds/subnetGroup:SubnetGroup": name(255, { lower, unique }),
  "aws:rds/parameterGroup:ParameterGroup": name(255, { lower, unique }),
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": name(255, { lower, unique }),
  "aws:rds/optionGroup:OptionGroup": name(255, { lower, unique }),
  "aws:rds/proxy:Proxy": name(63, { unique }),
  "aws:docdb/cluster:Cluster": { property: "clusterIdentifier", max: 63, lower, unique },
  "aws:docdb/clusterInstance:ClusterInstance": { property: "identifier", max: 63, lower, unique },
  "aws:docdb/subnetGroup:SubnetGroup": name(255, { lower, unique }),
  "aws:docdb/clusterParameterGroup:ClusterParameterGroup": name(255, { lower, unique }),
  "aws:elasticache/cluster:Cluster": { property: "clusterId", max: 50, lower, unique },
  "aws:elasticache/replicationGroup:ReplicationGroup": { property: "replicationGroupId", max: 40, lower, unique },
  "aws:elasticache/subnetGroup:SubnetGroup": name(255, { lower, unique }),
  "aws:elasticache/parameterGroup:ParameterGroup": name(255, { lower, unique }),
  "aws:memorydb/cluster:Cluster": name(40, { lower, unique }),
  "aws:memorydb/subnetGroup:SubnetGroup": name(255, { lower, unique }),
  "aws:memorydb/parameterGroup:ParameterGroup": name(255, { lower, unique }),
  "aws:memorydb/acl:Acl": name(40, { lower, unique }),
  "aws:memorydb/user:User": { property: "userName", max: 40, lower, unique },

  // Storage. A bucket's name is unique in the whole partition.
  "aws:s3/bucketV2:BucketV2": { property: "bucket", max: 63, lower, unique },
  "aws:efs/fileSystem:FileSystem": { property: "creationToken", max: 64, unique },
  "aws:ecr/repository:Repository": name(256, { lower, invalid: "[^A-Za-z0-9/_.-]", unique }),
  "aws:backup/vault:Vault": name(50, { invalid: WORD, unique }),

  // Compute. Lambda 64, layers 140; ECS 255; EKS 100.
  "aws:lambda/function:Function": name(64, { invalid: WORD, unique }),
  "aws:lambda/alias:Alias": name(128, { invalid: WORD }),
  "aws:lambda/permission:Permission": { property: "statementId", max: 100, invalid: WORD },
  "aws:lambda/layerVersion:LayerVersion": { property: "layerName", max: 140, invalid: WORD },
  "aws:ecs/cluster:Cluster": name(255, { invalid: WORD, unique }),
  "aws:ecs/service:Service": name(255, { invalid: WORD }),
  "aws:ecs/taskDefinition:TaskDefinition": { property: "family", max: 255, invalid: WORD },
  "aws:ecs/capacityProvider:CapacityProvider": name(255, { invalid: WORD, unique }),
  "aws:eks/cluster:Cluster": name(100, { invalid: WORD, unique }),
  "aws:eks/nodeGroup:NodeGroup": { property: "nodeGroupName", max: 63, invalid: WORD },
  "aws:appautoscaling/policy:Policy": name(256, { invalid: WORD }),
  "aws:appautoscaling/scheduledAction:ScheduledAction": name(256, { invalid: WORD }),
  "aws:autoscaling/group:Group": name(255, { invalid: WORD, unique }),
  "aws:ec2/launchTemplate:LaunchTemplate": name(128, { invalid: WORD, unique }),
  "aws:ec2/keyPair:KeyPair": { property: "keyName", max: 255, invalid: WORD, unique },

  // Network. Load balancers and target groups 32 (CreateLoadBalancer); a security group's name is unique in its VPC only.
  "aws:ec2/securityGroup:SecurityGroup": name(255, { invalid: WORD }),
  "aws:lb/loadBalancer:LoadBalancer": name(32, { unique }),
  "aws:lb/targetGroup:TargetGroup": name(32, { unique }),
  "aws:apigatewayv2/api:Api": name(128, { invalid: WORD }),
  "aws:apigatewayv2/vpcLink:VpcLink": name(128, { invalid: WORD }),
  "aws:apigateway/restApi:RestApi": name(255, { invalid: WORD }),
  "aws:cloudfront/originAccessControl:OriginAccessControl": name(64, { unique }),
  "aws:cloudfront/function:Function": name(64, { invalid: WORD, unique }),
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": name(128, { unique }),
  "aws:cloudfront/cachePolicy:CachePolicy": name(128, { unique }),
  "aws:wafv2/webAcl:WebAcl": name(128, { invalid: WORD, unique }),
  "aws:servicediscovery/service:Service": name(127, { invalid: WORD }),

  // Security. IAM roles 64, policies and profiles 128; a secret's name 512; a key's alias 256 with its prefix.
  "aws:iam/role:Role": name(64, { invalid: IAM, unique }),
  "aws:iam/rolePolicy:RolePolicy": name(128, { invalid: IAM }),
  "aws:iam/policy:Policy": name(128, { invalid: IAM, unique }),
  "aws:iam/instanceProfile:InstanceProfile": name(128, { invalid: IAM, unique }),
  "aws:iam/user:User": name(64, { invalid: IAM, unique }),
  "aws:iam/group:Group": name(128, { invalid: IAM, unique }),
  "aws:kms/alias:Alias": name(256, { invalid: "[^A-Za-z0-9/_-]", prefix: "alias/", unique }),
  "aws:secretsmanager/secret:Secret": name(512, { invalid: "[^A-Za-z0-9/_+=.@-]", unique }),
  "aws:ssm/parameter:Parameter": name(1011, { invalid: "[^A-Za-z0-9/_.-]", unique }),
  "aws:cognito/userPool:UserPool": name(128, { invalid: WORD }),

  // Monitoring. Log groups 512, alarms 255, dashboards 255.
  "aws:cloudwatch/logGroup:LogGroup": name(512, { invalid: "[^A-Za-z0-9_./#-]", unique }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": name(255, { invalid: WORD, unique }),
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": { property: "alarmName", max: 255, invalid: WORD, unique },
  "aws:cloudwatch/dashboard:Dashboard": { property: "dashboardName", max: 255, invalid: WORD, unique },
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": { property: "policyName", max: 255, invalid: WORD, unique },
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": name(512, { invalid: WORD }),
};

/** A type's schema with its naming rule, if it has one. A name that we fill in is not required of the user. */
export function withNaming(schema: TypeSchema): TypeSchema {
  const naming = NAME_RULES[schema.token];
  const p = naming && schema.properties[naming.property];
  if (!naming || !p) return schema;
  const { required: _, ...rest } = p;
  return { ...schema, properties: { ...schema.properties, [naming.property]: { ...rest, optional: true } }, naming };
}
