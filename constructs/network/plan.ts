/** What network a stack gets: decided once from the Networking document and the environment's class, read by the network and by its users. */
import type { EnvironmentClass, Value } from "../../framework/model/index.js";
import { contains, DEFAULT_VPC_CIDR, layout, overlaps, parseCidr } from "./cidr.js";

/** One subnet as written. */
export interface SubnetSpec {
  cidrBlock?: string | undefined;
  availabilityZone?: string | undefined;
  id?: Value | undefined;
}

/** One firewall rule as written. */
export interface RuleSpec {
  port?: number | undefined;
  fromPort?: number | undefined;
  toPort?: number | undefined;
  protocol?: string | undefined;
  cidrBlocks?: string[] | undefined;
  securityGroups?: Value[] | undefined;
  description?: string | undefined;
}

/** The Networking document's spec, checked. */
export interface NetworkingSpec {
  vpc?: { cidrBlock?: string; id?: Value; enableDNSHostnames?: boolean; enableDNSSupport?: boolean } | undefined;
  subnets?: { public?: SubnetSpec[]; private?: SubnetSpec[] } | undefined;
  natGateway?: { enabled?: boolean; type?: "single" | "per-az" } | undefined;
  internetGateway?: { enabled?: boolean } | undefined;
  defaultSecurityGroup?: { name?: string; allowInternalTraffic?: boolean; ingress?: RuleSpec[]; egress?: RuleSpec[] } | undefined;
  flowLogs?: { enabled?: boolean } | undefined;
}

/** Which subnets. */
export type Tier = "public" | "private";

/** Letters of the zones, in order; part of the subnets' roles. */
export const ZONE_LETTERS = "abcdef";

/** A subnet to create. */
export interface PlannedSubnet {
  /** `public-a`: its role, fixed for ever. */
  role: string;
  letter: string;
  cidrBlock: string;
  availabilityZone: Value;
}

/** What is wrong with a Networking document. */
export interface NetworkProblem {
  path: string;
  message: string;
}

/** True if the stack runs in a network that it does not own. */
export function isExisting(spec: NetworkingSpec): boolean {
  return spec.vpc?.id !== undefined;
}

/** Whether private subnets reach the internet through NAT unless a component insists: as written, else in production only. */
export function natByDefault(spec: NetworkingSpec, environmentClass: EnvironmentClass): boolean {
  return spec.natGateway?.enabled ?? environmentClass === "production";
}

/** Where a workload that calls out runs: as it says, else private where there is NAT (or a network of the user's own in production), else public. */
export function workloadTier(spec: NetworkingSpec, environmentClass: EnvironmentClass, placement: Tier | undefined): Tier {
  if (placement) return placement;
  return natByDefault(spec, environmentClass) ? "private" : "public";
}

/** The zone of that index: names of the region's ordinary zones, looked up (local and wavelength zones left out). */
export function zone(index: number): Value {
  return {
    $lookup: {
      token: "aws:index/getAvailabilityZones:getAvailabilityZones",
      args: { state: "available", filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }] },
      output: `names[${index}]`,
    },
  };
}

/** Subnets of a tier in a network of the stack's own: as written, else two, a sixteenth of the network each. */
export function plannedSubnets(spec: NetworkingSpec, tier: Tier): PlannedSubnet[] {
  const vpc = parseCidr(spec.vpc?.cidrBlock ?? DEFAULT_VPC_CIDR) ?? parseCidr(DEFAULT_VPC_CIDR);
  const usual = vpc && vpc.bits <= 24 ? layout(vpc)[tier] : [];
  const written = spec.subnets?.[tier] ?? [{}, {}];
  return written.map((subnet, i) => {
    const letter = ZONE_LETTERS[i] ?? String(i);
    return {
      role: `${tier}-${letter}`,
      letter,
      cidrBlock: subnet.cidrBlock ?? usual[i] ?? "",
      availabilityZone: subnet.availabilityZone ?? zone(i % 2),
    };
  });
}

