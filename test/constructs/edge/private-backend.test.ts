import { test } from "uvu";
import * as assert from "uvu/assert";
import { ALB, APIGateway, CloudFront, MicroService, NLB, Service, Stack } from "../../../constructs/index.js";
import { backendBehind } from "../../../constructs/edge/private-backend.js";
import { expandAll, type Given } from "../../support/expand.js";
import { synthOf } from "../../support/synth.js";

const service = (networking: object) => ({ image: "acme/web:1", ports: [{ name: "http", port: 80 }], networking });
const INSIDE = { loadBalancer: { internal: true } };
const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1";

const api = (networking: object, props: Record<string, unknown> = {}, more: Given[] = []) =>
  expandAll([
    { address: "shop/web", kind: "MicroService", props: service(networking) },
    ...more,
    { address: "shop/api", kind: "APIGateway", props: { routes: [{ path: "/{proxy+}", component: "web" }], ...props } },
  ]);
const integration = (made: ReturnType<typeof api>, path = "/{proxy+}") =>
  made.props("shop/api").body.$json.paths[path]["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"];

test("an http API reaches a service behind an internal load balancer through a VPC link, whose firewall the balancer lets in", () => {
  const made = api(INSIDE);
  assert.equal(made.errors, []);
  const { uri, connectionId, ...rest } = integration(made);
  assert.equal(rest, { type: "http_proxy", httpMethod: "ANY", connectionType: "VPC_LINK", payloadFormatVersion: "1.0" });
  assert.match(uri.$ref.urn, /listener:Listener::_stack\/load-balancer\/internal-http$/);
  assert.match(connectionId.$ref.urn, /vpcLink:VpcLink::shop\/api\/link$/);
  const link = made.props("shop/api/link");
  assert.match(JSON.stringify(link.subnetIds), /network\/private-a/);
  const door = made.resources.find((s) => s.urn.includes("shop/api/link-to-"))!;
  assert.match((door.props as any).securityGroupId.$ref.urn, /load-balancer\/internal-security-group$/);
  assert.equal((door.props as any).referencedSecurityGroupId, link.securityGroupIds[0]);
  assert.equal([(door.props as any).fromPort, (door.props as any).toPort], [80, 80]);
});

test("two routes to one balancer share its door, and a public service needs no link", () => {
  const other = { address: "shop/two", kind: "MicroService", props: service({ ...INSIDE, ingress: { path: "/two" } }) };
  const routes = [
    { path: "/{proxy+}", component: "web" },
    { path: "/2/{proxy+}", component: "two" },
  ];
  const made = api(INSIDE, { routes }, [other]);
  assert.is(made.resources.filter((s) => s.urn.includes("/link-to-")).length, 1);
  assert.equal(integration(made, "/2/{proxy+}").requestParameters, { "overwrite:path": "/two${request.path}" });
  assert.is(api({}).find("shop/api/link"), undefined);
});

test("a rule's host is sent along and, over TLS, what the certificate is checked for", () => {
  const made = api({ loadBalancer: { internal: true, certificateArn: CERTIFICATE }, ingress: { hostname: "web.example.com" } });
  const { tlsConfig, requestParameters } = integration(made);
  assert.equal(tlsConfig, { serverNameToVerify: "web.example.com" });
  assert.equal(requestParameters, { "overwrite:header.host": "web.example.com" });
});

test("a balancer component that is internal is reached by its first listener", () => {
  const balancer = {
    address: "shop/balancer",
    kind: "ALB",
    props: { internal: true, listeners: [{ port: 8080, protocol: "HTTP", default: "web" }] },
  };
  const made = api({ loadBalancer: { enabled: false } }, { routes: [{ path: "$default", component: "balancer" }] }, [balancer]);
  assert.equal(made.errors, []);
  assert.match(integration(made, "/$default").uri.$ref.urn, /shop\/balancer\/listener-8080$/);
});

