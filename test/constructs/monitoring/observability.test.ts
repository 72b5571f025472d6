/** Observability: what its fields make of the workloads of a stack, and of the stack as a whole. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  CronJob,
  Lambda,
  MicroService,
  Observability,
  type ObservabilityProps,
  Service,
  SQS,
  Stack,
  Worker,
} from "../../../constructs/index.js";
import { imageReference } from "../../../constructs/compute/image.js";
import { COLLECTOR_IMAGE, LOG_ROUTER_IMAGE } from "../../../constructs/compute/images.js";
import { synthOf } from "../../support/synth.js";

const FN = { runtime: "nodejs22.x", handler: "index.handler", code: { s3Bucket: "code", s3Key: "fn.zip" } };
const TOPIC = "arn:aws:sns:us-east-1:123456789012:oncall";
const STREAM = "arn:aws:firehose:us-east-1:123456789012:deliverystream/logs";

type Named = { name: string; value: string };

/** A stack with a web service, a worker, a job and a function. */
async function watched(props: ObservabilityProps) {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  new Observability(stack, props);
  const service = new Service(stack, "orders");
  new SQS(service, "jobs");
  new MicroService(service, "web", { image: "web:1", port: 80, environment: { OTEL_SERVICE_NAME: "front" } });
  new Worker(service, "mailer", { image: "mailer:1" });
  new CronJob(service, "report", { image: "report:1", schedule: "rate(1 day)" });
  new Lambda(service, "resize", FN);
  const { at, ...made } = await synthOf(stack);
  return {
    ...made,
    at: (address: string) => at(address).props as { [key: string]: any },
    containers: (name: string) => (at(`orders/${name}/task-definition`).props as any).containerDefinitions.$json as any[],
    has: (address: string) => made.result?.assembly.resources.some((r) => r.urn.endsWith(`::${address}`)),
  };
}

const variables = (list: Named[]) => Object.fromEntries(list.map((e) => [e.name, e.value]));

test("without Observability there are no containers beside a task's own, and nothing is traced", async () => {
  const { containers, at, has } = await watched({});
  for (const name of ["web", "mailer", "report"]) assert.is(containers(name).length, 1);
  assert.is(at("orders/resize").tracingConfig, undefined);
  assert.is(at("_stack/cluster").settings, undefined);
  assert.not(has("_stack/observability/dashboard"));
  assert.not(has("orders/web/logs-delivery"));
});

test("X-Ray puts a collector beside each container, which may only write traces, and a task goes on without it", async () => {
  const { containers, at, codes } = await watched({ tracing: { xray: true } });
  assert.equal(codes, []);
  for (const name of ["web", "mailer", "report"]) {
    const [own, collector, ...more] = containers(name);
    assert.equal(more, []);
    assert.equal([collector.image, collector.essential], [imageReference(COLLECTOR_IMAGE), false]);
    assert.equal(variables(own.environment).AWS_XRAY_DAEMON_ADDRESS, "localhost:2000");
    assert.equal(variables(own.environment).OTEL_EXPORTER_OTLP_ENDPOINT, "http://localhost:4318");
    const { receivers, service } = JSON.parse(variables(collector.environment).AOT_CONFIG_CONTENT ?? "");
    assert.equal(service.pipelines.traces.exporters, ["awsxray"]);
    assert.is(receivers.awsxray.endpoint, "localhost:2000");
    const [statement] = at(`orders/${name}/task-policy`).policy.$json.Statement;
    assert.ok(statement.Action.every((a: string) => /^xray:(Put|GetSampling)/.test(a)));
  }
  assert.equal(at("orders/resize").tracingConfig, { mode: "Active" });
});

test("a variable that the program sets itself stays", async () => {
  const { containers } = await watched({ tracing: { xray: true } });
  assert.is(variables(containers("web")[0].environment).OTEL_SERVICE_NAME, "front");
  assert.is(variables(containers("mailer")[0].environment).OTEL_SERVICE_NAME, "mailer");
});

test("an OpenTelemetry endpoint is told to programs; with X-Ray the collector beside them sends there, too", async () => {
  const endpoint = "http://collector.internal:4318";
  const alone = await watched({ tracing: { otel: { endpoint } } });
  assert.is(alone.containers("web").length, 1);
  assert.is(variables(alone.containers("web")[0].environment).OTEL_EXPORTER_OTLP_ENDPOINT, endpoint);
  assert.is(alone.at("orders/resize").environment.variables.OTEL_EXPORTER_OTLP_ENDPOINT, endpoint);
  const both = await watched({ tracing: { xray: true, otel: { endpoint } } });
  const [own, collector] = both.containers("web");
  assert.is(variables(own.environment).OTEL_EXPORTER_OTLP_ENDPOINT, "http://localhost:4318");
  const { exporters, service } = JSON.parse(variables(collector.environment).AOT_CONFIG_CONTENT ?? "");
  assert.is(exporters.otlphttp.endpoint, endpoint);
  assert.equal(service.pipelines.traces.exporters, ["awsxray", "otlphttp"]);
});

