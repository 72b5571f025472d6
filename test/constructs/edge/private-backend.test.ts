import { test } from "uvu";
import * as assert from "uvu/assert";
import { backendBehind } from "../../../constructs/edge/private-backend.js";
import { expandAll, type Given } from "../../support/expand.js";

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
