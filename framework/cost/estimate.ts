/** What one resource costs a month while nobody uses it. */
import type { ResourceSpec } from "../model/resource.js";
import { tagOf } from "../model/values.js";
import { DATA_RULES } from "./data-rules.js";
import { HOURS_PER_MONTH, monthly, NO_STANDING_PRICE, PRICES, type PriceKey } from "./prices.js";
import { type Estimate, flat, type Rule } from "./rule.js";

const RULES: { [type: string]: Rule } = {
  ...DATA_RULES,
  "aws:ec2/natGateway:NatGateway": flat("natGateway"),
  "aws:ec2/eip:Eip": flat("publicIpv4"),
  "aws:kms/key:Key": flat("kmsKey"),
  "aws:secretsmanager/secret:Secret": flat("secret"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": flat("metricAlarm"),
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:ec2/vpcEndpoint:VpcEndpoint": endpoint,
  "aws:rds/instance:Instance": database,
  "aws:ecs/service:Service": containers,
  "aws:dynamodb/table:Table": (spec) => (spec.props["billingMode"] === "PAY_PER_REQUEST" ? { dollars: 0, items: [] } : "unknown"),
};

/** The estimate of a resource; `find` gives other resources of the assembly. */
export function estimate(spec: ResourceSpec, find: (urn: string) => ResourceSpec | undefined): Estimate {
  const rule = RULES[spec.type];
  if (rule) return rule(spec, find);
  const free = NO_STANDING_PRICE.some((t) => (t.endsWith("*") ? spec.type.startsWith(t.slice(0, -1)) : spec.type === t));
  return free ? { dollars: 0, items: [] } : "unknown";
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

function database(spec: ResourceSpec): Estimate {
  const size = spec.props["instanceClass"];
  if (typeof size !== "string" || !size.startsWith("db.") || !(size in PRICES)) return "unknown";
  const copies = spec.props["multiAz"] === true ? 2 : 1;
  const gb = Number(spec.props["allocatedStorage"]) || 0;
  const dollars = copies * (monthly(size as PriceKey) + monthly("databaseStorage", gb));
  return { dollars, items: [`${size}${copies === 2 ? " in two zones" : ""}`, ...(gb > 0 ? [`${gb} GB`] : [])] };
}

/** A service on Fargate: its count times the size of its task. */
function containers(spec: ResourceSpec, find: (urn: string) => ResourceSpec | undefined): Estimate {
  const definition = spec.props["taskDefinition"];
  const ref = tagOf(definition) === "$ref" ? (definition as { $ref: { urn: string } }).$ref.urn : undefined;
  const task = ref === undefined ? undefined : find(ref);
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
