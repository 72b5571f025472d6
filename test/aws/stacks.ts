/** The stacks that the scenarios deploy. All carry the run's tag. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFiles } from "../support/cli.js";
import { component } from "../support/stack-text.js";
import { type Sandbox, TAG } from "./sandbox.js";

/** A stack of these components in one service. */
export function stackOf(s: Sandbox, name: string, components: string[]): string {
  const head = `apiVersion: core.panka.io/v1
kind: Stack
metadata: { name: ${name} }
spec: { provider: { name: aws, region: ${s.region} }, tags: { ${TAG}: ${s.id} } }
---
apiVersion: core.panka.io/v1
kind: Service
metadata: { name: app }
`;
  return [head, ...components].join("---\n");
}

/** Topics by name and display name. They cost nothing and are made at once. */
export function topics(labels: { [name: string]: string }): string[] {
  return Object.entries(labels).map(([name, label]) => component("SNS", name, `{ displayName: ${label} }`));
}

/** Files, data, messages, a secret, a program bound to them, and a clock: a platform in small, of what is made in seconds. */
export function smallPlatform(): string[] {
  return [
    component("S3", "files", "{ bucket: { forceDestroy: true } }"),
    component("DynamoDB", "items", "{ billingMode: PAY_PER_REQUEST, hashKey: { name: id, type: S } }"),
    component("SNS", "news"),
    component("Secret", "token", "{ generate: { length: 40 } }"),
    component(
      "Lambda",
      "handler",
      `
  runtime: nodejs22.x
  handler: index.handler
  code: { zipFile: "exports.handler = async () => 1" }
  environment: { TABLE: "\${items.tableName}" }
  uses: [{ component: news, access: publish }, { component: files, access: read }]`,
    ),
    component("EventBridge", "clock", "{ rules: [{ name: hourly, schedule: rate(1 hour), targets: [{ component: handler }] }] }"),
  ];
}

/** Of the images of examples/platform there is none; this one is public, and answers. */
const IMAGE = "public.ecr.aws/docker/library/busybox:stable";
const SERVE = "mkdir -p /tmp/www && echo ok > /tmp/www/health && exec httpd -f -p 8080 -h /tmp/www";

/** Puts examples/platform in the place of the stack's files, under the run's name and tag, with images that exist. Returns how many components it has. */
export function wholePlatform(s: Sandbox, name: string): number {
  const folder = s.copyExample("platform/yaml");
  const original = readFileSync(join(folder, "stack.yaml"), "utf8");
  const overlay = (kind: string, service: string, component: string, command: string[]): string =>
    `apiVersion: components.panka.io/v1\nkind: ${kind}\nmetadata: { name: ${component}, service: ${service} }\nspec: { image: "${IMAGE}", command: ${JSON.stringify(command)} }\n`;
  const workers = ["identity", "orders", "payments", "shipping"].map((service) => overlay("Worker", service, "worker", ["sleep", "86400"]));
  writeFiles(folder, {
    "stack.yaml": original
      .replace("name: platform", `name: ${name}`)
      .replace("region: us-east-1", `region: ${s.region}`)
      .replace("tags: {", `tags: { ${TAG}: ${s.id},`)
      .replace("environments: [", "environments: [cloud, "),
    "environments/cloud/images.yaml": [overlay("MicroService", "catalog", "web", ["sh", "-c", SERVE]), ...workers].join("---\n"),
  });
  return 60;
}
