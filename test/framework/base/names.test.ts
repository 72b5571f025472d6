import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeUrn, nameHash, parseUrn, physicalName } from "../../../framework/base/names.js";

const urn = makeUrn({
  environment: "production",
  stack: "user-platform",
  type: "aws:sqs/queue:Queue",
  service: "user-service",
  component: "jobs",
  role: "dead-letter",
});

test("a URN is made of environment, stack, bare type and the component's address", () => {
  assert.is(urn, "urn:pulumi:production::user-platform::aws:sqs/queue:Queue::user-service/jobs/dead-letter");
});

test("a URN can be taken apart again", () => {
  assert.equal(parseUrn(urn), {
    environment: "production",
    stack: "user-platform",
    type: "aws:sqs/queue:Queue",
    service: "user-service",
    component: "jobs",
    role: "dead-letter",
  });
});

test("text that is not a URN is refused", () => {
  assert.throws(() => parseUrn("urn:aws:x"), /not a URN/);
});

test("the name hash is eight base32 characters and never changes for the same lineage, URN and generation", () => {
  assert.is(nameHash("11111111-1111-4111-8111-111111111111", urn, 0), "igjwldzf");
  assert.is.not(nameHash("11111111-1111-4111-8111-111111111111", urn, 1), nameHash("11111111-1111-4111-8111-111111111111", urn, 0));
});

test("a long name loses its readable front, never role, hash or suffix", () => {
  const name = physicalName(
    { property: "name", max: 40, suffixWhen: { property: "fifoQueue", suffix: ".fifo" } },
    "11111111-1111-4111-8111-111111111111",
    urn,
    0,
    { fifoQueue: true },
  );
  assert.is(name.length <= 40, true);
  assert.match(name, /-dead-letter-[a-z2-7]{8}\.fifo$/);
});

test.run();
