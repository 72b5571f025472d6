/** Stacks for the tests of panka/testing. */
import { MicroService, RDS, Service, SQS, Stack } from "../../constructs/index.js";

/** A queue and who sends to it. `visibilityTimeout` in seconds. */
export function queueStack(visibilityTimeout = 60): Stack {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  const orders = new Service(stack, "orders");
  const jobs = new SQS(orders, "jobs", { visibilityTimeout, deadLetterQueue: { enabled: true, maxReceiveCount: 5 } });
  new MicroService(orders, "api", { image: "ghcr.io/acme/api:1.0.0", port: 8080, uses: [jobs.send()] });
  return stack;
}

/** A database. */
export function databaseStack(): Stack {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  new RDS(new Service(stack, "orders"), "database", {
    engine: { type: "postgres", version: "16" },
    instance: { class: "db.t4g.small", storage: { allocatedGB: 20 } },
    database: { name: "orders", username: "app" },
    deletionProtection: false,
    finalSnapshot: false,
  });
  return stack;
}
