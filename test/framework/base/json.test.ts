import { test } from "uvu";
import * as assert from "uvu/assert";
import { canonicalJson } from "../../../framework/base/json.js";

test("the order in which keys were made, and members that are undefined, do not show", () => {
  const text = canonicalJson({ b: [{ z: 1, a: null }, undefined], a: undefined, B: { y: "", x: false } });
  assert.is(text, '{"B":{"x":false,"y":""},"b":[{"a":null,"z":1},null]}');
  assert.is(canonicalJson({ B: { x: false, y: "" }, b: [{ a: null, z: 1 }, null] }), text);
});

test("a key called __proto__ is data like any other", () => {
  const text = '{"__proto__":{"polluted":true},"a":1}';
  assert.is(canonicalJson(JSON.parse(text)), text);
  assert.is((Object.prototype as { polluted?: boolean }).polluted, undefined);
});

test("canonical text is the same whether or not the keys were in order, and nothing is changed by making it", () => {
  const ordered = { a: [{ b: 1, c: undefined }], d: { 10: "x", 2: "y", e: [undefined, { g: 1, f: 2 }] } };
  const mixed = { d: { e: [undefined, { f: 2, g: 1 }], 2: "y", 10: "x" }, a: [{ c: undefined, b: 1 }] };
  const before = JSON.stringify(ordered);
  assert.is(canonicalJson(ordered), canonicalJson(mixed));
  assert.is(canonicalJson(ordered), '{"a":[{"b":1}],"d":{"2":"y","10":"x","e":[null,{"f":2,"g":1}]}}');
  assert.is(JSON.stringify(ordered), before);
});
test.run();
