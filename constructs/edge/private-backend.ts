/** How requests reach what stands behind an application load balancer: by URL, or, where it has no address outside, by its listener. */
import type { Backend, Value } from "../../framework/model/index.js";
import { normalPath } from "../shared/listener-rules.js";
import type { LoadBalancerHandle } from "../shared/load-balancer.js";

/** What is known of the way. */
export interface WayIn {
  url: Value;
  balancer: Pick<LoadBalancerHandle, "listenerArn" | "securityGroupId" | "scheme" | "internal">;
  /** The listener's. */
  port: number;
  /** Path of the rule. */
  path?: string | undefined;
  /** Hosts of the rule or of the balancer's domain, the first one without a wildcard counts. */
  hosts?: readonly string[];
  /** True where only some addresses may come in. */
  guarded?: boolean;
}

/** Path of a rule without what stands for anything; empty for all paths. */
export function fixedPath(path = "/"): string {
  const fixed = normalPath(path).replace(/\/?\*.*$/, "");
  return fixed === "/" ? "" : fixed;
}

/** Undefined where nobody else gets through: a guarded listener inside, or one whose certificate is for no known host. */
export function backendBehind({ url, balancer, port, path, hosts = [], guarded = false }: WayIn): Backend | undefined {
  if (!balancer.internal) return { url };
  const secure = balancer.scheme === "https";
  const host = hosts.find((h) => !/[*?]/.test(h));
  if (guarded || (host === undefined && (secure || hosts.length > 0))) return undefined;
  const { listenerArn: arn, securityGroupId } = balancer;
  return { inside: { arn, port, securityGroupId, ...(host === undefined ? {} : { host }), path: fixedPath(path), secure } };
}
