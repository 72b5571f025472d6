import { test } from "uvu";
import * as assert from "uvu/assert";
import { microServiceKind } from "../../../constructs/compute/micro-service.js";
import { DIGEST_LOOKUP, Ref, text } from "../../../framework/model/index.js";
import { expandAll, type Given, type Setting } from "../../support/expand.js";

const database: Given = {
  address: "shop/database",
  kind: "RDS",
  props: {
    engine: { type: "postgres", version: "16" },
    instance: { class: "db.t4g.small", storage: { allocatedGB: 20 } },
    database: { name: "users", username: "app" },
  },
};
const jobs: Given = { address: "shop/jobs", kind: "SQS", props: {} };

/** Expands one service with what it refers to. */
function service(props: Record<string, unknown>, setting: Setting = {}, others: Given[] = []) {
  return expandAll([...others, { address: "shop/api", kind: "MicroService", props: { image: "users:1", ...props } }], setting);
}

const container = (out: ReturnType<typeof service>, at = "shop/api") => out.props(`${at}/task-definition`).containerDefinitions.$json[0];
/** What a tag points to, as the task definition has it. */
const tagged = (image: string) => ({ $lookup: { token: DIGEST_LOOKUP, args: { image }, output: "reference" } });
const statements = (out: ReturnType<typeof service>, at: string) => out.props(at).policy.$json.Statement;

test("a web service needs an image and a port, and gets a load balancer", () => {
  const out = service({ port: 8080, healthCheck: "/health" });
  assert.equal(out.errors, []);
  assert.equal(container(out).image, tagged("users:1"));
  assert.equal(container(out).portMappings, [{ name: "http", containerPort: 8080, hostPort: 8080, protocol: "tcp" }]);
  assert.is(out.props("shop/api/target-group").healthCheck.path, "/health");
  assert.is(out.props("shop/api/target-group").deregistrationDelay, 30);
  assert.equal(out.props("shop/api").loadBalancers[0].containerPort, 8080);
  assert.ok(out.outputs["shop/api"]?.url);
});

test("a service without an HTTP port, or with loadBalancer.enabled false, has none", () => {
  for (const props of [{}, { ports: [{ name: "metrics", port: 9090 }] }, { port: 80, networking: { loadBalancer: { enabled: false } } }]) {
    const out = service(props);
    assert.is(out.find("_stack/load-balancer"), undefined);
    assert.is(out.props("shop/api").loadBalancers, undefined);
    assert.is(out.outputs["shop/api"]?.url, undefined);
  }
});

test("outputs that need a load balancer exist only with one", () => {
  const has = (name: string, props: object) => microServiceKind.hasOutput?.(name, { image: "x", ...props });
  assert.is(has("url", { ports: [{ name: "http", port: 80 }] }), true);
  assert.is(has("url", {}), false);
  assert.is(has("url", { ports: [{ name: "tcp", port: 80 }], serviceDiscovery: {} }), true);
  assert.is(has("targetGroupArn", {}), false);
  assert.is(has("serviceArn", {}), true);
  assert.is(has("nonsense", {}), false);
});

test("development runs in public subnets with a public address, production in private ones behind NAT", () => {
  const dev = service({ port: 80 });
  assert.is(dev.props("shop/api").networkConfiguration.assignPublicIp, true);
  assert.is(dev.find("_stack/network/nat-a"), undefined);
  const production = service({ port: 80 }, { environmentClass: "production" });
  assert.is(production.props("shop/api").networkConfiguration.assignPublicIp, false);
  assert.match(JSON.stringify(production.props("shop/api").networkConfiguration.subnets), /private-a/);
  assert.ok(production.find("_stack/network/nat-a"));
  assert.is(production.find("_stack/network/nat-b"), undefined);
});

