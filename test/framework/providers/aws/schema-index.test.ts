import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PropertySchema } from "../../../../framework/model/index.js";
import { loadSchemaIndex } from "../../../../framework/providers/aws/schema-index.js";
import { DATA_DIR, shippedSchema } from "../../../support/plugin.js";

const index = shippedSchema();
const sdk = fileURLToPath(new URL("../../../../node_modules/@pulumi/aws/", import.meta.url));

/** Member names of an interface in a declaration file of the SDK. */
function members(file: string, name: string): string[] {
  const text = readFileSync(file, "utf8");
  const body = new RegExp(`export interface ${name} \\{([\\s\\S]*?)\\n\\}`).exec(text)?.[1] ?? "";
  return [...body.replace(/\/\*[\s\S]*?\*\//g, "").matchAll(/^ {4}(\w+)\??:/gm)].map((m) => m[1] as string).sort();
}

function declaration(token: string): { file: string; cls: string } {
  const [, path, cls] = token.split(":") as [string, string, string];
  return { file: `${sdk}${path}.d.ts`, cls };
}

/** Facts of the bridge that the SDK has and the wire has not. */
const SDK_ONLY: { [token: string]: string[] } = {
  "aws:eks/cluster:Cluster": ["certificateAuthority", "defaultAddonsToRemoves"],
  "aws:rds/instance:Instance": ["name"],
};

/** Set through a resource's options, whatever the SDK does for a type. */
const OPTIONS = ["timeouts"];

test("every shipped type has exactly the properties of the SDK's class, by name", () => {
  for (const token of index.shipped()) {
    const { file, cls } = declaration(token);
    const expected = members(file, `${cls}State`).filter((n) => ![...OPTIONS, ...(SDK_ONLY[token] ?? [])].includes(n));
    const writeOnly = /Wo$|WoVersion$/;
    const actual = Object.keys(index.type(token)?.properties ?? {}).sort();
    assert.equal(
      actual.filter((n) => !writeOnly.test(n)),
      expected.filter((n) => !writeOnly.test(n)),
      token,
    );
  }
});

test("what the SDK's class takes is settable, and what it does not take is not", () => {
  for (const token of index.shipped()) {
    const { file, cls } = declaration(token);
    const taken = new Set(members(file, `${cls}Args`));
    for (const [name, p] of Object.entries(index.type(token)?.properties ?? {})) {
      const settable = p.required === true || p.optional === true;
      if (taken.has(name)) assert.ok(settable, `${token} ${name}`);
      else if (p.required) assert.unreachable(`${token} requires ${name}, which the SDK does not take`);
    }
  }
});

test("a flattened list is one value and keeps its singular name; the same block unflattened is a list", () => {
  const versioning = index.type("aws:s3/bucketVersioningV2:BucketVersioningV2")?.properties.versioningConfiguration as PropertySchema;
  assert.is(versioning.type, "object");
  assert.ok(versioning.maxOne);
  const bucket = index.type("aws:s3/bucketV2:BucketV2")?.properties.versionings as PropertySchema;
  assert.is(bucket.type, "list");
  assert.not.ok(bucket.maxOne);
});

test("JSON documents, files, secrets and overridden types are marked", () => {
  assert.ok(index.type("aws:iam/role:Role")?.properties.assumeRolePolicy?.json);
  assert.ok(index.type("aws:lambda/function:Function")?.properties.code?.asset);
  assert.ok(index.type("aws:rds/instance:Instance")?.properties.password?.sensitive);
  const delay = index.type("aws:lb/targetGroup:TargetGroup")?.properties.deregistrationDelay;
  assert.equal([delay?.type, delay?.wireType], ["number", "string"]);
});

test("replacements and defaults that the wire does not carry are there", () => {
  const queue = index.type("aws:sqs/queue:Queue")?.properties;
  assert.ok(queue?.name?.forceNew);
  assert.not.ok(queue?.delaySeconds?.forceNew);
  assert.is(queue?.visibilityTimeoutSeconds?.default, 30);
  const table = index.type("aws:dynamodb/table:Table")?.properties;
  assert.ok(table?.hashKey?.forceNew && table.rangeKey?.forceNew);
  assert.is(table?.billingMode?.default, "PROVISIONED");
  assert.is(table?.readCapacity?.default, undefined);
});

test("a type's naming rule names a settable property of text", () => {
  for (const token of index.shipped()) {
    const type = index.type(token);
    if (!type?.naming) continue;
    const p = type.properties[type.naming.property];
    assert.is(p?.type, "string", `${token} ${type.naming.property}`);
    assert.not.ok(p?.required, `${token}: a name that plan fills in can't be required of the user`);
  }
});

test("an unknown token is undefined, and all tokens are known by name", () => {
  assert.is(index.type("aws:sqs/queue:Quueue"), undefined);
  assert.is(index.tokens().length, 1535);
  assert.ok(index.tokens().includes("aws:wafv2/webAcl:WebAcl"));
});

test("a data folder that is not there is said to be an incomplete package", () => {
  assert.throws(() => loadSchemaIndex(`${DATA_DIR}/nowhere`), /schema data can't be read/);
});

test.run();
