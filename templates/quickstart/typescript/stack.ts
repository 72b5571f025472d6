// A web service that puts jobs on a queue and keeps its data in a table.
import { DynamoDB, MicroService, Service, SQS, Stack } from "panka";

const stack = new Stack("{{name}}", { provider: { name: "aws", region: "{{region}}" } });
const shop = new Service(stack, "shop");

const orders = new DynamoDB(shop, "orders", {
  billingMode: "PAY_PER_REQUEST",
  hashKey: { name: "id", type: "S" },
});

const jobs = new SQS(shop, "jobs", {
  visibilityTimeout: 60,
  deadLetterQueue: { enabled: true, maxReceiveCount: 5 },
});

new MicroService(shop, "web", {
  image: "public.ecr.aws/nginx/nginx:1.27",
  port: 80,
  healthCheck: "/",
  environment: { ORDERS_TABLE: orders.tableName, JOBS_URL: jobs.queueUrl },
  uses: [orders.readWrite(), jobs.send()],
});

export default stack;
