/** Hints for load balancers and what else faces users: hints.ts says what hints are. */
import type { KindHints } from "./hints.js";

const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/c";
const LOGS = { "accessLogs.bucket": ["bucket", "logs-#"], "accessLogs.prefix": ["p-#"] };
const DOMAIN = { domain: { name: "lb.example.com", zoneId: "Z1" } };
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
