/**
 * DNS: a zone and its records. $0.50 a month per zone (Route 53, 2026-11); records that stand for components are answered free of charge.
 * In a stack of several regions there is one zone, made in the stack's own, and each record is made in the region that it says (dns-regions.ts).
 *
 *   const dns = new DNS(service, "dns", {
 *     zone: { name: "example.com" },
 *     records: [
 *       { name: "www", type: "A", component: "api" },
 *       { name: "@", type: "MX", value: "10 mail.example.net" },
 *     ],
 *   });
 */
import { z } from "zod";
import { hashJson } from "../../framework/base/json.js";
import { group, int, listOf, oneOf, plainText, text } from "../../framework/model/fields.js";
import type { ExpandContext, Metric, Ref, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component } from "../base/component.js";
import { defineKind, type Expanded, NO_BINDINGS } from "../base/kind.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { isMadeHere, zoneById, zoneElsewhere } from "./dns-regions.js";
import { routingField, routingId, routingProps } from "./dns-routing.js";

/** Types that Route 53 takes from users (Developer Guide, "Supported DNS record types"; SOA is its own). */
const TYPES = [
  "A",
  "AAAA",
  "CAA",
  "CNAME",
  "DS",
  "HTTPS",
  "MX",
  "NAPTR",
  "NS",
  "PTR",
  "SPF",
  "SRV",
  "SSHFP",
  "SVCB",
  "TLSA",
  "TXT",
] as const;
/** How long resolvers keep a record that says nothing. */
const DEFAULT_TTL = 300;

/** The region in which Route 53 counts (Developer Guide, "Monitoring hosted zones using Amazon CloudWatch"). */
const HOME = "us-east-1";

const schema = () =>
  z.strictObject({
    zone: group(
      {
        name: plainText("Domain of a zone that is made here, such as example.com; with id, that of the existing one.", {
          pattern: /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}\.?$/i,
          expected: "a domain such as example.com",
        }).optional(),
        id: text("Id of an existing zone, used instead of a new one.").optional(),
      },
      "The zone.",
    ),
    records: listOf(
      group(
        {
          name: plainText("Name within the zone, such as www; `@` is the zone itself.", { min: 1, max: 255 }),
          type: oneOf(TYPES, "Type of record."),
          value: z
            .union([text("The value."), listOf(text("A value."), "Several values.")])
            .meta({ description: "What the name stands for, in the notation of its type; several as a list." })
            .optional(),
          component: plainText("A component that the name stands for, instead of a value.").optional(),
          ttl: int("How long resolvers may keep it; not for records of components that have an alias.", 0, 2_147_483_647, {
            unit: "seconds",
            default: DEFAULT_TTL,
          }).optional(),
          routing: routingField,
        },
        "One record.",
      ),
      "Records.",
      { sameNames: true },
    ).optional(),
    ...commonFields,
  });

/** Props of {@link DNS}. */
export interface DNSProps extends PropsOf<ReturnType<typeof schema>> {}

/** A zone and its records. */
export class DNS extends Component {
  constructor(service: Service, name: string, props: DNSProps) {
    super("DNS", service, name, props);
  }
  /** Id of the zone. */
  get zoneId(): Ref {
    return this.output("zoneId");
  }
  /** Name servers that the domain's registrar must be told. */
  get nameServers(): Ref {
    return this.output("nameServers");
  }
}

type Props = Expanded<z.output<ReturnType<typeof schema>>>;
type RecordSpec = NonNullable<Props["records"]>[number];

const RECORD = "aws:route53/record:Record";

/** Kind `DNS`. */
export const dnsKind = defineKind({
  name: "DNS",
  group: "components",
  summary: "A Route 53 zone and its records.",
  schema,
  infra: [],
  outputs: { zoneId: "Id of the zone.", nameServers: "Name servers that the domain's registrar must be told." },
  stateful: false,
  links: (props) =>
    (props.records ?? []).flatMap((r, i) =>
      r.component === undefined ? [] : [{ component: r.component, path: `records[${i}].component`, orderOnly: true }],
    ),
  expand(props, ctx) {
    const zone = theZone(props, ctx);
    const seen = new Set<string>();
    for (const [i, record] of (props.records ?? []).entries()) {
      const id = record.routing && routingId(record.routing, `records[${i}].routing`, ctx);
      const plain = `${fullName(record.name, zone.name)} ${record.type}`;
      const key = record.routing ? `${plain} ${id}` : plain;
      if (record.routing ? seen.has(plain) : [...seen].some((s) => s.startsWith(`${plain} `)))
        ctx.error(
          "routing-some",
          `some records named "${record.name}" and of type ${record.type} have routing, some have none`,
          `records[${i}]`,
          {
            expected: "routing for all of them",
          },
        );
      else if (seen.has(key))
        ctx.error("record-twice", `two records are named "${record.name}" and of type ${record.type}`, `records[${i}]`, {
          next: record.routing ? "give them different ids" : "put all values into one record: `value` may be a list",
        });
      else if (isMadeHere(record, ctx)) declare(record, `records[${i}]`, zone, ctx, id);
      seen.add(key);
    }
    return {
      outputs: { zoneId: zone.id, nameServers: zone.nameServers },
      bindings: { ...NO_BINDINGS, ...(ctx.region === HOME ? { metrics: queries(zone.id) } : {}) },
    };
  },
});

