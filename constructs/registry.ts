/** All kinds that Panka knows. A new kind is one line here. */
import type { Kind, Registry, SharedKind } from "../framework/model/index.js";
import { resourceKind } from "./base/aws-resource-kind.js";
import { GLOBAL_NAMES } from "./base/global-names.js";
import { componentInfraKind, infraDefaultsKind, serviceInfraDefaultsKind } from "./base/infra-kinds.js";
import { probeFor } from "./base/probes.js";
import { serviceKind, stackKind } from "./base/stack-kind.js";
import { cronJobKind } from "./compute/cron-job.js";
import { ec2InstanceKind } from "./compute/ec2-instance.js";
import { eksClusterKind } from "./compute/eks-cluster.js";
import { lambdaKind } from "./compute/lambda.js";
import { microServiceKind } from "./compute/micro-service.js";
import { workerKind } from "./compute/worker.js";
import { documentdbKind } from "./data/documentdb.js";
import { dynamodbKind } from "./data/dynamodb.js";
import { memcachedKind } from "./data/memcached.js";
import { memorydbKind } from "./data/memorydb.js";
import { rdsKind } from "./data/rds.js";
import { redisKind } from "./data/redis.js";
import { albKind } from "./edge/alb.js";
import { apiGatewayKind } from "./edge/api-gateway.js";
import { cloudFrontKind } from "./edge/cloudfront.js";
import { dnsKind } from "./edge/dns.js";
import { nlbKind } from "./edge/nlb.js";
import { eventbridgeKind } from "./messaging/eventbridge.js";
import { mskKind } from "./messaging/msk.js";
import { snsKind } from "./messaging/sns.js";
import { sqsKind } from "./messaging/sqs.js";
import { alarmKind } from "./monitoring/alarm.js";
import { dashboardKind } from "./monitoring/dashboard.js";
import { observabilityKind } from "./monitoring/observability.js";
import { networkingKind } from "./network/networking.js";
import { complianceKind } from "./security/compliance.js";
import { kmsKeyKind } from "./security/kms-key.js";
import { secretKind } from "./security/secret.js";
import { securityKind } from "./security/security.js";
import { sharedCapacity } from "./shared/capacity.js";
import { sharedImages } from "./shared/images.js";
import { sharedCluster } from "./shared/cluster.js";
import { sharedLoadBalancer } from "./shared/load-balancer.js";
import { sharedLogDelivery } from "./shared/log-delivery.js";
import { sharedNetwork } from "./shared/network.js";
import { ebsKind } from "./storage/ebs.js";
import { efsKind } from "./storage/efs.js";
import { s3Kind } from "./storage/s3.js";
import { sharedNotifications } from "./storage/s3-notifications.js";

const kinds: readonly Kind[] = [
  // core
  stackKind,
  serviceKind,
  // infra
  componentInfraKind,
  infraDefaultsKind,
  serviceInfraDefaultsKind,
  networkingKind,
  observabilityKind,
  complianceKind,
  securityKind,
  // compute
  cronJobKind,
  ec2InstanceKind,
  eksClusterKind,
  lambdaKind,
  microServiceKind,
  workerKind,
  // data
  documentdbKind,
  dynamodbKind,
  memcachedKind,
  memorydbKind,
  rdsKind,
  redisKind,
  // messaging
  eventbridgeKind,
  mskKind,
  snsKind,
  sqsKind,
  // edge, monitoring
  albKind,
  apiGatewayKind,
  cloudFrontKind,
  dnsKind,
  nlbKind,
  alarmKind,
  dashboardKind,
  // storage, security
  ebsKind,
  efsKind,
  s3Kind,
  kmsKeyKind,
  secretKind,
  // any type
  resourceKind,
];

/** In the order in which they are expanded: a shared kind may ask only those after it. */
const shared: readonly SharedKind[] = [
  sharedNotifications,
  sharedLoadBalancer,
  sharedCapacity,
  sharedImages,
  sharedCluster,
  sharedNetwork,
  sharedLogDelivery,
];

/** The registry of Panka's own kinds. */
export const registry: Registry = registryOf(kinds);

/** The registry with a team's own kinds besides; their names are taken as checked. */
export function registryWith(own: readonly Kind[]): Registry {
  return own.length === 0 ? registry : registryOf([...kinds, ...own]);
}

function registryOf(all: readonly Kind[]): Registry {
  const byName = new Map(all.flatMap((kind) => [kind.name, ...(kind.aliases ?? [])].map((name) => [name, kind] as const)));
  return {
    kinds: all,
    shared,
    find: (name) => byName.get(name),
    probeFor,
    globalNames: GLOBAL_NAMES,
    wellKnown: {
      accountId: { $lookup: { token: "aws:index/getCallerIdentity:getCallerIdentity", args: {}, output: "accountId" } },
      region: { $lookup: { token: "aws:index/getRegion:getRegion", args: {}, output: "name" } },
    },
  };
}
