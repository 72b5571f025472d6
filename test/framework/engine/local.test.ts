import { test } from "uvu";
import * as assert from "uvu/assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeUrn } from "../../../framework/base/names.js";
import { execute } from "../../../framework/engine/execute.js";
import type { ExecuteResult } from "../../../framework/model/engine.js";
import { recover } from "../../../framework/engine/recovery.js";
import { SettleTime } from "../../../framework/engine/settle-time.js";
import { refreshState } from "../../../framework/engine/refresh.js";
import type { Assembly } from "../../../framework/model/assembly.js";
import type { Plan } from "../../../framework/model/plan.js";
import type { ResourceSpec } from "../../../framework/model/resource.js";
import type { StateFile } from "../../../framework/model/state-file.js";
import type { Value } from "../../../framework/model/values.js";
import { makePlan, type PlanRequest } from "../../../framework/plan/make-plan.js";
import { loadSchemaIndex } from "../../../framework/providers/aws/schema-index.js";
import { createLocalProvider } from "../../../framework/providers/local/provider.js";
import { emptyState, Killed, TestClock, TestGate, TestJournal } from "../../support/engine-world.js";

const schemas = loadSchemaIndex(fileURLToPath(new URL("../../../framework/providers/aws/data", import.meta.url)));
const QUEUE = "aws:sqs/queue:Queue";
const TABLE = "aws:dynamodb/table:Table";
const TOPIC = "aws:sns/topic:Topic";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const BUCKET = "aws:s3/bucketV2:BucketV2";

const urn = (component: string, type: string): string => makeUrn({ environment: "dev", stack: "shop", type, service: "s", component });
const out = (component: string, type: string, output: string): Value => ({ $ref: { urn: urn(component, type), output } });

function spec(component: string, type: string, props: { [key: string]: Value }, more: Partial<ResourceSpec> = {}): ResourceSpec {
  return {
    urn: urn(component, type),
    type,
    name: `shop-dev-s-${component}`,
    props,
    dependsOn: [],
    options: {},
    probe: { class: "B" },
    ...more,
  };
}

/** A stack of named things, and, unless `named`, a subscription, which can't be looked for. */
function stack(options: { retention?: number; fifo?: boolean; key?: string; named?: boolean } = {}): Assembly {
  const fifo: { [key: string]: Value } = options.fifo ? { fifoQueue: true } : {};
  const resources = [
    spec("dead", QUEUE, { ...fifo }),
    spec("jobs", QUEUE, {
      ...fifo,
      messageRetentionSeconds: options.retention ?? 3600,
      redrivePolicy: { $json: { deadLetterTargetArn: out("dead", QUEUE, "arn"), maxReceiveCount: 5 } },
    }),
    spec("table", TABLE, {
      billingMode: "PAY_PER_REQUEST",
      hashKey: options.key ?? "id",
      attributes: [{ name: options.key ?? "id", type: "S" }],
    }),
    spec("topic", TOPIC, {}),
    spec("files", BUCKET, {}),
  ];
  const sub = { protocol: "sqs", topic: out("topic", TOPIC, "arn"), endpoint: out("jobs", QUEUE, "arn") };
  if (!options.named) resources.push(spec("sub", SUBSCRIPTION, sub, { probe: { class: "D" } }));
  resources.sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return {
    version: 1,
    stack: "shop",
    environment: "dev",
    region: "us-east-1",
    resources,
    outputs: { "s/jobs": { url: out("jobs", QUEUE, "url") } },
  };
}

/** A stack on a local cloud in a folder of its own. */
class Local {
  readonly folder = mkdtempSync(join(tmpdir(), "panka-engine-"));
  readonly clock = new TestClock();
  state: StateFile = { ...emptyState(), provider: { name: "local", account: "", region: "us-east-1", endpoint: "" } };
  journal = new TestJournal(this.clock);
  provider = this.open();
  plan: Plan | undefined;

  open(faults?: string): ReturnType<typeof createLocalProvider> {
    this.provider = createLocalProvider({
      file: join(this.folder, "local-cloud.json"),
      schemas,
      region: "us-east-1",
      clock: this.clock,
      ...(faults === undefined ? {} : { faults }),
    });
    return this.provider;
  }

  async deploy(assembly: Assembly, more: Partial<PlanRequest> = {}, fault?: (point: string) => void): Promise<ExecuteResult> {
    this.plan = await makePlan({ assembly, assemblyHash: "h", state: this.state, schemas, port: this.provider, ...more });
    this.journal = new TestJournal(this.clock);
    const result = await execute({
      plan: this.plan,
      state: this.state,
      assembly,
      schemas,
      provider: this.provider,
      journal: this.journal,
      gate: new TestGate(),
      events: () => {},
      clock: this.clock,
      fold: async () => {},
      ...(fault ? { fault } : {}),
    });
    this.state = result.state;
    return result;
  }

  async close(): Promise<void> {
    await this.provider.close();
    rmSync(this.folder, { recursive: true });
  }
}

