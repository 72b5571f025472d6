/** Subnet and parameter groups of ElastiCache. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import type { PrivatePlace } from "../network/private-place.js";

/** Declares the subnet group, role `subnets`; gives its name. */
export function cacheSubnets(ctx: ExpandContext, place: PrivatePlace): Value {
  return resource(ctx, "subnets", "aws:elasticache/subnetGroup:SubnetGroup", {
    description: `Cache ${ctx.address}`,
    subnetIds: place.subnetIds,
    tags: ctx.tags,
  }).out("name");
}

/** Declares the parameter group, role `parameters`; gives its name. */
export function cacheParameters(ctx: ExpandContext, family: string, parameters: { [name: string]: string }): Value {
  return resource(ctx, "parameters", "aws:elasticache/parameterGroup:ParameterGroup", {
    family,
    description: `Parameters of ${ctx.address}`,
    parameters: Object.entries(parameters)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ({ name, value })),
    tags: ctx.tags,
  }).out("name");
}
