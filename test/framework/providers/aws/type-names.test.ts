import { test } from "uvu";
import * as assert from "uvu/assert";
import { typeName } from "../../../../framework/providers/aws/type-names.js";
import { shippedSchema } from "../../../support/plugin.js";

test("types are called what people call them", () => {
  assert.is(typeName("aws:sqs/queue:Queue"), "SQS queue");
  assert.is(typeName("aws:route53/record:Record"), "Route 53 record");
  assert.is(typeName("aws:autoscaling/group:Group"), "auto-scaling group");
  assert.is(typeName("aws:ec2/instance:Instance"), "instance");
  assert.is(typeName("a:b"), "a:b");
});

/** Services that are called by their letters. */
const LETTERS = /^(ACM|DLM|EBS|ECR|ECS|EFS|EKS|IAM|KMS|MSK|RDS|S3|SNS|SQS|SSM|VPC|WAF|API|NAT)$/;

test("no service of a type that ships is shouted", () => {
  const schemas = shippedSchema();
  const ships = schemas.tokens().filter((token) => schemas.type(token));
  assert.ok(ships.length > 100);
  const shouted = ships.filter((token) =>
    typeName(token)
      .split(" ")
      .some((word) => /^[A-Z0-9]{3,}$/.test(word) && !LETTERS.test(word)),
  );
  assert.equal(shouted, []);
});

test.run();
