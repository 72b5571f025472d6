/** What the plan says of permissions: of every binding, and of statements that go beyond. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { project, QUEUE } from "./project.js";
import { run } from "./world.js";

const ARN = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks";
const STACK = `${QUEUE}---
apiVersion: components.panka.io/v1
kind: Secret
metadata: { name: token }
---
apiVersion: components.panka.io/v1
kind: Worker
metadata: { name: mailer }
spec:
  image: ghcr.io/acme/mailer:1.0.0
  uses: [{ component: jobs, access: receive }]
  secrets: [{ name: token, secretRef: token }]
  permissions: [{ actions: [kinesis:GetRecords], resources: ["${ARN}"] }]
`;
const CONFIG = "version: 1\nenvironments:\n  development: { provider: local }\n";

test("the plan lists the statements of every binding, and marks those that go beyond", async () => {
  const cwd = project({ "stack.yaml": STACK, "panka.config.yaml": CONFIG });
  const plan = (await run(["plan", "--json"], { cwd })).json();
  assert.equal(
    plan.grants.map((g: { [key: string]: unknown }) => [g.component, g.to, g.resources]),
    [
      ["shop/mailer", "shop/jobs", ["${shop/jobs.arn}"]],
      ["shop/mailer", "shop/token", ["${shop/token.arn}"]],
      ["shop/mailer", null, [ARN]],
    ],
  );
  assert.ok(plan.grants[0].actions.includes("sqs:ReceiveMessage") && !plan.grants[0].actions.includes("sqs:SendMessage"));
  assert.ok(plan.notices.includes(`shop/mailer: permissions of its own: kinesis:GetRecords on ${ARN}`));

  const { stdout } = await run(["plan"], { cwd });
  assert.match(stdout, /^ {2}permissions\n {4}shop\/mailer for shop\/jobs\n {8}sqs:ChangeMessageVisibility/m);
  assert.match(stdout, /^ {4}shop\/mailer by its own permissions\n {8}kinesis:GetRecords on/m);
});

test("of what does not change the plan prints no permissions, unless asked for everything", async () => {
  const cwd = project({ "stack.yaml": STACK, "panka.config.yaml": CONFIG });
  assert.is((await run(["deploy", "--yes"], { cwd })).code, 0);
  assert.not.match((await run(["plan"], { cwd })).stdout, /sqs:ReceiveMessage/);
  assert.match((await run(["plan", "--verbose"], { cwd })).stdout, /sqs:ReceiveMessage/);
  assert.is((await run(["plan", "--json"], { cwd })).json().grants.length, 3);
});

test.run();