test("Container Insights are a setting of the stack's cluster", async () => {
  const { at } = await watched({ metrics: { containerInsights: true } });
  assert.equal(at("_stack/cluster").settings, [{ name: "containerInsights", value: "enabled" }]);
});

test("a stream gets the lines of every workload's log group, by one role that may write to that stream only", async () => {
  const { at, codes } = await watched({ logging: { destination: `firehose:${STREAM}` } });
  assert.equal(codes, []);
  for (const name of ["web", "mailer", "report", "resize"]) assert.is(at(`orders/${name}/logs-delivery`).destinationArn, STREAM);
  assert.equal(at("_stack/log-delivery/policy").policy.$json.Statement, [
    { Effect: "Allow", Action: ["firehose:PutRecord", "firehose:PutRecordBatch"], Resource: STREAM },
  ]);
});

test("a log router beside each container gets its lines, with the options of the router's output", async () => {
  const options = { Name: "firehose", delivery_stream: "logs" };
  const { containers } = await watched({ logging: { destination: { firelens: { options } } } });
  const [own, router] = containers("web");
  assert.equal(own.logConfiguration, { logDriver: "awsfirelens", options });
  assert.equal([router.image, router.firelensConfiguration.type], [imageReference(LOG_ROUTER_IMAGE), "fluentbit"]);
  assert.is(router.logConfiguration.logDriver, "awslogs");
});

test("the stack's dashboard has a row for each component that is measured", async () => {
  const { at } = await watched({ dashboard: {} });
  const { widgets } = at("_stack/observability/dashboard").dashboardBody.$json;
  const rows = new Map<number, string>(widgets.map((w: any) => [w.y, w.properties.title.split(" ")[0]]));
  assert.equal([...rows.values()], ["orders/jobs", "orders/mailer", "orders/report", "orders/resize", "orders/web"]);
});

test("an objective of 99.9 % in 30 days is watched over an hour at 14.4 times and over six at 6 times the allowed rate", async () => {
  const { at, codes } = await watched({ slo: [{ component: "web", objective: 99.9 }], alarms: { snsTopic: TOPIC } });
  assert.equal(codes, []);
  const alarm = (role: string) => at(`_stack/observability/slo-orders-web-${role}`);
  const period = (role: string) => alarm(role).metricQueries[1].metric.period;
  assert.equal([alarm("fast-long").threshold, alarm("slow-long").threshold], [1.44, 0.6]);
  assert.equal(["fast-long", "fast-short", "slow-long", "slow-short"].map(period), [3600, 300, 21_600, 1800]);
  assert.is(alarm("fast-long").alarmActions, undefined);
  assert.equal(alarm("fast").alarmActions, [TOPIC]);
  assert.match(JSON.stringify(alarm("fast").alarmRule), /ALARM.*slo-orders-web-fast-long.*AND ALARM.*slo-orders-web-fast-short/);
});

test("an answer that is too slow counts as bad; the limit is in the unit of the metric", async () => {
  const slo = ["web", "resize"].map((component) => ({ component, objective: 99, latencyMs: 800 }));
  const { at } = await watched({ slo });
  const fast = (name: string) => at(`_stack/observability/slo-orders-${name}-fast-long`).metricQueries[3].metric.stat;
  assert.equal([fast("web"), fast("resize")], ["PR(:0.8)", "PR(:800)"]);
});

test("an objective for nobody, for what answers nothing, said twice, or too low to be watched is refused where it stands", async () => {
  const { diagnostics } = await watched({
    slo: [
      { component: "wbe", objective: 99 },
      { component: "jobs", objective: 99 },
      { component: "web", objective: 99 },
      { component: "orders/web", objective: 99 },
      { component: "resize", objective: 90 },
    ],
  });
  assert.equal(
    diagnostics.map((d) => [d.path, d.code]),
    [
      ["Observability.spec.slo[0].component", "unknown-component"],
      ["Observability.spec.slo[1].component", "no-answers"],
      ["Observability.spec.slo[3].component", "objective-twice"],
      ["Observability.spec.slo[4].objective", "objective-too-low"],
    ],
  );
  assert.is(diagnostics[0]?.suggestion, "web");
  assert.match(diagnostics[0]?.file ?? "", /observability\.test/);
});

test("an objective whose name two services have names the candidates", async () => {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  new Observability(stack, { slo: [{ component: "resize", objective: 99 }] });
  for (const name of ["orders", "photos"]) new Lambda(new Service(stack, name), "resize", FN);
  const [said] = (await synthOf(stack)).diagnostics;
  assert.equal([said?.code, said?.path], ["ambiguous-component", "Observability.spec.slo[0].component"]);
  assert.match(said?.message ?? "", /"resize" may be orders\/resize or photos\/resize/);
});

test.run();
