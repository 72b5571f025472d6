import { test } from "uvu";
import * as assert from "uvu/assert";
import { Ref } from "../../../framework/model/index.js";
import { expandAll, type Given } from "../../support/expand.js";

const STOCK: Given = {
  address: "shop/stock",
  kind: "MicroService",
  props: {
    image: "stock:1",
    ports: [
      { name: "grpc", port: 9000 },
      { name: "http", port: 8080 },
      { name: "raw", port: 7000 },
      { name: "dns", port: 53, protocol: "udp" },
    ],
    serviceDiscovery: { type: "connect" },
    networking: { loadBalancer: { enabled: false } },
  },
};
const USE = { uses: [{ component: "stock", access: "connect" }] };
/** The service and one that uses it. */
const pair = (kind: string, props: object, stock: Given = STOCK) =>
  expandAll([stock, { address: "shop/api", kind, props: { image: "api:1", ...props } }]);
const joined = (out: ReturnType<typeof pair>, at: string) => out.props(at).serviceConnectConfiguration;

test("with Service Connect each TCP port is offered under one name, and the proxy knows what it may read", () => {
  const out = expandAll([STOCK]);
  assert.equal(out.errors, []);
  const { services, ...rest } = joined(out, "shop/stock");
  const alias = (port: number) => [{ port, dnsName: "stock.shop-dev.internal" }];
  assert.equal(services, [
    { portName: "grpc", discoveryName: "stock", clientAlias: alias(9000) },
    { portName: "http", discoveryName: "stock-http", clientAlias: alias(8080) },
    { portName: "raw", discoveryName: "stock-raw", clientAlias: alias(7000) },
  ]);
  assert.match(JSON.stringify(rest.namespace), /_stack\/cluster\/namespace/);
  assert.is(rest.logConfiguration.options["awslogs-stream-prefix"], "service-connect");
  const ports = out.props("shop/stock/task-definition").containerDefinitions.$json[0].portMappings;
  assert.equal(
    ports.map((p: { appProtocol?: string }) => p.appProtocol),
    ["grpc", "http", undefined, undefined],
  );
  assert.is(out.props("shop/stock").serviceRegistries, undefined);
  assert.is(out.find("shop/stock/discovery"), undefined);
});

test("who refers to it takes part in the namespace, gets the name, and is let in", () => {
  for (const kind of ["MicroService", "Worker"]) {
    const out = pair(kind, USE);
    assert.equal(out.errors, []);
    assert.equal(joined(out, "shop/api").namespace, joined(out, "shop/stock").namespace);
    assert.is(joined(out, "shop/api").services, undefined);
    const [container] = out.props("shop/api/task-definition").containerDefinitions.$json;
    assert.equal(container.environment, [{ name: "STOCK_URL", value: "http://stock.shop-dev.internal:9000" }]);
    assert.is(out.props("shop/api/to-shop-stock").fromPort, 9000);
  }
});

test("a service behind the load balancer is still found by its name inside", () => {
  const { networking: _, ...props } = STOCK.props;
  const out = expandAll([{ ...STOCK, props }]);
  assert.is(out.outputs["shop/stock"]?.url, "http://stock.shop-dev.internal:8080");
  assert.match(JSON.stringify(out.outputs["shop/stock"]?.loadBalancerUrl), /dnsName/);
});

test("what has no proxy can't use it: the error says so", () => {
  const fn = { runtime: "nodejs20.x", handler: "index.handler", code: { zipFile: "x" } };
  const url = { environment: { URL: new Ref("shop/stock", "url") } };
  assert.equal(
    pair("CronJob", { ...USE, schedule: "rate(1 day)" }).errors.map((e) => e.code),
    ["not-in-mesh"],
  );
  const { errors } = expandAll([STOCK, { address: "shop/fn", kind: "Lambda", props: { ...fn, ...url } }]);
  assert.ok(errors.some((e) => e.code === "not-in-mesh"));
});

test("a service takes part in one namespace only, and must have something to offer", () => {
  const other: Given = {
    ...STOCK,
    address: "shop/other",
    props: { ...STOCK.props, serviceDiscovery: { type: "connect", namespace: "b.internal" } },
  };
  const both = { uses: [...USE.uses, { component: "other" }] };
  const out = expandAll([STOCK, other, { address: "shop/api", kind: "Worker", props: { image: "api:1", ...both } }]);
  assert.equal(
    out.errors.map((e) => `${e.code} ${e.path}`),
    ["two-namespaces serviceDiscovery.namespace"],
  );
  const none = expandAll([{ ...STOCK, props: { image: "x:1", serviceDiscovery: { type: "connect" } } }]);
  assert.equal(
    none.errors.map((e) => e.code),
    ["no-port"],
  );
});

test("without it, and without a reference to one that has it, nothing of Service Connect is made", () => {
  const dns: Given = { ...STOCK, props: { ...STOCK.props, serviceDiscovery: {} } };
  const out = pair("Worker", USE, dns);
  assert.is(joined(out, "shop/api"), undefined);
  assert.is(joined(out, "shop/stock"), undefined);
  assert.is(out.props("shop/stock/task-definition").containerDefinitions.$json[0].portMappings[0].appProtocol, undefined);
});

test.run();
