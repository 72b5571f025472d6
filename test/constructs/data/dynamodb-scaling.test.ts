import { test } from "uvu";
import * as assert from "uvu/assert";
import { DynamoDB, type DynamoDBProps, Service, Stack } from "../../../constructs/index.js";
import { synthOf } from "../../support/synth.js";

/** A table with capacity 5/2 and this scaling. */
function scaled(autoscaling: DynamoDBProps["autoscaling"], more: Partial<DynamoDBProps> = {}) {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  const capacity = { billingMode: "PROVISIONED" as const, readCapacity: 5, writeCapacity: 2 };
  new DynamoDB(new Service(stack, "app"), "orders", { ...capacity, hashKey: { name: "id", type: "S" }, autoscaling, ...more });
  return synthOf(stack);
}

test("reads and writes are scaled from the table's capacity up to their bounds, and the table lets them", async () => {
  const { codes, at } = await scaled({ read: { max: 50 }, write: { min: 1, max: 20, targetPercent: 50 } });
  assert.equal(codes, []);
  const bounds = (word: string) => {
    const { minCapacity, maxCapacity, scalableDimension } = at(`app/orders/scaling-${word}`).props;
    return [minCapacity, maxCapacity, scalableDimension];
  };
  assert.equal(bounds("read"), [5, 50, "dynamodb:table:ReadCapacityUnits"]);
  assert.equal(bounds("write"), [1, 20, "dynamodb:table:WriteCapacityUnits"]);
  const policy = at("app/orders/scaling-write-policy").props.targetTrackingScalingPolicyConfiguration;
  assert.equal([policy.targetValue, policy.predefinedMetricSpecification.predefinedMetricType], [50, "DynamoDBWriteCapacityUtilization"]);
  assert.equal(at("app/orders").options.ignoreChanges, ["readCapacity", "writeCapacity"]);
});

test("one dimension alone is scaled alone; switched off nothing is", async () => {
  const one = await scaled({ read: { max: 50 } });
  assert.equal(one.at("app/orders").options.ignoreChanges, ["readCapacity"]);
  assert.not.ok(one.result?.assembly.resources.some((r) => r.urn.includes("scaling-write")));
  const off = await scaled({ enabled: false, read: { max: 50 } });
  assert.is(off.result?.assembly.resources.length, 1);
  assert.is(off.at("app/orders").options.ignoreChanges, undefined);
});

test("bounds the wrong way round, nothing to scale, and capacity on demand are errors", async () => {
  assert.equal((await scaled({ read: { max: 4 } })).codes, ["scaling-bounds"]);
  assert.equal((await scaled({})).codes, ["scaling-nothing"]);
  const onDemand = { billingMode: "PAY_PER_REQUEST" as const, readCapacity: undefined, writeCapacity: undefined };
  assert.equal((await scaled({ read: { max: 4 } }, onDemand)).codes, ["capacity-unused"]);
});

test.run();
