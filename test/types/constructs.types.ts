/** What must and must not compile. Held by the type check of `npm test`: an `@ts-expect-error` without an error is an error. */
import { AwsResource } from "../../constructs/aws.js";
import { resource } from "../../constructs/base/resource.js";
import { DynamoDB, type ExpandContext, InfraDefaults, Lambda, MicroService, Service, SQS, Stack, text } from "../../constructs/index.js";
import { PulumiResource } from "../../constructs/pulumi.js";

const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
const service = new Service(stack, "orders");
const jobs = new SQS(service, "jobs", { encryption: { kmsKey: text`x-${new SQS(service, "a").queueArn}` } });

// @ts-expect-error a misspelt field
new SQS(service, "b", { visibilityTimout: 5 });
// @ts-expect-error a field of the wrong type
new SQS(service, "c", { visibilityTimeout: "5" });
// @ts-expect-error a word that is not among the choices
new SQS(service, "d", { type: "lifo" });
// @ts-expect-error a field that is not built yet
new Lambda(service, "e", { runtime: "nodejs20.x", handler: "a.b", code: { path: "fn" }, deployment: { strategy: "canarry" } });
// @ts-expect-error a reference where only literal text makes sense
new DynamoDB(service, "f", { billingMode: "PAY_PER_REQUEST", tableName: jobs.queueName, hashKey: { name: "id", type: "S" } });
// @ts-expect-error a required field is missing
new DynamoDB(service, "g", { billingMode: "PAY_PER_REQUEST" });
// @ts-expect-error no cloud but this one
new Stack("x", { provider: { name: "gcp", region: "eu" } });
// @ts-expect-error memory is missing
new InfraDefaults(stack, { resources: { cpu: 256 } });
new MicroService(service, "api", { image: "nginx:1", uses: [jobs.send()], environment: { URL: jobs.queueUrl } });
// @ts-expect-error a queue can't be invoked
jobs.invoke();

const topic = new AwsResource(service, "topic", "aws:sns/topic:Topic", { displayName: text`${jobs.queueName}`, fifoTopic: true });
topic.out("arn");
// @ts-expect-error the type has no such output
topic.out("queueUrl");
// @ts-expect-error the type has no such property
new AwsResource(service, "t2", "aws:sns/topic:Topic", { displayNam: "x" });
// @ts-expect-error a property of the wrong type
new AwsResource(service, "t3", "aws:sns/topic:Topic", { fifoTopic: "yes" });
// @ts-expect-error there is no such token
new AwsResource(service, "t4", "aws:sns/topic:Topc", {});

declare const Topic: typeof import("@pulumi/aws").sns.Topic;
const raw = new PulumiResource(
  service,
  "raw",
  Topic,
  { displayName: text`${jobs.queueName}`, fifoTopic: true },
  { options: { protect: true } },
);
raw.out("arn");
// @ts-expect-error the class has no such output
raw.out("queueUrl");
// @ts-expect-error the class has no such property
new PulumiResource(service, "r2", Topic, { displayNam: "x" });

declare const ctx: ExpandContext;
const handle = resource(ctx, undefined, "aws:sqs/queue:Queue", { delaySeconds: 3, redrivePolicy: { $json: { a: 1 } }, tags: ctx.tags });
resource(ctx, "p", "aws:sqs/queuePolicy:QueuePolicy", { queueUrl: handle.out("url"), policy: { $json: {} } });
// @ts-expect-error the type has no such property
resource(ctx, "q", "aws:sqs/queue:Queue", { delaySecond: 3 });
// @ts-expect-error a property of the wrong type
resource(ctx, "r", "aws:sqs/queue:Queue", { delaySeconds: "3" });
// @ts-expect-error a required property is missing
resource(ctx, "s", "aws:sqs/queuePolicy:QueuePolicy", { queueUrl: handle.out("url") });
// @ts-expect-error a token outside the table
resource(ctx, "t", "aws:sqs/queu:Queue", {});
resource(ctx, "u", "aws:s3/bucketOwnershipControls:BucketOwnershipControls", {
  bucket: handle.out("id"),
  // @ts-expect-error a wrong property further down
  rule: { objectOwnershp: "BucketOwnerEnforced" },
});
