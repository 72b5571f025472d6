import { test } from "uvu";
import * as assert from "uvu/assert";
import { costNotices } from "../../../framework/cost/notices.js";
import { monthly, PRICES } from "../../../framework/cost/prices.js";
import type { Change, ChangeAction, Plan } from "../../../framework/model/plan.js";
import type { ResourceSpec } from "../../../framework/model/resource.js";
import { assembly, ref, resource } from "../../support/engine-world.js";

function notices(resources: ResourceSpec[], action: ChangeAction = "create"): string[] {
  const changes: Change[] = resources.map((r) => ({
    urn: r.urn,
    component: r.urn.split("::")[3] ?? "",
    type: r.type,
    action,
    reasons: [],
    properties: [],
  }));
  return costNotices({ changes } as unknown as Plan, assembly(resources));
}

const of = (where: string, type: string, props: ResourceSpec["props"] = {}): ResourceSpec => resource(where, props, { type });

test("items over $10 a month are stated, the dearest first, with their sum and the date of the prices", () => {
  const found = notices([
    of("s/nat", "aws:ec2/natGateway:NatGateway"),
    of("s/db", "aws:rds/instance:Instance", { instanceClass: "db.t4g.small", allocatedStorage: 20, multiAz: true }),
    of("s/lb", "aws:lb/loadBalancer:LoadBalancer", { subnets: ["a", "b"] }),
    of("s/key", "aws:kms/key:Key"),
  ]);
  assert.equal(found, [
    "s/db: about $51 a month (db.t4g.small in two zones, 20 GB)",
    "s/nat: about $33 a month (NAT gateway)",
    "s/lb: about $24 a month (application load balancer, 2 public IPv4 addresses)",
    "in all about $109 a month while idle, plus use (us-east-1 prices of 2025-06)",
  ]);
});

test("caches cost by all their nodes, less with Valkey; brokers by machine and disk; disks by size; Aurora by its least capacity", () => {
  const REDIS = "aws:elasticache/replicationGroup:ReplicationGroup";
  const cluster = of("s/aurora", "aws:rds/cluster:Cluster", { serverlessv2ScalingConfiguration: { minCapacity: 2, maxCapacity: 8 } });
  const found = notices([
    of("s/cache", REDIS, { nodeType: "cache.t4g.small", numNodeGroups: 2, replicasPerNodeGroup: 1, engine: "redis" }),
    of("s/valkey", REDIS, { nodeType: "cache.t4g.small", numCacheClusters: 2, engine: "valkey" }),
    of("s/kafka", "aws:msk/cluster:Cluster", {
      numberOfBrokerNodes: 2,
      brokerNodeGroupInfo: { instanceType: "kafka.t3.small", storageInfo: { ebsStorageInfo: { volumeSize: 100 } } },
    }),
    of("s/disk", "aws:ebs/volume:Volume", { type: "gp3", size: 500 }),
    cluster,
    of("s/aurora/instance-1", "aws:rds/clusterInstance:ClusterInstance", {
      instanceClass: "db.serverless",
      clusterIdentifier: ref("s/aurora", "clusterIdentifier", "aws:rds/cluster:Cluster"),
    }),
    of("s/memory", "aws:memorydb/cluster:Cluster", { nodeType: "db.t4g.small" }),
  ]);
  assert.equal(found, [
    "s/aurora/instance-1: about $175 a month (2 Aurora capacity units)",
    "s/cache: about $93 a month (4 x cache.t4g.small)",
    "s/kafka: about $87 a month (2 x kafka.t3.small, 200 GB)",
    "s/disk: about $40 a month (500 GB of gp3 disk)",
    "s/valkey: about $37 a month (2 x cache.t4g.small)",
    "in all about $433 a month while idle, plus use (us-east-1 prices of 2025-06)",
    "price not known: aws:memorydb/cluster:Cluster",
  ]);
});

test("containers cost their count times the size of their task, less on ARM", () => {
  const TASK = "aws:ecs/taskDefinition:TaskDefinition";
  const build = (runtimePlatform: ResourceSpec["props"]): string =>
    notices([
      of("s/task", TASK, { cpu: "1024", memory: "2048", ...runtimePlatform }),
      of("s/api", "aws:ecs/service:Service", { desiredCount: 2, taskDefinition: ref("s/task", "arn", TASK) }),
    ])[0] ?? "";
  assert.is(build({}), "s/api: about $72 a month (2 x Fargate 1 vCPU, 2 GB)");
  assert.is(build({ runtimePlatform: { cpuArchitecture: "ARM64" } }), "s/api: about $58 a month (2 x Fargate 1 vCPU, 2 GB)");
});

test("what costs nothing while idle is not mentioned, what is not in the table is", () => {
  assert.equal(notices([of("s/q", "aws:sqs/queue:Queue"), of("s/t", "aws:dynamodb/table:Table", { billingMode: "PAY_PER_REQUEST" })]), []);
  const odd = [of("s/a", "aws:msk/cluster:Cluster"), of("s/b", "aws:msk/cluster:Cluster"), of("s/c", "aws:eks/cluster:Cluster")];
  assert.equal(notices(odd), ["price not known: aws:eks/cluster:Cluster, 2 x aws:msk/cluster:Cluster"]);
  assert.equal(notices([of("s/db", "aws:rds/instance:Instance", { instanceClass: "db.r9.huge" })]), [
    "price not known: aws:rds/instance:Instance",
  ]);
});

test("an interface endpoint is paid for in every zone, a gateway endpoint is free", () => {
  const type = "aws:ec2/vpcEndpoint:VpcEndpoint";
  assert.match(notices([of("s/e", type, { vpcEndpointType: "Interface", subnetIds: ["a", "b"] })])[0] ?? "", /\$15 a month/);
  assert.equal(notices([of("s/e", type, { vpcEndpointType: "Gateway" })]), []);
});

test("unchanged and deleted resources are not counted", () => {
  const nat = [of("s/nat", "aws:ec2/natGateway:NatGateway")];
  assert.equal(notices(nat, "same"), []);
  assert.equal(notices(nat, "delete"), []);
  assert.is(notices(nat, "update").length, 2);
});

test("every row names its source and date", () => {
  for (const [key, row] of Object.entries(PRICES)) {
    assert.match(row.source, /^https:\/\//, key);
    assert.match(row.date, /^\d{4}-\d{2}$/, key);
    assert.ok(row.dollars > 0, key);
  }
  assert.is(Math.round(monthly("natGateway")), 33);
});

test.run();
