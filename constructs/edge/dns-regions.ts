/** A zone and its records in a stack of several regions: Route 53 has one of each for all of them. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { walkTags } from "../../framework/model/values.js";
import { isHome } from "../base/all-regions.js";
import type { Routing } from "./dns-routing.js";

const GET_ZONE = "aws:route53/getZone:getZone";
/** What a zone is found by besides its name, as an account may have several of one name. */
const FOUND_BY = ["panka:stack", "panka:environment", "panka:component"];

/** What of a record says whose it is. */
interface Placed {
  name: string;
  value?: Value | undefined;
  component?: string | undefined;
  routing?: Routing | undefined;
}

/** An output of the zone that the stack's own region made; undefined in that region itself. */
export function zoneElsewhere(name: string, ctx: ExpandContext): ((output: string) => Value) | undefined {
  if (isHome(ctx)) return undefined;
  const tags = Object.fromEntries(FOUND_BY.map((key) => [key, ctx.tags[key] as Value]));
  return (output) => ({ $lookup: { token: GET_ZONE, args: { name, tags }, output } });
}

/** An output of an existing zone. */
export function zoneById(zoneId: Value, output: string): Value {
  return { $lookup: { token: GET_ZONE, args: { zoneId }, output } };
}

/**
 * True if this region's part of the stack makes the record, as one of them must: the region that its routing, its id or its name says; the
 * stack's own for what stands nowhere in particular and for the primary of a failover, the others for its secondary. What is left would be
 * made by each of them, which is an error of the whole stack.
 */
export function isMadeHere(record: Placed, ctx: ExpandContext): boolean {
  if (ctx.regions.length < 2) return true;
  const { name, routing } = record;
  const said = [routing?.latency, routing?.id, name].filter((text) => text !== undefined);
  const named = ctx.regions.find((region) => said.some((text) => text.includes(region)));
  if (named !== undefined) return named === ctx.region;
  if (isLiteral(record)) return isHome(ctx);
  if (routing?.failover !== undefined) return (routing.failover === "primary") === isHome(ctx);
  return true;
}

function isLiteral({ component, value }: Placed): boolean {
  let literal = component === undefined;
  walkTags(value, (_, tag) => {
    if (tag === "$ref" || tag === "$lookup") literal = false;
  });
  return literal;
}

/** Routing of a name that every region of the stack answers to: who asks is sent to the nearest. Nothing where the name is one region's. */
export function nearestRegion(name: string, ctx: ExpandContext) {
  if (!isOfAllRegions(name, ctx)) return {};
  return { setIdentifier: ctx.region, latencyRoutingPolicies: [{ region: ctx.region }] };
}

/** True if the parts of several regions say the name. */
export function isOfAllRegions(name: string, ctx: ExpandContext): boolean {
  return ctx.regions.length > 1 && !name.includes(ctx.region);
}
