/**
 * The stack's network, made once per stack and environment under `_stack/network`:
 * a VPC with public subnets in two zones, private ones where something asks for them, and gateway endpoints for S3 and DynamoDB.
 * Costs nothing by itself; a NAT gateway (about $33 a month each, and traffic) only in production, where a component insists, or as written.
 * Roles: the VPC is the main resource; `internet`, `public-a`, `private-b`, `nat-a`, `endpoint-s3` and so on.
 */
import type { ExpandContext, SharedContext, SharedKind, Value } from "../../framework/model/index.js";
import { declared, resource } from "../base/resource.js";
import { ANYWHERE, DEFAULT_VPC_CIDR } from "../network/cidr.js";
import { existingSubnetIds, isExisting, type NetworkingSpec, networkProblems, plannedSubnets, type Tier } from "../network/plan.js";
import { allowAllOut, allowIn, ALL_TRAFFIC, writtenRules } from "../network/rules.js";
import { flowLogs } from "./flow-logs.js";

/** What a component asks of the network. */
export interface NetworkRequest {
  tier: Tier;
  /** Load-balancer controllers of Kubernetes look for its subnets by their tags. */
  kubernetes?: boolean;
  /** It must reach the internet (to pull images, to call AWS): in private subnets this makes a NAT gateway. */
  egress?: boolean;
}

/** What it gets. */
export interface NetworkHandle {
  vpcId: Value;
  /** A list, or a look-up of one. */
  subnetIds: Value;
  /** Security groups that every workload gets beside its own: `defaultSecurityGroup` of the Networking document. */
  sharedGroups: Value[];
  /** The network's own addresses. */
  cidr: Value;
  /** URNs of routes that must stand before a workload in these subnets can call out. */
  routes: string[];
}

const TYPES = {
  vpc: "aws:ec2/vpc:Vpc",
  subnet: "aws:ec2/subnet:Subnet",
  gateway: "aws:ec2/internetGateway:InternetGateway",
  table: "aws:ec2/routeTable:RouteTable",
  route: "aws:ec2/route:Route",
  association: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  group: "aws:ec2/securityGroup:SecurityGroup",
} as const;

/** The shared resource `network`. */
export const sharedNetwork: SharedKind = {
  name: "network",
  handle: (request, ctx): NetworkHandle => networkHandle(request as NetworkRequest, ctx),
  expand(requests, ctx) {
    const spec = networkingOf(ctx);
    for (const problem of networkProblems(spec)) ctx.error("bad-network", problem.message, problem.path);
    const asked = requests.map((r) => r.request as NetworkRequest);
    if (!isExisting(spec)) ownNetwork(ctx, spec, asked);
    defaultGroup(ctx, spec);
    if (spec.flowLogs?.enabled) flowLogs(ctx, vpcId(spec, ctx));
    return { outputs: {} };
  },
};

/** The stack's Networking document, or an empty one. */
export function networkingOf(ctx: Pick<ExpandContext, "infra">): NetworkingSpec {
  return (ctx.infra("Networking") ?? {}) as NetworkingSpec;
}

function networkHandle(request: NetworkRequest, ctx: SharedContext): NetworkHandle {
  const spec = networkingOf(ctx);
  const { tier } = request;
  const sharedGroups = spec.defaultSecurityGroup ? [declared(ctx, "default-security-group", TYPES.group).out("id")] : [];
  if (isExisting(spec)) {
    const cidr = { $lookup: { token: "aws:ec2/getVpc:getVpc", args: { id: spec.vpc?.id ?? "" }, output: "cidrBlock" } };
    return { vpcId: spec.vpc?.id ?? "", subnetIds: existingSubnetIds(spec, tier), sharedGroups, cidr, routes: [] };
  }
  const subnets = plannedSubnets(spec, tier);
  const routes = [...subnets.map((s) => ctx.urn(`${s.role}-routes`, TYPES.association))];
  if (tier === "public" && spec.internetGateway?.enabled !== false) routes.push(ctx.urn("public-internet", TYPES.route));
  if (tier === "private" && (request.egress || spec.natGateway?.enabled))
    routes.push(...subnets.map((s) => ctx.urn(`${s.role}-internet`, TYPES.route)));
  return {
    vpcId: vpcId(spec, ctx),
    subnetIds: subnets.map((s) => declared(ctx, s.role, TYPES.subnet).out("id")),
    sharedGroups,
    cidr: spec.vpc?.cidrBlock ?? DEFAULT_VPC_CIDR,
    routes,
  };
}

