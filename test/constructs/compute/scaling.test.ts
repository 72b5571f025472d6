import { test } from "uvu";
import * as assert from "uvu/assert";
import { scalingPlan } from "../../../constructs/compute/scaling.js";

test("nothing said is one task", () => {
  assert.equal(scalingPlan(undefined), { automatic: false, min: 1, max: 1, initial: 1 });
});

test("autoscaling is on when max is above min", () => {
  assert.equal(scalingPlan({ minReplicas: 2, maxReplicas: 5 }), { automatic: true, min: 2, max: 5, initial: 2 });
  assert.is(scalingPlan({ minReplicas: 2, maxReplicas: 2 }).automatic, false);
});

test("enabled decides over the numbers", () => {
  assert.is(scalingPlan({ minReplicas: 2, maxReplicas: 5, autoscaling: { enabled: false } }).automatic, false);
  assert.is(scalingPlan({ replicas: 2, autoscaling: { enabled: true } }).automatic, true);
});

test("the initial count is kept within the limits", () => {
  assert.is(scalingPlan({ replicas: 9, minReplicas: 2, maxReplicas: 5 }).initial, 5);
  assert.is(scalingPlan({ replicas: 1, minReplicas: 2, maxReplicas: 5 }).initial, 2);
  assert.is(scalingPlan({ replicas: 3, minReplicas: 2, maxReplicas: 5 }).initial, 3);
});

test("limits may stand in autoscaling too", () => {
  assert.equal(scalingPlan({ autoscaling: { minReplicas: 1, maxReplicas: 3 } }), { automatic: true, min: 1, max: 3, initial: 1 });
});

test.run();