/** The ids of a tier's subnets in an existing network: as written, else found by whether they give public addresses. */
export function existingSubnetIds(spec: NetworkingSpec, tier: Tier): Value {
  const ids = (spec.subnets?.[tier] ?? []).map((s) => s.id).filter((id) => id !== undefined);
  if (ids.length > 0) return ids;
  return {
    $lookup: {
      token: "aws:ec2/getSubnets:getSubnets",
      args: {
        filters: [
          { name: "vpc-id", values: [spec.vpc?.id ?? ""] },
          { name: "map-public-ip-on-launch", values: [tier === "public" ? "true" : "false"] },
        ],
      },
      output: "ids",
    },
  };
}

/** All that is wrong with the addresses and switches of a Networking document; empty if nothing is. */
export function networkProblems(spec: NetworkingSpec): NetworkProblem[] {
  const problems: NetworkProblem[] = [];
  const add = (path: string, message: string): void => void problems.push({ path, message });
  const tiers: Tier[] = ["public", "private"];
  if (spec.natGateway?.enabled === false && spec.natGateway.type !== undefined)
    add("natGateway.type", "the type of a NAT gateway means nothing where natGateway.enabled is false; leave one of the two out");
  if (isExisting(spec)) {
    if (spec.vpc?.cidrBlock !== undefined)
      add("vpc.cidrBlock", "an existing VPC (vpc.id) has its addresses already; leave one of the two out");
    if (spec.natGateway?.enabled) add("natGateway.enabled", "Panka makes no NAT gateway in a VPC that the stack does not own (vpc.id)");
    for (const tier of tiers)
      for (const [i, subnet] of (spec.subnets?.[tier] ?? []).entries())
        if (subnet.id === undefined) add(`subnets.${tier}[${i}]`, "in an existing VPC (vpc.id) a subnet is named by its id");
    return problems;
  }
  const vpc = parseCidr(spec.vpc?.cidrBlock ?? DEFAULT_VPC_CIDR);
  if (!vpc || vpc.bits < 16 || vpc.bits > 28) {
    add("vpc.cidrBlock", `"${spec.vpc?.cidrBlock}" is no address block for a VPC; expected a.b.c.d/16 to /28 with the other bits zero`);
    return problems;
  }
  const taken: { cidr: string; path: string }[] = [];
  for (const tier of tiers) {
    const written = spec.subnets?.[tier];
    if (written && written.length < 2)
      add(`subnets.${tier}`, "two subnets in two zones are needed: load balancers and databases ask for them");
    for (const [i, subnet] of (written ?? []).entries())
      if (subnet.id !== undefined) add(`subnets.${tier}[${i}].id`, "a subnet's id goes with an existing VPC: set vpc.id too");
    for (const [i, subnet] of plannedSubnets(spec, tier).entries()) {
      const path = `subnets.${tier}[${i}].cidrBlock`;
      const cidr = parseCidr(subnet.cidrBlock);
      if (!cidr) add(path, `subnet ${subnet.role} needs a cidrBlock such as 10.0.${i}.0/24`);
      else if (!contains(vpc, cidr)) add(path, `${subnet.cidrBlock} does not lie in the VPC's ${spec.vpc?.cidrBlock ?? DEFAULT_VPC_CIDR}`);
      else {
        const other = taken.find((t) => overlaps(parseCidr(t.cidr) ?? cidr, cidr));
        if (other) add(path, `${subnet.cidrBlock} overlaps ${other.cidr} (${other.path})`);
        taken.push({ cidr: subnet.cidrBlock, path });
      }
    }
  }
  if (spec.internetGateway?.enabled === false && spec.natGateway?.enabled)
    add("natGateway.enabled", "a NAT gateway needs the internet gateway, which internetGateway.enabled: false leaves out");
  return problems;
}
