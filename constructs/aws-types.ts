/**
 * The types that kinds use, by token: the args of the @pulumi/aws class, every `Input<T>` turned into T or a value of the assembly.
 * Types only; no Pulumi code is loaded.
 */
import type * as aws from "@pulumi/aws";
import type { AllotValue, AssetValue, JsonValue, LookupValue, RefValue, SecretValue, TextValue, Value } from "../framework/model/index.js";

/** What may stand where a literal is due. */
export type Tagged = RefValue | TextValue | JsonValue | LookupValue | AssetValue | AllotValue | SecretValue;

/** The args of a resource class. */
type ArgsOf<C extends abstract new (...args: never[]) => unknown> = NonNullable<ConstructorParameters<C>[1]>;

/** True for the part of a Pulumi `Input<T>` that is known only when Pulumi runs. */
type Deferred = Promise<unknown> | { apply: unknown };

/** `Input<T>` without its deferred parts, at every level, and with tagged values allowed at every level. */
type Plain<T> = T extends Deferred
  ? never
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer U)[]
      ? PlainOr<U>[]
      : T extends object
        ? { [K in keyof T]: PlainOr<T[K]> }
        : never;

/** A literal, or a tagged value. */
type PlainOr<T> = Plain<T> | Tagged;

/** A value that came through an interface typed `Value`: only the run can tell more of it. */
type AnyValue = Exclude<Value, null>;

/**
 * P if it fits the args A, else what it should have been. Values typed `Value` pass; what is written out is held to A, at every level:
 * a property that A has not is `never`.
 */
export type Fits<P, A> = [AnyValue] extends [P]
  ? P
  : [P] extends [Tagged | undefined]
    ? P
    : [P] extends [readonly (infer U)[] | undefined]
      ? readonly Fits<U, ElementOf<A>>[] | undefined
      : [P] extends [string | number | boolean | null | undefined]
        ? A | undefined
        : [P] extends [object | undefined]
          ? { [K in keyof P]: K extends keyof Fields<A> ? Fits<P[K], Fields<A>[K]> : never } | undefined
          : A | undefined;

/** What a list among the alternatives of A holds. */
type ElementOf<A> = Extract<A, readonly unknown[]> extends readonly (infer B)[] ? B : never;

/** The object among the alternatives of A. */
type Fields<A> = Exclude<Extract<A, object>, readonly unknown[] | Tagged>;

/** Args of a class as kinds write them. */
type Args<C extends abstract new (...args: never[]) => unknown> = { [K in keyof ArgsOf<C>]: PlainOr<ArgsOf<C>[K]> };

