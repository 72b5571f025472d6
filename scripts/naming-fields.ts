/** Fields in which components name others, each with the smallest document that has it. A kind that gets such a field adds a line. */

/** One field. */
export interface NamingField {
  /** `SNS subscriptions[].component`. */
  field: string;
  /** A document that names a component in it. */
  document(component: string): { kind: string; spec: object };
}

const FUNCTION = { runtime: "nodejs22.x", handler: "index.handler", code: { zipFile: "exports.handler = async () => {};" } };
const PATTERN = { source: ["shop"] };

function trigger(type: string, more: (component: string) => object = (component) => ({ source: { component } })): NamingField {
  return {
    field: `Lambda triggers[] of type ${type}`,
    document: (component) => ({ kind: "Lambda", spec: { ...FUNCTION, triggers: [{ type, ...more(component) }] } }),
  };
}

function subscription(protocol: string): NamingField {
  return {
    field: `SNS subscriptions[].component, protocol ${protocol}`,
    document: (component) => ({ kind: "SNS", spec: { subscriptions: [{ protocol, component }] } }),
  };
}

/** All of them. */
export const NAMING_FIELDS: readonly NamingField[] = [
  ...["sqs", "sns", "dynamodb", "kinesis"].map((type) => trigger(type)),
  trigger("s3", (bucket) => ({ s3: { bucket } })),
  {
    field: "Worker subscribes[].component",
    document: (component) => ({ kind: "Worker", spec: { image: "worker:1", subscribes: [{ component }] } }),
  },
  {
    field: "MicroService storage.volumes[].source",
    document: (source) => ({
      kind: "MicroService",
      spec: { image: "shop:1", storage: { volumes: [{ name: "data", mountPath: "/data", source }] } },
    }),
  },
  subscription("sqs"),
  subscription("lambda"),
  {
    field: "EventBridge rules[].targets[].component",
    document: (component) => ({ kind: "EventBridge", spec: { rules: [{ name: "rule", pattern: PATTERN, targets: [{ component }] }] } }),
  },
  {
    field: "S3 notifications[].component",
    document: (component) => ({ kind: "S3", spec: { notifications: [{ component, events: ["s3:ObjectCreated:*"] }] } }),
  },
  {
    field: "APIGateway routes[].component",
    document: (component) => ({ kind: "APIGateway", spec: { type: "http", routes: [{ path: "/", component }] } }),
  },
  { field: "Secret rotation.lambda", document: (lambda) => ({ kind: "Secret", spec: { rotation: { days: 30, lambda } } }) },
  {
    field: "DNS records[].component",
    document: (component) => ({ kind: "DNS", spec: { zone: { name: "example.com" }, records: [{ name: "www", type: "A", component }] } }),
  },
  { field: "Alarm component", document: (component) => ({ kind: "Alarm", spec: { component, threshold: 1 } }) },
  {
    field: "Alarm notify",
    document: (notify) => ({ kind: "Alarm", spec: { metric: { namespace: "Shop", name: "Orders" }, threshold: 1, notify } }),
  },
  { field: "Dashboard components[]", document: (component) => ({ kind: "Dashboard", spec: { components: [component] } }) },
  {
    field: "ALB listeners[].default and rules[].component",
    document: (component) => ({ kind: "ALB", spec: { listeners: [{ port: 80, protocol: "HTTP", default: component }] } }),
  },
  {
    field: "NLB listeners[].default",
    document: (component) => ({ kind: "NLB", spec: { listeners: [{ port: 80, protocol: "TCP", default: component }] } }),
  },
  {
    field: "CloudFront origins[].component",
    document: (component) => ({
      kind: "CloudFront",
      spec: { origins: [{ id: "one", component }], defaultBehavior: { origin: "one" } },
    }),
  },
];
