/**
 * Networking: the network of a stack: one of its own, or an existing one by its id. Without this document development gets public
 * subnets with closed security groups and no NAT gateway, production private subnets and one NAT gateway (about $33 a month).
 *
 *     new Networking(stack, { vpc: { cidrBlock: "10.20.0.0/16" }, natGateway: { enabled: true, type: "per-az" } });
 *     new Networking(stack, { vpc: { id: "vpc-0a1b2c3d" } });
 */
import { bool, group, int, listOf, oneOf, plainText, text } from "../../framework/model/fields.js";
import type { PropsOf } from "../base/common.js";
import { InfraConstruct } from "../base/infra.js";
import { defineKind } from "../base/kind.js";
import type { Stack } from "../base/stack.js";

const CIDR = { pattern: /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, expected: "an address block such as 10.0.0.0/16" };

/** A list of firewall rules, as `ingress` and `egress` take them. */
export const ruleFields = (description: string) =>
  listOf(
    group(
      {
        port: int("One port.", 0, 65535).optional(),
        fromPort: int("First port.", 0, 65535).optional(),
        toPort: int("Last port.", 0, 65535).optional(),
        protocol: oneOf(["tcp", "udp", "icmp", "all", "-1", "TCP", "UDP"], "Protocol.", { default: "tcp" }).optional(),
        cidrBlocks: listOf(plainText("An address block."), "Address blocks.").optional(),
        securityGroups: listOf(text("The id of a security group."), "Security groups.").optional(),
        description: plainText("What it is for.", { max: 255 }).optional(),
      },
      "One rule.",
    ),
    description,
  );

const subnets = (description: string) =>
  listOf(
    group(
      {
        cidrBlock: plainText("Its addresses.", CIDR).optional(),
        availabilityZone: plainText("Its zone; default the region's first, second in turn.").optional(),
        id: text("An existing subnet, with vpc.id.").optional(),
      },
      "One subnet.",
    ),
    description,
  );

/** Spec of the kind Networking. */
export const networkingSchema = group(
  {
    vpc: group(
      {
        cidrBlock: plainText("Its addresses.", { ...CIDR, default: "10.0.0.0/16" }).optional(),
        id: text("An existing VPC, used instead of a new one.").optional(),
        enableDNSHostnames: bool("DNS names for hosts.", { default: true }).optional(),
        enableDNSSupport: bool("DNS resolution.", { default: true }).optional(),
      },
      "The VPC.",
    ).optional(),
    subnets: group(
      { public: subnets("Public subnets.").optional(), private: subnets("Private subnets.").optional() },
      "Subnets; default two of each tier that is needed.",
    ).optional(),
    natGateway: group(
      {
        enabled: bool("Lets private subnets call out; about $33 a month each.", { default: "true in production" }).optional(),
        type: oneOf(["single", "per-az"], "One for all zones, or one in each.", { default: "single" }).optional(),
      },
      "NAT gateway.",
    ).optional(),
    internetGateway: group({ enabled: bool("A way to the internet.", { default: true }).optional() }, "Internet gateway.").optional(),
    defaultSecurityGroup: group(
      {
        name: plainText("Its name.").optional(),
        allowInternalTraffic: bool("Its members may all reach each other.", { default: false }).optional(),
        ingress: ruleFields("Who else may come in.").optional(),
        egress: ruleFields("Where members may go; default anywhere.").optional(),
      },
      "A security group that every workload gets beside its own.",
    ).optional(),
    flowLogs: group({ enabled: bool("Log accepted and refused connections.", { default: false }).optional() }, "Flow logs.").optional(),
  },
  "The network of a stack.",
);

/** Props of {@link Networking}. */
export type NetworkingProps = PropsOf<typeof networkingSchema>;

/** The network of a stack; at most one per stack. */
export class Networking extends InfraConstruct {
  constructor(stack: Stack, props: NetworkingProps) {
    super("Networking", stack, props);
  }
}

/** The kind Networking; read by the shared resource `network`. */
export const networkingKind = defineKind({
  name: "Networking",
  group: "infra",
  summary: "The network of a stack: one of its own, or an existing one.",
  schema: networkingSchema,
  infra: [],
  fromStack(spec) {
    const inline = spec.networking as { securityGroup?: object; defaultSecurityGroup?: object } | undefined;
    if (inline === undefined) return undefined;
    const { securityGroup, ...rest } = inline;
    return securityGroup === undefined ? rest : { ...rest, defaultSecurityGroup: { ...rest.defaultSecurityGroup, ...securityGroup } };
  },
  outputs: {},
  stateful: false,
});
