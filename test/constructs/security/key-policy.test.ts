/** Who may use a key: the policy of one of the stack, and what the reader of a plan is told of others. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Alarm, CloudFront, EventBridge, KMSKey, S3, Security, Service, SNS, SQS, Stack } from "../../../constructs/index.js";
import { lintPolicies } from "../../support/iam-lint.js";
import { synthOf, type Synthesis } from "../../support/synth.js";

const FOREIGN = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

function shop(fill: (app: Service, stack: Stack) => void): Promise<Synthesis> {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1", accountId: "123456789012" } });
  fill(new Service(stack, "app"), stack);
  return synthOf(stack);
}

interface Written {
  Sid?: string;
  Principal: { Service: string };
  Action: string | string[];
  Condition: { [operator: string]: { [key: string]: unknown } };
}

const ref = (type: string, at: string) => ({ $ref: { urn: `urn:pulumi:development::shop::${type}::app/${at}`, output: "arn" } });

/** `<service> <condition key>` of the statements for services. */
function allowed(made: Synthesis): { [sid: string]: Written } {
  const [account, ...services] = made.at("app/key/policy").props.policy.$json.Statement as Written[];
  assert.is(account?.Sid, "Account");
  return Object.fromEntries(services.map((s) => [s.Sid, s]));
}

test("a key says that IAM decides, and nothing else, where nothing that is under it needs a service", async () => {
  const made = await shop((app) => {
    new KMSKey(app, "key");
    new SQS(app, "jobs", { encryption: { kmsKey: "key" } });
  });
  assert.equal(made.codes, []);
  assert.equal(made.at("app/key/policy").props.policy.$json.Statement, [
    {
      Sid: "Account",
      Effect: "Allow",
      Principal: { AWS: { $text: ["arn:aws:iam::", "123456789012", ":root"] } },
      Action: "kms:*",
      Resource: "*",
    },
  ]);
  assert.equal(made.at("app/jobs/policy").dependsOn, []);
});

test("a key lets exactly those services use it that send to what is under it, for what sends there", async () => {
  const made = await shop((app) => {
    const key = new KMSKey(app, "key");
    new SQS(app, "jobs", { encryption: { kmsKey: key.keyArn } });
    const topic = new SNS(app, "news", { encryption: { kmsKey: "key" }, subscriptions: [{ protocol: "sqs", component: "jobs" }] });
    new S3(app, "files", { notifications: [{ component: "jobs" }] });
    new EventBridge(app, "clock", { rules: [{ name: "daily", schedule: "rate(1 day)", targets: [{ component: "news" }] }] });
    new Alarm(app, "backlog", { component: "jobs", threshold: 5, notify: topic.topicArn });
  });
  assert.equal(made.codes, []);
  const { TopicsToAppJobs, BucketsToAppJobs, RulesToAppNews, AlarmsToAppNews, ...rest } = allowed(made);
  assert.equal(rest, {});
  assert.equal(TopicsToAppJobs?.Principal, { Service: "sns.amazonaws.com" });
  assert.equal(TopicsToAppJobs?.Action, ["kms:Decrypt", "kms:GenerateDataKey"]);
  assert.equal(TopicsToAppJobs?.Condition, { ArnEquals: { "aws:SourceArn": ref("aws:sns/topic:Topic", "news") } });
  assert.equal(BucketsToAppJobs?.Condition, {
    ArnEquals: { "aws:SourceArn": ref("aws:s3/bucketV2:BucketV2", "files") },
    StringEquals: { "aws:SourceAccount": "123456789012" },
  });
  assert.equal(AlarmsToAppNews?.Principal, { Service: "cloudwatch.amazonaws.com" });
  assert.equal(AlarmsToAppNews?.Condition, { ArnEquals: { "aws:SourceArn": ref("aws:cloudwatch/metricAlarm:MetricAlarm", "backlog") } });
  // EventBridge names no source to a key: with one in the condition every event would be lost.
  assert.equal(RulesToAppNews?.Condition, {
    StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": ref("aws:sns/topic:Topic", "news") },
  });
  assert.equal(lintPolicies(made.result!.assembly), []);
});