/** An API whose route names a network load balancer of its own, behind which a service stands. */
function behindNlb(nlb: object = {}, type: "http" | "rest" = "http", uses = false) {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  const s = new Service(stack, "s");
  const api = new APIGateway(s, "api", { type, routes: [{ path: "/{proxy+}", component: "net" }] });
  new NLB(s, "net", { internal: true, listeners: [{ port: 8080, protocol: "TCP", default: "web" }], ...nlb });
  new MicroService(s, "web", { image: "acme/web:1", ports: [{ name: "http", port: 8080 }], ...(uses ? { uses: [api.invoke()] } : {}) });
  new CloudFront(s, "cdn", { origins: [{ id: "api", component: "api" }], defaultBehavior: { origin: "api" } });
  return synthOf(stack);
}

test("an internal NLB is reached by the listener that the service behind it declares, which the API therefore needs", async () => {
  const made = await behindNlb();
  assert.equal(made.codes, []);
  const { $json } = made.at("s/api").props["body"];
  const found = $json.paths["/{proxy+}"]["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"];
  assert.is(found.connectionType, "VPC_LINK");
  assert.is(found.uri.$ref.urn, made.at("s/web/listener-s-net-8080").urn);
  assert.ok(made.result?.graph.edges.some((e) => e.from === "s/api" && e.to === "s/web"));
  const door = made.result?.assembly.resources.find((r) => r.urn.includes("s/api/link-to-"));
  assert.match(JSON.stringify(door?.props["securityGroupId"]), /s\/net\/security-group/);
  assert.equal([door?.props["fromPort"], door?.props["toPort"]], [8080, 8080]);
  assert.equal((await behindNlb({}, "http", true)).codes, ["cycle"], "who opens the way can't use the API");
});

test("an ALB has its listeners itself: who stands behind it may use the API in front", async () => {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  const s = new Service(stack, "s");
  const api = new APIGateway(s, "api", { routes: [{ path: "/{proxy+}", component: "edge" }] });
  new ALB(s, "edge", { listeners: [{ port: 80, protocol: "HTTP", default: "web" }] });
  new MicroService(s, "web", { image: "acme/web:1", ports: [{ name: "http", port: 80 }], uses: [api.invoke()] });
  assert.equal((await synthOf(stack)).codes, []);
});

test("a public NLB is asked by its URL; one that speaks UDP, or TLS for no known host inside, by nobody; a rest API reaches none inside", async () => {
  const made = await behindNlb({ internal: false });
  const body = JSON.stringify(made.at("s/api").props["body"]);
  assert.match(body, /"http:\/\/".*s\/net".*":8080"/);
  const one = (protocol: string) => ({
    listeners: [{ port: 8080, protocol, default: "web", ...(protocol === "TLS" ? { certificateArn: CERTIFICATE } : {}) }],
  });
  assert.ok((await behindNlb(one("UDP"))).codes.includes("no-backend"));
  assert.equal((await behindNlb(one("TLS"))).codes, ["no-backend"]);
  assert.equal((await behindNlb({ ...one("TLS"), domain: { name: "net.example.com" } })).codes, []);
  assert.equal((await behindNlb({}, "rest")).codes, ["private-backend"]);
});

test("a rest API and a distribution refuse what has no address outside, and every API what lets in other addresses only", () => {
  const codes = (made: ReturnType<typeof api>) => made.errors.map((e) => `${e.code} ${e.message}`);
  assert.equal(codes(api(INSIDE, { type: "rest" })), [`private-backend a rest API can't reach "web", whose load balancer is internal`]);
  const guarded = { loadBalancer: { internal: true, allowedCIDRs: ["10.9.0.0/16"] } };
  assert.equal(codes(api(guarded)), [`no-backend "web" answers no requests`]);
  const distribution = expandAll([
    { address: "shop/web", kind: "MicroService", props: service(INSIDE) },
    { address: "shop/cdn", kind: "CloudFront", props: { origins: [{ id: "web", component: "web" }], defaultBehavior: { origin: "web" } } },
  ]);
  assert.equal(
    distribution.errors.map((e) => e.message),
    [`"web" answers no requests from outside: its load balancer is internal`],
  );
});

test("a listener that speaks TLS for no known host can't be checked, so nothing is handed to it", () => {
  const balancer = { listenerArn: "arn", securityGroupId: "sg", scheme: "https", internal: true } as const;
  assert.is(backendBehind({ url: "https://x", balancer, port: 443, hosts: ["*.example.com"] }), undefined);
  assert.equal(backendBehind({ url: "https://x", balancer: { ...balancer, internal: false }, port: 443 }), { url: "https://x" });
});

test.run();
