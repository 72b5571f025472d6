/** Security-group rules: each its own resource, so that one more rule never touches the others. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { hashJson } from "../../framework/base/json.js";
import { resource } from "../base/resource.js";
import { ANYWHERE } from "./cidr.js";
import type { RuleSpec } from "./plan.js";

/** One source or destination of a rule. */
export type Peer = { cidr: Value } | { securityGroup: Value };

/** Ports of a rule: `-1` as protocol means all traffic. */
export interface Traffic {
  protocol: string;
  fromPort?: Value;
  toPort?: Value;
}

/** Everything. */
export const ALL_TRAFFIC: Traffic = Object.freeze({ protocol: "-1" });

/** Lets `peer` in. */
export function allowIn(ctx: ExpandContext, role: string, group: Value, traffic: Traffic, peer: Peer, description?: string): void {
  resource(ctx, role, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", ruleProps(ctx, group, traffic, peer, description));
}

/** Lets traffic out to `peer`. */
export function allowOut(ctx: ExpandContext, role: string, group: Value, traffic: Traffic, peer: Peer, description?: string): void {
  resource(ctx, role, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", ruleProps(ctx, group, traffic, peer, description));
}

/** Lets everything out, role `egress`: a group made by the provider has no rule of its own. */
export function allowAllOut(ctx: ExpandContext, group: Value, role = "egress"): void {
  allowOut(ctx, role, group, ALL_TRAFFIC, { cidr: ANYWHERE }, "All outbound traffic");
}

/** Rules as written in `ingress[]` or `egress[]`; each gets a role made of its content, so order does not matter. */
export function writtenRules(ctx: ExpandContext, direction: "in" | "out", group: Value, rules: readonly RuleSpec[]): void {
  const seen = new Set<string>();
  for (const rule of rules) {
    checkPorts(ctx, rule, direction === "in" ? "ingress" : "egress");
    const protocol = (rule.protocol ?? "tcp").toLowerCase();
    const from = rule.port ?? rule.fromPort;
    const to = rule.port ?? rule.toPort ?? rule.fromPort;
    const all = protocol === "-1" || protocol === "all";
    const traffic: Traffic = all ? ALL_TRAFFIC : { protocol, fromPort: from ?? 0, toPort: to ?? 65535 };
    const groups = (rule.securityGroups ?? []).map((securityGroup): Peer => ({ securityGroup }));
    if (direction === "in" && groups.length === 0 && !rule.cidrBlocks)
      ctx.error("open-rule", "an inbound rule must say who may come in", "ingress", { expected: "cidrBlocks or securityGroups" });
    const blocks = (rule.cidrBlocks ?? (groups.length > 0 || direction === "in" ? [] : [ANYWHERE])).map((cidr): Peer => ({ cidr }));
    for (const peer of [...blocks, ...groups]) {
      const role = `${direction}-${hashJson([traffic, peer]).slice(0, 8)}`;
      if (seen.has(role)) continue;
      seen.add(role);
      (direction === "in" ? allowIn : allowOut)(ctx, role, group, traffic, peer, rule.description);
    }
  }
}

/** Ports that would have no effect. */
function checkPorts(ctx: ExpandContext, rule: RuleSpec, path: string): void {
  const range = rule.fromPort !== undefined || rule.toPort !== undefined;
  if (rule.port !== undefined && range)
    ctx.error("port-range", "a rule has either one port or a range", path, { expected: "port, or fromPort and toPort" });
  if (["-1", "all"].includes(rule.protocol ?? "") && (rule.port !== undefined || range))
    ctx.error("port-range", "a rule for all protocols has no ports", path, { expected: "protocol tcp or udp, or no port" });
}

function ruleProps(ctx: ExpandContext, group: Value, traffic: Traffic, peer: Peer, description: string | undefined) {
  const cidr = "cidr" in peer ? peer.cidr : undefined;
  const six = typeof cidr === "string" && cidr.includes(":");
  return {
    securityGroupId: group,
    ipProtocol: traffic.protocol,
    fromPort: traffic.fromPort,
    toPort: traffic.toPort,
    cidrIpv4: six ? undefined : cidr,
    cidrIpv6: six ? cidr : undefined,
    referencedSecurityGroupId: "securityGroup" in peer ? peer.securityGroup : undefined,
    description,
    tags: ctx.tags,
  };
}
