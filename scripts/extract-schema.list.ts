/** Which types' schemas ship: all that the constructs expand to, and what they look up. The rest is fetched on demand. */

/** Type tokens, by module: module -> names as the token spells them (`queue` -> `aws:sqs/queue:Queue`). */
const TYPES: { [module: string]: string } = {
  acm: "certificate certificateValidation",
  apigateway: "restApi deployment methodSettings stage resource method integration",
  apigatewayv2: "api apiMapping authorizer deployment domainName integration integrationResponse model route routeResponse stage vpcLink",
  appautoscaling: "policy scheduledAction target",
  autoscaling: "group policy",
  cloudfront: "distribution function originAccessControl cachePolicy originRequestPolicy responseHeadersPolicy",
  cloudwatch:
    "compositeAlarm dashboard eventArchive eventBus eventBusPolicy eventPermission eventRule eventTarget logGroup logMetricFilter logResourcePolicy logSubscriptionFilter metricAlarm",
  cognito: "userPool userPoolClient",
  dlm: "lifecyclePolicy",
  docdb: "cluster clusterInstance clusterParameterGroup subnetGroup",
  dynamodb: "table kinesisStreamingDestination",
  ebs: "volume",
  ec2: "eip eipAssociation flowLog instance internetGateway keyPair launchTemplate mainRouteTableAssociation natGateway networkAcl networkInterface route routeTable routeTableAssociation securityGroup securityGroupRule subnet volumeAttachment vpc vpcEndpoint vpcEndpointSubnetAssociation",
  ecr: "lifecyclePolicy repository repositoryPolicy",
  ecs: "capacityProvider cluster clusterCapacityProviders service taskDefinition",
  efs: "accessPoint backupPolicy fileSystem fileSystemPolicy mountTarget",
  eks: "accessEntry accessPolicyAssociation addon cluster fargateProfile nodeGroup",
  elasticache: "cluster parameterGroup replicationGroup subnetGroup",
  iam: "instanceProfile openIdConnectProvider policy role rolePolicy rolePolicyAttachment user userPolicy",
  kinesis: "stream",
  kms: "alias grant key keyPolicy",
  lambda:
    "alias codeSigningConfig eventSourceMapping function functionEventInvokeConfig functionUrl layerVersion permission provisionedConcurrencyConfig",
  lb: "listener listenerCertificate listenerRule loadBalancer targetGroup targetGroupAttachment",
  memorydb: "acl cluster parameterGroup subnetGroup user",
  msk: "cluster clusterPolicy configuration scramSecretAssociation serverlessCluster",
  rds: "cluster clusterInstance clusterParameterGroup globalCluster instance optionGroup parameterGroup proxy subnetGroup",
  route53: "healthCheck record zone zoneAssociation",
  s3: "bucketAccelerateConfigurationV2 bucketAclV2 bucketCorsConfigurationV2 bucketIntelligentTieringConfiguration bucketLifecycleConfigurationV2 bucketLoggingV2 bucketNotification bucketObject bucketObjectv2 bucketOwnershipControls bucketPolicy bucketPublicAccessBlock bucketReplicationConfig bucketServerSideEncryptionConfigurationV2 bucketV2 bucketVersioningV2 bucketWebsiteConfigurationV2",
  scheduler: "schedule scheduleGroup",
  secretsmanager: "secret secretPolicy secretRotation secretVersion",
  servicediscovery: "httpNamespace privateDnsNamespace service",
  sfn: "stateMachine",
  sns: "topic topicPolicy topicSubscription",
  sqs: "queue queuePolicy redriveAllowPolicy redrivePolicy",
  ssm: "parameter",
  vpc: "securityGroupEgressRule securityGroupIngressRule",
  wafv2: "webAclAssociation",
  xray: "group",
};

/** Data source tokens, by module (`index` is the package's root module). */
const LOOKUPS: { [module: string]: string } = {
  acm: "getCertificate",
  apigateway: "getRestApi",
  apigatewayv2: "getApis",
  cloudfront: "getCachePolicy getOriginRequestPolicy",
  cloudwatch: "getEventBus getLogGroup",
  dynamodb: "getTable",
  ec2: "getAmi getInternetGateway getNatGateways getRouteTable getSecurityGroup getSecurityGroups getSubnet getSubnets getVpc getVpcEndpoint getVpcs getManagedPrefixList",
  ecr: "getRepository getImage",
  ecs: "getCluster getService getTaskDefinition",
  efs: "getFileSystem",
  eks: "getCluster",
  elasticache: "getReplicationGroup",
  iam: "getOpenIdConnectProvider getPolicy getRole",
  index: "getAvailabilityZones getCallerIdentity getPartition getRegion",
  kms: "getAlias getKey",
  lambda: "getFunction",
  lb: "getLoadBalancer getListener getTargetGroup",
  msk: "getConfiguration",
  rds: "getCluster getInstance",
  resourcegroupstaggingapi: "getResources",
  route53: "getZone",
  s3: "getBucket",
  secretsmanager: "getSecret getSecretVersion",
  servicediscovery: "getDnsNamespace",
  sns: "getTopic",
  sqs: "getQueue",
  ssm: "getParameter",
};

function expand(table: { [module: string]: string }, tail: (name: string) => string): string[] {
  return Object.entries(table).flatMap(([module, names]) => names.split(/\s+/).map((n) => `aws:${module}/${n}:${tail(n)}`));
}

/** Tokens of the types that ship. */
export const SHIPPED_TYPES: readonly string[] = expand(TYPES, (n) => n.charAt(0).toUpperCase() + n.slice(1));

/** Tokens of the data sources that ship. */
export const SHIPPED_LOOKUPS: readonly string[] = expand(LOOKUPS, (n) => n);
