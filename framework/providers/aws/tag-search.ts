/** Finding resources by their tags: the tagging API gives ARNs, and each type says how its import id follows from one. */
import { type PlanPort, ProviderError, type TypeSchema } from "../../model/index.js";

/** How a type is asked for and what to import it by. */
interface TagSearch {
  /** The tagging API's resource type: `service` or `service:type`. */
  filter: string;
  /** Text that an ARN of the type holds, where the filter lets others through. */
  only?: string;
  /** From the ARN to the import id. Default: the ARN itself. */
  id?: (arn: string, endpoint: string) => string;
  /** True for what belongs to no region: the tagging API knows it in us-east-1 only. */
  global?: boolean;
}

/** A data source that lists a type by its tags: read from the service itself, it knows at once what the tagging API may learn later. */
interface TagList {
  /** Data source; takes `tags`. */
  token: string;
  /** Its output that holds the import ids. */
  ids: string;
}

/** Types with such a list. Provider documentation, 5.100: data sources. */
const TAG_LISTS: { readonly [token: string]: TagList } = {
  "aws:apigatewayv2/api:Api": { token: "aws:apigatewayv2/getApis:getApis", ids: "ids" },
};

/** Where the tagging API lists what is global (Resource Groups Tagging API reference, GetResources). */
const GLOBAL_REGION = "us-east-1";

/** After the last `/`. */
const afterSlash = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);
/** After the last `:`. */
const afterColon = (arn: string): string => arn.slice(arn.lastIndexOf(":") + 1);
/** All after `:<word>/`, slashes included. */
const afterFirstSlash = (arn: string): string => arn.slice(arn.indexOf("/") + 1);

const ec2 = (type: string): TagSearch => ({ filter: `ec2:${type}`, id: afterSlash });
const rds = (type: string): TagSearch => ({ filter: `rds:${type}`, id: afterColon });

/**
 * Token -> search. Resource types: Resource Groups Tagging API reference, GetResources, ResourceTypeFilters: service and type are spelled
 * as in the resource's ARN. Where an ARN goes on after its type (`listener/app/...`) or the service has one type only, the service alone
 * is asked for: the identity tags leave a handful of ARNs anyway. Import ids: "Import" in each type's page of the provider's
 * documentation, 5.100.
 */
