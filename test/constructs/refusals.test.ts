/** What kinds refuse, each with a code; and what they grant. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Component, DynamoDB, EventBridge, MicroService, S3, Secret, Service, SNS, SQS, Stack } from "../../constructs/index.js";
import { synthOf } from "../support/synth.js";

async function codes(fill: (service: Service) => void): Promise<string[]> {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  fill(new Service(stack, "s"));
  return (await synthOf(stack)).codes;
}
const hashKey = { name: "id", type: "S" } as const;
const table = (props: object) => (s: Service) => void new DynamoDB(s, "t", { billingMode: "PAY_PER_REQUEST", hashKey, ...props });

const refused: [rule: string, code: string, fill: (service: Service) => void][] = [
  ["a standard queue takes no fifo settings", "fifo-only", (s) => new SQS(s, "q", { contentBasedDeduplication: true })],
  [
    "a fifo limit per group needs deduplication per group",
    "fifo-throughput",
    (s) => new SQS(s, "q", { type: "fifo", fifoThroughputLimit: "perMessageGroupId" }),
  ],
  ["a queue is never without encryption", "encryption-off", (s) => new SQS(s, "q", { encryption: { enabled: false } })],
  ["provisioned capacity must be said", "capacity-missing", table({ billingMode: "PROVISIONED", readCapacity: 1 })],
  ["capacity without provisioning is refused", "capacity-unused", table({ readCapacity: 1 })],
  ["an attribute has one type", "attribute-type", table({ rangeKey: { name: "id", type: "N" } })],
  [
    "a local index needs a sort key",
    "range-key-missing",
    table({ localSecondaryIndexes: [{ name: "i", rangeKey: { name: "x", type: "S" }, projection: "ALL" }] }),
  ],
  ["a public ACL needs the block to be off", "public-acl", (s) => new S3(s, "b", { bucket: { acl: "public-read" } })],
  ["a bucket is never without encryption", "encryption-off", (s) => new S3(s, "b", { encryption: { enabled: false } })],
  [
    "a key needs the algorithm that uses it",
    "key-unused",
    (s) => new S3(s, "b", { encryption: { algorithm: "AES256", kmsKeyId: "alias/k" } }),
  ],
  ["a lifecycle rule must do something", "empty-rule", (s) => new S3(s, "b", { lifecycle: [{ id: "x" }] })],
  ["replication needs versioning", "versioning-needed", (s) => new S3(s, "b", { replication: { destinationBucket: "arn:aws:s3:::x" } })],
  [
    "replication of a bucket under a KMS key needs a key for the copies",
    "replica-key-needed",
    (s) => new S3(s, "b", { versioning: {}, encryption: { algorithm: "aws:kms" }, replication: { destinationBucket: "arn:aws:s3:::x" } }),
  ],
  ["a subscription has one end", "subscription-endpoint", (s) => new SNS(s, "t", { subscriptions: [{ protocol: "email" }] })],
  ["deduplication by content is for fifo topics", "fifo-only", (s) => new SNS(s, "t", { contentBasedDeduplication: true })],
  ["a rule has a schedule or a pattern", "rule-when", (s) => new EventBridge(s, "e", { rules: [{ name: "r" }] })],
  [
    "a schedule needs the default bus",
    "schedule-bus",
    (s) => new EventBridge(s, "e", { bus: {}, rules: [{ name: "r", schedule: "rate(1 day)" }] }),
  ],
  [
    "a secretRef names a component only if that keeps a secret",
    "no-secret",
    (s) => {
      new SQS(s, "token");
      new MicroService(s, "api", { image: "nginx:1", secrets: [{ name: "token", secretRef: "token" }] });
    },
  ],
  ["a rotation needs a function", "rotation-lambda", (s) => new Secret(s, "x", { rotation: { days: 1, lambda: "nobody" } })],
];
for (const [rule, code, fill] of refused)
  test(rule, async () => {
    assert.equal(await codes(fill), [code]);
  });

test("a table can't be sent to, and the error says what it can", async () => {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  const s = new Service(stack, "s");
  new DynamoDB(s, "t", { billingMode: "PAY_PER_REQUEST", hashKey });
  new MicroService(s, "api", { image: "nginx:1", uses: [{ component: "t", access: "send" }] });
  const { diagnostics } = await synthOf(stack);
  assert.equal([diagnostics[0]?.code, diagnostics[0]?.expected], ["access-not-offered", "read, readWrite, write"]);
});

/** Statements that a service gets for one use of a component. */
async function granted(
  make: (s: Service) => { component: string; access: never } | object,
): Promise<{ Action: string[]; Resource: unknown }[]> {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  const s = new Service(stack, "s");
  const use = make(s);
  new MicroService(s, "api", { image: "nginx:1", uses: [use as ReturnType<SQS["send"]>] });
  const { at, result } = await synthOf(stack);
  const policy = result!.assembly.resources.find((r) => /s\/api\/task.*policy$/.test(r.urn));
  return at((policy?.urn ?? "::none").split("::").pop() as string).props.policy.$json.Statement;
}

const granting: [rule: string, make: (s: Service) => object, needed: RegExp, forbidden: RegExp][] = [
  ["who sends may not receive", (s) => new SQS(s, "q").send(), /sqs:SendMessage/, /ReceiveMessage|\*"/],
  ["who receives may not send", (s) => new SQS(s, "q").receive(), /sqs:ReceiveMessage.*/, /SendMessage/],
  [
    "who reads a table may not write it",
    (s) => new DynamoDB(s, "t", { billingMode: "PAY_PER_REQUEST", hashKey }).read(),
    /dynamodb:Query/,
    /PutItem|DeleteItem/,
  ],
  ["who reads a bucket may not put", (s) => new S3(s, "b").read(), /s3:GetObject/, /s3:PutObject|s3:DeleteObject/],
  ["who writes a bucket may not read objects", (s) => new S3(s, "b").write(), /s3:PutObject/, /s3:GetObject"/],
  ["who publishes may only publish", (s) => new SNS(s, "t").publish(), /sns:Publish/, /sns:(?!Publish)/],
  ["who reads a secret may not change it", (s) => new Secret(s, "x").read(), /secretsmanager:GetSecretValue/, /PutSecretValue/],
];
for (const [rule, make, needed, forbidden] of granting)
  test(rule, async () => {
    const statements = await granted(make);
    const text = JSON.stringify(statements.filter((s) => /sqs|dynamodb|s3|sns|secretsmanager/.test(JSON.stringify(s.Action))));
    assert.match(text, needed);
    assert.not.match(text, forbidden);
    for (const s of statements.filter((x) => !JSON.stringify(x.Action).includes("ecr:"))) assert.is.not(s.Resource, "*");
  });

test("classes of components share no state between stacks", async () => {
  const make = (): Component => new SQS(new Service(new Stack("shop"), "s"), "q");
  assert.is(make().address, make().address);
});

test.run();
