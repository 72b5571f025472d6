import { test } from "uvu";
import * as assert from "uvu/assert";
import { setPath } from "../../../framework/base/property-path.js";

test("what is set at a path gets the objects and lists that lead to it; what is taken away leaves nothing new behind", () => {
  assert.equal(setPath({}, "a.b[0].c", 1), { a: { b: [{ c: 1 }] } });
  assert.equal(setPath({ a: { b: 1, c: 2 } }, "a.b", undefined), { a: { c: 2 } });
  for (const value of [{}, { a: { b: {} } }, { a: "text" }, { a: [] }]) assert.equal(setPath(value, "a.b.c", undefined), value);
});

test.run();
