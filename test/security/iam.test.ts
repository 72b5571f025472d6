/** The policies that stacks come to, checked by a linter: all golden assemblies, all examples. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Assembly, Value } from "../../framework/model/index.js";
import { compileYaml, docPages } from "../support/doc-examples.js";
import { countPolicies, lintPolicies } from "../support/iam-lint.js";
import { ROOT } from "../support/source-tree.js";

function withPolicy(Statement: Value, type = "aws:iam/rolePolicy:RolePolicy"): Pick<Assembly, "resources"> {
  const props = { policy: { $json: { Version: "2012-10-17", Statement } } };
  return { resources: [{ urn: "u", type, name: "n", props, dependsOn: [], options: {}, probe: { class: "D" } }] };
}

test("the linter finds wildcards, and lets pass what knows no resource", () => {
  const found = (Statement: Value, type?: string) => lintPolicies(withPolicy(Statement, type)).map((p) => p.replace("u policy.$json", ""));
  const arn = "arn:aws:sqs:us-east-1:1:q";
  assert.equal(found([{ Effect: "Allow", Action: "sqs:*", Resource: arn }]), ["[0]: the action sqs:* has a wildcard"]);
  assert.equal(found([{ Effect: "Allow", Action: ["sqs:SendMessage"], Resource: "*" }]), ["[0]: sqs:SendMessage on every resource"]);
  assert.equal(found([{ Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" }]), []);
  assert.equal(found([{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "q" }]), ['[0]: "q" is no ARN']);
  const on = (Resource: Value) => found([{ Effect: "Allow", Action: "sqs:SendMessage", Resource }]);
  assert.equal(
    on("arn:aws:sqs:*:*:*"),
    ["region", "account", "resource"].map((part) => `[0]: arn:aws:sqs:*:*:* names no ${part}`),
  );
  assert.equal(on({ $text: ["arn:*:sqs:us-east-1:", { $ref: { urn: "u", output: "id" } }, ":q"] }), [
    "[0]: arn:*:sqs:us-east-1:$:q names no partition",
  ]);
  assert.equal(on({ $text: [{ $ref: { urn: "u", output: "arn" } }, "/*"] }), []);
  assert.equal(on({ $text: ["b3", "/*"] }), ['[0]: "b3/*" is no ARN']);
  assert.equal(on({ $ref: { urn: "u", output: "keyId" } }), ["[0]: the output keyId is no ARN"]);
  const from = (source: Value) => ({ Principal: { Service: "sns.amazonaws.com" }, Condition: { ArnLike: { "aws:SourceArn": source } } });
  assert.equal(found([{ Effect: "Allow", Action: "sqs:SendMessage", Resource: arn, ...from("arn:aws:sns:us-east-1:1:*") }]), [
    "[0]: arn:aws:sns:us-east-1:1:* names no resource",
  ]);
  assert.equal(found([{ Effect: "Allow", NotAction: "sqs:SendMessage", Resource: arn }]).length, 2);
  assert.equal(found([{ Effect: "Allow", Action: "sqs:SendMessage", Principal: "*", Resource: arn }]), [
    "[0]: everybody is allowed, without a condition",
  ]);
  assert.equal(found([{ Effect: "Deny", Action: "*", Principal: "*", Resource: arn }]), []);
});

test("the policies of every golden assembly name each action and each ARN", () => {
  const folder = join(ROOT, "test/golden/assemblies");
  let policies = 0;
  for (const file of readdirSync(folder)) {
    const assembly = JSON.parse(readFileSync(join(folder, file), "utf8")) as Assembly;
    policies += countPolicies(assembly);
    assert.equal(lintPolicies(assembly), [], file);
  }
  assert.ok(policies > 10, `${policies} policies`);
});

test("the policies of every example in the reference name each action and each ARN", async () => {
  let policies = 0;
  for (const { examples } of docPages())
    for (const example of examples) {
      const { assembly } = await compileYaml(example);
      assert.ok(assembly, example.name);
      policies += countPolicies(assembly);
      assert.equal(lintPolicies(assembly), [], example.name);
    }
  assert.ok(policies > 50, `${policies} policies`);
});

test.run();
