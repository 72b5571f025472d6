import { ExtData, encode } from "@msgpack/msgpack";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { UNKNOWN } from "../../../../../framework/model/index.js";
import { fromDynamic, toDynamic } from "../../../../../framework/providers/aws/protocol/codec.js";

test("a value comes back as it went, unknowns included", () => {
  const value = { a: [1, 1.5, "x", true, null], b: { c: UNKNOWN as never } };
  assert.equal(fromDynamic(toDynamic(value)), value);
});

test("null is the byte c0, an unknown is fixext 1 of type 0", () => {
  assert.equal([...toDynamic(null).msgpack], [0xc0]);
  assert.equal([...toDynamic(UNKNOWN as never).msgpack], [0xd4, 0, 0]);
});

test("whole numbers are integers on the wire", () => {
  assert.equal([...toDynamic(3).msgpack], [3]);
});

test("a refined unknown is an unknown, and so is any other extension", () => {
  for (const type of [0, 12, 40]) {
    assert.equal(fromDynamic({ msgpack: encode(new ExtData(type, new Uint8Array([0x81, 1, 0xc2]))) }), UNKNOWN);
  }
});

test("an absent value is null", () => {
  assert.is(fromDynamic(null), null);
  assert.is(fromDynamic({ msgpack: new Uint8Array(0) }), null);
});

test.run();
