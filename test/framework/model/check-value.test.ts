import { test } from "uvu";
import * as assert from "uvu/assert";
import { registry } from "../../../constructs/registry.js";
import { checkValue } from "../../../framework/model/check-value.js";

/** Values that are right, incomplete and wrong in several ways for most kinds. */
const VALUES = [
  {},
  { tags: { a: "b" }, type: "fifo", image: "x", port: "http", nothing: 1 },
  { tags: 1, port: 80, image: 5, encryption: { enabled: "maybe", other: null }, override: [{ resource: 1 }] },
  "text",
  null,
];

test("a schema's answer is the same the first time and the hundredth", () => {
  for (const { name, schema } of registry.kinds) {
    const answers = () => JSON.stringify(VALUES.map((value) => checkValue(schema, value)));
    const first = answers();
    for (let i = 0; i < 100; i++) checkValue(schema, VALUES[i % VALUES.length]);
    assert.is(answers(), first, name);
  }
});

test.run();
