import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { App, Stack } from "../../constructs/index.js";
import { match, synth } from "../../testing/index.js";
import { ROOT } from "../support/source-tree.js";
import { withFolder } from "../support/world.js";
import { queueStack } from "./stacks.js";

const QUEUE = "aws:sqs/queue:Queue";

/** The message of what is thrown. */
function messageOf(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    assert.is((error as Error).name, "AssertionError");
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}

test("a resource is found by its type and by the properties named, JSON made at apply looked into", async () => {
  const app = await synth(queueStack());
  const queue = app.hasResource(QUEUE, { visibilityTimeoutSeconds: 60, redrivePolicy: { maxReceiveCount: 5 } });
  assert.match(queue.urn, /orders\/jobs$/);
  assert.is(app.find(QUEUE).length, 2);
  app.count(QUEUE, 2);
  app.count(QUEUE, 1, { redrivePolicy: match.any() });
  app.hasNoResource("aws:sns/topic:Topic");
  app.hasResource(QUEUE, {
    redrivePolicy: { deadLetterTargetArn: match.ref("orders/jobs/dead-letter", "arn") },
    tags: { "panka:component": match.text(/^orders\//) },
    fifoQueue: match.absent(),
  });
  app.hasResource("aws:ecs/taskDefinition:TaskDefinition", {
    containerDefinitions: [{ environment: match.listWith({ name: "JOBS_URL", value: match.any() }) }],
  });
});

test("an assertion that fails says what comes nearest, or what there is", async () => {
  const app = await synth(queueStack());
  assert.is(
    messageOf(() => app.hasResource(QUEUE, { visibilityTimeoutSeconds: 61, redrivePolicy: { maxReceiveCount: 5 } })),
    "no aws:sqs/queue:Queue of the stack matches; orders/jobs comes nearest:\n  visibilityTimeoutSeconds: expected 61, found 60",
  );
  assert.match(
    messageOf(() => app.hasResource("aws:sqs/queue:Queu")),
    /the stack has no aws:sqs\/queue:Queu; it has .*; did you mean aws:sqs\/queue:Queue\?$/,
  );
  assert.match(
    messageOf(() => app.count(QUEUE, 1)),
    /^expected 1 aws:sqs\/queue:Queue of the stack, found 2 \(orders\/jobs, orders\/jobs\/dead-letter\)$/,
  );
  assert.match(
    messageOf(() => app.hasNoResource(QUEUE, { visibilityTimeoutSeconds: 60 })),
    /found orders\/jobs$/,
  );
  assert.match(
    messageOf(() => app.component("orders/jop")),
    /no component "orders\/jop"; it has orders\/api, orders\/jobs; did you mean orders\/jobs\?$/,
  );
  assert.match(
    messageOf(() => app.component("jobs").resource("dead-leter")),
    /no dead-leter resource; it has .*did you mean dead-letter\?$/,
  );
  assert.throws(() => app.hasResource(QUEUE, { tags: match.exactly({}) }), /expected exactly \{\}/);
});

test("a component has its own resources, outputs and needs; shared resources stand apart", async () => {
  const app = await synth(queueStack());
  assert.equal(
    app.components.map((c) => [c.address, c.kind]),
    [
      ["orders/api", "MicroService"],
      ["orders/jobs", "SQS"],
    ],
  );
  const api = app.component("api");
  assert.equal(api.needs, ["orders/jobs"]);
  assert.is(api.resource().type, "aws:ecs/service:Service");
  assert.ok("url" in api.outputs);
  api.hasNoResource(QUEUE);
  app.component("orders/jobs").count(QUEUE, 2);
  app.shared.count("aws:ecs/cluster:Cluster", 1);
});

test("a stack comes as a construct, an App, a function of environment and variables, or a path", async () => {
  assert.is((await synth(queueStack())).assembly.environment, "development");
  const app = new App();
  new Stack(app, "one");
  new Stack(app, "two");
  assert.is((await synth(app, { stack: "two" })).assembly.stack, "two");
  const seconds = await synth(({ environment, vars }) => queueStack(environment === "production" ? 90 : Number(vars.SECONDS)), {
    vars: { SECONDS: "30" },
  });
  seconds.hasResource(QUEUE, { visibilityTimeoutSeconds: 30 });
  const [typescript, yaml] = await Promise.all(
    ["typescript", "yaml"].map((form) => synth(join(ROOT, "examples/user-platform", form), { environment: "production" })),
  );
  assert.is(typescript?.hash, yaml?.hash);
  assert.ok((yaml?.components.length ?? 0) > 1);
});

test("what is wrong with the stack is in the message, all of it", async () => {
  const bad = queueStack(60);
  bad.environment("development", { "orders/jobs": { visibilityTimeout: -1 }, "orders/api": { imag: "x" } });
  try {
    await synth(bad);
    assert.unreachable();
  } catch (error) {
    assert.match(
      (error as Error).message,
      /the stack has 2 problems\n[\s\S]*did you mean image\?\n[\s\S]*visibilityTimeout is -1; expected/,
    );
  }
});

test("a snapshot is recorded once, compared ever after, and says what differs", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "snapshots/shop.json");
    const { CI } = process.env;
    try {
      process.env.CI = "1";
      const app = await synth(queueStack());
      assert.match(
        messageOf(() => app.matchesSnapshot(file)),
        /is not there, and in CI none is recorded/,
      );
      delete process.env.CI;
      app.matchesSnapshot(file);
      app.matchesSnapshot(file);
      assert.is(JSON.parse(readFileSync(file, "utf8")).stack, "shop");
      const other = await synth(queueStack(61));
      assert.match(
        messageOf(() => other.matchesSnapshot(file)),
        /~ orders\/jobs \(aws:sqs\/queue:Queue\): props\.visibilityTimeoutSeconds: expected 60, found 61\nrecord it again with/,
      );
      process.env.PANKA_UPDATE_SNAPSHOTS = "1";
      other.matchesSnapshot(file);
      delete process.env.PANKA_UPDATE_SNAPSHOTS;
      other.matchesSnapshot(file);
    } finally {
      delete process.env.PANKA_UPDATE_SNAPSHOTS;
      if (CI === undefined) delete process.env.CI;
      else process.env.CI = CI;
    }
  });
});

test("nothing is written into the project, and no setting of the machine counts", async () => {
  await withFolder(async (folder) => {
    writeFileSync(join(folder, "stack.yaml"), readFileSync(join(ROOT, "examples/quickstart/yaml/stack.yaml"), "utf8"));
    process.env.PANKA_ENVIRONMENT = "production";
    try {
      assert.is((await synth(folder)).assembly.environment, "development");
    } finally {
      delete process.env.PANKA_ENVIRONMENT;
    }
    assert.not.ok(existsSync(join(folder, "panka.out")));
  });
});

test.run();