export const TAG_SEARCHES: { readonly [token: string]: TagSearch } = {
  "aws:acm/certificate:Certificate": { filter: "acm:certificate" },
  "aws:cloudfront/distribution:Distribution": { filter: "cloudfront:distribution", id: afterSlash, global: true },
  "aws:cloudwatch/eventBus:EventBus": { filter: "events:event-bus", id: afterSlash },
  "aws:cloudwatch/eventRule:EventRule": { filter: "events:rule", id: afterFirstSlash },
  "aws:cloudwatch/logGroup:LogGroup": {
    filter: "logs",
    only: ":log-group:",
    id: (arn) => arn.split(":log-group:")[1]?.replace(/:\*$/, "") ?? arn,
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": { filter: "cloudwatch:alarm", id: (arn) => arn.split(":alarm:")[1] ?? arn },
  "aws:cognito/userPool:UserPool": { filter: "cognito-idp:userpool", id: afterSlash },
  "aws:dlm/lifecyclePolicy:LifecyclePolicy": { filter: "dlm:policy", id: afterSlash },
  "aws:dynamodb/table:Table": { filter: "dynamodb:table", id: afterSlash },
  "aws:ebs/volume:Volume": ec2("volume"),
  "aws:ec2/eip:Eip": ec2("elastic-ip"),
  "aws:ec2/flowLog:FlowLog": ec2("vpc-flow-log"),
  "aws:ec2/instance:Instance": ec2("instance"),
  "aws:ec2/internetGateway:InternetGateway": ec2("internet-gateway"),
  "aws:ec2/launchTemplate:LaunchTemplate": ec2("launch-template"),
  "aws:ec2/natGateway:NatGateway": ec2("natgateway"),
  "aws:ec2/networkAcl:NetworkAcl": ec2("network-acl"),
  "aws:ec2/networkInterface:NetworkInterface": ec2("network-interface"),
  "aws:ec2/routeTable:RouteTable": ec2("route-table"),
  "aws:ec2/securityGroup:SecurityGroup": ec2("security-group"),
  "aws:ec2/subnet:Subnet": ec2("subnet"),
  "aws:ec2/vpc:Vpc": ec2("vpc"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ec2("vpc-endpoint"),
  "aws:ecr/repository:Repository": { filter: "ecr:repository", id: afterFirstSlash },
  "aws:ecs/cluster:Cluster": { filter: "ecs:cluster", id: afterSlash },
  "aws:ecs/service:Service": { filter: "ecs:service", id: (arn) => arn.split(":service/")[1] ?? arn },
  "aws:ecs/taskDefinition:TaskDefinition": { filter: "ecs:task-definition" },
  "aws:efs/accessPoint:AccessPoint": { filter: "elasticfilesystem:access-point", id: afterSlash },
  "aws:efs/fileSystem:FileSystem": { filter: "elasticfilesystem:file-system", id: afterSlash },
  "aws:eks/cluster:Cluster": { filter: "eks:cluster", id: afterSlash },
  "aws:elasticache/cluster:Cluster": { filter: "elasticache:cluster", id: afterColon },
  "aws:elasticache/replicationGroup:ReplicationGroup": { filter: "elasticache:replicationgroup", id: afterColon },
  "aws:kms/key:Key": { filter: "kms:key", id: afterSlash },
  "aws:lambda/codeSigningConfig:CodeSigningConfig": { filter: "lambda", only: ":code-signing-config:" },
  "aws:lambda/eventSourceMapping:EventSourceMapping": { filter: "lambda", only: ":event-source-mapping:", id: afterColon },
  "aws:lambda/function:Function": { filter: "lambda", only: ":function:", id: afterColon },
  "aws:lb/listener:Listener": { filter: "elasticloadbalancing", only: ":listener/" },
  "aws:lb/listenerRule:ListenerRule": { filter: "elasticloadbalancing", only: ":listener-rule/" },
  "aws:lb/loadBalancer:LoadBalancer": { filter: "elasticloadbalancing:loadbalancer" },
  "aws:lb/targetGroup:TargetGroup": { filter: "elasticloadbalancing:targetgroup" },
  "aws:msk/cluster:Cluster": { filter: "kafka:cluster" },
  "aws:msk/serverlessCluster:ServerlessCluster": { filter: "kafka:cluster" },
  "aws:rds/cluster:Cluster": rds("cluster"),
  "aws:rds/instance:Instance": rds("db"),
  "aws:rds/parameterGroup:ParameterGroup": rds("pg"),
  "aws:rds/subnetGroup:SubnetGroup": rds("subgrp"),
  "aws:route53/healthCheck:HealthCheck": { filter: "route53:healthcheck", id: afterSlash, global: true },
  "aws:s3/bucketV2:BucketV2": { filter: "s3", only: ":s3:::", id: afterColon },
  "aws:secretsmanager/secret:Secret": { filter: "secretsmanager:secret" },
  "aws:servicediscovery/httpNamespace:HttpNamespace": { filter: "servicediscovery:namespace", id: afterSlash },
  "aws:servicediscovery/service:Service": { filter: "servicediscovery:service", id: afterSlash },
  "aws:sfn/stateMachine:StateMachine": { filter: "states:stateMachine" },
  "aws:sns/topic:Topic": { filter: "sns" },
  "aws:sqs/queue:Queue": { filter: "sqs", id: queueUrl },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ec2("security-group-rule"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2("security-group-rule"),
  "aws:xray/group:Group": { filter: "xray:group" },
};

/** A queue is imported by its URL, which the `sqs` host of its region serves, or the emulator. */
function queueUrl(arn: string, endpoint: string): string {
  const [, partition, , region, account, name] = arn.split(":");
  const domain = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return `${endpoint.replace(/\/$/, "") || `https://sqs.${region}.${domain}`}/${account}/${name}`;
}

/** True for a type whose resources can be found by their tags in some region. */
export function hasTagSearch(token: string): boolean {
  return Object.hasOwn(TAG_SEARCHES, token) || Object.hasOwn(TAG_LISTS, token);
}

/**
 * Import ids of the resources of a type that carry all these tags, sorted.
 * @param place its region, and the endpoint of an emulator, else ""
 * @throws ProviderError `unsupported` for a type that can't be searched by tags, or not in this region
 */
export async function findTagged(
  lookup: PlanPort["lookup"],
  schema: TypeSchema,
  tags: { [key: string]: string },
  place: { endpoint: string; region: string },
): Promise<string[]> {
  const list = TAG_LISTS[schema.token];
  if (list) return texts((await lookup(list.token, { tags }))[list.ids]);
  const search = TAG_SEARCHES[schema.token];
  if (!search || (search.global && place.region !== GLOBAL_REGION))
    throw new ProviderError("unsupported", `resources of type ${schema.token} can't be found by tags`);
  const found = await lookup("aws:resourcegroupstaggingapi/getResources:getResources", {
    resourceTypeFilters: [search.filter],
    tagFilters: Object.entries(tags).map(([key, value]) => ({ key, values: [value] })),
  });
  const mappings = Array.isArray(found.resourceTagMappingLists) ? found.resourceTagMappingLists : [];
  const arns = texts(mappings.map((item) => (item as { resourceArn?: string }).resourceArn ?? ""));
  return arns.filter((arn) => arn.includes(search.only ?? "")).map((arn) => (search.id ? search.id(arn, place.endpoint) : arn));
}

/** The texts of a list, sorted, each once, without empty ones. */
function texts(list: unknown): string[] {
  return [...new Set((Array.isArray(list) ? list : []).map(String).filter((text) => text !== ""))].sort();
}

/** ARNs and tags of all resources that carry these tags, as the tagging API lists them. */
export async function allTagged(
  lookup: PlanPort["lookup"],
  tags: { [key: string]: string },
): Promise<{ id: string; tags: { [key: string]: string } }[]> {
  const found = await lookup("aws:resourcegroupstaggingapi/getResources:getResources", {
    tagFilters: Object.entries(tags).map(([key, value]) => ({ key, values: [value] })),
  });
  const list = Array.isArray(found.resourceTagMappingLists) ? found.resourceTagMappingLists : [];
  return list.map((item) => {
    const { resourceArn = "", tags: own = {} } = item as { resourceArn?: string; tags?: { [key: string]: string } };
    return { id: resourceArn, tags: own };
  });
}
