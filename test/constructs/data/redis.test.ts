import { test } from "uvu";
import * as assert from "uvu/assert";
import { cacheFamily, redisKind } from "../../../constructs/data/redis.js";
import { expandAll, type Setting } from "../../support/expand.js";

const NODE = { nodeType: "cache.t4g.micro" };
const cache = (props: Record<string, unknown> = {}, setting: Setting = {}) =>
  expandAll([{ address: "shop/cache", kind: "ElastiCacheRedis", props: { cluster: NODE, ...props } }], setting);
const main = (out: ReturnType<typeof cache>) => out.props("shop/cache");
const codes = (props: Record<string, unknown>) => cache(props).errors.map((e) => e.code);

test("a cache is encrypted at rest and in transit, private, and one node unless asked for more", () => {
  const props = main(cache());
  assert.is(props.atRestEncryptionEnabled, true);
  assert.is(props.transitEncryptionEnabled, true);
  assert.is(props.numCacheClusters, 1);
  assert.is(props.automaticFailoverEnabled, false);
  assert.match(JSON.stringify(cache().props("shop/cache/subnets").subnetIds), /private-a.*private-b/);
  assert.not(cache().resources.some((r) => r.type.endsWith("IngressRule")));
});

test("replicas take over, in other zones", () => {
  const props = main(cache({ cluster: { ...NODE, mode: "replication-group", numNodes: 3 } }));
  assert.is(props.numCacheClusters, 3);
  assert.is(props.automaticFailoverEnabled && props.multiAzEnabled, true);
});

test("mode cluster has shards, a parameter group that says so, and its own endpoint", () => {
  const out = cache({ cluster: { ...NODE, mode: "cluster", shards: 3, replicasPerShard: 0 } });
  assert.is(main(out).numNodeGroups, 3);
  assert.is(main(out).replicasPerNodeGroup, 0);
  assert.is(main(out).parameterGroupName, "default.redis7.cluster.on");
  assert.match(JSON.stringify(out.outputs["shop/cache"]?.endpoint), /configurationEndpointAddress/);
  assert.is(out.outputs["shop/cache"]?.readerEndpoint, undefined);
  assert.is(redisKind.hasOutput?.("readerEndpoint", { cluster: { mode: "cluster" } }), false);
});

test("parameters make a group of the version's family; in mode cluster it keeps that mode on", () => {
  const out = cache({ parameters: { "maxmemory-policy": "allkeys-lru" }, cluster: { ...NODE, mode: "cluster" } });
  assert.equal(out.props("shop/cache/parameters").parameters, [
    { name: "cluster-enabled", value: "yes" },
    { name: "maxmemory-policy", value: "allkeys-lru" },
  ]);
  assert.is(out.props("shop/cache/parameters").family, "redis7");
  assert.is(cache().find("shop/cache/parameters"), undefined);
  const families = ["redis 7.1", "redis 6.x", "redis 5.0", "valkey 8.0", "valkey 7.2"].map((v) =>
    cacheFamily(...(v.split(" ") as [string, string])),
  );
  assert.equal(families, ["redis7", "redis6.x", "redis5.0", "valkey8", "valkey7"]);
});

test("snapshots are kept in production, where a last one is taken before it goes", () => {
  assert.is(main(cache()).snapshotRetentionLimit, 0);
  const production = main(cache({}, { environmentClass: "production" }));
  assert.is(production.snapshotRetentionLimit, 7);
  assert.is(production.finalSnapshotIdentifier, "final-shop-dev-shop-cache");
  assert.is(main(cache({ backup: { retentionDays: 0 } }, { environmentClass: "production" })).finalSnapshotIdentifier, undefined);
});

test("the URL says whether TLS is spoken", () => {
  assert.equal((cache().outputs["shop/cache"]?.url as { $text: unknown[] } | undefined)?.$text[0], "rediss://");
  const plain = cache({ security: { transitEncryption: false } });
  assert.equal((plain.outputs["shop/cache"]?.url as { $text: unknown[] } | undefined)?.$text[0], "redis://");
});

test("a password comes from a secret at apply, and who uses the cache may read it if it asks", () => {
  const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf";
  const out = cache({ security: { authSecret: arn } });
  assert.is(main(out).authToken.$secret.$lookup.args.secretId, arn);
  assert.equal(out.bindings["shop/cache"]?.grants.read, [{ actions: ["secretsmanager:GetSecretValue"], resources: [arn] }]);
  assert.is(cache().bindings["shop/cache"]?.grants.read, undefined);
});

test("a task that refers to it is let in on port 6379", () => {
  const out = expandAll([
    { address: "shop/cache", kind: "ElastiCacheRedis", props: { cluster: NODE } },
    { address: "shop/w", kind: "Worker", props: { image: "w:1", uses: [{ component: "cache", access: "connect" }] } },
  ]);
  assert.is(out.props("shop/w/to-shop-cache").fromPort, 6379);
});

test("what ElastiCache would refuse later is said now", () => {
  assert.equal(codes({ cluster: { ...NODE, numNodes: 2 } }), ["mode-mismatch"]);
  assert.equal(codes({ cluster: { ...NODE, numNodes: 1 } }), []);
  assert.equal(codes({ cluster: { ...NODE, mode: "replication-group", shards: 2 } }), ["mode-mismatch"]);
  assert.equal(codes({ cluster: { ...NODE, mode: "replication-group", numNodes: 1 } }), ["too-few-nodes"]);
  assert.equal(codes({ security: { transitEncryption: false, authSecret: "token" } }), ["auth-without-tls"]);
  assert.throws(() => cache({ engine: { version: "7" } }));
});

test.run();