test("nothing may come in but from the load balancer, on the port", () => {
  const out = service({ port: 8080 });
  const rules = out.resources.filter((r) => r.type.endsWith("IngressRule") && r.at.startsWith("shop/api/"));
  assert.is(rules.length, 1);
  assert.is(rules[0]?.at, "shop/api/from-load-balancer");
  assert.equal([rules[0]?.props.fromPort, rules[0]?.props.toPort], [8080, 8080]);
  assert.match(JSON.stringify(rules[0]?.props.referencedSecurityGroupId), /_stack\/load-balancer\/security-group/);
});

test("uses of a database opens its port to this service and sets five variables, two of them as secrets", () => {
  const out = service({ uses: [{ component: "database" }] }, {}, [database]);
  const rule = out.props("shop/api/to-shop-database");
  assert.match(JSON.stringify(rule.securityGroupId), /shop\/database\/security-group/);
  assert.match(JSON.stringify(rule.referencedSecurityGroupId), /shop\/api\/security-group/);
  assert.is(rule.fromPort, 5432);
  const names = container(out).environment.map((e: { name: string }) => e.name);
  assert.equal(names, ["DATABASE_HOST", "DATABASE_NAME", "DATABASE_PORT"]);
  assert.equal(
    container(out).secrets.map((s: { name: string }) => s.name),
    ["DATABASE_PASSWORD", "DATABASE_USERNAME"],
  );
  assert.match(JSON.stringify(container(out).secrets[0].valueFrom), /masterUserSecrets\[0\]\.secretArn.*:password::/);
});

test("secrets are read by the execution role, on their ARNs only, and not by the program's own role", () => {
  const out = service({ uses: [{ component: "database" }] }, {}, [database]);
  const reading = statements(out, "shop/api/execution-policy").find(
    (s: { Action: string }) => s.Action === "secretsmanager:GetSecretValue",
  );
  assert.match(JSON.stringify(reading.Resource), /shop\/database/);
  assert.is(out.find("shop/api/task-policy"), undefined);
});

test("uses narrows what is granted, on that one resource", () => {
  const out = service({ uses: [{ component: "jobs", access: "send" }] }, {}, [jobs]);
  const [statement, ...more] = statements(out, "shop/api/task-policy");
  assert.equal(more, []);
  assert.ok(statement.Action.includes("sqs:SendMessage"));
  assert.not(statement.Action.includes("sqs:ReceiveMessage"));
  assert.match(JSON.stringify(statement.Resource), /sqs\/queue:Queue::shop\/jobs/);
});

test("no statement that references give has a wildcard action or resource", () => {
  const out = service({ uses: [{ component: "jobs" }, { component: "database" }] }, {}, [jobs, database]);
  for (const at of ["shop/api/task-policy", "shop/api/execution-policy"])
    for (const s of statements(out, at)) {
      assert.not.match(JSON.stringify(s.Action), /\*/);
      assert.is.not(s.Resource, "*");
    }
});

test("a plain reference sets only its own variable, but opens and grants like a use", () => {
  const props = { environment: { DB: new Ref("shop/database", "host"), URL: text`postgres://${new Ref("shop/database", "endpoint")}/x` } };
  const out = service(props, {}, [database]);
  assert.equal(
    container(out).environment.map((e: { name: string }) => e.name),
    ["DB", "URL"],
  );
  assert.ok(out.find("shop/api/to-shop-database"));
});

test("valueFrom without output sets the kind's variables under its own name", () => {
  const out = service({ environment: { MAIN: { valueFrom: { component: "database" } } } }, {}, [database]);
  assert.equal(
    container(out).environment.map((e: { name: string }) => e.name),
    ["MAIN_HOST", "MAIN_NAME", "MAIN_PORT"],
  );
});

test("an explicit variable wins over an injected one, be that a value or a secret", () => {
  const environment = { DATABASE_HOST: "localhost", DATABASE_PASSWORD: "from-elsewhere" };
  const out = service({ uses: [{ component: "database" }], environment }, {}, [database]);
  const host = container(out).environment.find((e: { name: string }) => e.name === "DATABASE_HOST");
  assert.is(host.value, "localhost");
  assert.not(container(out).secrets.some((s: { name: string }) => s.name === "DATABASE_PASSWORD"));
});

