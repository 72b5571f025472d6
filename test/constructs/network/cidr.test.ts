import { test } from "uvu";
import * as assert from "uvu/assert";
import { contains, formatCidr, layout, overlaps, parseCidr, subnetOf } from "../../../constructs/network/cidr.js";

const cidr = (text: string) => {
  const parsed = parseCidr(text);
  if (!parsed) throw new Error(text);
  return parsed;
};

test("a block is read and written back", () => {
  for (const text of ["10.0.0.0/16", "0.0.0.0/0", "255.255.255.255/32", "192.168.4.0/22"]) assert.is(formatCidr(cidr(text)), text);
});

test("what is no block is refused, and so are bits below the prefix", () => {
  for (const text of ["10.0.0.0", "10.0.0.0/33", "10.0.0.256/16", "10.0.0.1/16", "10.0.0/16", ""])
    assert.is(parseCidr(text), undefined, text);
});

test("a network is laid out in sixteenths, public first, private from the middle", () => {
  assert.equal(layout(cidr("10.0.0.0/16")), { public: ["10.0.0.0/20", "10.0.16.0/20"], private: ["10.0.128.0/20", "10.0.144.0/20"] });
  assert.equal(layout(cidr("172.20.4.0/24")).private, ["172.20.4.128/28", "172.20.4.144/28"]);
});

test("no block of a layout overlaps another, and all lie in the network", () => {
  const vpc = cidr("10.8.0.0/18");
  const all = Object.values(layout(vpc)).flat().map(cidr);
  for (const [i, a] of all.entries()) {
    assert.ok(contains(vpc, a));
    for (const b of all.slice(i + 1)) assert.not(overlaps(a, b));
  }
});

test("a block past the last is refused", () => {
  assert.throws(() => subnetOf(cidr("10.0.0.0/16"), 4, 16), RangeError);
  assert.throws(() => subnetOf(cidr("10.0.0.0/30"), 4, 0), RangeError);
});

test.run();
