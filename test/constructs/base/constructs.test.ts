import { test } from "uvu";
import * as assert from "uvu/assert";
import { App, isApp, isStack, Observability, Service, SQS, Stack } from "../../../constructs/index.js";
import { parseFrame } from "../../../constructs/base/call-site.js";
import { isPankaError } from "../../../framework/base/errors.js";
import { ROOT } from "../../support/source-tree.js";

/** The problems of a stack that can't be read. */
function problemsOf(stack: Stack) {
  try {
    stack.toModel(ROOT);
  } catch (error) {
    if (isPankaError(error)) return error.diagnostics;
    throw error;
  }
  return [];
}

test("a construct records exactly the props it was given, as a literal document of its kind", () => {
  const stack = new Stack("shop");
  const props = { visibilityTimeout: 5, metadata: { description: "Jobs", labels: { a: "b" } } };
  new SQS(new Service(stack, "orders"), "jobs", props);
  const { source, ...document } = stack.toModel(ROOT).documents.at(-1)!;
  assert.equal(document, {
    apiVersion: "components.panka.io/v1",
    kind: "SQS",
    name: "jobs",
    service: "orders",
    labels: { a: "b" },
    annotations: {},
    description: "Jobs",
    spec: { visibilityTimeout: 5 },
    literal: true,
  });
  assert.is(source("")?.file, "test/constructs/base/constructs.test.ts");
});

test("a position is that of the call, also through a class of the user's own", () => {
  class Jobs extends SQS {
    constructor(service: Service) {
      super(service, "jobs", {});
    }
  }
  const stack = new Stack("shop");
  const service = new Service(stack, "orders");
  const here = Number(/:(\d+):\d+\)?$/.exec(new Error().stack?.split("\n")[1] ?? "")?.[1]);
  new Jobs(service);
  assert.is(stack.toModel(ROOT).documents.at(-1)?.source("")?.line, here + 1);
});

test("a frame is read in every form that Node writes it", () => {
  assert.equal(parseFrame("Error\n    at new X (file:///a/b.ts:3:7)"), { file: "/a/b.ts", line: 3, column: 7 });
  assert.equal(parseFrame("Error\n    at file:///a/b.ts?t=1:3:7"), { file: "/a/b.ts", line: 3, column: 7 });
  assert.equal(parseFrame("Error\n    at async /a/b c.ts:3:7"), undefined);
  assert.equal(parseFrame("Error\n    at /a/b.ts:3:7"), { file: "/a/b.ts", line: 3, column: 7 });
  assert.is(parseFrame("Error\n    at <anonymous>"), undefined);
});

test("bad and repeated names are all reported at once, with their places", () => {
  const stack = new Stack("shop");
  const service = new Service(stack, "orders");
  new SQS(service, "Jobs_1");
  new SQS(service, "a");
  new SQS(service, "a");
  new Observability(stack, {});
  new Observability(stack, {});
  const problems = problemsOf(stack);
  assert.equal(
    problems.map((p) => [p.code, p.path]),
    [
      ["bad-name", "orders/Jobs_1"],
      ["duplicate-name", "orders/a"],
      ["duplicate-name", "observability"],
    ],
  );
  for (const p of problems) assert.is(p.file, "test/constructs/base/constructs.test.ts");
});

test("verbs give entries of uses and change nothing", () => {
  const stack = new Stack("shop");
  const jobs = new SQS(new Service(stack, "orders"), "jobs");
  const before = stack.toModel().documents.length;
  assert.equal(jobs.send(), { component: "orders/jobs", access: "send" });
  assert.is(stack.toModel().documents.length, before);
});

test("an output used as a string says what to write instead", () => {
  const jobs = new SQS(new Service(new Stack("shop"), "orders"), "jobs");
  assert.throws(() => `${jobs.queueUrl}`, /known only after deployment/);
});

test("patches and named environments are part of the model", () => {
  const stack = new Stack("shop", { environments: ["staging"] }).environment("production", { "orders/jobs": { visibilityTimeout: 9 } });
  const model = stack.toModel();
  assert.equal(model.environments, ["production", "staging"]);
  assert.equal(
    model.patches.map(({ environment, address, patch }) => ({ environment, address, patch })),
    [{ environment: "production", address: "orders/jobs", patch: { visibilityTimeout: 9 } }],
  );
});

test("an app holds its stacks, and both are known by their brand, not by their class", () => {
  const app = new App();
  const stack = new Stack(app, "shop");
  assert.equal(app.stacks, [stack]);
  assert.ok(isApp({ [Symbol.for("panka.app")]: 1 }) && isStack({ [Symbol.for("panka.stack")]: 1 }));
  assert.not.ok(isApp({}) || isStack(app));
});

test.run();
