import { test } from "uvu";
import * as assert from "uvu/assert";
import { Ref, text } from "../../../framework/model/index.js";
import { cleanValue, textValue, toValue } from "../../../framework/synth/values.js";

const ref = { $ref: { urn: "urn:x", output: "arn" } };
const resolve = () => ref;

test("a reference becomes the value that it means, wherever it stands", () => {
  assert.equal(toValue({ a: [new Ref("s/c", "arn")], b: 1, c: undefined }, resolve), { a: [ref], b: 1 });
});

test("text with references keeps its parts; with known values it is joined", () => {
  const written = text`a-${new Ref("s/c", "arn")}-b`;
  assert.equal(toValue(written, resolve), { $text: ["a-", ref, "-b"] });
  assert.is(
    toValue(written, () => "x"),
    "a-x-b",
  );
  assert.is(
    toValue(text`${new Ref("s/c", "port")}`, () => 5432),
    "5432",
  );
});

test("text inside text is one text", () => {
  assert.equal(textValue(["a", { $text: ["b", ref] }, "c", ""]), { $text: ["ab", ref, "c"] });
});

test("a user's own keys that begin with a dollar sign are escaped, so that they are never taken for tags", () => {
  assert.equal(toValue({ $ref: { urn: "x", output: "y" }, $$a: 1 }, resolve), { $$ref: { urn: "x", output: "y" }, $$$a: 1 });
});

test("a key named __proto__ is a key like any other", () => {
  const value = toValue(JSON.parse('{"__proto__": {"polluted": true}}'), resolve);
  assert.is(JSON.stringify(value), '{"__proto__":{"polluted":true}}');
  assert.is(({} as { polluted?: boolean }).polluted, undefined);
});

test("keys are sorted and undefined members dropped", () => {
  assert.is(JSON.stringify(cleanValue({ b: 1, a: { d: undefined, c: [2] } })), '{"a":{"c":[2]},"b":1}');
});

test.run();