test("environment as a list and as a map give the same", () => {
  const map = service({ environment: { A: "1", B: 2, C: true } });
  const list = service({
    environment: [
      { name: "C", value: true },
      { name: "A", value: "1" },
      { name: "B", value: 2 },
    ],
  });
  assert.equal(container(map).environment, container(list).environment);
  assert.equal(container(map).environment[1], { name: "B", value: "2" });
});

test("a secretRef is an ARN with or without a JSON key, or a name that is looked up", () => {
  const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:stripe-AbCdEf";
  const out = service({
    secrets: [
      { name: "stripe-key", secretRef: `${arn}:key` },
      { name: "whole", secretRef: arn, envVar: "STRIPE" },
      { name: "legacy", secretRef: "legacy/token" },
    ],
  });
  const [legacy, whole, key] = container(out).secrets;
  assert.is(key.name, "STRIPE_KEY");
  assert.is(key.valueFrom, `${arn}:key::`);
  assert.equal([whole.name, whole.valueFrom], ["STRIPE", arn]);
  assert.is(legacy.valueFrom.$lookup.args.name, "legacy/token");
  const resources = statements(out, "shop/api/execution-policy").slice(1);
  assert.equal(
    resources.map((s: { Resource: unknown }) => s.Resource),
    [arn, legacy.valueFrom],
  );
});

test("CPU and memory that Fargate does not sell are rounded up, and the plan says so", () => {
  const out = service({ resources: { cpu: "300m", memory: "700Mi" } });
  assert.is(out.props("shop/api/task-definition").cpu, "512");
  assert.is(out.props("shop/api/task-definition").memory, "1024");
  assert.match(out.notices.join(), /rounded up to 0.5 vCPU and 1024 MiB/);
  assert.equal(service({ resources: { cpu: "256m", memory: "512Mi" } }).notices, []);
});

test("a health check that nobody asks for is told of", () => {
  const out = service({ healthCheck: { readiness: { tcp: { port: 9000 } } } });
  assert.match(out.notices.join(), /^without a load balancer nobody asks for the http or tcp health check/);
});

test("more than Fargate sells is an error", () => {
  assert.is(service({ resources: { cpu: "32 vCPU", memory: "1Gi" } }).errors[0]?.code, "too-large");
});

test("autoscaling leaves the number of tasks to itself after the first deployment", () => {
  const out = service({
    port: 80,
    scaling: { minReplicas: 2, maxReplicas: 6, autoscaling: { targetMemoryPercent: 60, requestsPerTarget: 100 } },
  });
  assert.equal(out.find("shop/api")?.extra.options?.ignoreChanges, ["desiredCount"]);
  assert.equal([out.props("shop/api/scaling").minCapacity, out.props("shop/api/scaling").maxCapacity], [2, 6]);
  assert.ok(out.find("shop/api/scaling-memory"));
  assert.is(out.find("shop/api/scaling-cpu"), undefined);
  const requests = out.props("shop/api/scaling-requests").targetTrackingScalingPolicyConfiguration;
  assert.is(requests.predefinedMetricSpecification.predefinedMetricType, "ALBRequestCountPerTarget");
  assert.is(service({ scaling: { replicas: 3 } }).find("shop/api")?.extra.options?.ignoreChanges, undefined);
});

test("requestsPerTarget without a load balancer is an error", () => {
  const out = service({ scaling: { minReplicas: 1, maxReplicas: 2, autoscaling: { requestsPerTarget: 10 } } });
  assert.is(out.errors[0]?.code, "needs-load-balancer");
});

test("rolling keeps all tasks while it deploys, recreate stops them first", () => {
  const percent = (strategy?: string) => {
    const props = service(strategy ? { deployment: { strategy } } : {}).props("shop/api");
    return [props.deploymentMinimumHealthyPercent, props.deploymentMaximumPercent];
  };
  assert.equal(percent(), [100, 200]);
  assert.equal(percent("recreate"), [0, 100]);
});