function vpcId(spec: NetworkingSpec, ctx: Pick<ExpandContext, "urn">): Value {
  return spec.vpc?.id ?? declared(ctx, undefined, TYPES.vpc).out("id");
}

/** Everything of a network that the stack owns. */
function ownNetwork(ctx: ExpandContext, spec: NetworkingSpec, asked: readonly NetworkRequest[]): void {
  const nat = spec.natGateway?.enabled ?? asked.some((r) => r.tier === "private" && r.egress);
  if (spec.natGateway?.enabled === false && asked.some((r) => r.tier === "private" && r.egress))
    ctx.error("no-egress", "a component in private subnets must call out, but natGateway.enabled is false", "natGateway.enabled", {
      next: "set natGateway.enabled: true, or placement: public for that component",
    });
  const internet = spec.internetGateway?.enabled !== false;
  if (!internet && asked.some((r) => r.tier === "public"))
    ctx.error("no-internet", "a component needs public subnets, but internetGateway.enabled is false", "internetGateway.enabled");
  const vpc = resource(ctx, undefined, TYPES.vpc, {
    cidrBlock: spec.vpc?.cidrBlock ?? DEFAULT_VPC_CIDR,
    enableDnsHostnames: spec.vpc?.enableDNSHostnames ?? true,
    enableDnsSupport: spec.vpc?.enableDNSSupport ?? true,
    tags: { ...ctx.tags, Name: `${ctx.stack}-${ctx.environment}` },
  }).out("id");
  const tags = asked.some((r) => r.kubernetes) ? KUBERNETES_TAGS : undefined;
  const tables = publicTier(ctx, spec, vpc, internet, tags?.public);
  if (nat || spec.subnets?.private || asked.some((r) => r.tier === "private"))
    tables.push(...privateTier(ctx, spec, vpc, nat, tags?.private));
  endpoints(ctx, vpc, tables);
}

/**
 * Tags by which the AWS Load Balancer Controller finds subnets (EKS User Guide, "Route application and HTTP traffic with Application Load
 * Balancers").
 */
const KUBERNETES_TAGS = { public: { "kubernetes.io/role/elb": "1" }, private: { "kubernetes.io/role/internal-elb": "1" } } as const;

function publicTier(ctx: ExpandContext, spec: NetworkingSpec, vpc: Value, internet: boolean, tags?: { [key: string]: Value }): Value[] {
  const table = resource(ctx, "public", TYPES.table, { vpcId: vpc, tags: named(ctx, "public") }).out("id");
  if (internet) {
    const gateway = resource(ctx, "internet", TYPES.gateway, { vpcId: vpc, tags: named(ctx, "internet") }).out("id");
    resource(ctx, "public-internet", TYPES.route, { routeTableId: table, destinationCidrBlock: ANYWHERE, gatewayId: gateway });
  }
  for (const subnet of plannedSubnets(spec, "public")) {
    const id = resource(ctx, subnet.role, TYPES.subnet, {
      vpcId: vpc,
      cidrBlock: subnet.cidrBlock,
      availabilityZone: subnet.availabilityZone,
      mapPublicIpOnLaunch: true,
      tags: { ...named(ctx, subnet.role), ...tags },
    }).out("id");
    resource(ctx, `${subnet.role}-routes`, TYPES.association, { subnetId: id, routeTableId: table });
  }
  return [table];
}

