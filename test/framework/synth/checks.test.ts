import { test } from "uvu";
import * as assert from "uvu/assert";
import { Lambda, MicroService, Service, SQS, Stack, Worker } from "../../../constructs/index.js";
import type { ServiceProps } from "../../../constructs/base/service.js";
import type { StackProps } from "../../../constructs/base/stack.js";
import { synthOf } from "../../support/synth.js";

const CODE = { runtime: "nodejs20.x", handler: "index.handler", code: { zipFile: "1" } };

/** A stack with an api, a worker, a function and a queue; `tests` of each. */
async function synth(
  tests: { stack?: StackProps["smokeTests"]; service?: ServiceProps["smokeTests"]; api?: object; worker?: object; hook?: object } = {},
) {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" }, ...(tests.stack ? { smokeTests: tests.stack } : {}) });
  const users = new Service(stack, "users", tests.service ? { smokeTests: tests.service } : {});
  new MicroService(users, "api", { image: "acme/api:1", port: 8080, ...tests.api });
  new Worker(users, "mailer", { image: "acme/mailer:1", ...tests.worker });
  new Lambda(users, "hook", { ...CODE, url: { auth: "none" }, ...tests.hook });
  new SQS(users, "jobs", {});
  return synthOf(stack);
}

test("without tests the assembly has no word of them", async () => {
  const { result, at } = await synth();
  assert.is("checks" in (result?.assembly ?? {}), false);
  assert.is(at("users/api").props["waitForSteadyState"], undefined);
});

test("tests of components come first, then services', then the stack's; what is not said is the default", async () => {
  const { result } = await synth({
    stack: [{ name: "front", http: { path: "https://shop.example/" }, retries: 0 }],
    service: [{ component: "hook", http: { path: "/ping", method: "POST", status: 204 } }],
    api: { smokeTests: [{ http: { path: "/health", bodyContains: "ok", headers: { accept: "text/plain" }, timeoutSeconds: 3 } }] },
  });
  const checks = result?.assembly.checks ?? [];
  assert.equal(
    checks.map((g) => g.component),
    ["users/api", "users", ""],
  );
  const [api] = checks[0]?.tests ?? [];
  assert.is(api?.name, "/health");
  assert.is(api?.retries, 5);
  assert.is(api?.intervalSeconds, 10);
  assert.is(api?.http?.path, "/health");
  assert.equal(api?.http?.url, result?.assembly.outputs["users/api"]?.["loadBalancerUrl"]);
  assert.equal(api?.http?.headers, { accept: "text/plain" });
  const [hook] = checks[1]?.tests ?? [];
  assert.equal(hook?.http?.url, result?.assembly.outputs["users/hook"]?.["url"]);
  assert.is(hook?.http?.method, "POST");
  assert.equal(checks[2]?.tests[0]?.http, { url: "https://shop.example/", method: "GET", status: 200, timeoutSeconds: 10 });
});

test("a service of containers that is tested is waited for until it is steady, also where its service or the stack tests it", async () => {
  const health = { http: { path: "/health" } };
  for (const tests of [
    { api: { smokeTests: [health] } },
    { service: [{ component: "api", ...health }] },
    { stack: [{ component: "users/api", ...health }] },
  ]) {
    const { at } = await synth(tests);
    assert.is(at("users/api").props["waitForSteadyState"], true);
    assert.is(at("users/mailer").props["waitForSteadyState"], undefined);
  }
});

test("a command runs as the component's own tasks do, with its task definition, network and capacity", async () => {
  const { result } = await synth({ worker: { smokeTests: [{ command: ["./check", "--all"] }] } });
  const [check] = result?.assembly.checks?.[0]?.tests ?? [];
  assert.is(check?.name, "./check --all");
  assert.equal(check?.task?.command, ["./check", "--all"]);
  assert.is(check?.task?.container, "mailer");
  assert.equal(check?.task?.launch, { launchType: "FARGATE" });
  assert.ok(JSON.stringify(check?.task?.taskDefinition).includes("taskDefinition"));
});

test("what can't be tested so is an error with what to write instead", async () => {
  const health = { http: { path: "/health" } };
  const wrong: [Parameters<typeof synth>[0], string][] = [
    [{ service: [{ ...health }] }, "smoke-test-where"],
    [{ service: [{ component: "apy", ...health }] }, "unknown-component"],
    [{ service: [{ component: "jobs", command: ["x"] }] }, "smoke-test-where"],
    [{ stack: [{ command: ["x"] }] }, "smoke-test-where"],
    [{ worker: { smokeTests: [health] } }, "smoke-test-where"],
    [{ api: { networking: { loadBalancer: { internal: true } }, smokeTests: [health] } }, "smoke-test-where"],
    [{ hook: { url: { auth: "iam" }, smokeTests: [health] } }, "smoke-test-where"],
    [{ hook: { smokeTests: [{ command: ["x"] }] } }, "smoke-test-where"],
    [{ api: { command: ["node"], smokeTests: [{ command: ["x"] }] } }, "smoke-test-where"],
    [{ api: { smokeTests: [{}] } }, "smoke-test-what"],
    [{ api: { smokeTests: [{ ...health, command: ["x"] }] } }, "smoke-test-what"],
    [{ api: { smokeTests: [{ command: [] }] } }, "smoke-test-what"],
    [{ api: { smokeTests: [health, health] } }, "smoke-test-twice"],
    [{ api: { smokeTests: [{ http: { path: "/", headers: { "no good": "x" } } }] } }, "bad-header"],
    [{ api: { smokeTests: [{ http: { path: "health" } }] } }, "wrong-value"],
  ];
  for (const [tests, code] of wrong) {
    const { codes, diagnostics } = await synth(tests);
    assert.equal(codes, [code], JSON.stringify([tests, diagnostics]));
  }
});

test.run();
