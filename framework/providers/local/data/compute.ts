/** ECS, Lambda, EC2, autoscaling, ECR. */
import type { ParentRule, RuleTable } from "../rules.js";

const lambda: ParentRule = {
  types: ["aws:lambda/function:Function"],
  by: ["id", "arn", "name", "invokeArn", "qualifiedArn"],
  code: "ResourceNotFoundException",
};
const role: ParentRule = { types: ["aws:iam/role:Role"], by: ["arn", "name"], code: "InvalidParameterValueException" };
const subnet: ParentRule = { types: ["aws:ec2/subnet:Subnet"], code: "InvalidSubnetID.NotFound" };
const group: ParentRule = { types: ["aws:ec2/securityGroup:SecurityGroup"], code: "InvalidGroup.NotFound" };
const CODE = ["code", "sourceCodeHash", "s3Bucket", "s3Key", "s3ObjectVersion", "imageUri"];

/** Rules by token. */
export const COMPUTE: RuleTable = {
  "aws:ecs/cluster:Cluster": {
    id: "arn:{partition}:ecs:{region}:{account}:cluster/{name}",
    arn: "{id}",
    importId: "{name}",
    unique: [{ by: ["name"], existing: "same", code: "InvalidParameterException" }],
    blockedBy: [{ type: "aws:ecs/service:Service", path: "cluster", code: "ClusterContainsServicesException" }],
  },
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": {
    id: "{clusterName}",
    unique: [{ by: ["clusterName"], existing: "overwrite", code: "" }],
    parents: { clusterName: { types: ["aws:ecs/cluster:Cluster"], by: ["name"], code: "ClusterNotFoundException" } },
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    id: "lt-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:launch-template/{id}",
    computed: { defaultVersion: 1, latestVersion: 1 },
    recomputed: { latestVersion: ["*"] },
    unique: [{ by: ["name"], code: "InvalidLaunchTemplateName.AlreadyExistsException" }],
  },
  "aws:autoscaling/group:Group": {
    id: "{name}",
    arn: "arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:{uuid}:autoScalingGroupName/{name}",
    computed: {
      availabilityZones: ["{region}a"],
      defaultCooldown: 300,
      healthCheckType: "EC2",
      serviceLinkedRoleArn: "arn:{partition}:iam::{account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
    },
    openBlocks: ["availabilityZoneDistribution", "capacityReservationSpecification", "mixedInstancesPolicy", "trafficSources"],
    notRead: ["waitForCapacityTimeout", "forceDelete", "forceDeleteWarmPool", "ignoreFailedScalingActivities"],
    unique: [{ by: ["name"], code: "AlreadyExists" }],
    parents: {
      "vpcZoneIdentifiers[*]": { ...subnet, code: "ValidationError" },
      "launchTemplate.id": { types: ["aws:ec2/launchTemplate:LaunchTemplate"], code: "ValidationError" },
    },
  },
  "aws:ecs/capacityProvider:CapacityProvider": {
    id: "arn:{partition}:ecs:{region}:{account}:capacity-provider/{name}",
    arn: "{id}",
    importId: "{name}",
    unique: [{ by: ["name"], code: "InvalidParameterException" }],
    forceNew: { autoScalingGroupProvider: false },
    parents: {
      "autoScalingGroupProvider.autoScalingGroupArn": { types: ["aws:autoscaling/group:Group"], code: "InvalidParameterException" },
    },
  },
  "aws:ecs/taskDefinition:TaskDefinition": {
    id: "{family}",
    importId: "{arn}",
    arn: "arn:{partition}:ecs:{region}:{account}:task-definition/{family}:{revision}",
    computed: {
      revision: "{serial}",
      arn: "arn:{partition}:ecs:{region}:{account}:task-definition/{family}:{revision}",
      arnWithoutRevision: "arn:{partition}:ecs:{region}:{account}:task-definition/{family}",
    },
    parents: { executionRoleArn: role, taskRoleArn: role },
  },
  "aws:ecs/service:Service": {
    id: "arn:{partition}:ecs:{region}:{account}:service/{cluster|last:/|or:default}/{name}",
    importId: "{cluster|last:/|or:default}/{name}",
    computed: {
      cluster: "default",
    },
    unique: [{ by: ["cluster", "name"], code: "InvalidParameterException" }],
    parents: {
      cluster: { types: ["aws:ecs/cluster:Cluster"], by: ["id", "arn", "name"], code: "ClusterNotFoundException" },
      taskDefinition: { types: ["aws:ecs/taskDefinition:TaskDefinition"], by: ["arn", "family"], code: "ClientException" },
      "networkConfiguration.subnets[*]": subnet,
      "networkConfiguration.securityGroups[*]": group,
      "loadBalancers[*].targetGroupArn": { types: ["aws:lb/targetGroup:TargetGroup"], code: "InvalidParameterException" },
    },
  },
  "aws:lambda/function:Function": {
    id: "{name}",
    arn: "arn:{partition}:lambda:{region}:{account}:function:{name}",
    computed: {
      version: "{?publish}{serial|last}{:}$LATEST",
      qualifiedArn: "arn:{partition}:lambda:{region}:{account}:function:{name}:$LATEST",
      invokeArn:
        "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/arn:{partition}:lambda:{region}:{account}:function:{name}/invocations",
      qualifiedInvokeArn:
        "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/arn:{partition}:lambda:{region}:{account}:function:{name}:$LATEST/invocations",
      lastModified: "{now}",
      codeSha256: "{random:44}",
      sourceCodeSize: 1024,
      architectures: ["x86_64"],
      ephemeralStorage: { size: 512 },
      loggingConfig: { logFormat: "Text", logGroup: "/aws/lambda/{name}" },
    },
    recomputed: {
      lastModified: [...CODE],
      qualifiedArn: [...CODE],
      qualifiedInvokeArn: [...CODE],
      version: [...CODE],
    },
    unique: [{ by: ["name"], code: "ResourceConflictException" }],
    parents: { role, "vpcConfig.subnetIds[*]": subnet, "vpcConfig.securityGroupIds[*]": group },
    openBlocks: ["ephemeralStorage", "loggingConfig", "tracingConfig"],
    notRead: ["code", "sourceCodeHash", "publish", "s3Bucket", "s3Key", "s3ObjectVersion"],
    oneOf: [["code", "s3Bucket", "imageUri"]],
  },
  "aws:lambda/alias:Alias": {
    id: "{arn}",
    arn: "arn:{partition}:lambda:{region}:{account}:function:{functionName|last::}:{name}",
    importId: "{functionName|last::}/{name}",
    computed: {
      arn: "arn:{partition}:lambda:{region}:{account}:function:{functionName|last::}:{name}",
      invokeArn: "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations",
    },
    unique: [{ by: ["functionName", "name"], code: "ResourceConflictException" }],
    parents: { functionName: lambda },
  },
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": {
    id: "{functionName},{qualifier}",
    unique: [{ by: ["functionName", "qualifier"], existing: "overwrite", code: "" }],
    parents: { functionName: lambda },
  },
  "aws:lambda/permission:Permission": {
    id: "{statementId}",
    importId: "{function|last::}/{statementId}",
    computed: { statementId: "terraform-{random:26}" },
    unique: [{ by: ["function", "qualifier", "statementId"], code: "ResourceConflictException" }],
    parents: { function: lambda },
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    id: "{uuid}",
    arn: "arn:{partition}:lambda:{region}:{account}:event-source-mapping:{id}",
    computed: {
      uuid: "{id}",
      functionArn: "arn:{partition}:lambda:{region}:{account}:function:{functionName|last::}",
      state: "Enabled",
      stateTransitionReason: "USER_INITIATED",
      lastModified: "{now}",
    },
    openBlocks: ["amazonManagedKafkaEventSourceConfig", "selfManagedKafkaEventSourceConfig"],
    unique: [{ by: ["functionName", "eventSourceArn"], code: "ResourceConflictException" }],
    parents: {
      functionName: lambda,
      eventSourceArn: {
        types: ["aws:sqs/queue:Queue", "aws:dynamodb/table:Table", "aws:kinesis/stream:Stream"],
        by: ["arn", "streamArn"],
        code: "InvalidParameterValueException",
      },
    },
  },
  "aws:lambda/functionUrl:FunctionUrl": {
    id: "{functionName}",
    computed: {
      functionArn: "arn:{partition}:lambda:{region}:{account}:function:{functionName|last::}",
      urlId: "{random:32}",
      functionUrl: "https://{urlId}.lambda-url.{region}.on.aws/",
    },
    unique: [{ by: ["functionName", "qualifier"], code: "ResourceConflictException" }],
    parents: { functionName: lambda },
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": { id: "{functionName}", parents: { functionName: lambda } },
  "aws:lambda/layerVersion:LayerVersion": {
    id: "{arn}",
    arn: "arn:{partition}:lambda:{region}:{account}:layer:{layerName}:{version}",
    computed: {
      version: "{serial}",
      layerArn: "arn:{partition}:lambda:{region}:{account}:layer:{layerName}",
      arn: "arn:{partition}:lambda:{region}:{account}:layer:{layerName}:{version}",
      createdDate: "{now}",
    },
  },
  "aws:appautoscaling/target:Target": {
    id: "{resourceId}",
    arn: "arn:{partition}:application-autoscaling:{region}:{account}:scalable-target/{random:20}",
    importId: "{serviceNamespace}/{resourceId}/{scalableDimension}",
    openBlocks: ["suspendedState"],
    unique: [{ by: ["serviceNamespace", "resourceId", "scalableDimension"], existing: "overwrite", code: "" }],
  },
  "aws:appautoscaling/policy:Policy": {
    id: "{name}",
    arn: "arn:{partition}:autoscaling:{region}:{account}:scalingPolicy:{uuid}:resource/{serviceNamespace}/{resourceId}:policyName/{name}",
    importId: "{serviceNamespace}/{resourceId}/{scalableDimension}/{name}",
    unique: [{ by: ["serviceNamespace", "resourceId", "scalableDimension", "name"], existing: "overwrite", code: "" }],
  },
  "aws:appautoscaling/scheduledAction:ScheduledAction": {
    id: "{name}-{serviceNamespace}-{resourceId}",
    arn: "arn:{partition}:autoscaling:{region}:{account}:scheduledAction:{uuid}:resource/{serviceNamespace}/{resourceId}:scheduledActionName/{name}",
    unique: [{ by: ["serviceNamespace", "resourceId", "scalableDimension", "name"], existing: "overwrite", code: "" }],
  },
  "aws:ec2/instance:Instance": {
    id: "i-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:instance/{id}",
    computed: {
      instanceState: "running",
      privateIp: "10.0.0.20",
      privateDns: "ip-10-0-0-20.ec2.internal",
      primaryNetworkInterfaceId: "eni-{hex:17}",
      associatePublicIpAddress: true,
      publicIp: "{?associatePublicIpAddress}203.0.113.20",
      availabilityZone: "{region}a",
      instanceInitiatedShutdownBehavior: "stop",
      tenancy: "default",
      creditSpecification: { cpuCredits: "unlimited" },
      rootBlockDevice: { volumeSize: 8, volumeType: "gp3", deviceName: "/dev/xvda" },
    },
    openBlocks: [
      ...["capacityReservationSpecification", "cpuOptions", "ebsBlockDevices", "enclaveOptions", "ephemeralBlockDevices"],
      ...["instanceMarketOptions", "maintenanceOptions", "networkInterfaces", "privateDnsNameOptions", "rootBlockDevice"],
    ],
    parents: { subnetId: subnet, "vpcSecurityGroupIds[*]": group },
    protectedBy: ["disableApiTermination"],
  },
  "aws:ec2/volumeAttachment:VolumeAttachment": {
    id: "vai-{serial}{random:7}",
    importId: "{deviceName}:{volumeId}:{instanceId}",
    unique: [
      { by: ["instanceId", "deviceName"], code: "InvalidParameterValue" },
      { by: ["volumeId"], code: "VolumeInUse" },
    ],
    parents: {
      instanceId: { types: ["aws:ec2/instance:Instance"], code: "InvalidInstanceID.NotFound" },
      volumeId: { types: ["aws:ebs/volume:Volume"], code: "InvalidVolume.NotFound" },
    },
    notRead: ["forceDetach", "skipDestroy", "stopInstanceBeforeDetaching"],
  },
  "aws:ecr/repository:Repository": {
    id: "{name}",
    arn: "arn:{partition}:ecr:{region}:{account}:repository/{name}",
    computed: { registryId: "{account}", repositoryUrl: "{account}.dkr.ecr.{region}.amazonaws.com/{name}" },
    unique: [{ by: ["name"], code: "RepositoryAlreadyExistsException" }],
  },
};
