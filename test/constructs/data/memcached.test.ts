import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll } from "../../support/expand.js";

const NODE = { nodeType: "cache.t4g.micro" };
const cache = (props: Record<string, unknown> = {}) =>
  expandAll([{ address: "shop/pages", kind: "ElastiCacheMemcached", props: { cluster: NODE, ...props } }]);

test("a cluster stands in private subnets, one node unless asked for more, and nobody may come in yet", () => {
  const out = cache();
  assert.is(out.props("shop/pages").numCacheNodes, 1);
  assert.is(out.props("shop/pages").azMode, "single-az");
  assert.match(JSON.stringify(out.props("shop/pages/subnets").subnetIds), /private-a/);
  assert.not(out.resources.some((r) => r.type.endsWith("IngressRule")));
});

test("two nodes stand in two zones unless told otherwise", () => {
  assert.is(cache({ cluster: { ...NODE, numNodes: 2 } }).props("shop/pages").azMode, "cross-az");
  assert.is(cache({ cluster: { ...NODE, numNodes: 2, azMode: "single-az" } }).props("shop/pages").azMode, "single-az");
  assert.equal(
    cache({ cluster: { ...NODE, azMode: "cross-az" } }).errors.map((e) => e.code),
    ["too-few-nodes"],
  );
});

test("parameters make a group of the version's family", () => {
  const group = cache({ parameters: { max_item_size: "2097152" } }).props("shop/pages/parameters");
  assert.is(group.family, "memcached1.6");
  assert.equal(group.parameters, [{ name: "max_item_size", value: "2097152" }]);
  assert.is(cache().find("shop/pages/parameters"), undefined);
});

test("it is reached by its configuration endpoint on port 11211", () => {
  const out = cache();
  assert.match(JSON.stringify(out.outputs["shop/pages"]?.endpoint), /clusterAddress/);
  assert.is(out.bindings["shop/pages"]?.connect?.port, 11_211);
});

test.run();
