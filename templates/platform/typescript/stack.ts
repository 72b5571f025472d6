// A platform in three services: a shop with a database, mail that is sent in the background, and what happens to uploaded pictures.
import { DynamoDB, InfraDefaults, Lambda, MicroService, Observability, RDS, S3, Secret, Service, SNS, Stack, Worker } from "panka";

const stack = new Stack("{{name}}", { provider: { name: "aws", region: "{{region}}" } });
new InfraDefaults(stack, { resources: { cpu: "256m", memory: "512Mi" } });
new Observability(stack, { logging: { retentionDays: 14 } });

const shop = new Service(stack, "shop", { owner: { team: "shop" } });
const database = new RDS(shop, "database", {
  engine: { type: "postgres", version: "16" },
  instance: { class: "db.t4g.small", storage: { allocatedGB: 20 } },
  database: { name: "orders", username: "app" },
});
const orders = new SNS(shop, "orders", { displayName: "Orders" });
const pictures = new S3(shop, "pictures", { versioning: { enabled: true } });
new MicroService(shop, "web", {
  image: "public.ecr.aws/nginx/nginx:1.27",
  port: 80,
  healthCheck: "/",
  uses: [database.connect(), orders.publish(), pictures.readWrite()],
});

const mail = new Service(stack, "mail", { owner: { team: "mail" } });
new Secret(mail, "smtp");
new Worker(mail, "sender", {
  image: "public.ecr.aws/docker/library/busybox:1.36",
  command: ["sh", "-c", "while true; do sleep 60; done"],
  subscribes: [{ component: "shop/orders" }],
  secrets: [{ name: "smtp-password", secretRef: "smtp" }],
});

const media = new Service(stack, "media", { owner: { team: "media" } });
const sizes = new DynamoDB(media, "sizes", { billingMode: "PAY_PER_REQUEST", hashKey: { name: "picture", type: "S" } });
new Lambda(media, "resize", {
  runtime: "nodejs22.x",
  handler: "index.handler",
  code: { zipFile: "exports.handler = async (event) => console.log(JSON.stringify(event));" },
  uses: [sizes.write(), pictures.read()],
  triggers: [{ type: "s3", s3: { bucket: "shop/pictures", prefix: "in/" } }],
});

stack.environment("production", {
  "shop/database": { instance: { multiAZ: true } },
  "shop/web": { scaling: { minReplicas: 2, maxReplicas: 6 } },
  "mail/sender": { scaling: { minReplicas: 1, maxReplicas: 4 } },
});

export default stack;
