import { test } from "uvu";
import * as assert from "uvu/assert";
import { overlap } from "../../../constructs/storage/s3-notifications.js";
import {
  EventBridge,
  Lambda,
  type LambdaProps,
  MicroService,
  S3,
  type S3Props,
  Service,
  SNS,
  SQS,
  Stack,
} from "../../../constructs/index.js";
import { synthOf } from "../../support/synth.js";

/** A stack with a bucket `files`, a queue, an open and a closed topic, and as many functions as triggers are given. */
function shop(bucket: S3Props, ...triggers: NonNullable<LambdaProps["triggers"]>[]): { stack: Stack; app: Service; files: S3 } {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  const app = new Service(stack, "app");
  for (const [i, list] of triggers.entries())
    new Lambda(app, `fn-${i}`, { runtime: "nodejs20.x", handler: "a.b", code: { zipFile: "x" }, triggers: list });
  new SQS(app, "queue");
  new SNS(app, "open", { encryption: { enabled: false } });
  new SNS(app, "closed");
  return { stack, app, files: new S3(app, "files", bucket) };
}

const trigger = (prefix: string, bucket = "files") => ({ type: "s3" as const, s3: { bucket, prefix } });
const urn = (type: string, at: string) => `urn:pulumi:development::shop::${type}::app/${at}`;

test("a bucket's own notifications and the s3 triggers of all functions are one list", async () => {
  const own: S3Props = {
    notifications: [
      { component: "queue", prefix: "q/" },
      { component: "open", events: ["s3:ObjectRemoved:*"] },
      { component: "fn-1", prefix: "b/", suffix: ".png" },
    ],
  };
  const { stack } = shop(own, [trigger("a/")], [trigger("b/"), trigger("c/")].slice(1));
  const { codes, at, result } = await synthOf(stack);
  assert.equal(codes, []);
  const lists = result?.assembly.resources.filter((r) => r.type.includes("bucketNotification"));
  assert.equal(
    lists?.map((r) => r.urn.split("::").pop()),
    ["app/files/notifications"],
  );
  const { lambdaFunctions, queues, topics } = at("app/files/notifications").props;
  assert.equal(
    lambdaFunctions.map((f: { id: string; filterPrefix: string }) => [f.id, f.filterPrefix]),
    [
      ["app-fn-1-1", "b/"],
      ["app-fn-0-1", "a/"],
      ["app-fn-1-2", "c/"],
    ],
  );
  assert.equal([queues[0].events, queues[0].filterPrefix], [["s3:ObjectCreated:*"], "q/"]);
  assert.equal(topics[0].events, ["s3:ObjectRemoved:*"]);
});

test("the list waits for every permission and policy that S3 looks at", async () => {
  const { stack } = shop(
    {
      notifications: [
        { component: "queue", prefix: "q/" },
        { component: "fn-0", prefix: "b/" },
      ],
    },
    [trigger("a/")],
  );
  const { at } = await synthOf(stack);
  assert.equal(at("app/files/notifications").dependsOn, [
    urn("aws:lambda/permission:Permission", "files/permission-app-fn-0"),
    urn("aws:lambda/permission:Permission", "fn-0/permission-app-files"),
    urn("aws:sqs/queuePolicy:QueuePolicy", "queue/policy"),
  ]);
  const permission = at("app/files/permission-app-fn-0").props;
  assert.equal(permission.principal, "s3.amazonaws.com");
  assert.ok(permission.sourceAccount);
});

test("a bucket tells a function that uses the bucket, and the graph shows that without a cycle", async () => {
  const { stack, app, files } = shop({ notifications: [{ component: "reader" }] });
  new Lambda(app, "reader", { runtime: "nodejs20.x", handler: "a.b", code: { zipFile: "x" }, uses: [files.read()], dependsOn: ["files"] });
  const { codes, at, result } = await synthOf(stack);
  assert.equal(codes, []);
  assert.equal(result?.graph.edges, [
    { from: "app/files", to: "app/reader", reason: "afterwards" },
    { from: "app/reader", to: "app/files", reason: "uses" },
  ]);
  assert.not.ok(at("app/reader").dependsOn.some((u) => u.endsWith("/notifications")));
});

test("a bucket's name or ARN as a reference is the bucket itself", async () => {
  const { stack, app, files } = shop({});
  const code = { runtime: "nodejs20.x", handler: "a.b", code: { zipFile: "x" } };
  new Lambda(app, "by-name", { ...code, triggers: [{ type: "s3", s3: { bucket: files.bucketName, prefix: "a/" } }] });
  new Lambda(app, "by-arn", { ...code, triggers: [{ type: "s3", source: { arn: files.bucketArn }, s3: { prefix: "b/" } }] });
  const { codes, at, result } = await synthOf(stack);
  assert.equal(codes, []);
  assert.is(at("app/files/notifications").props.lambdaFunctions.length, 2);
  assert.not.ok(result?.assembly.resources.some((r) => r.urn.includes("_stack/")));
});

