// A function that is called for every event: new files of a bucket, messages of a topic by way of a queue, and every hour.
import { DynamoDB, Lambda, S3, Service, SNS, SQS, Stack } from "panka";

const stack = new Stack("{{name}}", { provider: { name: "aws", region: "{{region}}" } });
const events = new Service(stack, "events");

const uploads = new S3(events, "uploads");
new SQS(events, "inbox", { visibilityTimeout: 60, deadLetterQueue: { maxReceiveCount: 5 } });
new SNS(events, "news", { subscriptions: [{ protocol: "sqs", component: "inbox", rawDelivery: true }] });
const seen = new DynamoDB(events, "seen", { billingMode: "PAY_PER_REQUEST", hashKey: { name: "id", type: "S" } });

new Lambda(events, "handler", {
  runtime: "nodejs22.x",
  handler: "index.handler",
  code: { zipFile: "exports.handler = async (event) => console.log(JSON.stringify(event));" },
  uses: [seen.readWrite(), uploads.read()],
  triggers: [
    { type: "sqs", source: { component: "inbox" }, batchSize: 10 },
    { type: "s3", s3: { bucket: "uploads" } },
    { type: "eventbridge", schedule: "rate(1 hour)" },
  ],
});

export default stack;
