// Two services, a database, a queue, a bucket, a topic and a function, in three environments.
//   panka deploy                          development: a model of AWS on a file
//   panka plan -e production              what production would get
//   panka apply --service user-service    only one service
import { InfraDefaults, Lambda, MicroService, Observability, RDS, S3, Service, SNS, SQS, Stack, Worker } from "panka";

const stack = new Stack("user-platform", {
  description: "Accounts, avatars and notifications",
  provider: { name: "aws", region: "us-east-1" },
  environments: ["development", "staging", "production"],
  owner: { team: "identity", email: "identity@example.com" },
  tags: { "cost-center": "identity" },
});
new InfraDefaults(stack, { resources: { cpu: "256m", memory: "512Mi" }, scaling: { replicas: 1 } });
new Observability(stack, { logging: { retentionDays: 14 } });

const users = new Service(stack, "user-service", { description: "Sign-up, log-in, profiles" });
const database = new RDS(users, "database", {
  engine: { type: "postgres", version: "16" },
  instance: { class: "db.t4g.micro", storage: { type: "gp3", allocatedGB: 20 } },
  database: { name: "users", username: "app" },
  backup: { retentionDays: 7 },
});
const avatars = new S3(users, "avatars", { versioning: { enabled: true } });
const events = new SNS(users, "events", { displayName: "User events" });

const notifications = new Service(stack, "notification-service", { description: "Mail and push" });
const outbox = new SQS(notifications, "outbox", {
  visibilityTimeout: 120,
  deadLetterQueue: { enabled: true, maxReceiveCount: 5 },
});

new MicroService(users, "api", {
  image: "ghcr.io/acme/users:1.4.2",
  port: 8080,
  healthCheck: "/health",
  environment: {
    LOG_LEVEL: "info",
    DATABASE_HOST: database.host,
    DATABASE_NAME: database.databaseName,
    AVATARS_BUCKET: avatars.bucketName,
  },
  uses: [database.connect(), avatars.readWrite(), events.publish(), outbox.send()],
  networking: { ingress: { path: "/users" } },
});

new Worker(notifications, "mailer", {
  image: "ghcr.io/acme/mailer:2.0.0",
  environment: { OUTBOX_URL: outbox.queueUrl },
  uses: [outbox.receive()],
});

new Lambda(notifications, "on-upload", {
  runtime: "nodejs20.x",
  handler: "index.handler",
  code: { path: "functions/on-upload" },
  memory: 256,
  timeout: 30,
  environment: { EVENTS_TOPIC_ARN: events.topicArn },
  triggers: [
    { type: "s3", source: { component: "user-service/avatars" }, s3: { events: ["s3:ObjectCreated:*"], prefix: "avatars/" } },
    { type: "sqs", source: { component: "outbox" }, batchSize: 5 },
    { type: "eventbridge", schedule: "rate(1 day)", description: "daily digest" },
    { type: "apigateway", http: { method: "POST", path: "/uploads" } },
  ],
});

stack.environment("development", { "user-service/api": { environment: { LOG_LEVEL: "debug" } } });
stack.environment("staging", { "user-service/api": { scaling: { replicas: 2 } } });
stack.environment("production", {
  "user-service/api": {
    scaling: { minReplicas: 3, maxReplicas: 12, autoscaling: { targetCPUPercent: 60 } },
    resources: { cpu: "1024", memory: "2Gi" },
  },
  "user-service/database": {
    instance: { class: "db.t4g.medium", multiAZ: true, storage: { allocatedGB: 100 } },
    backup: { retentionDays: 30 },
  },
  "notification-service/mailer": { scaling: { replicas: 2 } },
});

export default stack;
