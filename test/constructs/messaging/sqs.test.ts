import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Setting } from "../../support/expand.js";

const queue = (props: Record<string, unknown> = {}, setting: Setting = {}) =>
  expandAll([{ address: "shop/jobs", kind: "SQS", props }], { finish: true, ...setting });
const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

test("a queue is encrypted with SQS's own key, asks with long polling, and takes requests over TLS only", () => {
  const out = queue();
  assert.is(out.props("shop/jobs").sqsManagedSseEnabled, true);
  assert.is(out.props("shop/jobs").receiveWaitTimeSeconds, 20);
  assert.match(JSON.stringify(out.props("shop/jobs/policy").policy), /"Deny".*SecureTransport/);
  assert.equal(
    out.resources.map((r) => r.at),
    ["shop/jobs", "shop/jobs/policy"],
  );
});

test("a key replaces SQS's own, on the dead-letter queue too, and who uses the queue may use the key for that only", () => {
  const out = queue({ encryption: { kmsKey: KEY }, deadLetterQueue: {} });
  for (const at of ["shop/jobs", "shop/jobs/dead-letter"]) {
    assert.is(out.props(at).kmsMasterKeyId, KEY);
    assert.is(out.props(at).sqsManagedSseEnabled, undefined);
  }
  const of = (access: "send" | "receive") => out.bindings["shop/jobs"]?.grants[access]?.find((g) => g.resources.includes(KEY))?.actions;
  assert.equal(of("send"), ["kms:Decrypt", "kms:GenerateDataKey"]);
  assert.equal(of("receive"), ["kms:Decrypt"]);
});

test("the key of Security is that of a queue which names none", () => {
  const out = queue({}, { infra: { Security: { encryption: { kmsKey: KEY } } } });
  assert.is(out.props("shop/jobs").kmsMasterKeyId, KEY);
});

test("a dead-letter queue keeps for 14 days what five receipts could not handle, unless said otherwise", () => {
  const out = queue({ deadLetterQueue: {} });
  assert.is(out.props("shop/jobs/dead-letter").messageRetentionSeconds, 14 * 86_400);
  const redrive = (given: ReturnType<typeof queue>) => given.props("shop/jobs").redrivePolicy.$json;
  assert.is(redrive(out).maxReceiveCount, 5);
  assert.is(redrive(out).deadLetterTargetArn.$ref.urn, out.find("shop/jobs/dead-letter")?.urn);
  assert.is(redrive(queue({ deadLetterQueue: { maxReceiveCount: 2 } })).maxReceiveCount, 2);
  assert.is(queue({ deadLetterQueue: { enabled: false } }).find("shop/jobs/dead-letter"), undefined);
});

test("the dead-letter queue of a fifo queue is fifo too", () => {
  const out = queue({ type: "fifo", contentBasedDeduplication: true, deadLetterQueue: {} });
  assert.is(out.props("shop/jobs").fifoQueue, true);
  assert.is(out.props("shop/jobs/dead-letter").fifoQueue, true);
  assert.equal(out.errors, []);
});

test("with alarms one is raised when the dead-letter queue has more than is allowed", () => {
  const alarm = (alarms: Record<string, unknown>, props: Record<string, unknown> = { deadLetterQueue: {} }) =>
    queue(props, { infra: { Observability: { alarms } } }).find("shop/jobs/alarm-dead-letter")?.props;
  assert.is(alarm({ enabled: true })?.threshold, 0);
  assert.is(alarm({ enabled: true, dlqDepth: 12 })?.threshold, 12);
  assert.is(alarm({ enabled: true }, {}), undefined);
  assert.is(queue({ deadLetterQueue: {} }).find("shop/jobs/alarm-dead-letter"), undefined);
});

test("who sends may not receive, who receives may not send, and nobody changes the queue", () => {
  const { grants, inject, defaultAccess } = queue().bindings["shop/jobs"] ?? { grants: {} };
  const actions = (access: "send" | "receive" | "readWrite") => grants[access]?.flatMap((g) => g.actions) ?? [];
  assert.ok(actions("send").includes("sqs:SendMessage") && !actions("send").includes("sqs:ReceiveMessage"));
  assert.ok(actions("receive").includes("sqs:DeleteMessage") && !actions("receive").includes("sqs:SendMessage"));
  assert.equal(actions("readWrite"), [...new Set([...actions("send"), ...actions("receive")])].sort());
  assert.not(actions("readWrite").some((action) => /Purge|SetQueue|DeleteQueue|Permission/.test(action)));
  assert.is(defaultAccess, "readWrite");
  assert.equal(Object.keys(inject ?? {}), ["_URL"]);
});

test("only the topics and rules that send to a queue may, by its policy", () => {
  const out = expandAll(
    [
      { address: "shop/jobs", kind: "SQS", props: {} },
      { address: "shop/events", kind: "SNS", props: { subscriptions: [{ protocol: "sqs", component: "jobs" }] } },
    ],
    { finish: true },
  );
  const statements = out.props("shop/jobs/policy").policy.$json.Statement as { Sid: string; Condition: Record<string, unknown> }[];
  assert.equal(
    statements.map((s) => s.Sid),
    ["TlsOnly", "Topics"],
  );
  assert.match(JSON.stringify(statements[1]?.Condition), new RegExp(out.find("shop/events")?.urn ?? "nothing"));
});

test.run();
