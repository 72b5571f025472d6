import { test } from "uvu";
import * as assert from "uvu/assert";
import { type PropertySchema, UNKNOWN } from "../../../../../framework/model/index.js";
import { changedPaths } from "../../../../../framework/providers/aws/bridge/compare.js";

const text = (wire: string): PropertySchema => ({ type: "string", wire });
const rule: PropertySchema = {
  type: "object",
  wire: "",
  fields: { port: { type: "number", wire: "port" }, cidrs: { type: "set", wire: "cidrs", element: text("") } },
};
const schema: { [name: string]: PropertySchema } = {
  name: text("name"),
  zones: { type: "set", wire: "zones", element: text("") },
  rules: { type: "set", wire: "rule", block: "set", element: rule },
  steps: { type: "list", wire: "step", block: "list", element: { type: "object", wire: "", fields: { cmd: text("cmd") } } },
  one: { type: "object", wire: "one", block: "list", maxOne: true, fields: { size: { type: "number", wire: "size" } } },
  tags: { type: "map", wire: "tags", element: text("") },
};
const diff = (before: object, after: object): string[] => changedPaths(schema, before as never, after as never);

test("sets have no order, at any depth", () => {
  assert.equal(diff({ zones: ["a", "b"] }, { zones: ["b", "a"] }), []);
  const rules = [
    { port: 1, cidrs: ["x", "y"] },
    { port: 2, cidrs: [] },
  ];
  assert.equal(
    diff(
      { rule: rules },
      {
        rule: [
          { port: 2, cidrs: null },
          { port: 1, cidrs: ["y", "x"] },
        ],
      },
    ),
    [],
  );
});

test("null, an empty list and an empty map are the same", () => {
  assert.equal(diff({ zones: null, tags: {} }, { zones: [], tags: null }), []);
});

test("paths lead to the member that differs", () => {
  assert.equal(diff({ step: [{ cmd: "a" }, { cmd: "b" }] }, { step: [{ cmd: "a" }, { cmd: "c" }] }), ["steps[1].cmd"]);
  assert.equal(diff({ one: [{ size: 1 }] }, { one: [{ size: 2 }] }), ["one.size"]);
  assert.equal(diff({ tags: { "panka:urn": "a", b: "c" } }, { tags: { b: "d" } }), ["tags.b", 'tags["panka:urn"]']);
});

test("a list that grew, a changed set and a block that came are named as a whole", () => {
  assert.equal(diff({ step: [] }, { step: [{ cmd: "a" }] }), ["steps"]);
  assert.equal(diff({ zones: ["a"] }, { zones: ["b"] }), ["zones"]);
  assert.equal(diff({ one: [] }, { one: [{ size: 1 }] }), ["one"]);
});

test("an unknown differs from every value", () => {
  assert.equal(diff({ name: "a" }, { name: UNKNOWN }), ["name"]);
});

test.run();
