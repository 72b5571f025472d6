/** The package `panka`: what a stack's program imports. */
import type { App } from "./base/app.js";
import type { Stack } from "./base/stack.js";

export * from "../framework/index.js";
export { App, isApp } from "./base/app.js";
export { Component, type Use } from "./base/component.js";
export { commonFields, type Metadata, type PropsOf } from "./base/common.js";
export { defineKind, type Expanded, fields, type KindDefinition, kindSchema } from "./base/kind.js";
export { InfraConstruct } from "./base/infra.js";
export { InfraDefaults, type InfraDefaultsProps, ServiceInfraDefaults } from "./base/infra-kinds.js";
export { Service, type ServiceProps } from "./base/service.js";
export { type EnvironmentChanges, isStack, Stack, type StackProps } from "./base/stack.js";
export { CronJob, type CronJobProps } from "./compute/cron-job.js";
export { EC2Instance, type EC2InstanceProps } from "./compute/ec2-instance.js";
export { EKSCluster, type EKSClusterProps } from "./compute/eks-cluster.js";
export { Lambda, type LambdaProps } from "./compute/lambda.js";
export { MicroService, type MicroServiceProps } from "./compute/micro-service.js";
export { Worker, type WorkerProps } from "./compute/worker.js";
export { DocumentDB, type DocumentDBProps } from "./data/documentdb.js";
export { DynamoDB, type DynamoDBProps } from "./data/dynamodb.js";
export { ElastiCacheMemcached, type ElastiCacheMemcachedProps } from "./data/memcached.js";
export { MemoryDB, type MemoryDBProps } from "./data/memorydb.js";
export { RDS, type RDSProps } from "./data/rds.js";
export { ElastiCacheRedis, type ElastiCacheRedisProps } from "./data/redis.js";
export { ALB, type ALBProps } from "./edge/alb.js";
export { APIGateway, type APIGatewayProps } from "./edge/api-gateway.js";
export { CloudFront, type CloudFrontProps } from "./edge/cloudfront.js";
export { DNS, type DNSProps } from "./edge/dns.js";
export { NLB, type NLBProps } from "./edge/nlb.js";
export { EventBridge, type EventBridgeProps } from "./messaging/eventbridge.js";
export { MSK, type MSKProps } from "./messaging/msk.js";
export { SNS, type SNSProps } from "./messaging/sns.js";
export { SQS, type SQSProps } from "./messaging/sqs.js";
export { Alarm, type AlarmProps } from "./monitoring/alarm.js";
export { Dashboard, type DashboardProps } from "./monitoring/dashboard.js";
export { Observability, type ObservabilityProps } from "./monitoring/observability.js";
export { Networking, type NetworkingProps } from "./network/networking.js";
export { Compliance, type ComplianceProps } from "./security/compliance.js";
export { KMSKey, type KMSKeyProps } from "./security/kms-key.js";
export { Secret, type SecretProps } from "./security/secret.js";
export { Security, type SecurityProps } from "./security/security.js";
export { EBS, type EBSProps } from "./storage/ebs.js";
export { EFS, type EFSProps } from "./storage/efs.js";
export { S3, type S3Props } from "./storage/s3.js";

/** A stack's program may export this: a function of the environment and its variables. */
export type StackProgram = (context: { environment: string; vars: { [name: string]: string } }) => Stack | App | Promise<Stack | App>;
