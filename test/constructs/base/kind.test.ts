import { test } from "uvu";
import * as assert from "uvu/assert";
import { bool } from "../../../framework/model/fields.js";
import { defineKind, kindSchema } from "../../../constructs/base/kind.js";

test("a schema that is given as a function is made once, when it is first asked for", () => {
  let made = 0;
  const schema = () => {
    made++;
    return kindSchema({ on: bool("Whether it is on.") });
  };
  const kind = defineKind({ name: "Lamp", group: "components", summary: "A lamp.", schema, infra: [], outputs: {}, stateful: false });
  assert.is(made, 0);
  assert.ok(kind.schema.safeParse({ on: true }).success);
  assert.not.ok(kind.schema.safeParse({ off: true }).success);
  assert.is(made, 1);
});

test.run();