/** Token -> args. A type that a new kind uses is one line here. */
export interface AwsArgs {
  "aws:acm/certificate:Certificate": Args<typeof aws.acm.Certificate>;
  "aws:acm/certificateValidation:CertificateValidation": Args<typeof aws.acm.CertificateValidation>;
  "aws:apigateway/deployment:Deployment": Args<typeof aws.apigateway.Deployment>;
  "aws:apigateway/methodSettings:MethodSettings": Args<typeof aws.apigateway.MethodSettings>;
  "aws:apigateway/restApi:RestApi": Args<typeof aws.apigateway.RestApi>;
  "aws:apigateway/stage:Stage": Args<typeof aws.apigateway.Stage>;
  "aws:apigatewayv2/authorizer:Authorizer": Args<typeof aws.apigatewayv2.Authorizer>;
  "aws:apigatewayv2/apiMapping:ApiMapping": Args<typeof aws.apigatewayv2.ApiMapping>;
  "aws:apigatewayv2/domainName:DomainName": Args<typeof aws.apigatewayv2.DomainName>;
  "aws:apigatewayv2/api:Api": Args<typeof aws.apigatewayv2.Api>;
  "aws:apigatewayv2/integration:Integration": Args<typeof aws.apigatewayv2.Integration>;
  "aws:apigatewayv2/route:Route": Args<typeof aws.apigatewayv2.Route>;
  "aws:apigatewayv2/stage:Stage": Args<typeof aws.apigatewayv2.Stage>;
  "aws:apigatewayv2/vpcLink:VpcLink": Args<typeof aws.apigatewayv2.VpcLink>;
  "aws:appautoscaling/policy:Policy": Args<typeof aws.appautoscaling.Policy>;
  "aws:appautoscaling/scheduledAction:ScheduledAction": Args<typeof aws.appautoscaling.ScheduledAction>;
  "aws:appautoscaling/target:Target": Args<typeof aws.appautoscaling.Target>;
  "aws:autoscaling/group:Group": Args<typeof aws.autoscaling.Group>;
  "aws:cloudfront/distribution:Distribution": Args<typeof aws.cloudfront.Distribution>;
  "aws:cloudfront/originAccessControl:OriginAccessControl": Args<typeof aws.cloudfront.OriginAccessControl>;
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": Args<typeof aws.cloudwatch.CompositeAlarm>;
  "aws:cloudwatch/dashboard:Dashboard": Args<typeof aws.cloudwatch.Dashboard>;
  "aws:cloudwatch/eventBus:EventBus": Args<typeof aws.cloudwatch.EventBus>;
  "aws:cloudwatch/eventRule:EventRule": Args<typeof aws.cloudwatch.EventRule>;
  "aws:cloudwatch/eventTarget:EventTarget": Args<typeof aws.cloudwatch.EventTarget>;
  "aws:cloudwatch/logGroup:LogGroup": Args<typeof aws.cloudwatch.LogGroup>;
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": Args<typeof aws.cloudwatch.LogSubscriptionFilter>;
  "aws:cloudwatch/metricAlarm:MetricAlarm": Args<typeof aws.cloudwatch.MetricAlarm>;
  "aws:dlm/lifecyclePolicy:LifecyclePolicy": Args<typeof aws.dlm.LifecyclePolicy>;
  "aws:docdb/cluster:Cluster": Args<typeof aws.docdb.Cluster>;
  "aws:docdb/clusterInstance:ClusterInstance": Args<typeof aws.docdb.ClusterInstance>;
  "aws:docdb/clusterParameterGroup:ClusterParameterGroup": Args<typeof aws.docdb.ClusterParameterGroup>;
  "aws:docdb/subnetGroup:SubnetGroup": Args<typeof aws.docdb.SubnetGroup>;
  "aws:dynamodb/table:Table": Args<typeof aws.dynamodb.Table>;
  "aws:ebs/volume:Volume": Args<typeof aws.ebs.Volume>;
  "aws:ec2/eip:Eip": Args<typeof aws.ec2.Eip>;
  "aws:ec2/flowLog:FlowLog": Args<typeof aws.ec2.FlowLog>;
  "aws:ec2/instance:Instance": Args<typeof aws.ec2.Instance>;
  "aws:ec2/internetGateway:InternetGateway": Args<typeof aws.ec2.InternetGateway>;
  "aws:ec2/launchTemplate:LaunchTemplate": Args<typeof aws.ec2.LaunchTemplate>;
  "aws:ec2/natGateway:NatGateway": Args<typeof aws.ec2.NatGateway>;
  "aws:ec2/route:Route": Args<typeof aws.ec2.Route>;
  "aws:ec2/routeTable:RouteTable": Args<typeof aws.ec2.RouteTable>;
  "aws:ec2/routeTableAssociation:RouteTableAssociation": Args<typeof aws.ec2.RouteTableAssociation>;
  "aws:ec2/securityGroup:SecurityGroup": Args<typeof aws.ec2.SecurityGroup>;
  "aws:ec2/subnet:Subnet": Args<typeof aws.ec2.Subnet>;
  "aws:ec2/volumeAttachment:VolumeAttachment": Args<typeof aws.ec2.VolumeAttachment>;
  "aws:ec2/vpc:Vpc": Args<typeof aws.ec2.Vpc>;
  "aws:ec2/vpcEndpoint:VpcEndpoint": Args<typeof aws.ec2.VpcEndpoint>;
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": Args<typeof aws.ecr.LifecyclePolicy>;
  "aws:ecr/repository:Repository": Args<typeof aws.ecr.Repository>;
  "aws:ecr/repositoryPolicy:RepositoryPolicy": Args<typeof aws.ecr.RepositoryPolicy>;
  "aws:ecs/capacityProvider:CapacityProvider": Args<typeof aws.ecs.CapacityProvider>;
  "aws:ecs/cluster:Cluster": Args<typeof aws.ecs.Cluster>;
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": Args<typeof aws.ecs.ClusterCapacityProviders>;
  "aws:ecs/service:Service": Args<typeof aws.ecs.Service>;
  "aws:ecs/taskDefinition:TaskDefinition": Args<typeof aws.ecs.TaskDefinition>;
  "aws:efs/accessPoint:AccessPoint": Args<typeof aws.efs.AccessPoint>;
  "aws:efs/backupPolicy:BackupPolicy": Args<typeof aws.efs.BackupPolicy>;
  "aws:efs/fileSystem:FileSystem": Args<typeof aws.efs.FileSystem>;
  "aws:efs/fileSystemPolicy:FileSystemPolicy": Args<typeof aws.efs.FileSystemPolicy>;
  "aws:efs/mountTarget:MountTarget": Args<typeof aws.efs.MountTarget>;
  "aws:eks/accessEntry:AccessEntry": Args<typeof aws.eks.AccessEntry>;
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": Args<typeof aws.eks.AccessPolicyAssociation>;
  "aws:eks/addon:Addon": Args<typeof aws.eks.Addon>;
  "aws:eks/cluster:Cluster": Args<typeof aws.eks.Cluster>;
  "aws:eks/nodeGroup:NodeGroup": Args<typeof aws.eks.NodeGroup>;
  "aws:elasticache/cluster:Cluster": Args<typeof aws.elasticache.Cluster>;
  "aws:elasticache/parameterGroup:ParameterGroup": Args<typeof aws.elasticache.ParameterGroup>;
  "aws:elasticache/replicationGroup:ReplicationGroup": Args<typeof aws.elasticache.ReplicationGroup>;
  "aws:elasticache/subnetGroup:SubnetGroup": Args<typeof aws.elasticache.SubnetGroup>;
  "aws:iam/instanceProfile:InstanceProfile": Args<typeof aws.iam.InstanceProfile>;
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Args<typeof aws.iam.OpenIdConnectProvider>;
  "aws:iam/role:Role": Args<typeof aws.iam.Role>;
  "aws:iam/rolePolicy:RolePolicy": Args<typeof aws.iam.RolePolicy>;
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Args<typeof aws.iam.RolePolicyAttachment>;
  "aws:kms/alias:Alias": Args<typeof aws.kms.Alias>;
  "aws:kms/key:Key": Args<typeof aws.kms.Key>;
  "aws:kms/keyPolicy:KeyPolicy": Args<typeof aws.kms.KeyPolicy>;
  "aws:lambda/alias:Alias": Args<typeof aws.lambda.Alias>;
  "aws:lambda/eventSourceMapping:EventSourceMapping": Args<typeof aws.lambda.EventSourceMapping>;
  "aws:lambda/function:Function": Args<typeof aws.lambda.Function>;
  "aws:lambda/functionUrl:FunctionUrl": Args<typeof aws.lambda.FunctionUrl>;
  "aws:lambda/permission:Permission": Args<typeof aws.lambda.Permission>;
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": Args<typeof aws.lambda.ProvisionedConcurrencyConfig>;
  "aws:lb/listener:Listener": Args<typeof aws.lb.Listener>;
  "aws:lb/listenerCertificate:ListenerCertificate": Args<typeof aws.lb.ListenerCertificate>;
  "aws:lb/listenerRule:ListenerRule": Args<typeof aws.lb.ListenerRule>;
  "aws:lb/loadBalancer:LoadBalancer": Args<typeof aws.lb.LoadBalancer>;
  "aws:lb/targetGroup:TargetGroup": Args<typeof aws.lb.TargetGroup>;
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": Args<typeof aws.lb.TargetGroupAttachment>;
  "aws:memorydb/acl:Acl": Args<typeof aws.memorydb.Acl>;
  "aws:memorydb/cluster:Cluster": Args<typeof aws.memorydb.Cluster>;
  "aws:memorydb/subnetGroup:SubnetGroup": Args<typeof aws.memorydb.SubnetGroup>;
  "aws:memorydb/user:User": Args<typeof aws.memorydb.User>;
  "aws:msk/cluster:Cluster": Args<typeof aws.msk.Cluster>;
  "aws:msk/configuration:Configuration": Args<typeof aws.msk.Configuration>;
  "aws:msk/serverlessCluster:ServerlessCluster": Args<typeof aws.msk.ServerlessCluster>;
  "aws:rds/cluster:Cluster": Args<typeof aws.rds.Cluster>;
  "aws:rds/clusterInstance:ClusterInstance": Args<typeof aws.rds.ClusterInstance>;
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": Args<typeof aws.rds.ClusterParameterGroup>;
  "aws:rds/globalCluster:GlobalCluster": Args<typeof aws.rds.GlobalCluster>;
  "aws:rds/instance:Instance": Args<typeof aws.rds.Instance>;
  "aws:rds/parameterGroup:ParameterGroup": Args<typeof aws.rds.ParameterGroup>;
  "aws:rds/subnetGroup:SubnetGroup": Args<typeof aws.rds.SubnetGroup>;
  "aws:s3/bucketAclV2:BucketAclV2": Args<typeof aws.s3.BucketAclV2>;
  "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2": Args<typeof aws.s3.BucketCorsConfigurationV2>;
  "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": Args<typeof aws.s3.BucketLifecycleConfigurationV2>;
  "aws:s3/bucketNotification:BucketNotification": Args<typeof aws.s3.BucketNotification>;
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": Args<typeof aws.s3.BucketOwnershipControls>;
  "aws:s3/bucketPolicy:BucketPolicy": Args<typeof aws.s3.BucketPolicy>;
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Args<typeof aws.s3.BucketPublicAccessBlock>;
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": Args<typeof aws.s3.BucketReplicationConfig>;
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": Args<
    typeof aws.s3.BucketServerSideEncryptionConfigurationV2
  >;
  "aws:s3/bucketV2:BucketV2": Args<typeof aws.s3.BucketV2>;
  "aws:s3/bucketVersioningV2:BucketVersioningV2": Args<typeof aws.s3.BucketVersioningV2>;
  "aws:s3/bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2": Args<typeof aws.s3.BucketWebsiteConfigurationV2>;
  "aws:route53/healthCheck:HealthCheck": Args<typeof aws.route53.HealthCheck>;
  "aws:route53/record:Record": Args<typeof aws.route53.Record>;
  "aws:route53/zone:Zone": Args<typeof aws.route53.Zone>;
  "aws:scheduler/schedule:Schedule": Args<typeof aws.scheduler.Schedule>;
  "aws:scheduler/scheduleGroup:ScheduleGroup": Args<typeof aws.scheduler.ScheduleGroup>;
  "aws:secretsmanager/secret:Secret": Args<typeof aws.secretsmanager.Secret>;
  "aws:secretsmanager/secretRotation:SecretRotation": Args<typeof aws.secretsmanager.SecretRotation>;
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": Args<typeof aws.servicediscovery.PrivateDnsNamespace>;
  "aws:servicediscovery/service:Service": Args<typeof aws.servicediscovery.Service>;
  "aws:sfn/stateMachine:StateMachine": Args<typeof aws.sfn.StateMachine>;
  "aws:sns/topic:Topic": Args<typeof aws.sns.Topic>;
  "aws:sns/topicPolicy:TopicPolicy": Args<typeof aws.sns.TopicPolicy>;
  "aws:sns/topicSubscription:TopicSubscription": Args<typeof aws.sns.TopicSubscription>;
  "aws:sqs/queue:Queue": Args<typeof aws.sqs.Queue>;
  "aws:sqs/queuePolicy:QueuePolicy": Args<typeof aws.sqs.QueuePolicy>;
  "aws:wafv2/webAclAssociation:WebAclAssociation": Args<typeof aws.wafv2.WebAclAssociation>;
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": Args<typeof aws.vpc.SecurityGroupEgressRule>;
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Args<typeof aws.vpc.SecurityGroupIngressRule>;
}

/** A token that kinds may use. */
export type AwsToken = keyof AwsArgs;

/** Keys of A that must be given. */
type RequiredKeys<A> = { [K in keyof A]-?: undefined extends A[K] ? never : K }[keyof A];

/** What a resource of type T takes: all required properties, no unknown ones, each as the class has it. */
export type PropsFor<T extends AwsToken, P> = Fits<P, AwsArgs[T]> & { [K in RequiredKeys<AwsArgs[T]>]: unknown };
