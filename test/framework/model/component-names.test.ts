import { test } from "uvu";
import * as assert from "uvu/assert";
import { ComponentNames, oneOf } from "../../../framework/model/component-names.js";

const names = new ComponentNames(["shop/jobs", "shop/worker", "mail/jobs"]);

test("a bare name means the only component of that name, else all that have it", () => {
  assert.equal(names.find("worker", undefined), { address: "shop/worker" });
  assert.equal(names.find("jobs", undefined), { candidates: ["mail/jobs", "shop/jobs"] });
  assert.equal(names.find("jobs", "mail"), { address: "mail/jobs" });
});

test("the nearest name is as long as the one that was written: bare for a bare one, with its service for the other", () => {
  assert.is(names.nearest("wrkr"), "worker");
  assert.is(names.nearest("shop/wroker"), "shop/worker");
  assert.equal(names.find("wrkr", undefined), { nearest: "worker" });
  assert.is(names.nearest("elsewhere"), undefined);
});

test("a message lists twelve names at most", () => {
  assert.is(oneOf(["a", "b"]), "one of a, b");
  const many = Array.from({ length: 13 }, (_, i) => `n${i}`);
  assert.is(oneOf(many), `one of ${many.slice(0, 12).join(", ")} ...`);
});

test.run();
