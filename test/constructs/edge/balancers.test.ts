/** ALB and NLB: what they declare, and what the services behind them do. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  ALB,
  APIGateway,
  type ALBProps,
  Lambda,
  MicroService,
  type MicroServiceProps,
  NLB,
  type NLBProps,
  S3,
  Security,
  Service,
  SQS,
  Stack,
} from "../../../constructs/index.js";
import type { EnvironmentClass } from "../../../framework/model/index.js";
import { synthOf } from "../../support/synth.js";

const CERT = "arn:aws:acm:us-east-1:123456789012:certificate/c";
const API: MicroServiceProps = { image: "acme/api:1", port: 8080 };

function shopOf(fill: (service: Service) => void, environment?: EnvironmentClass) {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  fill(new Service(stack, "s"));
  return synthOf(stack, environment);
}
const alb = (props: ALBProps, api: MicroServiceProps = API, environment?: EnvironmentClass) =>
  shopOf((s) => {
    new ALB(s, "edge", props);
    new MicroService(s, "api", api);
    new MicroService(s, "web", { ...API, port: 80, networking: { loadBalancer: { enabled: false } } });
  }, environment);
const nlb = (props: NLBProps, api: MicroServiceProps = API) =>
  shopOf((s) => {
    new NLB(s, "edge", props);
    new MicroService(s, "api", api);
  });
const roles = (made: Awaited<ReturnType<typeof alb>>, of: string) =>
  made.result!.assembly.resources.flatMap((r) => (r.urn.includes(`::s/${of}`) ? [r.urn.split(`::s/${of}`)[1]!.slice(1)] : []));

test("a service behind an ALB of its own has target group, rule and a way in, and leaves the stack's load balancer", async () => {
  const made = await shopOf((s) => {
    new ALB(s, "edge", { listeners: [{ port: 80, protocol: "HTTP", default: "api" }] });
    new MicroService(s, "api", API);
  });
  assert.equal(made.codes, []);
  const service = made.at("s/api");
  assert.is(service.props.loadBalancers.length, 1);
  assert.is(service.props.loadBalancers[0].containerPort, 8080);
  assert.match(service.props.loadBalancers[0].targetGroupArn.$ref.urn, /s\/api\/targets-s-edge$/);
  assert.match(service.dependsOn.join(" "), /s\/api\/rule-s-edge-80-default/);
  const rule = made.at("s/api/rule-s-edge-80-default");
  assert.is(rule.props.priority, 50_000);
  assert.match(rule.props.listenerArn.$ref.urn, /s\/edge\/listener-80$/);
  assert.match(made.at("s/api/from-s-edge").props.referencedSecurityGroupId.$ref.urn, /s\/edge\/security-group$/);
  assert.is(made.result!.assembly.resources.filter((r) => r.type === "aws:lb/loadBalancer:LoadBalancer").length, 1);
  assert.equal(made.result!.assembly.outputs["s/api"]!.url, made.result!.assembly.outputs["s/edge"]!.url);
});

test("a service may stand behind both", async () => {
  const made = await alb(
    { listeners: [{ port: 80, protocol: "HTTP", default: "api" }] },
    { ...API, networking: { loadBalancer: { enabled: true }, ingress: { path: "/api" } } },
  );
  assert.equal(made.codes, []);
  assert.is(made.at("s/api").props.loadBalancers.length, 2);
});

test("rules go by host and path; the more specific come first unless they say their priority", async () => {
  const made = await alb({
    listeners: [
      { port: 80, protocol: "HTTP" },
      {
        port: 443,
        protocol: "HTTPS",
        certificateArn: CERT,
        default: "web",
        rules: [
          { path: "/api", component: "api" },
          { host: "api.example.com", component: "api" },
        ],
      },
    ],
  });
  assert.equal(made.codes, []);
  assert.equal(made.at("s/edge/listener-80").props.defaultActions[0].redirect, { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" });
  const rules = made.result!.assembly.resources.filter((r) => r.urn.includes("s/api/rule-")).map((r) => r.props as any);
  assert.is(rules.length, 2);
  const [byPath, byHost] = [false, true].map((host) => rules.find((r) => (r.conditions[0].hostHeader !== undefined) === host));
  assert.ok(byHost.priority.$allot.max < byPath.priority.$allot.min, "a host before a path");
  assert.is.not(byHost.priority.$allot.key, byPath.priority.$allot.key);
  assert.equal(byPath.conditions[0].pathPattern.values, ["/api", "/api/*"]);
  const fixed = await alb({ listeners: [{ port: 80, protocol: "HTTP", rules: [{ path: "/a", component: "api", priority: 7 }] }] });
  assert.is(fixed.result!.assembly.resources.find((r) => r.urn.includes("rule-s-edge"))!.props.priority, 7);
});

test("a domain gets certificate, proof and record; without a zone the certificate must be given", async () => {
  const listeners: ALBProps["listeners"] = [{ port: 443, protocol: "HTTPS", default: "api" }];
  const made = await alb({ listeners, domain: { name: "shop.example.com", zoneId: "Z1" } });
  assert.equal(made.codes, []);
  for (const role of ["certificate", "certificate-record", "certificate-validation", "record"]) assert.ok(made.at(`s/edge/${role}`));
  assert.match(made.at("s/edge/listener-443").props.certificateArn.$ref.urn, /certificate-validation$/);
  assert.equal(made.result!.assembly.outputs["s/edge"]!.url, { $text: ["https://", "shop.example.com"] });
  assert.equal((await alb({ listeners, domain: { name: "shop.example.com" } })).codes, ["no-certificate"]);
  assert.equal((await alb({ listeners })).codes, ["no-certificate"]);
});

test("it lets in whom it is told to, and in production can't be deleted by mistake", async () => {
  const listeners: ALBProps["listeners"] = [{ port: 80, protocol: "HTTP", default: "api" }];
  const open = await alb({ listeners });
  assert.is(open.at("s/edge/in-tcp-80-all").props.cidrIpv4, "0.0.0.0/0");
  assert.is(open.at("s/edge").props.enableDeletionProtection, undefined);
  const inside = await alb({ listeners, internal: true });
  assert.equal(
    roles(inside, "edge")
      .filter((r) => r.startsWith("in-tcp-80"))
      .map((r) => inside.at(`s/edge/${r}`).props.cidrIpv4),
    ["10.0.0.0/16"],
  );
  const some = await alb({ listeners, allowedCIDRs: ["192.0.2.0/24", "198.51.100.0/24"] }, API, "production");
  assert.is(roles(some, "edge").filter((r) => r.startsWith("in-tcp-80")).length, 2);
  assert.is(some.at("s/edge").props.enableDeletionProtection, true);
});

test("logs go to a bucket of the stack, whose policy lets them in first; a web ACL is put in front", async () => {
  const acl = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/1";
  for (const form of ["name", "reference"]) {
    const made = await shopOf((s) => {
      const logs = new S3(s, "logs");
      new ALB(s, "edge", {
        listeners: [{ port: 80, protocol: "HTTP", default: "api" }],
        accessLogs: { bucket: form === "name" ? "logs" : logs.bucketName, prefix: "edge" },
        waf: acl,
      });
      new MicroService(s, "api", API);
    });
    assert.equal(made.codes, []);
    assert.match(made.at("s/edge").props.accessLogs.bucket.$ref.urn, /s\/logs$/);
    assert.match(made.at("s/edge").dependsOn.join(" "), /s\/logs\/policy/);
    const statement = made.at("s/logs/policy").props.policy.$json.Statement[1];
    assert.equal(statement.Principal, { Service: "logdelivery.elasticloadbalancing.amazonaws.com" });
    assert.is(statement.Resource.$text[1], "/edge/AWSLogs/");
    assert.is(made.at("s/edge/waf").props.webAclArn, acl);
  }
});

test("the stack's web ACL is put in front of its load balancer, of ALBs and of rest APIs that name none", async () => {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  new Security(stack, { waf: { webAclArn: "arn:stack" } });
  const s = new Service(stack, "s");
  new MicroService(s, "shared", { ...API, networking: { ingress: { path: "/shared" } } });
  new MicroService(s, "api", API);
  new ALB(s, "plain", { listeners: [{ port: 80, protocol: "HTTP", default: "api" }] });
  new ALB(s, "own", { listeners: [{ port: 80, protocol: "HTTP" }], waf: "arn:own" });
  new Lambda(s, "fn", { runtime: "nodejs20.x", handler: "index.handler", code: { zipFile: "exports.handler = () => 1" } });
  new APIGateway(s, "rest", { type: "rest", routes: [{ path: "/a", component: "fn" }] });
  const made = await synthOf(stack);
  assert.equal(made.codes, []);
  const acl = (at: string) => made.at(at).props.webAclArn;
  assert.equal(
    [acl("_stack/load-balancer/waf"), acl("s/plain/waf"), acl("s/own/waf"), acl("s/rest/waf")],
    ["arn:stack", "arn:stack", "arn:own", "arn:stack"],
  );
});

test("an NLB gives each service a listener of its own, at its own port of that number", async () => {
  const ports = [
    { name: "smtp", port: 25 },
    { name: "dns", port: 5353, protocol: "udp" as const },
  ];
  const made = await nlb(
    {
      listeners: [
        { port: 25, protocol: "TCP", default: "api" },
        { port: 465, protocol: "TLS", certificateArn: CERT, default: "api" },
        { port: 53, protocol: "UDP", default: "api" },
      ],
      idleTimeoutSeconds: 600,
    },
    { image: "acme/mail:1", ports },
  );
  assert.equal(made.codes, []);
  const at = (port: number) => made.at(`s/api/listener-s-edge-${port}`).props;
  assert.equal(
    [at(25).protocol, at(25).tcpIdleTimeoutSeconds, at(465).protocol, at(465).certificateArn, at(53).protocol],
    ["TCP", 600, "TLS", CERT, "UDP"],
  );
  assert.equal(
    made.at("s/api").props.loadBalancers.map((b: { containerPort: number }) => b.containerPort),
    [25, 25, 5353],
  );
  assert.is(made.at("s/edge/in-udp-53-all").props.ipProtocol, "udp");
});

test("a service lets an NLB in once per port, and where it speaks UDP for the health check, too, which is TCP", async () => {
  const ports = [
    { name: "smtp", port: 25 },
    { name: "dns", port: 53, protocol: "udp" as const },
  ];
  const listeners: NLBProps["listeners"] = [
    { port: 25, protocol: "TCP", default: "api" },
    { port: 465, protocol: "TLS", certificateArn: CERT, default: "api" },
    { port: 53, protocol: "UDP", default: "api" },
  ];
  const ways = async (props: Partial<MicroServiceProps>) => {
    const made = await nlb({ listeners }, { image: "acme/mail:1", ports, ...props });
    assert.equal(made.codes, []);
    return roles(made, "api")
      .filter((r) => r.includes("from-"))
      .map((r) => [r, made.at(`s/api/${r}`).props.ipProtocol, made.at(`s/api/${r}`).props.fromPort])
      .sort();
  };
  const both = [
    ["from-s-edge-25", "tcp", 25],
    ["from-s-edge-53", "udp", 53],
  ];
  assert.equal(await ways({}), [...both, ["health-from-s-edge-53", "tcp", 53]]);
  assert.equal(await ways({ healthCheck: { readiness: { tcp: { port: 25 } } } }), both);
  assert.equal(await ways({ healthCheck: { readiness: { tcp: { port: 9000 } } } }), [...both, ["health-from-s-edge-25", "tcp", 9000]]);
});

const RULE = { path: "/a", component: "api" };
const refused: [rule: string, codes: string[], made: () => ReturnType<typeof alb>][] = [
  ["a load balancer has a listener", ["no-listeners"], () => alb({ listeners: [] })],
  [
    "a port is listened on once",
    ["listener-twice"],
    () =>
      alb({
        listeners: [
          { port: 80, protocol: "HTTP" },
          { port: 80, protocol: "HTTP" },
        ],
      }),
  ],
  [
    "a port is listened on once, whatever is spoken",
    ["listener-twice"],
    () =>
      nlb(
        {
          listeners: [
            { port: 53, protocol: "UDP", default: "api" },
            { port: 53, protocol: "TCP", default: "api" },
          ],
        },
        { image: "a:1", ports: [{ name: "dns", port: 53, protocol: "udp" }] },
      ),
  ],
  ["plain HTTP takes no certificate", ["tls-unused"], () => alb({ listeners: [{ port: 80, protocol: "HTTP", certificateArn: CERT }] })],
  ["a rule catches something", ["rule-empty"], () => alb({ listeners: [{ port: 80, protocol: "HTTP", rules: [{ component: "api" }] }] })],
  [
    "two rules never catch the same",
    ["rule-twice"],
    () => alb({ listeners: [{ port: 80, protocol: "HTTP", rules: [RULE, { ...RULE, component: "web" }] }] }),
  ],
  [
    "priorities are given for all rules or none",
    ["priority-some"],
    () =>
      alb({
        listeners: [
          {
            port: 80,
            protocol: "HTTP",
            rules: [
              { ...RULE, priority: 1 },
              { path: "/b", component: "web" },
            ],
          },
        ],
      }),
  ],
  [
    "a priority is used once",
    ["priority-twice"],
    () =>
      alb({
        listeners: [
          {
            port: 80,
            protocol: "HTTP",
            rules: [
              { ...RULE, priority: 1 },
              { path: "/b", component: "web", priority: 1 },
            ],
          },
        ],
      }),
  ],
  [
    "an ingress that no load balancer reads",
    ["ingress-unused"],
    () => alb({ listeners: [{ port: 80, protocol: "HTTP", default: "api" }] }, { ...API, networking: { ingress: { path: "/x" } } }),
  ],
  [
    "a service without a port can't be reached",
    ["no-port"],
    () => alb({ listeners: [{ port: 80, protocol: "HTTP", default: "api" }] }, { image: "acme/api:1" }),
  ],
  ["a UDP listener needs a UDP port", ["no-port"], () => nlb({ listeners: [{ port: 53, protocol: "UDP", default: "api" }] })],
  ["TCP takes no certificate", ["tls-unused"], () => nlb({ listeners: [{ port: 25, protocol: "TCP", default: "api", sslPolicy: "x" }] })],
  ["TLS needs a certificate", ["no-certificate"], () => nlb({ listeners: [{ port: 25, protocol: "TLS", default: "api" }] })],
  [
    "only TCP has an idle timeout",
    ["idle-unused"],
    () =>
      nlb(
        { listeners: [{ port: 53, protocol: "UDP", default: "api" }], idleTimeoutSeconds: 60 },
        { image: "a:1", ports: [{ name: "dns", port: 53, protocol: "udp" }] },
      ),
  ],
  [
    "a queue can't stand behind a load balancer",
    ["not-fronted"],
    () =>
      shopOf((s) => {
        new SQS(s, "jobs");
        new ALB(s, "edge", { listeners: [{ port: 80, protocol: "HTTP", default: "jobs" }] });
      }),
  ],
  [
    "logs go to a bucket",
    ["no-bucket"],
    () =>
      shopOf((s) => {
        new SQS(s, "jobs");
        new ALB(s, "edge", { listeners: [{ port: 80, protocol: "HTTP" }], accessLogs: { bucket: "jobs" } });
      }),
  ],
];
for (const [rule, codes, made] of refused)
  test(rule, async () => {
    assert.equal((await made()).codes, codes);
  });

test.run();
