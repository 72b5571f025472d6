/** Hints for load balancers and what else faces users: hints.ts says what hints are. */
import type { KindHints } from "./hints.js";

const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/c";
const LOGS = { "accessLogs.bucket": ["bucket", "logs-#"], "accessLogs.prefix": ["p-#"] };
const DOMAIN = { domain: { name: "lb.example.com", zoneId: "Z1" } };
const SETS = [
  ["GET", "HEAD"],
  ["GET", "HEAD", "OPTIONS"],
];
const BLOCKS = { allowedCIDRs: [["192.0.2.0/24"], ["198.51.100.0/24", "192.0.2.0/24"]] };

/** By the kind's name. */
export const EDGE_HINTS: { [kind: string]: KindHints } = {
  ALB: {
    base: { listeners: [{ port: 80, protocol: "HTTP" }] },
    values: {
      ...LOGS,
      ...BLOCKS,
      "listeners[].default": ["plain"],
      "listeners[].rules[].component": ["plain"],
      "listeners[].rules[].path": ["/p-#"],
      "domain.name": ["a.example.com", "b.example.com"],
    },
    with: {
      ...Object.fromEntries(
        ["listeners[].certificateArn", "listeners[].sslPolicy"].map((path) => [
          path,
          { listeners: [{ protocol: "HTTPS", certificateArn: CERTIFICATE }] },
        ]),
      ),
      "listeners[].protocol": { listeners: [{ certificateArn: null, sslPolicy: null }], ...DOMAIN },
      ...Object.fromEntries(
        ["listeners[].rules"].map((path) => [path, { listeners: [{ rules: [{ component: "plain", path: "/p-#" }] }] }]),
      ),
    },
  },
  CloudFront: {
    base: { origins: [{ id: "site", component: "bucket" }], defaultBehavior: { origin: "site" } },
    values: {
      "origins[].component": ["web", "bucket"],
      "origins[].path": ["/p-#"],
      "origins[].domainName": ["a.example.com", "b.example.com"],
      "defaultBehavior.origin": ["site"],
      "behaviors[].origin": ["site"],
      "behaviors[].path": ["/p-#/*"],
      "defaultBehavior.methods": SETS,
      "behaviors[].methods": SETS,
      aliases: [["a.example.com"], ["b.example.com", "c.example.com"]],
      "countries.only": [["DE"], ["FR", "DE"]],
      "countries.never": [["DE"], ["FR", "DE"]],
      "logging.bucket": ["bucket", "logs-#"],
    },
    with: {
      origins: { origins: [{ id: "site", component: "bucket", domainName: null, protocol: null, headers: null }] },
      "origins[].component": { origins: [{ id: "site", domainName: null, protocol: null, headers: null }], spa: null },
      ...Object.fromEntries(
        ["origins[].domainName", "origins[].protocol", "origins[].headers"].map((path) => [
          path,
          { origins: [{ id: "site", component: null, domainName: "a.example.com" }], spa: null },
        ]),
      ),
      certificateArn: { aliases: ["a.example.com"] },
      zoneId: { aliases: ["a.example.com"] },
      aliases: { certificateArn: CERTIFICATE },
      "countries.only": { countries: { never: null } },
      "countries.never": { countries: { only: null } },
      ...Object.fromEntries(["defaultBehavior.cachePolicy"].map((path) => [path, { defaultBehavior: { origin: "site", cache: null } }])),
      "behaviors[].cachePolicy": { behaviors: [{ path: "/p-#/*", origin: "site", cache: null }] },
      "defaultBehavior.cache": { defaultBehavior: { origin: "site", cachePolicy: null } },
      "behaviors[].cache": { behaviors: [{ path: "/p-#/*", origin: "site", cachePolicy: null }] },
    },
  },
  EKSCluster: {
    base: { version: "1.33" },
    values: {
      version: ["1.33", "1.32"],
      "nodeGroups[].instanceTypes": [["t4g.medium"], ["m7g.large", "m6g.large"]],
      "nodeGroups[].minSize": [1, 2],
      "nodeGroups[].desiredSize": [2, 3],
      "nodeGroups[].maxSize": [3, 4],
      "endpoint.allowedCIDRs": [["192.0.2.0/24"], ["198.51.100.0/24"]],
      "access[].policy": ["view", "edit", "admin"],
    },
    with: {
      "endpoint.allowedCIDRs": { endpoint: { public: true } },
      "endpoint.public": { endpoint: { allowedCIDRs: null } },
      "access[].policy": { access: [{ principalArn: "arn:aws:iam::123456789012:role/r-#", namespaces: null }] },
    },
  },
  EC2Instance: {
    base: { instanceType: "t4g.small" },
    values: {
      instanceType: ["t4g.small", "m7i.large"],
      "volumes[].component": ["disk"],
      "volumes[].device": ["/dev/sdf", "/dev/sdg", "/dev/sdh", "/dev/sdi"],
      placement: ["public", "private"],
    },
    with: {
      ...Object.fromEntries(
        ["volumes", "volumes[].type"].map((path) => [path, { volumes: [{ name: "v-#", device: "/dev/sdf", sizeGB: 9 }] }]),
      ),
      "volumes[].component": { volumes: [{ name: "v-#", device: "/dev/sdf", sizeGB: null, type: null }], count: null },
      "volumes[].sizeGB": { volumes: [{ name: "v-#", device: "/dev/sdf", component: null }] },
      publicIp: { placement: "public" },
      placement: { publicIp: null },
      ingress: { ingress: [{ cidrBlocks: ["10.0.0.0/8"] }] },
    },
    never: { healthCheckPath: "a load balancer must name the component" },
  },
  NLB: {
    base: { listeners: [{ port: 80, protocol: "TCP", default: "plain" }] },
    values: { ...LOGS, ...BLOCKS, "listeners[].default": ["plain"], "domain.name": ["a.example.com", "b.example.com"] },
    with: {
      ...Object.fromEntries(
        ["listeners[].certificateArn", "listeners[].sslPolicy"].map((path) => [
          path,
          { listeners: [{ protocol: "TLS", certificateArn: CERTIFICATE }] },
        ]),
      ),
      "listeners[].protocol": { listeners: [{ certificateArn: null, sslPolicy: null }], idleTimeoutSeconds: null, ...DOMAIN },
      idleTimeoutSeconds: { listeners: [{ protocol: "TCP" }] },
    },
  },
};
