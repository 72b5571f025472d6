import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../../../../framework/base/diagnostics.js";
import type { TypeSchema } from "../../../../framework/model/index.js";
import { adoptedInputs } from "../../../../framework/providers/aws/adoption.js";
import { inputsFrom } from "../../../../framework/providers/aws/bridge/imported.js";
import { shippedSchema } from "../../../support/plugin.js";

const index = shippedSchema();
const subnet = index.type("aws:ec2/subnet:Subnet") as TypeSchema;
const queue = index.type("aws:sqs/queue:Queue") as TypeSchema;

test("what may be set is taken; computed values, empty ones and defaults are not", () => {
  const outputs = {
    arn: "a",
    name: "q",
    url: "u",
    visibilityTimeoutSeconds: 30,
    delaySeconds: 5,
    fifoQueue: false,
    tags: { a: "b" },
    tagsAll: { a: "b" },
  };
  assert.equal(inputsFrom(queue.properties, outputs), { name: "q", delaySeconds: 5, tags: { a: "b" } });
});

test("of two that exclude each other the provider's complaint costs the longer name", async () => {
  const outputs = { availabilityZone: "a", availabilityZoneId: "az1", vpcId: "v", cidrBlock: "c" };
  const conflict = (one: string, other: string, path: string): Diagnostic => ({
    severity: "error",
    code: "failed",
    message: `Conflicting configuration arguments: "${one}": conflicts with ${other}`,
    path,
  });
  let asked = 0;
  const inputs = await adoptedInputs(subnet, outputs, async (given) => {
    asked += 1;
    if (!("availabilityZoneId" in given)) return [];
    return [
      conflict("availability_zone", "availability_zone_id", "availabilityZone"),
      conflict("availability_zone_id", "availability_zone", "availabilityZoneId"),
    ];
  });
  assert.equal(inputs, { availabilityZone: "a", vpcId: "v", cidrBlock: "c" });
  assert.is(asked, 2);
});

test("a complaint about a required property, or one that never ends, leaves the inputs as they are", async () => {
  const outputs = { vpcId: "v", cidrBlock: "c" };
  const complaint: Diagnostic = { severity: "error", code: "failed", message: "invalid", path: "vpcId" };
  assert.equal(await adoptedInputs(subnet, outputs, async () => [complaint]), outputs);
});

test.run();