/** What is asked of the zone; that of a private one isn't counted. */
function queries(HostedZoneId: Value): Metric[] {
  return metricsOf("AWS/Route53", { HostedZoneId }, { DNSQueries: "Sum" });
}

interface ZonePlace {
  id: Value;
  /** Without a dot at the end; undefined where only the id is known. */
  name: string | undefined;
  nameServers: Value;
}

/** The zone: made as the main resource, in the stack's own region, or looked up. */
function theZone(props: Props, ctx: ExpandContext): ZonePlace {
  const { id } = props.zone;
  const name = props.zone.name?.replace(/\.$/, "").toLowerCase();
  if (id !== undefined) return { id, name, nameServers: zoneById(id, "nameServers") };
  if (name === undefined)
    ctx.error("no-zone", "a zone is made by its name or found by its id", "zone", { expected: "zone.name, or zone.id" });
  const made = name === undefined ? undefined : zoneElsewhere(name, ctx);
  if (made) return { id: made("zoneId"), name, nameServers: made("nameServers") };
  const zone = resource(ctx, undefined, "aws:route53/zone:Zone", {
    name: name ?? "",
    comment: `${ctx.address} of ${ctx.stack} in ${ctx.environment}`,
    tags: ctx.tags,
  });
  return { id: zone.out("zoneId"), name, nameServers: zone.out("nameServers") };
}

/** The whole name where the zone's is known. A name that ends like the zone is whole already. */
function fullName(name: string, zone: string | undefined): string {
  const clean = name.replace(/\.$/, "").toLowerCase();
  if (zone === undefined) return clean;
  if (clean === "@") return zone;
  return clean === zone || clean.endsWith(`.${zone}`) ? clean : `${clean}.${zone}`;
}

/** Role: `record-<hash of name, type and, with routing, id>`. */
function declare(record: RecordSpec, path: string, zone: ZonePlace, ctx: ExpandContext, id: string | undefined): void {
  const name = fullName(record.name, zone.name);
  const where = { zoneId: zone.id, name: name === "@" ? zoneById(zone.id, "name") : name };
  const role = `record-${hashJson([name, record.type, ...(id === undefined ? [] : [id])]).slice(0, 8)}`;
  if ((record.value === undefined) === (record.component === undefined)) {
    ctx.error("record-value", `the record "${record.name}" has either a value or a component`, path, { expected: "value, or component" });
    return;
  }
  if (record.component !== undefined) {
    standFor(record, path, role, where, ctx, id);
    return;
  }
  const records = Array.isArray(record.value) ? record.value : [record.value as Value];
  if (records.length === 0) ctx.error("record-value", `the record "${record.name}" has no value`, `${path}.value`, { expected: "a value" });
  resource(ctx, role, RECORD, {
    ...where,
    type: record.type,
    ttl: record.ttl ?? DEFAULT_TTL,
    records,
    ...routed(record, false, role, path, ctx, id),
  });
}

function routed({ routing }: RecordSpec, checked: boolean, role: string, path: string, ctx: ExpandContext, id: string | undefined) {
  return routing && id !== undefined ? routingProps(routing, id, checked, role, `${path}.routing`, ctx) : {};
}

/** A record for a component: an alias where the component has one, else a CNAME. */
function standFor(
  record: RecordSpec,
  path: string,
  role: string,
  where: { zoneId: Value; name: Value },
  ctx: ExpandContext,
  id: string | undefined,
): void {
  const dns = ctx.target(record.component as string)?.bindings?.dns;
  if (!dns) {
    ctx.error("no-dns-name", `no record can stand for the component "${record.component}"`, `${path}.component`, {
      expected: "a component with a DNS name, such as a load balancer or a service behind one",
    });
    return;
  }
  const wanted = dns.zoneId === undefined ? ["CNAME"] : ["A", "AAAA"];
  if (!wanted.includes(record.type))
    ctx.error("record-type", `a record for "${record.component}" can't be of type ${record.type}`, `${path}.type`, {
      expected: wanted.join(" or "),
    });
  if (dns.zoneId !== undefined && record.ttl !== undefined)
    ctx.error("ttl-unused", `the record for "${record.component}" is an alias and has no ttl of its own`, `${path}.ttl`, {
      next: "remove it",
    });
  resource(ctx, role, RECORD, {
    ...where,
    ...routed(record, dns.zoneId !== undefined && (dns.checked ?? false), role, path, ctx, id),
    type: record.type,
    ...(dns.zoneId === undefined
      ? { ttl: record.ttl ?? DEFAULT_TTL, records: [dns.name] }
      : { aliases: [{ name: dns.name, zoneId: dns.zoneId, evaluateTargetHealth: dns.checked ?? false }] }),
  });
}
