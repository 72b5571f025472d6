// A job that runs every night, reads a bucket, and keeps what it found in a table.
import { CronJob, DynamoDB, S3, Service, Stack } from "panka";

const stack = new Stack("{{name}}", { provider: { name: "aws", region: "{{region}}" } });
const reports = new Service(stack, "reports");

const files = new S3(reports, "files");
const results = new DynamoDB(reports, "results", { billingMode: "PAY_PER_REQUEST", hashKey: { name: "day", type: "S" } });

new CronJob(reports, "nightly", {
  image: "public.ecr.aws/docker/library/busybox:1.36",
  command: ["sh", "-c", "echo bucket $FILES_BUCKET, table $RESULTS_TABLE"],
  schedule: "cron(0 3 * * ? *)",
  timezone: "Europe/Berlin",
  timeoutSeconds: 3600,
  retries: 1,
  uses: [files.read(), results.write()],
});

export default stack;
