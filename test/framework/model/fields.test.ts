import { test } from "uvu";
import * as assert from "uvu/assert";
import { z } from "zod";
import * as f from "../../../framework/model/fields.js";
import { jsonSchemaOf } from "../../../framework/model/json-schema.js";
import { Ref, text } from "../../../framework/model/index.js";
import { registry } from "../../../constructs/registry.js";

const problems = (schema: z.ZodType, value: unknown) => (schema.safeParse(value).error?.issues ?? []).map((i) => i.message);

test("text takes literals, references and text with references, and nothing else", () => {
  for (const value of ["x", new Ref("a/b", "c"), text`x${new Ref("a/b", "c")}`]) assert.equal(problems(f.text("T."), value), []);
  for (const value of [1, true, {}, null]) assert.equal(problems(f.text("T."), value), ["expected text"]);
});

test("plain text takes no reference", () => {
  assert.is(problems(f.plainText("T."), new Ref("a/b", "c")).length, 1);
});

test("sizes and durations take their documented spellings", () => {
  for (const value of [256, "256", "256m", "0.25 vCPU"]) assert.equal(problems(f.cpu("C."), value), []);
  for (const value of [512, "512Mi", "1Gi", "0.5 GB"]) assert.equal(problems(f.memory("M."), value), []);
  for (const value of [30, "30s", "5m", "1d"]) assert.equal(problems(f.duration("D."), value), []);
  for (const value of ["lots", -1, ""]) assert.is(problems(f.memory("M."), value).length, 1);
});

test("a field knows its sort through optional wrappers", () => {
  assert.is(f.sortOf(f.int("I.").optional()), "integer");
  assert.is(f.sortOf(f.group({}, "G.")), undefined);
});

test("references appear as text in the JSON Schema, defaults too", () => {
  const schema = z.strictObject({ a: f.text("A."), b: f.int("B.", 1, 3, { default: 2 }).optional() });
  const json = jsonSchemaOf(schema) as { properties: Record<string, Record<string, unknown>>; required: string[] };
  assert.is(json.properties.a?.type, "string");
  assert.equal([json.properties.b?.default, json.properties.b?.maximum], [2, 3]);
  assert.equal(json.required, ["a"]);
});

test("every kind's schema gives a JSON Schema in which every property is described", () => {
  for (const kind of registry.kinds) {
    const bare: string[] = [];
    const walk = (node: Record<string, any>, path: string): void => {
      for (const [name, child] of Object.entries<Record<string, any>>(node.properties ?? {})) {
        if (!child.description && !child.anyOf) bare.push(`${path}.${name}`);
        walk(child, `${path}.${name}`);
      }
      if (node.items) walk(node.items, `${path}[]`);
    };
    walk(jsonSchemaOf(kind.schema), kind.name);
    assert.equal(bare, []);
  }
});

test.run();
