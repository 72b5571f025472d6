/** Components that drawn inputs refer to by name. They stand in service `base`, each only where it is named. */

/** Kind and spec of each. */
export const COMPANIONS: { [name: string]: { kind: string; spec: { [key: string]: unknown } } } = {
  queue: { kind: "SQS", spec: { deadLetterQueue: { enabled: true } } },
  topic: { kind: "SNS", spec: {} },
  unencrypted: { kind: "SNS", spec: { encryption: { enabled: false } } },
  kms: { kind: "KMSKey", spec: {} },
  bucket: { kind: "S3", spec: {} },
  table: { kind: "DynamoDB", spec: { billingMode: "PAY_PER_REQUEST", hashKey: { name: "id", type: "S" }, stream: { enabled: true } } },
  secret: { kind: "Secret", spec: {} },
  bus: { kind: "EventBridge", spec: { bus: { name: "events" } } },
  files: { kind: "EFS", spec: { accessPoints: [{ name: "up", path: "/up" }] } },
  disk: { kind: "EBS", spec: { sizeGB: 10 } },
  fn: { kind: "Lambda", spec: { runtime: "nodejs20.x", handler: "index.handler", code: { s3Bucket: "code", s3Key: "fn.zip" } } },
  db: {
    kind: "RDS",
    spec: {
      engine: { type: "postgres", version: "16" },
      instance: { class: "db.t4g.small", storage: { allocatedGB: 20 } },
      database: { name: "app", username: "app" },
    },
  },
  web: {
    kind: "MicroService",
    spec: {
      image: "nginx:1",
      ports: [{ name: "http", port: 80 }],
      networking: { ingress: { hostname: "web.example.com" } },
      uses: [{ component: "queue", access: "receive" }],
    },
  },
  plain: {
    kind: "MicroService",
    spec: {
      image: "nginx:1",
      ports: [
        { name: "http", port: 80 },
        { name: "dns", port: 53, protocol: "udp" },
      ],
      networking: { loadBalancer: { enabled: false } },
    },
  },
  api: {
    kind: "MicroService",
    spec: {
      image: "nginx:1",
      ports: [{ name: "http", port: 8080 }],
      networking: { ingress: { path: "/api" } },
      uses: [{ component: "queue", access: "receive" }],
    },
  },
};

/** Names of companions that a value mentions, and those that they mention. */
export function mentioned(value: unknown): string[] {
  const found = new Set<string>();
  const walk = (part: unknown): void => {
    // `files/up` is an access point of `files`.
    const name = typeof part === "string" ? (part.split("/")[0] ?? "") : "";
    if (Object.hasOwn(COMPANIONS, name)) {
      if (found.has(name)) return;
      found.add(name);
      walk(COMPANIONS[name]?.spec);
    }
    if (typeof part === "object" && part !== null) for (const inner of Object.values(part)) walk(inner);
  };
  walk(value);
  return [...found].sort();
}