/** Private subnets, each with a route table of its own, so that one NAT gateway or one per zone differ by routes only. */
function privateTier(ctx: ExpandContext, spec: NetworkingSpec, vpc: Value, nat: boolean, tags?: { [key: string]: Value }): Value[] {
  const tables: Value[] = [];
  const gateways: Value[] = [];
  const publicSubnets = plannedSubnets(spec, "public");
  const perZone = spec.natGateway?.type === "per-az";
  for (const [i, subnet] of plannedSubnets(spec, "private").entries()) {
    const id = resource(ctx, subnet.role, TYPES.subnet, {
      vpcId: vpc,
      cidrBlock: subnet.cidrBlock,
      availabilityZone: subnet.availabilityZone,
      mapPublicIpOnLaunch: false,
      tags: { ...named(ctx, subnet.role), ...tags },
    }).out("id");
    const table = resource(ctx, `${subnet.role}-table`, TYPES.table, { vpcId: vpc, tags: named(ctx, subnet.role) }).out("id");
    resource(ctx, `${subnet.role}-routes`, TYPES.association, { subnetId: id, routeTableId: table });
    tables.push(table);
    if (!nat) continue;
    const at = publicSubnets[perZone ? i : 0];
    if (at && (perZone || i === 0)) gateways.push(natGateway(ctx, at));
    const gateway = gateways[perZone ? i : 0] ?? gateways[0];
    if (gateway === undefined) continue;
    resource(ctx, `${subnet.role}-internet`, TYPES.route, { routeTableId: table, destinationCidrBlock: ANYWHERE, natGatewayId: gateway });
  }
  return tables;
}

function natGateway(ctx: ExpandContext, at: { role: string; letter: string }): Value {
  const role = `nat-${at.letter}`;
  const address = resource(ctx, `${role}-address`, "aws:ec2/eip:Eip", { domain: "vpc", tags: named(ctx, role) });
  const gateway = resource(
    ctx,
    role,
    "aws:ec2/natGateway:NatGateway",
    { allocationId: address.out("id"), subnetId: declared(ctx, at.role, TYPES.subnet).out("id"), tags: named(ctx, role) },
    { dependsOn: [ctx.urn("public-internet", TYPES.route)] },
  );
  return gateway.out("id");
}

/** Free ways to S3 and DynamoDB that need no NAT. */
function endpoints(ctx: ExpandContext, vpc: Value, tables: Value[]): void {
  for (const service of ["s3", "dynamodb"]) {
    resource(ctx, `endpoint-${service}`, "aws:ec2/vpcEndpoint:VpcEndpoint", {
      vpcId: vpc,
      serviceName: ctx.region ? `com.amazonaws.${ctx.region}.${service}` : { $text: ["com.amazonaws.", ctx.regionValue, `.${service}`] },
      vpcEndpointType: "Gateway",
      routeTableIds: tables,
      tags: named(ctx, `endpoint-${service}`),
    });
  }
}

function defaultGroup(ctx: ExpandContext, spec: NetworkingSpec): void {
  const written = spec.defaultSecurityGroup;
  if (!written) return;
  const group = resource(ctx, "default-security-group", TYPES.group, {
    name: written.name,
    description: `Shared by all workloads of ${ctx.stack} in ${ctx.environment}`,
    vpcId: vpcId(spec, ctx),
    tags: ctx.tags,
  }).out("id");
  if (written.allowInternalTraffic)
    allowIn(ctx, "default-internal", group, ALL_TRAFFIC, { securityGroup: group }, "Workloads of this stack");
  writtenRules(ctx, "in", group, written.ingress ?? []);
  if (written.egress) writtenRules(ctx, "out", group, written.egress);
  else allowAllOut(ctx, group, "default-egress");
}

function named(ctx: ExpandContext, role: string): { [key: string]: Value } {
  return { ...ctx.tags, Name: `${ctx.stack}-${ctx.environment}-${role}` };
}