test("triggers on a bucket that the stack does not own share a list of the stack", async () => {
  const { stack } = shop({}, [trigger("a/", "theirs")], [trigger("b/", "theirs")], [trigger("", "another")]);
  const { codes, result } = await synthOf(stack);
  assert.equal(codes, []);
  const lists = result?.assembly.resources.filter((r) => r.type.includes("bucketNotification")) ?? [];
  assert.equal(lists.map((r) => [r.props.bucket, (r.props.lambdaFunctions as unknown[]).length]).sort(), [
    ["another", 1],
    ["theirs", 2],
  ]);
  assert.match(lists[0]?.urn ?? "", /::_stack\/notifications\/[0-9a-f]{8}$/);
});

test("two receivers of one event of one object are an error that names both, wherever they are written", async () => {
  const { stack } = shop({ notifications: [{ component: "queue" }] }, [trigger("a/")]);
  const { codes, diagnostics } = await synthOf(stack);
  assert.equal(codes, ["notification-overlap"]);
  for (const name of ["app/files.notifications[0]", "app/fn-0.triggers[0]"]) assert.ok(diagnostics[0]?.message.includes(name));
  assert.ok(diagnostics[0]?.next);
});

test("events, prefixes and suffixes overlap as S3 has it", () => {
  assert.ok(overlap({}, {}));
  assert.ok(overlap({ prefix: "a/" }, { prefix: "a/b/" }));
  assert.not.ok(overlap({ prefix: "a/" }, { prefix: "b/" }));
  assert.not.ok(overlap({ prefix: "a/", suffix: ".png" }, { prefix: "a/", suffix: ".jpg" }));
  assert.ok(overlap({ events: ["s3:ObjectCreated:*"] }, { events: ["s3:ObjectCreated:Put"] }));
  assert.not.ok(overlap({ events: ["s3:ObjectCreated:Copy"] }, { events: ["s3:ObjectCreated:Put"] }));
  assert.not.ok(overlap({ events: ["s3:ObjectRemoved:*"] }, {}));
});

test("what S3 can't tell, a topic under SNS's own key, and a word that is no event are errors", async () => {
  const wrong = async (bucket: S3Props) => (await synthOf(shop(bucket).stack)).codes;
  assert.equal(await wrong({ notifications: [{ component: "files" }] }), ["notification-target"]);
  assert.equal(await wrong({ notifications: [{ component: "closed" }] }), ["topic-key"]);
  assert.equal(await wrong({ notifications: [{ component: "nobody" }] }), ["unknown-component"]);
  assert.equal(await wrong({ notifications: [{ component: "queue", events: ["ObjectCreated"] }] }), ["wrong-value"]);
});

test("a bucket tells the default bus of every event, for rules to choose from", async () => {
  const told = async (bus: object | undefined, notice: object = {}) => {
    const { stack, app } = shop({ notifications: [{ component: "events", ...notice }, { component: "queue" }] });
    const pattern = { source: ["aws.s3"] };
    new EventBridge(app, "events", { ...(bus ? { bus } : {}), rules: [{ name: "new", pattern, targets: [{ component: "queue" }] }] });
    return synthOf(stack);
  };
  const { codes, at } = await told(undefined);
  assert.equal(codes, []);
  const { eventbridge, queues } = at("app/files/notifications").props;
  assert.equal([eventbridge, queues.length], [true, 1]);
  assert.equal((await told({})).codes, ["notification-bus"]);
  assert.equal((await told(undefined, { prefix: "in/" })).codes, ["notification-filter"]);
});

test("a rule tells a queue, a topic, a function and another bus", async () => {
  const { stack, app } = shop({}, []);
  new EventBridge(app, "other", { bus: {} });
  const targets = ["queue", "open", "fn-0", "other"].map((component) => ({ component }));
  new EventBridge(app, "clock", { rules: [{ name: "all", pattern: { source: ["x"] }, targets }] });
  const { codes, at } = await synthOf(stack);
  assert.equal(codes, []);
  assert.equal(at("app/clock/target-all-app-open").props.arn, { $ref: { urn: urn("aws:sns/topic:Topic", "open"), output: "arn" } });
  assert.equal(at("app/clock/target-all-app-open").dependsOn, [urn("aws:sns/topicPolicy:TopicPolicy", "open/policy")]);
  assert.ok(at("app/clock/target-all-app-other").props.roleArn);
  assert.is(at("app/clock/target-policy-all-app-other").props.policy.$json.Statement[0].Action, "events:PutEvents");
});

test("a rule can't tell a topic under SNS's own key, nor a service", async () => {
  const { stack, app } = shop({});
  new MicroService(app, "api", { image: "nginx:1", port: 80 });
  const targets = [{ component: "closed" }, { component: "api" }];
  new EventBridge(app, "clock", { rules: [{ name: "all", schedule: "rate(1 day)", targets }] });
  assert.equal((await synthOf(stack)).codes.sort(), ["target-kind", "topic-key"]);
});

test.run();
