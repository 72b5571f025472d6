/** What one resource costs a month while nobody uses it. */
import type { ResourceSpec } from "../model/resource.js";
import { DATA_RULES, nodes } from "./data-rules.js";
import { NO_STANDING_PRICE } from "./free-types.js";
import { HOURS_PER_MONTH, monthly, PRICES } from "./prices.js";
import { type Estimate, flat, referred, type Rule } from "./rule.js";

const RULES: { [type: string]: Rule } = {
  ...DATA_RULES,
  "aws:ec2/natGateway:NatGateway": flat("natGateway"),
  "aws:ec2/eip:Eip": flat("publicIpv4"),
  "aws:kms/key:Key": flat("kmsKey"),
  "aws:secretsmanager/secret:Secret": flat("secret"),
  // What always runs; more instances cost as they start.
  "aws:autoscaling/group:Group": group,
  "aws:cloudwatch/dashboard:Dashboard": flat("dashboard"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": flat("metricAlarm"),
  "aws:ec2/instance:Instance": (spec) => nodes(spec.props["instanceType"], 1),
  "aws:eks/cluster:Cluster": flat("eksCluster"),
  "aws:route53/zone:Zone": flat("hostedZone"),
  // A private namespace is a hosted zone (Cloud Map API reference, CreatePrivateDnsNamespace).
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": flat("hostedZone"),
  "aws:wafv2/webAcl:WebAcl": webAcl,
  "aws:apigateway/stage:Stage": (spec) => freeUnless(spec.props["cacheClusterEnabled"] === true),
  "aws:efs/fileSystem:FileSystem": (spec) => freeUnless(spec.props["throughputMode"] === "provisioned"),
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:ec2/vpcEndpoint:VpcEndpoint": endpoint,
  "aws:ecs/service:Service": containers,
  "aws:dynamodb/table:Table": (spec) => freeUnless(spec.props["billingMode"] !== "PAY_PER_REQUEST"),
};

/** The estimate of a resource; `find` gives other resources of the assembly. */
export function estimate(spec: ResourceSpec, find: (urn: string) => ResourceSpec | undefined): Estimate {
  const rule = RULES[spec.type];
  if (rule) return rule(spec, find);
  const free = NO_STANDING_PRICE.some((t) => (t.endsWith("*") ? spec.type.startsWith(t.slice(0, -1)) : spec.type === t));
  return freeUnless(!free);
}

/** Nothing while idle, or a price that is not known here. */
function freeUnless(unknown: boolean): Estimate {
  return unknown ? "unknown" : { dollars: 0, items: [] };
}

function webAcl(spec: ResourceSpec): Estimate {
  const rules = listLength(spec.props["rules"]) ?? 0;
  return { dollars: monthly("webAcl") + monthly("webAclRule", rules), items: [`web ACL with ${rules} ${rules === 1 ? "rule" : "rules"}`] };
}

function loadBalancer(spec: ResourceSpec): Estimate {
  const key = spec.props["loadBalancerType"] === "network" ? "networkLoadBalancer" : "applicationLoadBalancer";
  const zones = listLength(spec.props["subnets"]) ?? 2;
  const addresses = spec.props["internal"] === true ? 0 : zones;
  const items: string[] = [PRICES[key].item, ...(addresses > 0 ? [`${addresses} public IPv4 addresses`] : [])];
  return { dollars: monthly(key) + monthly("publicIpv4", addresses), items };
}

function endpoint(spec: ResourceSpec): Estimate {
  if (spec.props["vpcEndpointType"] !== "Interface") return { dollars: 0, items: [] };
  const zones = listLength(spec.props["subnetIds"]) ?? 1;
  return { dollars: monthly("interfaceEndpoint", zones), items: [`interface endpoint in ${zones} ${zones === 1 ? "zone" : "zones"}`] };
}

/** The instances that always run, of its launch template's type; on Spot, whose price moves, counted as if they were on demand. */
function group(spec: ResourceSpec, find: (urn: string) => ResourceSpec | undefined): Estimate {
  const count = Number(spec.props["minSize"]);
  if (count === 0) return { dollars: 0, items: [] };
  const mixed = spec.props["mixedInstancesPolicy"] as MixedInstances | undefined;
  const id = mixed
    ? mixed.launchTemplate?.launchTemplateSpecification?.launchTemplateId
    : (spec.props["launchTemplate"] as { id?: unknown } | undefined)?.id;
  const template = referred(id, find);
  const cost = template && count > 0 ? nodes(template.props["instanceType"], count) : "unknown";
  if (cost === "unknown" || !mixed) return cost;
  return { dollars: cost.dollars, items: cost.items.map((item) => `${item} on Spot, counted at its on-demand price`) };
}

/** As far as the estimate reads it. */
interface MixedInstances {
  launchTemplate?: { launchTemplateSpecification?: { launchTemplateId?: unknown } };
}

/** A service on Fargate: its count times the size of its task; on EC2 it is the instances that cost. */
function containers(spec: ResourceSpec, find: (urn: string) => ResourceSpec | undefined): Estimate {
  const task = referred(spec.props["taskDefinition"], find);
  const compatible = task?.props["requiresCompatibilities"];
  if (Array.isArray(compatible) && !compatible.includes("FARGATE")) return { dollars: 0, items: [] };
  const cpu = Number(task?.props["cpu"]) / 1024;
  const gb = Number(task?.props["memory"]) / 1024;
  if (!task || !(cpu > 0) || !(gb > 0)) return "unknown";
  const count = Number(spec.props["desiredCount"] ?? 1);
  const platform = task.props["runtimePlatform"] as { cpuArchitecture?: unknown } | undefined;
  const arm = platform?.cpuArchitecture === "ARM64";
  const hourly =
    cpu * PRICES[arm ? "fargateArmCpu" : "fargateCpu"].dollars + gb * PRICES[arm ? "fargateArmMemory" : "fargateMemory"].dollars;
  return { dollars: count * hourly * HOURS_PER_MONTH, items: [`${count} x Fargate ${cpu} vCPU, ${gb} GB`] };
}

function listLength(value: unknown): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}
