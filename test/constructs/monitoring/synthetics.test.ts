/** Requests made by the clock: what they are made of, and the function itself, run. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { runInNewContext } from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Observability, type ObservabilityProps, Service, SQS, Stack } from "../../../constructs/index.js";
import { registry } from "../../../constructs/registry.js";
import { lintPolicies } from "../../support/iam-lint.js";
import { synthOf } from "../../support/synth.js";

const TOPIC = "arn:aws:sns:us-east-1:123456789012:oncall";

async function watched(props: ObservabilityProps) {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  new Observability(stack, props);
  new SQS(new Service(stack, "orders"), "jobs");
  const { at, ...made } = await synthOf(stack);
  return { ...made, at: (role: string) => at(`_stack/observability/${role}`).props as { [key: string]: any } };
}

const TWO = [{ url: "https://shop.example.com/health?deep=1" }, { url: "http://status.example.com", everyMinutes: 1 }];

test("each URL has a function that the clock starts, and an alarm on its errors that tells whom the others tell", async () => {
  const { at, codes, result } = await watched({ synthetics: TWO, alarms: { snsTopic: TOPIC } });
  assert.equal(codes, []);
  const key = "synthetic-shop-example-com-health-deep-1";
  assert.is(at(key).environment.variables.URL, TWO[0]!.url);
  assert.is(at(`${key}-schedule`).scheduleExpression, "rate(5 minutes)");
  assert.is(at("synthetic-status-example-com-schedule").scheduleExpression, "rate(1 minute)");
  const alarm = at(`${key}-alarm`);
  assert.equal([alarm.namespace, alarm.metricName, alarm.period, alarm.threshold], ["AWS/Lambda", "Errors", 300, 0]);
  assert.equal([alarm.alarmActions, alarm.okActions], [[TOPIC], [TOPIC]]);
  const functions = result!.assembly.resources.filter((r) => r.type === "aws:lambda/function:Function");
  assert.is(new Set(functions.map((f) => JSON.stringify(f.props["code"]))).size, 1, "one file for all");
});

test("a function may write its log and nothing else, the clock may start these functions and nothing else", async () => {
  const { at, result } = await watched({ synthetics: TWO });
  const statements = (role: string) => at(role).policy.$json.Statement as { Action: string | string[]; Resource: unknown }[];
  assert.equal(
    statements("synthetics-policy").flatMap((s) => s.Action),
    ["logs:CreateLogStream", "logs:PutLogEvents"],
  );
  const [start, ...more] = statements("synthetics-schedule-policy");
  assert.equal([start!.Action, (start!.Resource as unknown[]).length, more], ["lambda:InvokeFunction", 2, []]);
  assert.equal(lintPolicies(result!.assembly), []);
});

test("without requests nothing is made; two URLs that can't be told apart are refused", async () => {
  const { result } = await watched({ synthetics: [] });
  assert.equal(
    result!.assembly.resources.filter((r) => r.urn.includes("_stack/observability")),
    [],
  );
  assert.equal((await watched({ synthetics: [{ url: "http://a.example/b" }, { url: "https://a.example/b/" }] })).codes, ["check-twice"]);
});

for (const url of ["ftp://a.example", "a.example", "https://user:pass@a.example/", "https://"])
  test(`${url} is no URL that could be asked`, () => {
    const { schema } = registry.find("Observability")!;
    assert.not(schema.safeParse({ synthetics: [{ url }] }).success);
  });

test("the function is content with an answer below 400, asks twice for one that is not, and then fails with the URL and the reason", async () => {
  const [asset] = registry.find("Observability")!.assets!({ synthetics: TWO });
  let asked = 0;
  const server = createServer((req, res) => {
    asked++;
    res.writeHead(req.url === "/well" ? 204 : 503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const run = async (url: string): Promise<unknown> => {
    const exports: { handler?: () => Promise<unknown> } = {};
    // No pause: what is waited for is not what is tested.
    const soon = (resolve: () => void): unknown => setTimeout(resolve, 0);
    runInNewContext(asset!.inline!.text, { exports, process: { env: { URL: url } }, fetch, AbortSignal, setTimeout: soon });
    return exports.handler?.();
  };
  const failure = (url: string): Promise<string> =>
    run(url).then(
      () => "none",
      (error: Error) => error.message,
    );
  try {
    assert.equal(JSON.stringify(await run(`${base}/well`)), '{"status":204}');
    assert.is(asked, 1);
    assert.is(await failure(`${base}/ill`), `${base}/ill: it answered 503`);
    assert.is(asked, 3);
    assert.match(await failure("http://127.0.0.1:1/"), /^http:\/\/127\.0\.0\.1:1\/: .+/);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test.run();
