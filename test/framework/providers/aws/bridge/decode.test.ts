import { test } from "uvu";
import * as assert from "uvu/assert";
import { type PropertySchema, UNKNOWN } from "../../../../../framework/model/index.js";
import { decodeObject } from "../../../../../framework/providers/aws/bridge/decode.js";

const text = (wire: string, more: Partial<PropertySchema> = {}): PropertySchema => ({ type: "string", wire, ...more });
const schema: { [name: string]: PropertySchema } = {
  name: text("name"),
  secret: text("secret_text", { sensitive: true }),
  delay: { type: "number", wireType: "string", wire: "delay" },
  encrypted: { type: "boolean", wireType: "string", wire: "encrypted" },
  one: {
    type: "object",
    wire: "one",
    block: "list",
    maxOne: true,
    fields: { inner: text("inner"), key: text("key", { sensitive: true }) },
  },
  many: {
    type: "set",
    wire: "many",
    block: "set",
    element: { type: "object", wire: "", fields: { token: text("token", { sensitive: true }) } },
  },
  tags: { type: "map", wire: "tags", element: text("") },
};

test("names are translated, nulls dropped, one-element lists unwrapped", () => {
  const { outputs } = decodeObject(schema, {
    name: "n",
    secret_text: null,
    one: [{ inner: "i", key: null }],
    many: [],
    tags: { a: "b", c: null },
  });
  assert.equal(outputs, { name: "n", one: { inner: "i" }, many: [], tags: { a: "b" } });
});

test("an empty one-element list is absent", () => {
  assert.equal(decodeObject(schema, { one: [] }).outputs, {});
});

test("texts become the numbers and booleans that the SDK has; empty ones are absent", () => {
  assert.equal(decodeObject(schema, { delay: "30", encrypted: "true" }).outputs, { delay: 30, encrypted: true });
  assert.equal(decodeObject(schema, { delay: "", encrypted: "" }).outputs, {});
});

test("paths of sensitive values that are there are listed, sorted, inside blocks as well", () => {
  const { secretPaths } = decodeObject(schema, {
    secret_text: "s",
    one: [{ inner: "i", key: "k" }],
    many: [{ token: "t" }, { token: null }],
  });
  assert.equal(secretPaths, ["many[0].token", "one.key", "secret"]);
});

test("an unknown block is one unknown", () => {
  assert.equal(decodeObject(schema, { one: UNKNOWN as never, many: UNKNOWN as never, name: UNKNOWN as never }).outputs, {
    one: UNKNOWN,
    many: UNKNOWN,
    name: UNKNOWN,
  });
});

test.run();
