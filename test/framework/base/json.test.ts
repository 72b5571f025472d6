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

test.run();