test("a time limit makes the deploy wait for a steady service", () => {
  const out = service({ deployment: { timeoutMinutes: 7 } });
  assert.is(out.props("shop/api").waitForSteadyState, true);
  assert.equal(out.find("shop/api")?.extra.options?.timeouts, { create: 420, update: 420 });
});

test("on Spot a service keeps the first N tasks on demand and takes the rest from Spot", () => {
  const made = service({ port: 80, capacity: { spot: "after 2" } });
  assert.equal(made.props("shop/api").capacityProviderStrategies, [
    { capacityProvider: "FARGATE", base: 2, weight: 0 },
    { capacityProvider: "FARGATE_SPOT", weight: 1 },
  ]);
  assert.is(made.props("shop/api").launchType, undefined);
  assert.is(service({ port: 80, capacity: { spot: "none" } }).props("shop/api").launchType, "FARGATE");
});

test("a metric of one's own is held, and limits change by the clock", () => {
  const made = service({
    port: 80,
    scaling: {
      minReplicas: 1,
      maxReplicas: 10,
      autoscaling: {
        customMetric: { namespace: "Shop", name: "Carts", dimensions: { shop: "berlin" }, target: 50 },
        schedule: [{ name: "sale", at: "cron(0 8 * * ? *)", timezone: "Europe/Berlin", minReplicas: 5 }],
      },
    },
  });
  const { targetTrackingScalingPolicyConfiguration: held } = made.props("shop/api/scaling-metric");
  assert.equal([held.targetValue, held.customizedMetricSpecification.dimensions], [50, [{ name: "shop", value: "berlin" }]]);
  assert.is(made.find("shop/api/scaling-cpu"), undefined);
  const action = made.props("shop/api/scaling-at-sale");
  assert.equal([action.schedule, action.timezone, action.scalableTargetAction.minCapacity], ["cron(0 8 * * ? *)", "Europe/Berlin", 5]);
  const schedule = (list: object[]) =>
    service({ port: 80, scaling: { minReplicas: 1, maxReplicas: 2, autoscaling: { schedule: list } } }).errors.map((e) => e.code);
  assert.equal(schedule([{ name: "a", at: "rate(1 day)" }]), ["schedule-empty"]);
  assert.equal(schedule([{ name: "a", at: "rate(1 day)", minReplicas: 3, maxReplicas: 2 }]), ["schedule-limits"]);
  const one = { name: "a", at: "rate(1 day)", minReplicas: 1 };
  assert.equal(schedule([one, one]), ["schedule-twice"]);
});

test("service discovery is one name in the stack's private namespace", () => {
  const out = service({ ports: [{ name: "grpc", port: 9000 }], serviceDiscovery: { name: "users" } });
  assert.is(out.props("_stack/cluster/namespace").name, "shop-dev.internal");
  assert.is(out.props("shop/api/discovery").name, "users");
  assert.is(out.outputs["shop/api"]?.url, "http://users.shop-dev.internal:9000");
  assert.ok(out.props("shop/api").serviceRegistries.registryArn);
});

test("an exec health check runs in the container", () => {
  const out = service({ healthCheck: { liveness: { exec: { command: ["ready"] }, failureThreshold: 5 } } });
  assert.equal(container(out).healthCheck, { command: ["CMD", "ready"], interval: 10, timeout: 5, retries: 5 });
});

test("logs are kept for 30 days, or as Observability says", () => {
  assert.is(service({}).props("shop/api/logs").retentionInDays, 30);
  const infra = { Observability: { logging: { retentionDays: 90 } } };
  assert.is(service({}, { infra }).props("shop/api/logs").retentionInDays, 90);
});

