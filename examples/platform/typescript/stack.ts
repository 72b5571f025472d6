// Sixty components in eight services, each owned by a team. What the services have in common is a function; what differs in staging and
// production stands at the end.
import {
  Alarm,
  APIGateway,
  DynamoDB,
  EventBridge,
  InfraDefaults,
  Lambda,
  MicroService,
  Observability,
  S3,
  Secret,
  Service,
  SNS,
  SQS,
  Stack,
  Worker,
} from "panka";

const stack = new Stack("platform", {
  provider: { name: "aws", region: "us-east-1" },
  environments: ["development", "staging", "production"],
  tags: { system: "platform" },
});
new InfraDefaults(stack, { resources: { cpu: "256m", memory: "512Mi" } });
new Observability(stack, { logging: { retentionDays: 14 } });

/** Who gets the events of which service. */
const LISTENERS: { [service: string]: string[] } = {
  identity: ["orders"],
  catalog: ["search"],
  orders: ["payments", "notifications", "analytics"],
  payments: ["shipping"],
};
const CODE = "exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event).length.toString() });";

/** A service with what all have: a table, a topic, an inbox, a secret, and a function that reads the inbox. */
function domain(name: string) {
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  const service = new Service(stack, name, { description: `${title}, owned by team ${name}`, owner: { team: name }, tags: { team: name } });
  const table = new DynamoDB(service, "table", { billingMode: "PAY_PER_REQUEST", hashKey: { name: "id", type: "S" } });
  const listeners = LISTENERS[name];
  const events = new SNS(service, "events", {
    displayName: `${title} events`,
    ...(listeners && { subscriptions: listeners.map((l) => ({ protocol: "sqs" as const, component: `${l}/inbox`, rawDelivery: true })) }),
  });
  new SQS(service, "inbox", { visibilityTimeout: 60 });
  new Secret(service, "token", { generate: { length: 40 } });
  new Lambda(service, "handler", {
    runtime: "nodejs22.x",
    handler: "index.handler",
    code: { zipFile: CODE },
    environment: { TABLE: table.tableName },
    uses: [events.publish()],
    triggers: [{ type: "sqs", source: { component: "inbox" }, batchSize: 10 }],
  });
  return { service, table, events };
}

/** A service that works off jobs. */
function withWorker(name: string) {
  const { service, table, events } = domain(name);
  new SQS(service, "jobs", { visibilityTimeout: 120, deadLetterQueue: { maxReceiveCount: 5 } });
  new Worker(service, "worker", {
    image: `ghcr.io/acme/${name}-worker:1.4.2`,
    subscribes: [{ component: "jobs" }],
    uses: [table.readWrite(), events.publish()],
    secrets: [{ name: "token", secretRef: "token" }],
  });
  return service;
}

/** A service that keeps files and looks after them at night. */
function withFiles(name: string) {
  const { service, table } = domain(name);
  const files = new S3(service, "files", { versioning: { enabled: true } });
  new EventBridge(service, "clock", {
    rules: [{ name: "nightly", schedule: "cron(0 3 * * ? *)", targets: [{ component: "handler" }] }],
  });
  return { service, table, files };
}

const orders = withWorker("orders");
const workers = [withWorker("identity"), orders, withWorker("payments"), withWorker("shipping")].map((s) => `${s.name}/worker`);
const catalog = withFiles("catalog");
for (const name of ["notifications", "search", "analytics"]) withFiles(name);

new MicroService(catalog.service, "web", {
  image: "ghcr.io/acme/storefront:1.4.2",
  port: 8080,
  healthCheck: "/health",
  uses: [catalog.table.read(), catalog.files.read()],
});
new APIGateway(catalog.service, "public", {
  type: "http",
  routes: [{ path: "/products/{id}", method: "GET", component: "handler" }],
});
new SNS(orders, "oncall", { encryption: { enabled: false } });
new Alarm(orders, "late-jobs", { component: "jobs", threshold: 1000, notify: "oncall" });

const scaled = (minReplicas: number, maxReplicas: number) =>
  Object.fromEntries(workers.map((worker) => [worker, { scaling: { minReplicas, maxReplicas } }]));

stack.environment("staging", scaled(1, 2));
stack.environment("production", {
  ...scaled(2, 10),
  "catalog/web": { scaling: { minReplicas: 2, maxReplicas: 8 }, resources: { cpu: "1 vCPU", memory: "2Gi" } },
  "orders/jobs": { visibilityTimeout: 300 },
});

export default stack;
