import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
import { ROOT } from "../../../../support/source-tree.js";
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

/** Properties of the SDK that the provider's schema has not, and why; each of them by name in the golden file. */
const PASSED_OVER: { [group: string]: { why: string; is: RegExp } } = {
  timeouts: { why: "set through a resource's options, whatever the SDK does for a type", is: /^[^.]+\.timeouts$/ },
  statements: {
    why: "the SDK's type of a WAF statement holds itself; the provider's ends after three levels, and so does what can be sent",
    is: /^aws:wafv2\/(webAcl|ruleGroup):\w+\.rules\[\]\..*[sS]tatement/,
  },
  added: {
    why: "Pulumi's own build of the provider adds them: older names of others, and what it computes from them",
    is: /^aws:(eks\/cluster:Cluster\.(certificateAuthority|defaultAddonsToRemoves)|rds\/instance:Instance\.name)$/,
  },
};
/** All of them. `UPDATE_GOLDEN=1` writes them anew; review the difference. */
const GOLDEN = join(ROOT, "test/golden/bridge/passed-over.json");
const MISSING = " is in the SDK only";

/** The report: how much is mapped, and what is passed over in each group. */
function report(types: number, mapped: number, groups: { [group: string]: string[] }): string {
  const names = Object.values(groups).flat().length;
  const share = ((100 * mapped) / (mapped + names)).toFixed(2);
  const rows = Object.entries(groups).map(
    ([group, list]) => `  ${list.length} ${group}: ${PASSED_OVER[group]?.why}\n    ${list.join("\n    ")}`,
  );
  return `${types} types: ${mapped} of ${mapped + names} properties mapped, ${share} %; ${names} passed over:\n${rows.join("\n")}`;
}

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
      found.problems.push(`${path}.${name}${MISSING}`);
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
    const missing = found.problems.filter((p) => p.endsWith(MISSING)).map((p) => p.slice(0, -MISSING.length));
    const groups = Object.fromEntries(
      Object.entries(PASSED_OVER).map(([group, { is }]) => [group, missing.filter((name) => is.test(name)).sort()]),
    );
    const known = new Set(Object.values(groups).flat());
    console.log(report(all.length, found.mapped, groups));
    assert.equal(found.problems.filter((p) => !known.has(p.replace(MISSING, ""))).sort(), []);
    if (process.env["UPDATE_GOLDEN"]) writeFileSync(GOLDEN, `${JSON.stringify(groups, undefined, 2)}\n`);
    assert.equal(groups, JSON.parse(readFileSync(GOLDEN, "utf8")), "by name");
    assert.equal([all.length, found.mapped, ...Object.values(groups).map((g) => g.length)], [1535, 64_394, 119, 483, 3]);
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