test("alarms are made only where Observability asks for them, and tell its topic", () => {
  assert.not(service({ port: 80 }).resources.some((r) => r.type.includes("metricAlarm")));
  const topic = "arn:aws:sns:us-east-1:123456789012:ops";
  const out = service({ port: 80 }, { infra: { Observability: { alarms: { snsTopic: topic, cpuPercent: 50, latencyP99Ms: 800 } } } });
  assert.equal(out.props("shop/api/alarm-cpu").alarmActions, [topic]);
  assert.is(out.props("shop/api/alarm-cpu").threshold, 50);
  assert.is(out.props("shop/api/alarm-memory").threshold, 85);
  assert.is(out.props("shop/api/alarm-latency").threshold, 0.8);
  assert.ok(out.find("shop/api/alarm-5xx"));
});

test("an image in ECR is pulled from that one repository", () => {
  const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/users:7";
  const pulling = statements(service({ image }), "shop/api/execution-policy");
  assert.is(pulling[2].Resource, "arn:aws:ecr:eu-west-1:123456789012:repository/team/users");
  assert.equal(statements(service({}), "shop/api/execution-policy").length, 1);
});

test("a digest decides over the tag, which stays as a label", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const out = service({ image: { repository: "users", tag: "1.2", digest } });
  assert.is(container(out).image, `users@${digest}`);
  assert.equal(container(out).dockerLabels, { "panka.io/tag": "1.2" });
});

test("a tag is looked up, and its digest stands in the task definition; the tag stays as a label", () => {
  const out = service({ image: { repository: "users", tag: "1.2" } });
  assert.equal(container(out).image, tagged("users:1.2"));
  assert.equal(container(out).dockerLabels, { "panka.io/tag": "1.2" });
});

test("an image that is built is a resource before the task definition, in the stack's own repository, which the task may pull from", () => {
  const out = service({ image: { build: { context: "./api" } } });
  const image = out.find("shop/api/image");
  assert.is(image?.type, "panka:images/image:Image");
  assert.match(String(image?.props.tag), /^shop\.api\..{40}$/);
  assert.equal(container(out).image, { $ref: { urn: image?.urn, output: "uri" } });
  assert.is(container(out).dockerLabels["panka.io/tag"], image?.props.tag);
  const repository = out.find("_stack/images");
  assert.is(repository?.props.imageTagMutability, "IMMUTABLE");
  assert.is(repository?.props.forceDelete, true);
  const pulling = statements(out, "shop/api/execution-policy");
  assert.equal(pulling[2].Resource, { $ref: { urn: repository?.urn, output: "arn" } });
  const rules = (out.props("_stack/images/lifecycle").policy as any).$json.rules;
  assert.equal(rules[0].selection.tagPrefixList, ["shop.api."]);
});

test("an image is built for the task's architecture; another platform is refused", () => {
  const wrong = service({ image: { build: { context: ".", platform: "linux/amd64" } }, runtime: { architecture: "arm64" } });
  assert.equal(
    wrong.errors.map((e) => [e.code, e.path]),
    [["wrong-platform", "image.build.platform"]],
  );
  const assets = (props: object) => microServiceKind.assets?.(props as never)[0]?.image;
  const build = { context: "." };
  assert.is(assets({ image: { build }, runtime: { architecture: "arm64" } })?.platform, "linux/arm64");
  assert.equal(assets({ image: { build } }), { dockerfile: "Dockerfile", target: undefined, args: {}, platform: "linux/amd64" });
});

test("two services with one host and path are an error that names both", () => {
  const web = (address: string, networking = {}): Given => ({ address, kind: "MicroService", props: { image: "x", port: 80, networking } });
  const clash = expandAll([web("shop/a"), web("shop/b")]);
  assert.is(clash.errors[0]?.code, "listener-conflict");
  assert.match(clash.errors[0]?.message ?? "", /shop\/a and shop\/b/);
  assert.equal(expandAll([web("shop/a"), web("shop/b", { ingress: { path: "/b" } })]).errors, []);
  assert.equal(expandAll([web("shop/a"), web("shop/b", { loadBalancer: { enabled: false } })]).errors, []);
});

test.run();
