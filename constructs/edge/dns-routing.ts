/** Several records of one name and type: which of them is answered. Health checks cost $0.50 a month each ($0.75 for hosts elsewhere; 2026-11). */
import type { z } from "zod";
import { hashJson } from "../../framework/base/json.js";
import { group, int, oneOf, plainText, text } from "../../framework/model/fields.js";
import type { ExpandContext, Value } from "../../framework/model/index.js";
import type { Expanded } from "../base/kind.js";
import { resource } from "../base/resource.js";

/** The field `routing` of a record. */
export const routingField = group(
  {
    failover: oneOf(["primary", "secondary"], "The secondary is answered while the primary is not healthy.").optional(),
    latency: plainText("A region: those who are nearest to it get this one.", {
      pattern: /^[a-z]{2}(-[a-z]+)+-\d$/,
      expected: "a region such as eu-central-1",
    }).optional(),
    weight: int("Share of the answers, in proportion to the others' weights.", 0, 255).optional(),
    id: plainText("Tells it from the others of its name and type.", {
      min: 1,
      max: 128,
      default: "the word or region; needed with weight",
    }).optional(),
    healthCheck: group(
      {
        host: text("Host that is asked."),
        path: plainText("Path that is asked.", { pattern: /^\//, expected: "a path such as /health", default: "/" }).optional(),
        port: int("Port.", 1, 65_535, { default: 443 }).optional(),
        protocol: oneOf(["HTTPS", "HTTP", "TCP"], "How it is asked.", { default: "HTTPS" }).optional(),
        failures: int("Failures in a row before it counts as unhealthy.", 1, 10, { default: 3 }).optional(),
      },
      "Asked every 30 seconds from around the world; a record for a component with a load balancer follows its health without one.",
    ).optional(),
  },
  "For one of several records of the same name and type: when this one is answered.",
).optional();

/** As expand gets it. */
export type Routing = NonNullable<Expanded<z.output<typeof routingField>>>;

/** What tells the record from the others of its name and type; undefined, and reported, where nothing does. */
export function routingId(routing: Routing, path: string, ctx: ExpandContext): string | undefined {
  const ways = (["failover", "latency", "weight"] as const).filter((way) => routing[way] !== undefined);
  if (ways.length !== 1) {
    ctx.error("routing-way", `the record says ${ways.join(" and ") || "no way"} by which it is chosen`, path, {
      expected: "one of failover, latency and weight",
    });
    return undefined;
  }
  const id = routing.id ?? routing.failover ?? routing.latency;
  if (id === undefined)
    ctx.error("routing-id", "a record with a weight needs an id", `${path}.id`, { expected: "a name for it, such as blue" });
  return id;
}

/** The record's properties; `checked`: it follows the health of what it stands for. Role of a health check: `health-<hash of what is asked>`. */
export function routingProps(routing: Routing, id: string, checked: boolean, role: string, path: string, ctx: ExpandContext) {
  const { failover, latency, weight, healthCheck } = routing;
  if (failover === "primary" && !checked && !healthCheck)
    ctx.error("no-health-check", "nothing says when the primary is not healthy", `${path}.healthCheck`, { expected: "healthCheck" });
  return {
    setIdentifier: id,
    ...(failover ? { failoverRoutingPolicies: [{ type: failover.toUpperCase() }] } : {}),
    ...(latency === undefined ? {} : { latencyRoutingPolicies: [{ region: latency }] }),
    ...(weight === undefined ? {} : { weightedRoutingPolicies: [{ weight }] }),
    ...(healthCheck ? { healthCheckId: check(healthCheck, role, path, ctx) } : {}),
  };
}

function check(spec: NonNullable<Routing["healthCheck"]>, record: string, path: string, ctx: ExpandContext): Value {
  const { host, path: asked, port = 443, protocol = "HTTPS", failures = 3 } = spec;
  if (protocol === "TCP" && asked !== undefined)
    ctx.error("path-unused", "a check over TCP asks for no path", `${path}.healthCheck.path`, {
      next: "remove it, or set protocol: HTTPS",
    });
  return resource(ctx, `health-${hashJson([record, spec as Value]).slice(0, 8)}`, "aws:route53/healthCheck:HealthCheck", {
    type: protocol,
    fqdn: host,
    port,
    resourcePath: protocol === "TCP" ? undefined : (asked ?? "/"),
    failureThreshold: failures,
    requestInterval: 30,
    tags: { ...ctx.tags, Name: `${ctx.stack}-${ctx.environment}-${ctx.component}` },
  }).out("id");
}
