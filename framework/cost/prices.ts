/**
 * Standing prices: a small dated table of what costs money by the hour, whether it is used or not. US dollars, region us-east-1,
 * on demand, without taxes and free tiers. Everything else is either free while unused or not known here.
 */

/** Hours of a month, as the provider's own calculator counts. */
export const HOURS_PER_MONTH = 730;

/** One row. */
export interface Price {
  /** What it is, for people. */
  item: string;
  /** Dollars per `per`. */
  dollars: number;
  per: "hour" | "month" | "GB-month";
  /** Where the figure comes from. */
  source: string;
  /** When it was read, year and month. */
  date: string;
}

const price = (item: string, dollars: number, per: Price["per"], source: string): Price => ({
  item,
  dollars,
  per,
  source,
  date: "2025-06",
});

const VPC = "https://aws.amazon.com/vpc/pricing/";
const RDS = "https://aws.amazon.com/rds/postgresql/pricing/";
const ELB = "https://aws.amazon.com/elasticloadbalancing/pricing/";
const CACHE = "https://aws.amazon.com/elasticache/pricing/";
const AURORA = "https://aws.amazon.com/rds/aurora/pricing/";
const DOCUMENTDB = "https://aws.amazon.com/documentdb/pricing/";
const MSK = "https://aws.amazon.com/msk/pricing/";
const EBS = "https://aws.amazon.com/ebs/pricing/";
const FARGATE = "https://aws.amazon.com/fargate/pricing/";

/** All rows, by a short key. */
export const PRICES = {
  natGateway: price("NAT gateway", 0.045, "hour", VPC),
  publicIpv4: price("public IPv4 address", 0.005, "hour", VPC),
  interfaceEndpoint: price("interface endpoint, per zone", 0.01, "hour", "https://aws.amazon.com/privatelink/pricing/"),
  applicationLoadBalancer: price("application load balancer", 0.0225, "hour", ELB),
  networkLoadBalancer: price("network load balancer", 0.0225, "hour", ELB),
  fargateCpu: price("Fargate vCPU", 0.04048, "hour", FARGATE),
  fargateMemory: price("Fargate GB of memory", 0.004445, "hour", FARGATE),
  fargateArmCpu: price("Fargate vCPU (ARM)", 0.03238, "hour", FARGATE),
  fargateArmMemory: price("Fargate GB of memory (ARM)", 0.00356, "hour", FARGATE),
  kmsKey: price("KMS key", 1, "month", "https://aws.amazon.com/kms/pricing/"),
  secret: price("secret", 0.4, "month", "https://aws.amazon.com/secrets-manager/pricing/"),
  metricAlarm: price("metric alarm", 0.1, "month", "https://aws.amazon.com/cloudwatch/pricing/"),
  databaseStorage: price("database storage (gp2, gp3)", 0.115, "GB-month", RDS),
  "db.t4g.micro": price("db.t4g.micro", 0.016, "hour", RDS),
  "db.t4g.small": price("db.t4g.small", 0.032, "hour", RDS),
  "db.t4g.medium": price("db.t4g.medium", 0.065, "hour", RDS),
  "cache.t4g.micro": price("cache.t4g.micro", 0.016, "hour", CACHE),
  "cache.t4g.small": price("cache.t4g.small", 0.032, "hour", CACHE),
  "cache.t4g.medium": price("cache.t4g.medium", 0.065, "hour", CACHE),
  "cache.m7g.large": price("cache.m7g.large", 0.158, "hour", CACHE),
  "cache.r7g.large": price("cache.r7g.large", 0.219, "hour", CACHE),
  "aurora db.t4g.medium": price("db.t4g.medium", 0.073, "hour", AURORA),
  "aurora db.r7g.large": price("db.r7g.large", 0.276, "hour", AURORA),
  auroraCapacity: price("Aurora capacity unit", 0.12, "hour", AURORA),
  "documentdb db.t4g.medium": price("db.t4g.medium", 0.07566, "hour", DOCUMENTDB),
  "kafka.t3.small": price("kafka.t3.small", 0.0456, "hour", MSK),
  "kafka.m7g.large": price("kafka.m7g.large", 0.204, "hour", MSK),
  kafkaStorage: price("Kafka storage", 0.1, "GB-month", MSK),
  kafkaServerless: price("serverless Kafka cluster", 0.75, "hour", MSK),
  "ebs gp2": price("gp2 disk", 0.1, "GB-month", EBS),
  "ebs gp3": price("gp3 disk", 0.08, "GB-month", EBS),
  "ebs io1": price("io1 disk, without operations", 0.125, "GB-month", EBS),
  "ebs io2": price("io2 disk, without operations", 0.125, "GB-month", EBS),
  "ebs st1": price("st1 disk", 0.045, "GB-month", EBS),
  "ebs sc1": price("sc1 disk", 0.015, "GB-month", EBS),
} as const satisfies { [key: string]: Price };

/** Name of a row. */
export type PriceKey = keyof typeof PRICES;

/** Dollars a month of `count` units of a row. */
export function monthly(key: PriceKey, count = 1): number {
  const row: Price = PRICES[key];
  return row.dollars * count * (row.per === "hour" ? HOURS_PER_MONTH : 1);
}

/** Types whose price is by use alone, or that are free: tokens, or their beginning up to `*`. */
export const NO_STANDING_PRICE: readonly string[] = [
  "aws:apigatewayv2/*",
  "aws:appautoscaling/*",
  "aws:cloudwatch/eventBus:*",
  "aws:cloudwatch/eventPermission:*",
  "aws:cloudwatch/eventRule:*",
  "aws:cloudwatch/eventTarget:*",
  "aws:cloudwatch/logGroup:*",
  "aws:dlm/*",
  "aws:docdb/cluster:*",
  "aws:docdb/clusterParameterGroup:*",
  "aws:docdb/subnetGroup:*",
  "aws:ec2/internetGateway:*",
  "aws:ec2/route:*",
  "aws:ec2/routeTable:*",
  "aws:ec2/routeTableAssociation:*",
  "aws:ec2/securityGroup:*",
  "aws:ec2/subnet:*",
  "aws:ec2/vpc:*",
  "aws:ecs/cluster:*",
  "aws:ecs/clusterCapacityProviders:*",
  "aws:ecs/taskDefinition:*",
  "aws:efs/*",
  "aws:elasticache/parameterGroup:*",
  "aws:elasticache/subnetGroup:*",
  "aws:iam/*",
  "aws:kms/alias:*",
  "aws:lambda/*",
  "aws:lb/listener:*",
  "aws:lb/listenerRule:*",
  "aws:lb/targetGroup:*",
  "aws:memorydb/acl:*",
  "aws:memorydb/subnetGroup:*",
  "aws:memorydb/user:*",
  "aws:msk/configuration:*",
  "aws:rds/cluster:*",
  "aws:rds/clusterParameterGroup:*",
  "aws:rds/parameterGroup:*",
  "aws:rds/subnetGroup:*",
  "aws:s3/*",
  "aws:secretsmanager/secretPolicy:*",
  "aws:secretsmanager/secretVersion:*",
  "aws:servicediscovery/service:*",
  "aws:sns/*",
  "aws:sqs/*",
  "aws:vpc/securityGroupEgressRule:*",
  "aws:vpc/securityGroupIngressRule:*",
];
