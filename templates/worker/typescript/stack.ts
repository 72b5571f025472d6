// A worker that takes jobs from a queue and keeps results in a table; jobs that fail five times go to a dead-letter queue.
import { DynamoDB, Service, SQS, Stack, Worker } from "panka";

const stack = new Stack("{{name}}", { provider: { name: "aws", region: "{{region}}" } });
const jobs = new Service(stack, "jobs");

const queue = new SQS(jobs, "queue", {
  visibilityTimeout: 120,
  deadLetterQueue: { enabled: true, maxReceiveCount: 5 },
});

const results = new DynamoDB(jobs, "results", {
  billingMode: "PAY_PER_REQUEST",
  hashKey: { name: "id", type: "S" },
});

new Worker(jobs, "worker", {
  image: "public.ecr.aws/docker/library/busybox:1.36",
  command: ["sh", "-c", "while true; do sleep 60; done"],
  environment: { QUEUE_URL: queue.queueUrl, RESULTS_TABLE: results.tableName },
  uses: [queue.receive(), results.readWrite()],
});

export default stack;
