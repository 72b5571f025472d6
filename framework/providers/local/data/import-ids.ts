/**
 * Import ids of types that have no rule of their own, as templates. Source: "Import" in each type's page of the official provider's
 * documentation, 5.100. A type that is nowhere is imported by its id.
 */
export const IMPORT_IDS: { readonly [token: string]: string } = {
  "aws:apigateway/integration:Integration": "{restApi}/{resourceId}/{httpMethod}",
  "aws:apigateway/method:Method": "{restApi}/{resourceId}/{httpMethod}",
  "aws:autoscaling/policy:Policy": "{autoscalingGroupName}/{name}",
  "aws:cloudfront/function:Function": "{name}",
  "aws:cloudwatch/eventArchive:EventArchive": "{name}",
  "aws:cloudwatch/eventPermission:EventPermission": "{eventBusName|or:default}/{statementId}",
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "{policyName}",
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": "{logGroup}|{name}",
  "aws:dynamodb/kinesisStreamingDestination:KinesisStreamingDestination": "{tableName},{streamArn}",
  "aws:ec2/keyPair:KeyPair": "{keyName}",
  "aws:ec2/volumeAttachment:VolumeAttachment": "{deviceName}:{volumeId}:{instanceId}",
  "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation": "{vpcEndpointId}/{subnetId}",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": "{repository}",
  "aws:ecr/repositoryPolicy:RepositoryPolicy": "{repository}",
  "aws:eks/accessEntry:AccessEntry": "{clusterName}:{principalArn}",
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": "{clusterName}#{principalArn}#{policyArn}",
  "aws:eks/addon:Addon": "{clusterName}:{addonName}",
  "aws:eks/fargateProfile:FargateProfile": "{clusterName}:{fargateProfileName}",
  "aws:eks/nodeGroup:NodeGroup": "{clusterName}:{nodeGroupName}",
  "aws:iam/userPolicy:UserPolicy": "{user}:{name}",
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": "{functionName},{qualifier}",
  "aws:msk/clusterPolicy:ClusterPolicy": "{clusterArn}",
  "aws:msk/scramSecretAssociation:ScramSecretAssociation": "{clusterArn}",
  "aws:rds/optionGroup:OptionGroup": "{name}",
  "aws:rds/proxy:Proxy": "{name}",
  "aws:route53/zoneAssociation:ZoneAssociation": "{zoneId}:{vpcId}{vpcRegion|with::|or:}",
  "aws:s3/bucketObject:BucketObject": "{bucket}/{key}",
};
