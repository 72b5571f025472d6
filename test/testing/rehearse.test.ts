import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { EFS, Lambda, Service, Stack, Worker } from "../../constructs/index.js";
import { rehearse } from "../../testing/index.js";
import { ROOT } from "../support/source-tree.js";
import { databaseStack, queueStack } from "./stacks.js";

test("a rehearsal deploys, changes and destroys a stack on the local provider, the same way each time", async () => {
  const first = await rehearse(queueStack());
  assert.is(first.last.kind, "done");
  assert.ok(first.last.summary.create > 20);
  const url = first.outputs["orders/jobs"]?.queueUrl;
  assert.match(String(url), /^https:\/\/sqs\.us-east-1\.amazonaws\.com\/000000000000\/shop-development-orders-jobs-/);
  const recorded = await first.resources();
  assert.is(Object.values(recorded).filter((r) => r.type === "aws:sqs/queue:Queue").length, 2);

  assert.is((await first.deploy()).kind, "no-changes");
  const changed = await first.deploy(queueStack(90));
  assert.is(changed.summary.update, 1);
  assert.equal(
    changed.plan?.changes.filter((c) => c.action === "update").map((c) => c.component),
    ["orders/jobs"],
  );

  const gone = await first.destroy();
  assert.is(gone.summary.delete, Object.keys(recorded).length);
  assert.equal(await first.resources(), {});
  await first.close();

  const second = await rehearse(queueStack());
  assert.is(second.outputs["orders/jobs"]?.queueUrl, url);
  await second.close();
});

test("what is protected stays until it is named", async () => {
  const rehearsal = await rehearse(databaseStack(), { environment: "production" });
  const kept = await rehearsal.destroy();
  assert.match(kept.kept.join("\n"), /orders\/database is protected/);
  await rehearsal.destroy({ allowDelete: ["orders/database"] });
  assert.equal(await rehearsal.resources(), {});
  await rehearsal.close();
});

test("a deploy that fails says what failed, and leaves no folder behind", async () => {
  const denied = { op: "create" as const, type: "aws:sqs/queue:Queue", fail: "denied", message: "not allowed to make queues", times: 0 };
  try {
    await rehearse(queueStack(), { faults: [denied] });
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /not allowed to make queues/);
  }
});

test("an output that is a list reaches a container and a function as JSON of its values", async () => {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  const orders = new Service(stack, "orders");
  const files = new EFS(orders, "files", {
    accessPoints: [
      { name: "a", path: "/a" },
      { name: "b", path: "/b" },
    ],
  });
  const environment = { POINTS: files.accessPointArns };
  new Worker(orders, "packer", { image: "ghcr.io/acme/packer:1.0.0", environment });
  const code = { zipFile: "exports.handler = async () => {};" };
  new Lambda(orders, "sorter", { runtime: "nodejs22.x", handler: "index.handler", code, environment, vpc: { enabled: false } });
  const rehearsal = await rehearse(stack);
  const recorded = Object.values(await rehearsal.resources());
  const of = (type: string) => recorded.find((r) => r.type === type)?.inputs as { [key: string]: any };
  const [container] = JSON.parse(of("aws:ecs/taskDefinition:TaskDefinition").containerDefinitions);
  const arns = JSON.stringify(rehearsal.outputs["orders/files"]?.accessPointArns);
  assert.match(arns, /^\["arn:aws:elasticfilesystem:.*","arn:/);
  assert.equal(container.environment, [{ name: "POINTS", value: arns }]);
  assert.is(of("aws:lambda/function:Function").environment.variables.POINTS, arns);
  await rehearsal.close();
});

test("files that the stack ships are packed in the rehearsal's folder, not in the project", async () => {
  const folder = join(ROOT, "test/testing/shipped");
  const rehearsal = await rehearse(folder);
  assert.match(String(rehearsal.outputs["orders/on-upload"]?.functionArn), /^arn:aws:lambda:/);
  assert.not.ok(existsSync(join(folder, "panka.out")));
  await rehearsal.close();
});

test.run();