test("nobody sends before the key lets it: target, subscription and notification wait for policies that wait for the key's", async () => {
  const made = await shop((app) => {
    new KMSKey(app, "key");
    new SQS(app, "jobs", { encryption: { kmsKey: "key" } });
    new SQS(app, "dead", { encryption: { kmsKey: "key" } });
    new EventBridge(app, "clock", {
      rules: [{ name: "daily", schedule: "rate(1 day)", targets: [{ component: "jobs", deadLetter: "dead" }] }],
    });
  });
  const policy = (at: string) => `urn:pulumi:development::shop::aws:sqs/queuePolicy:QueuePolicy::app/${at}/policy`;
  assert.equal(made.at("app/clock/target-daily-app-jobs").dependsOn, [policy("dead"), policy("jobs")]);
  for (const at of ["jobs", "dead"]) assert.equal(made.at(`app/${at}/policy`).dependsOn, [made.at("app/key/policy").urn]);
  assert.equal(Object.keys(allowed(made)).sort(), ["RulesToAppDead", "RulesToAppJobs"]);
});

test("two rules that send to each other's receivers, one after the other, make no circle", async () => {
  const made = await shop((app) => {
    new KMSKey(app, "key");
    new SQS(app, "jobs", { encryption: { kmsKey: "key" } });
    const targets = [{ component: "jobs" }];
    new EventBridge(app, "first", { rules: [{ name: "r", schedule: "rate(1 day)", targets }] });
    new EventBridge(app, "second", { rules: [{ name: "r", schedule: "rate(1 day)", targets }], dependsOn: ["first"] });
  });
  assert.equal(made.codes, []);
  assert.not(made.at("app/second/rule-r").dependsOn.includes(made.at("app/first/target-r-app-jobs").urn));
});

test("a distribution may decrypt what it reads from a bucket under the key", async () => {
  const made = await shop((app) => {
    new KMSKey(app, "key");
    new S3(app, "site", { encryption: { kmsKeyId: "key" } });
    new CloudFront(app, "cdn", { origins: [{ id: "site", component: "site" }], defaultBehavior: { origin: "site" } });
  });
  assert.equal(made.codes, []);
  const { CloudFrontappcdn: reads } = allowed(made);
  assert.is(reads?.Action, "kms:Decrypt");
  assert.equal(reads?.Condition, { StringEquals: { "AWS:SourceArn": ref("aws:cloudfront/distribution:Distribution", "cdn") } });
});

test("a policy of the user's is left as it is; the plan says what it lacks", async () => {
  const statement = (Service: string, Action: string | string[]) => ({ Effect: "Allow", Principal: { Service }, Action, Resource: "*" });
  const policy = { Version: "2012-10-17", Statement: [statement("sns.amazonaws.com", ["kms:Decrypt", "kms:GenerateDataKey*"])] };
  const made = await shop((app) => {
    new KMSKey(app, "key", { policy });
    new SQS(app, "jobs", { encryption: { kmsKey: "key" } });
    new SNS(app, "news", { encryption: { enabled: false }, subscriptions: [{ protocol: "sqs", component: "jobs" }] });
    new S3(app, "files", { notifications: [{ component: "jobs" }] });
  });
  for (const at of ["app/key", "app/key/policy"]) assert.equal(made.at(at).props.policy, { $json: policy });
  const { notices } = made.result!;
  assert.is(notices.length, 1, notices.join("\n"));
  assert.match(notices[0] as string, /^app\/key: its own policy lacks \{"Sid":"BucketsToAppJobs"/);
  assert.match(notices[0] as string, /"aws:SourceArn":"\$\{app\/files\.arn\}"/);
});

test("a key that is not of the stack: the plan says which statement its owner must add", async () => {
  const made = await shop((app, stack) => {
    new Security(stack, { encryption: { kmsKey: FOREIGN } });
    new SQS(app, "jobs");
    new SQS(app, "other", { encryption: { kmsKey: "alias/theirs" } });
    const subscriptions = [
      { protocol: "sqs" as const, component: "jobs" },
      { protocol: "sqs" as const, component: "other" },
    ];
    new SNS(app, "news", { subscriptions });
  });
  const [jobs, other, ...rest] = made.result!.notices;
  assert.equal(rest, []);
  assert.match(
    jobs as string,
    `app/jobs: the policy of its key ${FOREIGN}, which is not of this stack, must have {"Sid":"TopicsToAppJobs"`,
  );
  assert.match(
    other as string,
    'app/other: the policy of its key alias/theirs, which is not of this stack, must have {"Sid":"TopicsToAppOther"',
  );
});

test("a bucket under a key takes no logs of a load balancer", async () => {
  const { ALB } = await import("../../../constructs/index.js");
  const made = await shop((app) => {
    new KMSKey(app, "key");
    new S3(app, "logs", { encryption: { kmsKeyId: "key" } });
    new ALB(app, "front", { listeners: [{ port: 80, protocol: "HTTP" }], accessLogs: { bucket: "logs" } });
  });
  assert.ok(made.codes.includes("log-bucket-key"), made.codes.join());
});

test.run();
