import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PropertySchema, TypeSchema } from "../../../../../framework/model/index.js";
import { decodeObject } from "../../../../../framework/providers/aws/bridge/decode.js";
import { encodeObject } from "../../../../../framework/providers/aws/bridge/encode.js";
import { typeTree } from "../../../../../framework/providers/aws/bridge/tree.js";
import { startPlugin } from "../../../../../framework/providers/aws/process.js";
import { parseSchema } from "../../../../../framework/providers/aws/protocol/client.js";
import { dataFacts } from "../../../../../framework/providers/aws/schema-index.js";
import { DATA_DIR, pluginFile } from "../../../../support/plugin.js";
import { sdkProperties, type Shape } from "../../../../support/sdk-declarations.js";

const plugin = pluginFile();
const { tokens, exceptions } = dataFacts(DATA_DIR);

/** Trees of all types, from the plugin's own schema. */
async function trees(): Promise<TypeSchema[]> {
  const running = await startPlugin(plugin as string, { PATH: process.env.PATH });
  const answer = await running.client.call("GetSchema", {}).finally(() => running.stop());
  return Object.entries(tokens.types).map(([token, wire]) => {
    const raw = answer.resource_schemas[wire];
    assert.ok(raw, `${token}: the plugin has no ${wire}`);
    return typeTree(token, wire, parseSchema(raw), exceptions[token]);
  });
}

/** A type's shape in the words of the declarations. */
const KIND: { [type in PropertySchema["type"]]: string } = {
  string: "string",
  number: "number",
  boolean: "boolean",
  list: "list",
  set: "list",
  map: "map",
  object: "object",
  any: "any",
};

/** Set through a resource's options, whatever the SDK does for a type. */
const OPTIONS = /^[^.]+\.timeouts is in the SDK only$/;
/** The SDK's type of a WAF statement holds itself; the provider's ends after three levels, and so does what can be sent. */
const ENDLESS = /^aws:wafv2\/(webAcl|ruleGroup):\w+\.rules\[\]\..*[sS]tatement.* is in the SDK only$/;
/** Properties that Pulumi's own build of the provider adds: older names of others, and what it computes from them. */
const ADDED = new Set([
  "aws:eks/cluster:Cluster.certificateAuthority is in the SDK only",
  "aws:eks/cluster:Cluster.defaultAddonsToRemoves is in the SDK only",
  "aws:rds/instance:Instance.name is in the SDK only",
]);

/** What the walk found. */
interface Found {
  mapped: number;
  problems: string[];
}

function compareShape(path: string, p: PropertySchema, shape: Shape, found: Found): void {
  if (shape.kind === "any" || p.type === "any" || (shape.kind === "asset" && p.asset)) return;
  if (KIND[p.type] !== shape.kind) {
    found.problems.push(`${path} is ${p.type} here and ${shape.kind} in the SDK`);
    return;
  }
  if (shape.kind === "list" || shape.kind === "map") compareShape(`${path}[]`, p.element as PropertySchema, shape.element, found);
  if (shape.kind === "object") compareFields(path, p.fields ?? {}, shape.fields(), found);
}

function compareFields(path: string, fields: { [name: string]: PropertySchema }, declared: Map<string, Shape>, found: Found): void {
  for (const [name, shape] of declared) {
    const p = fields[name];
    if (!p) {
      found.problems.push(`${path}.${name} is in the SDK only`);
      continue;
    }
    const before = found.problems.length;
    compareShape(`${path}.${name}`, p, shape, found);
    if (found.problems.length === before) found.mapped += 1;
  }
  for (const name of Object.keys(fields)) if (!declared.has(name)) found.problems.push(`${path}.${name} is in the provider only`);
}

/** A value of every property: what a round trip must give back. */
function sample(p: PropertySchema): unknown {
  switch (p.type) {
    case "string":
      return p.json ? '{"a":1}' : "text";
    case "number":
      return 7;
    case "boolean":
      return true;
    case "list":
    case "set":
      return [sample(p.element as PropertySchema)];
    case "map":
      return { "some.Key": sample(p.element as PropertySchema) };
    case "object":
      return Object.fromEntries(Object.entries(p.fields ?? {}).map(([name, field]) => [name, sample(field)]));
    default:
      return "anything";
  }
}

if (!plugin)
  console.log(
    "SKIP every type of the provider plugin, compared with the SDK: PANKA_PLUGIN_DIR names no folder with the AWS provider plugin",
  );
else {
  const all = await trees();

  test("every property of every class of the SDK has its place in the provider's schema, by name and shape", () => {
    const found: Found = { mapped: 0, problems: [] };
    for (const tree of all) compareFields(tree.token, tree.properties, sdkProperties(tree.token), found);
    const unknown = found.problems.filter((p) => !OPTIONS.test(p) && !ENDLESS.test(p) && !ADDED.has(p));
    console.log(`${all.length} types, ${found.mapped} properties mapped, ${ADDED.size} in Pulumi's own build only, ${unknown.length} not`);
    assert.equal(unknown.sort(), []);
    assert.ok(found.mapped > 60_000);
    for (const added of ADDED) assert.ok(found.problems.includes(added), `${added}: no longer; take it off the list`);
  });

  test("a value of every property of every type comes back from the provider's spelling as it was", () => {
    assert.ok(all.length > 1500);
    for (const tree of all) {
      const values = Object.fromEntries(Object.entries(tree.properties).map(([name, p]) => [name, sample(p)]));
      const problems: Parameters<typeof encodeObject>[3] = [];
      const wire = encodeObject(tree, values, "state", problems);
      assert.equal(problems, [], tree.token);
      assert.equal(decodeObject(tree.properties, wire).outputs, values, tree.token);
    }
  });
}

test("a machine that has the plugin compares every type", () => {
  if (process.env.PANKA_PLUGIN_DIR) assert.ok(plugin);
});

test.run();
