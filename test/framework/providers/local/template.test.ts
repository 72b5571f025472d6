import { test } from "uvu";
import * as assert from "uvu/assert";
import { UNKNOWN } from "../../../../framework/model/values.js";
import { RULES } from "../../../../framework/providers/local/data/index.js";
import { render, type TemplateContext } from "../../../../framework/providers/local/template.js";
import { shippedSchema } from "../../../support/plugin.js";

const context: TemplateContext = {
  account: "000000000000",
  region: "eu-west-1",
  hex: (digits) => "f".repeat(digits),
  uuid: () => "u-u-i-d",
  now: () => 0,
  serial: () => 7,
};
const show = (template: string, outputs = {}) => render(template, outputs, context);

test("a template is filled from the resource and the place; one that is a single expression keeps the value's type", () => {
  assert.is(show("arn:{partition}:sqs:{region}:{account}:{name}", { name: "jobs" }), "arn:aws:sqs:eu-west-1:000000000000:jobs");
  assert.is(show("{port}", { port: 5432 }), 5432);
  assert.is(show("{serial}"), 7);
  assert.is(show("vpc-{hex:17}"), "vpc-10ca1ffffffffffff");
});

test("what is unknown stays unknown, what is missing makes the whole undefined", () => {
  assert.equal(show("{name}-x", { name: UNKNOWN }), UNKNOWN);
  assert.is(show("{name}-x"), undefined);
  assert.is(show("{name|or:default}-x"), "default-x");
});

test("filters cut and change, a condition empties", () => {
  assert.is(show("{arn|last:/}", { arn: "a/b/c" }), "c");
  assert.is(show("{version|first:.}", { version: "16.3" }), "16");
  assert.is(show("{name|lower}", { name: "AbC" }), "abc");
  assert.is(show("{engine|map:postgres=5432,mysql=3306}", { engine: "mysql" }), 3306);
  assert.is(show("{?stream}on", { stream: true }), "on");
  assert.is(show("{?stream}on", { stream: false }), "");
  assert.equal([show("{?stream}{serial|last}{:}off", { stream: true }), show("{?stream}on{:}off")], ["7", "off"]);
});

test("an unknown filter in a rule is an error, not silence", () => {
  assert.throws(() => show("{name|upside}", { name: "x" }), /unknown filter "upside"/);
});

test("every property that a rule names exists in the type's schema", () => {
  const schemas = shippedSchema();
  const wrong: string[] = [];
  for (const [type, rule] of Object.entries(RULES)) {
    const properties = schemas.type(type)?.properties;
    if (!properties) continue;
    const named = [
      ...Object.keys(rule.computed ?? {}),
      ...Object.keys(rule.planned ?? {}),
      ...Object.keys(rule.recomputed ?? {}),
      ...Object.keys(rule.parents ?? {}),
      ...(rule.openBlocks ?? []),
      ...(rule.notRead ?? []),
      ...(rule.protectedBy ?? []),
      ...(rule.oneOf ?? []).flat(),
      ...(rule.unique ?? []).flatMap((u) => u.by),
    ];
    for (const path of named) if (!properties[path.split(/[.[]/)[0] as string]) wrong.push(`${type}: ${path}`);
    for (const block of rule.blockedBy ?? []) {
      const other = schemas.type(block.type)?.properties;
      if (other && !other[block.path.split(/[.[]/)[0] as string]) wrong.push(`${type}: blocked by ${block.type} ${block.path}`);
    }
  }
  assert.equal(wrong, []);
});

test.run();
