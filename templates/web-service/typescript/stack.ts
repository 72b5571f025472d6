// A web service behind a load balancer, with a PostgreSQL database and a bucket.
import { MicroService, RDS, S3, Service, Stack } from "panka";

const stack = new Stack("{{name}}", { provider: { name: "aws", region: "{{region}}" } });
const app = new Service(stack, "app");

const database = new RDS(app, "database", {
  engine: { type: "postgres", version: "16" },
  instance: { class: "db.t4g.micro", storage: { allocatedGB: 20 } },
  database: { name: "app", username: "app" },
});

const uploads = new S3(app, "uploads", { versioning: { enabled: true } });

new MicroService(app, "api", {
  image: "public.ecr.aws/nginx/nginx:1.27",
  port: 80,
  healthCheck: "/",
  environment: { DATABASE_HOST: database.host, UPLOADS_BUCKET: uploads.bucketName },
  uses: [uploads.readWrite()],
});

stack.environment("production", { "app/api": { scaling: { minReplicas: 2, maxReplicas: 6 } } });

export default stack;
