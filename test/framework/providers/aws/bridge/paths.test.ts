import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromSteps } from "../../../../../framework/providers/aws/bridge/paths.js";
import { withIgnored } from "../../../../../framework/providers/aws/bridge/ignored.js";
import { shippedSchema } from "../../../../support/plugin.js";

const properties = (token: string) => shippedSchema().type(token)?.properties ?? {};
const attribute = (attribute_name: string) => ({ attribute_name });
const index = (element_key_int: number) => ({ element_key_int });

test("steps into a flattened list vanish", () => {
  const target = properties("aws:lb/targetGroup:TargetGroup");
  assert.is(fromSteps(target, [attribute("health_check"), index(0), attribute("path")]), "healthCheck.path");
});

test("list indexes stay, map keys are written as such, sets have no index", () => {
  const table = properties("aws:dynamodb/table:Table");
  assert.is(fromSteps(table, [attribute("tags"), { element_key_string: "panka:urn" }]), 'tags["panka:urn"]');
  assert.is(fromSteps(table, [attribute("global_secondary_index"), index(1), attribute("hash_key")]), "globalSecondaryIndexes.hashKey");
  const rules = properties("aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2");
  assert.is(fromSteps(rules, [attribute("rule"), index(2), attribute("id")]), "rules[2].id");
});

test("a step that the schema does not know ends the path there", () => {
  assert.is(fromSteps(properties("aws:sqs/queue:Queue"), [attribute("tags"), attribute("nothing")]), "tags");
});

test("ignored paths get what is recorded; a path without a record is left out", () => {
  const schema = { properties: properties("aws:sns/topic:Topic") };
  const prior = { inputs: { kmsMasterKeyId: "k" }, outputs: { displayName: "in the cloud", tags: { a: "1" } } };
  const inputs = { displayName: "in the code", tags: { a: "2", b: "3" }, policy: "p", name: "n" };
  const out = withIgnored(schema, inputs, prior, ["displayName", "tags.a", "policy", "arn", "kmsMasterKeyId", "nothing.at.all"]);
  assert.equal(out, { displayName: "in the cloud", tags: { a: "1", b: "3" }, name: "n", kmsMasterKeyId: "k" });
  assert.is(inputs.displayName, "in the code");
});

test.run();