test("a stack is created, is then up to date, and is destroyed without a trace", async () => {
  const local = new Local();
  const result = await local.deploy(stack());
  assert.ok(result.ok, JSON.stringify(result.failed));
  assert.match(String(result.state.outputs["s/jobs"]?.["url"]), /^https:\/\/sqs\./);
  await local.deploy(stack());
  assert.equal(local.plan?.steps, []);
  const { refreshed } = await refreshState(local.state, local.provider, schemas);
  assert.equal(refreshed, { changed: [], gone: [] });
  const resources = local.state.resources;
  const gone = await local.deploy(stack(), { destroy: true });
  assert.ok(gone.ok, JSON.stringify(gone.failed));
  assert.equal(gone.state.resources, {});
  const { refreshed: after } = await refreshState({ ...local.state, resources }, local.provider, schemas);
  assert.is(after.gone.length, 6);
  await local.close();
});

test("an attribute changes in place; a key or the kind of queue is a replacement whose users follow", async () => {
  const local = new Local();
  await local.deploy(stack());
  const inPlace = await local.deploy(stack({ retention: 7200 }));
  assert.ok(inPlace.ok, JSON.stringify(inPlace.failed));
  assert.equal(
    local.plan?.changes.filter((c) => c.action !== "same").map((c) => [c.component, c.action, c.properties.map((p) => p.path)]),
    [["s/jobs", "update", ["messageRetentionSeconds"]]],
  );
  const anew = await local.deploy(stack({ retention: 7200, fifo: true, key: "pk" }));
  assert.ok(anew.ok, JSON.stringify(anew.failed));
  assert.equal(local.plan?.summary, { create: 0, update: 0, replace: 4, delete: 0, same: 2 });
  const change = local.plan?.changes.find((c) => c.component === "s/jobs");
  assert.ok(change?.properties.some((p) => p.path === "name" && String(p.after).endsWith(".fifo") && p.replaces));
  const jobs = anew.state.resources[urn("jobs", QUEUE)];
  assert.match(String(jobs?.inputs["name"]), /\.fifo$/);
  assert.is(jobs?.generation, 1);
  assert.match(String(jobs?.inputs["redrivePolicy"]), /\.fifo/);
  assert.is(Object.keys(anew.state.resources).length, 6);
  await local.deploy(stack({ retention: 7200, fifo: true, key: "pk" }));
  assert.equal(local.plan?.steps, []);
  await local.close();
});

test("kill -9 between call and reply: recovery finds what was made, nothing is made twice", async () => {
  const target = stack({ named: true });
  for (let n = 1; n <= target.resources.length; n++) {
    const local = new Local();
    const start = local.state;
    let seen = 0;
    try {
      await local.deploy(target, {}, (point) => {
        if (point === "journal:reply-received" && ++seen === n) local.journal.dead = true;
        if (local.journal.dead) throw new Killed();
      });
      assert.unreachable(`point ${n} was not reached`);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 60));
    const { entries } = local.journal;
    const { clock, provider } = local;
    const events = () => {};
    const settleTime = new SettleTime({ clock, provider, events });
    const recovered = await recover({ state: start, entries, provider, schemas, settleTime, events });
    assert.equal(recovered.problems, []);
    local.state = recovered.state;
    const result = await local.deploy(target);
    assert.ok(result.ok, `${n}: ${JSON.stringify(result.failed)}`);
    assert.is(Object.keys(result.state.resources).length, target.resources.length);
    await local.deploy(target);
    assert.equal(local.plan?.steps, []);
    for (const { type } of target.resources) {
      const found = await local.provider.findByTags(type, { "panka:lineage": local.state.lineage });
      assert.is(found.length, target.resources.filter((r) => r.type === type).length, type);
    }
    await local.close();
  }
});

test("lost replies of creates and deletes are settled within the run", async () => {
  const local = new Local();
  local.open(
    JSON.stringify([
      { op: "create", loseReply: true, times: 0 },
      { op: "delete", loseReply: true, times: 0 },
    ]),
  );
  const result = await local.deploy(stack({ named: true }));
  assert.ok(result.ok, JSON.stringify(result.failed));
  await local.deploy(stack({ named: true }));
  assert.equal(local.plan?.steps, []);
  const gone = await local.deploy(stack({ named: true }), { destroy: true });
  assert.ok(gone.ok, JSON.stringify(gone.failed));
  assert.equal(gone.state.resources, {});
  await local.close();
});

test("a refused create leaves the rest standing and is made by the next run", async () => {
  const local = new Local();
  local.open(JSON.stringify([{ op: "create", type: TOPIC, fail: "denied" }]));
  const broken = await local.deploy(stack());
  assert.equal(
    broken.failed.map((f) => f.component),
    ["s/topic"],
  );
  assert.equal(
    broken.skipped.map((f) => f.component),
    ["s/sub"],
  );
  assert.is(Object.keys(broken.state.resources).length, 4);
  const result = await local.deploy(stack());
  assert.ok(result.ok, JSON.stringify(result.failed));
  assert.equal(local.plan?.summary, { create: 2, update: 0, replace: 0, delete: 0, same: 4 });
  await local.close();
});

test.run();
