import { test } from "uvu";
import * as assert from "uvu/assert";
import { type PropertySchema, UNKNOWN } from "../../../../../framework/model/index.js";
import { proposedState } from "../../../../../framework/providers/aws/bridge/proposed.js";

const item: { [name: string]: PropertySchema } = {
  name: { type: "string", wire: "name", required: true },
  arn: { type: "string", wire: "arn", computed: true },
};
const schema = {
  properties: {
    name: { type: "string", wire: "name", optional: true },
    arn: { type: "string", wire: "arn", computed: true },
    size: { type: "number", wire: "size", optional: true, computed: true },
    list: { type: "list", wire: "list", block: "list", element: { type: "object", wire: "", fields: item } },
    set: { type: "set", wire: "set", block: "set", element: { type: "object", wire: "", fields: item } },
    one: { type: "object", wire: "one", block: "list", maxOne: true, fields: item },
  } as { [name: string]: PropertySchema },
};
const empty = { name: null, arn: null, size: null, list: [], set: [], one: [], id: null };

test("of a create, what the provider decides stays null", () => {
  assert.equal(proposedState(schema, null, { ...empty, name: "n" }), { ...empty, name: "n" });
});

test("what is computed and unset keeps the prior value; what is only optional is taken away", () => {
  const prior = { ...empty, id: "i", name: "old", arn: "a", size: 3 };
  assert.equal(proposedState(schema, prior, { ...empty }), { ...prior, name: null });
});

test("blocks in lists are paired by index, in sets by what was set", () => {
  const prior = {
    ...empty,
    list: [{ name: "a", arn: "1" }],
    set: [
      { name: "a", arn: "1" },
      { name: "b", arn: "2" },
    ],
    one: [{ name: "x", arn: "9" }],
  };
  const fresh = (name: string): object => ({ name, arn: null });
  const config = { ...empty, list: [fresh("z"), fresh("y")], set: [fresh("c"), fresh("b")], one: [fresh("x")] };
  const out = proposedState(schema, prior as never, config as never);
  assert.equal(out.list, [
    { name: "z", arn: "1" },
    { name: "y", arn: null },
  ]);
  assert.equal(out.set, [
    { name: "c", arn: null },
    { name: "b", arn: "2" },
  ]);
  assert.equal(out.one, [{ name: "x", arn: "9" }]);
});

test("an unknown collection of blocks is taken as it is", () => {
  assert.equal(proposedState(schema, { ...empty, list: [{ name: "a", arn: "1" }] }, { ...empty, list: UNKNOWN as never }).list, UNKNOWN);
});

test.run();
