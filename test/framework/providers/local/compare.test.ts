import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PropertySchema } from "../../../../framework/model/provider-schema.js";
import { differences, sameValue } from "../../../../framework/providers/local/compare.js";

const text: PropertySchema = { type: "string", wire: "x", optional: true };
const fields: { [name: string]: PropertySchema } = {
  name: { ...text, forceNew: true },
  note: text,
  tags: { type: "map", element: text, wire: "tags", optional: true },
  zones: { type: "set", element: text, wire: "zones", optional: true },
  rules: {
    type: "list",
    wire: "rule",
    optional: true,
    element: {
      type: "object",
      wire: "",
      fields: { id: { ...text, forceNew: true }, days: { type: "number", wire: "days", optional: true } },
    },
  },
};
const paths = (before: object, after: object) =>
  differences(fields, before as never, after as never).map((d) => `${d.path}${d.replaces ? "!" : ""}`);

test("a changed property is named by its path, and marked when it forces a replacement", () => {
  assert.equal(paths({ name: "a", note: "x" }, { name: "b", note: "y" }), ["name!", "note"]);
  assert.equal(paths({ tags: { a: "1", b: "2" } }, { tags: { a: "1", b: "3" } }), ["tags.b"]);
});

test("inside a list of equal length the element's own property decides; a list that grew by one that forces it replaces", () => {
  assert.equal(paths({ rules: [{ id: "a", days: 1 }] }, { rules: [{ id: "a", days: 2 }] }), ["rules[0].days"]);
  assert.equal(paths({ rules: [{ id: "a" }] }, { rules: [{ id: "b" }] }), ["rules[0].id!"]);
  assert.equal(paths({ rules: [{ days: 1 }] }, { rules: [{ days: 1 }, { id: "b" }] }), ["rules!"]);
});

test("a block that is made once replaces when it comes or goes; inside, each attribute says so for itself", () => {
  const inner = { zone: { ...text, forceNew: true }, size: { ...text, wire: "size" } };
  const disk: PropertySchema = { type: "object", wire: "disk", optional: true, block: "list", maxOne: true, forceNew: true, fields: inner };
  const found = (before: object, after: object) =>
    differences({ disk }, before as never, after as never).map((d) => `${d.path}${d.replaces ? "!" : ""}`);
  assert.equal(found({ disk: { zone: "a", size: "1" } }, { disk: { zone: "a", size: "2" } }), ["disk.size"]);
  assert.equal(found({ disk: { zone: "a" } }, { disk: { zone: "b" } }), ["disk.zone!"]);
  assert.equal(found({}, { disk: { size: "1" } }), ["disk!"]);
});

test("the order of a set, an empty value for an absent one, and the spelling of a JSON document are no change", () => {
  assert.equal(paths({ zones: ["a", "b"] }, { zones: ["b", "a"] }), []);
  assert.equal(paths({ note: "", tags: {} }, {}), []);
  assert.ok(sameValue(text, '{"a":1,"b":[2]}', '{ "b": [2], "a": 1 }'));
  assert.not(sameValue(text, '{"a":1}', '{"a":2}'));
});

test("an unknown value is a change of what is known", () => {
  assert.equal(paths({ name: "a" }, { name: { $unknown: true } }), ["name!"]);
});

test("a rule of the type overrides what the schema says of replacement", () => {
  const found = differences(fields, { name: "a" }, { name: "b" }, { name: false });
  assert.equal(found, [{ path: "name", replaces: false }]);
});

test.run();
