import { test } from "uvu";
import * as assert from "uvu/assert";
import { registry } from "../../../constructs/registry.js";
import { type Diagnostic, DiagnosticBag } from "../../../framework/base/diagnostics.js";
import { makeUrn } from "../../../framework/base/names.js";
import type { Assembly, Value } from "../../../framework/model/index.js";
import { checkGlobalNames, inAllRegions, type RegionPart } from "../../../framework/operations/region-checks.js";
import { expandAll } from "../../support/expand.js";

const CDN = {
  origins: [{ id: "site", domainName: "site.example.com" }],
  defaultBehavior: { origin: "site" },
  aliases: ["www.example.com"],
  certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
};
const wrong = (message: string): Diagnostic => ({ severity: "error", code: "wrong", message, path: "app/a" });

test("what all regions say is said once; what only some say, with their names", () => {
  const found = [
    { region: "us-east-1", diagnostics: [wrong("all have it"), wrong("two have it")] },
    { region: "eu-central-1", diagnostics: [wrong("all have it")] },
    { region: "eu-west-1", diagnostics: [wrong("two have it"), wrong("all have it"), wrong("all have it")] },
  ];
  assert.equal(
    inAllRegions(found).map((d) => d.message),
    ["all have it", "two have it (in us-east-1, eu-west-1)"],
  );
});

/** A region's part with one resource of the component `app/a`. */
function part(region: string, type: string, props: { [name: string]: Value }): RegionPart {
  const urn = makeUrn({ environment: "development", stack: "two", type, service: "app", component: "a" });
  const resources = [{ urn, type, name: "a", props, dependsOn: [], options: {}, probe: { class: "A" } }];
  return {
    region,
    synth: {
      assembly: { version: 1, stack: "two", environment: "development", region, resources, outputs: {} } as unknown as Assembly,
      sources: { version: 1, components: { "app/a": { "": "stack.yaml:9:1" } } },
    },
  };
}

function problems(type: string, first: { [name: string]: Value }, second: { [name: string]: Value }): Diagnostic[] {
  const bag = new DiagnosticBag();
  checkGlobalNames([part("us-east-1", type, first), part("eu-west-1", type, second)], registry, bag);
  return bag.sorted();
}

test("a name that is one for all regions is an error in two, with where it stands and what to do instead", () => {
  const [found, ...more] = problems("aws:s3/bucketV2:BucketV2", { bucket: "acme" }, { bucket: "acme" });
  assert.equal(more, []);
  assert.is(found?.message, 'us-east-1 and eu-west-1 would both make the bucket "acme": there is one for all regions');
  assert.match(found?.next ?? "", /put the region into it/);
  assert.equal([found?.file, found?.line, found?.path], ["stack.yaml", 9, "app/a"]);
});

test("names that differ, that are left to Panka or that another resource says are no problem", () => {
  const bucket = "aws:s3/bucketV2:BucketV2";
  assert.equal(problems(bucket, { bucket: "acme-us-east-1" }, { bucket: "acme-eu-west-1" }), []);
  assert.equal(problems(bucket, {}, {}), []);
  const other = { $ref: { urn: "urn:pulumi:e::s::t::a/b", output: "name" } };
  assert.equal(problems("aws:route53/record:Record", { name: other, type: "CNAME" }, { name: other, type: "CNAME" }), []);
  assert.equal(problems("aws:sqs/queue:Queue", { name: "jobs" }, { name: "jobs" }), [], "a queue's name is its region's");
});

test("of a list each item is a name; records are told apart by their set identifier, too", () => {
  const distribution = "aws:cloudfront/distribution:Distribution";
  const twice = problems(distribution, { aliases: ["a.example.com", "b.example.com"] }, { aliases: ["b.example.com"] });
  assert.equal(
    twice.map((d) => d.message),
    ['us-east-1 and eu-west-1 would both make a distribution with the alias "b.example.com": there is one for all regions'],
  );
  const record = { name: "www.example.com", type: "A" };
  assert.is(problems("aws:route53/record:Record", record, record).length, 1);
  const routed = (setIdentifier: string) => ({ ...record, setIdentifier });
  assert.equal(problems("aws:route53/record:Record", routed("us-east-1"), routed("eu-west-1")), []);
});

test("what the kinds make is compared: buckets, aliases, records without a region, and types of a Resource", () => {
  const given = [
    { address: "app/api", kind: "MicroService", props: { image: "api:1", port: 80 } },
    { address: "app/files", kind: "S3", props: { bucket: { name: "acme-files" } } },
    { address: "app/cdn", kind: "CloudFront", props: CDN },
    { address: "app/dns", kind: "DNS", props: { zone: { name: "example.com" }, records: [{ name: "api", type: "A", component: "api" }] } },
    { address: "app/role", kind: "Resource", props: { type: "aws:iam/role:Role", props: { name: "reader", assumeRolePolicy: "{}" } } },
  ];
  const regions = ["us-east-1", "eu-west-1"];
  const parts = regions.map((region) => {
    const { resources, errors } = expandAll(given, { region, regions });
    assert.equal(errors, []);
    return { region, synth: { assembly: { resources } as unknown as Assembly, sources: { version: 1 as const, components: {} } } };
  });
  const bag = new DiagnosticBag();
  checkGlobalNames(parts, registry, bag);
  assert.equal(
    bag
      .sorted()
      .map((d) => [d.path, d.message.replace(/^.* both make (.*): .*$/, "$1")])
      .sort(),
    [
      ["app/cdn", 'a distribution with the alias "www.example.com"'],
      ["app/dns", 'the record "api.example.com" A'],
      ["app/files", 'the bucket "acme-files"'],
      ["app/role", 'the role "reader"'],
    ],
  );
});

test("every type with such a name is a type of the provider, and its names are properties", async () => {
  const { schemaIndex } = await import("../../../framework/operations/compile.js");
  const schemas = schemaIndex({ packageRoot: process.cwd() });
  for (const { type, by } of registry.globalNames ?? []) {
    const schema = schemas.type(type);
    if (!schema) continue; // known with the whole schema only
    for (const name of by) assert.ok(schema.properties[name], `${type} ${name}`);
  }
});

test.run();
