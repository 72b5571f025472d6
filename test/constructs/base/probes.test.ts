import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PROBED_TYPES, probeFor } from "../../../constructs/base/probes.js";
import type { Json } from "../../../framework/base/json.js";
import { LISTED_IDS, listedType, type ProbeSpec, type Props, type Value } from "../../../framework/model/index.js";
import { list, LISTED_TYPES } from "../../../framework/providers/aws/listings.js";
import { importIdOf } from "../../../framework/providers/local/computed.js";
import { RULES } from "../../../framework/providers/local/data/index.js";
import { render } from "../../../framework/providers/local/template.js";
import { shippedSchema } from "../../support/plugin.js";

const schemas = shippedSchema();
const PAGES = join(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"), "..");

/** Ids in the examples of the "Import" section of a type's page: `pulumi import TYPE NAME ID`. */
function examples(type: string): string[] {
  const [, path = ""] = /^aws:(\w+\/\w+):/.exec(type) ?? [];
  const page = readFileSync(join(PAGES, `${path}.d.ts`), "utf8").replace(/^\s*\* ?/gm, "");
  return [...page.matchAll(/^\$ pulumi import (\S+) \S+ (.+)$/gm)].filter((m) => m[1] === type).map((m) => String(m[2]));
}

/** What joins the parts of an id: the text without the parts, which are `$name` and the names of props here. */
function joints(probe: ProbeSpec): string[] {
  const text = (probe.importId as { $text?: Value[] }).$text ?? [];
  return text.filter((part) => typeof part === "string" && !part.startsWith("<")).map(String);
}

/** Props in which every property of the type is given, as `<its name>`. */
function allProps(type: string): { [key: string]: Value } {
  return Object.fromEntries(Object.keys(schemas.type(type)?.properties ?? {}).map((name) => [name, `<${name}>`]));
}

test("a probe by id is put together as in an example of the provider's documentation", () => {
  let checked = 0;
  for (const type of PROBED_TYPES) {
    const probe = probeFor(type, allProps(type));
    if (probe?.importId === undefined || probe.lookup) continue;
    const wanted = joints(probe).filter((joint) => !/^[a-z:0-9-]+$/i.test(joint) || joint === ":");
    const fits = examples(type).some((id) => wanted.every((joint) => id.includes(joint)));
    assert.ok(fits || (ONLY_IN_TEXT[type] && wanted.length > 0), `${type}: ${wanted.join(" ")} is in none of ${examples(type).join(", ")}`);
    checked++;
  }
  assert.ok(checked > 80, String(checked));
});

/** Types whose page tells the form in words only. */
const ONLY_IN_TEXT: { [type: string]: true } = {
  "aws:lambda/functionUrl:FunctionUrl": true,
};

test("a probe reads properties that its type has", () => {
  for (const type of PROBED_TYPES) {
    const known = new Set(Object.keys(schemas.type(type)?.properties ?? {}));
    assert.ok(schemas.type(type), `${type} is not shipped`);
    const props = new Proxy({} as { [key: string]: Value }, {
      get: (_, name) => {
        assert.ok(known.has(String(name)), `${type} has no ${String(name)}`);
        return undefined;
      },
    });
    probeFor(type, props);
  }
});

test("a data source that a probe asks is shipped, with that output and these arguments", () => {
  for (const type of PROBED_TYPES) {
    const { lookup } = probeFor(type, allProps(type)) ?? {};
    if (!lookup || listedType(lookup.token) !== undefined) continue;
    const known = schemas.lookup(lookup.token)?.properties ?? {};
    for (const name of [lookup.output, ...Object.keys(lookup.args as object)]) assert.ok(known[name], `${type}: ${lookup.token} ${name}`);
  }
});

test("a list that a probe asks for is of its type, asked for with all that the service needs, and says the id of what is there", async () => {
  const listed = PROBED_TYPES.filter((type) => listedType(probeFor(type, allProps(type))?.lookup?.token ?? "") !== undefined);
  assert.equal([...listed].sort(), [...LISTED_TYPES].sort());
  for (const type of listed) {
    const { lookup } = probeFor(type, allProps(type)) as { lookup: NonNullable<ProbeSpec["lookup"]> };
    assert.equal([listedType(lookup.token), lookup.output], [type, LISTED_IDS]);
    const asked: string[] = [];
    await list(type, lookup.args as Props, async ({ path, query }) => {
      asked.push(`${path} ${JSON.stringify(query)}`);
      return undefined;
    });
    assert.not.match(asked.join(), /undefined|\/\//, type);
    assert.equal(probeFor(type, {})?.class, Object.keys(lookup.args as object).join() === "name" ? "C" : "D", type);
  }
});

test("an id has the optional parts that the resource has, and there is no probe by id where a part is missing", () => {
  const id = (type: string, props: { [key: string]: Value }): string => {
    const importId = probeFor(type, props)?.importId as { $text: Value[] } | undefined;
    return importId ? importId.$text.map((part) => (typeof part === "string" ? part : "NAME")).join("") : "none";
  };
  const record = { zoneId: "Z1", name: "_dmarc.shop.io", type: "TXT" };
  assert.is(id("aws:route53/record:Record", record), "Z1__dmarc.shop.io_TXT");
  assert.is(id("aws:route53/record:Record", { ...record, setIdentifier: "blue" }), "Z1__dmarc.shop.io_TXT_blue");
  assert.is(id("aws:ec2/route:Route", { routeTableId: "rtb-1", destinationIpv6CidrBlock: "::/0" }), "rtb-1_::/0");
  assert.is(id("aws:ec2/route:Route", { routeTableId: "rtb-1", destinationPrefixListId: "pl-1" }), "rtb-1_pl-1");
  assert.is(id("aws:ec2/routeTableAssociation:RouteTableAssociation", { gatewayId: "igw-1", routeTableId: "rtb-1" }), "igw-1/rtb-1");
  assert.is(id("aws:lambda/permission:Permission", { function: "f", qualifier: "live" }), "f:live/NAME");
  assert.is(id("aws:cloudwatch/eventTarget:EventTarget", { rule: "r" }), "default/r/NAME");
  assert.is(id("aws:eks/nodeGroup:NodeGroup", {}), "none");
});

/** Props that stand for another of the same id, or that the local provider does not know. */
const NOT_BOTH = new Set(["destinationIpv6CidrBlock", "destinationPrefixListId", "gatewayId", "qualifier"]);

test("the local provider imports by the id that the probe gives", () => {
  const context = { account: "1", region: "r", hex: () => "", uuid: () => "", now: () => 0, serial: () => 0 };
  for (const type of PROBED_TYPES) {
    // Its id names none, see there.
    if (type === "aws:sns/topicSubscription:TopicSubscription") continue;
    const props = Object.fromEntries(Object.entries(allProps(type)).filter(([name]) => !NOT_BOTH.has(name)));
    const probe = probeFor(type, props);
    const importId = probe?.importId as { $text?: Value[] } | undefined;
    if (importId === undefined || probe?.lookup) continue;
    const name = `<${schemas.type(type)?.naming?.property}>`;
    const wanted = (importId.$text ?? [importId]).map((part) => (typeof part === "string" ? part : name)).join("");
    const rule = RULES[type];
    const id = rule ? render(rule.id, props as { [key: string]: Json }, context) : "?";
    const given = [String(id), importIdOf(type, rule, String(id), props as Props, context)];
    assert.ok(given.includes(wanted), `${type}: ${wanted}, but ${given.join(", ")}`);
  }
});

test("a namespace is looked up by its name, and imported by its id and its VPC's", () => {
  const probe = probeFor("aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace", { name: "shop.internal", vpc: "vpc-1" });
  assert.equal(probe?.lookup?.args, { name: "shop.internal", type: "DNS_PRIVATE" });
  assert.equal(probe?.importId, { $text: [":", "vpc-1"] });
});

test("a private zone is looked up as one", () => {
  const args = (props: { [key: string]: Value }) => probeFor("aws:route53/zone:Zone", props)?.lookup?.args;
  assert.equal(args({ name: "shop.internal", vpcs: [{ vpcId: "vpc-1" }] }), { name: "shop.internal", privateZone: true });
  assert.equal(args({ name: "shop.io" }), { name: "shop.io" });
});

test.run();
