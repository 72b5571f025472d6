/** Files of the project that `configs` names: read by synth, not by validate; what they say is what is deployed. */
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { project, QUEUE } from "./project.js";
import { run } from "./world.js";

const STACK = `${QUEUE}---
apiVersion: components.panka.io/v1
kind: Worker
metadata: { name: mailer }
spec:
  image: ghcr.io/acme/mailer:1.0.0
  configs:
    mountPath: /etc/mailer
    files: [mailer.conf]
`;
const PROGRAM = `import { Service, SQS, Stack, Worker } from "panka";
const stack = new Stack("tiny", { provider: { name: "aws", region: "us-east-1" } });
const shop = new Service(stack, "shop");
new SQS(shop, "jobs", { visibilityTimeout: 60 });
new Worker(shop, "mailer", { image: "ghcr.io/acme/mailer:1.0.0", configs: { mountPath: "/etc/mailer", files: ["mailer.conf"] } });
export default stack;
`;
const CONFIG = "version: 1\nenvironments:\n  development: { provider: local }\n";
const TEXT = 'greeting = "hello ${NAME}"\n';

const made = (extra: { [name: string]: string }) => project({ "panka.config.yaml": CONFIG, "configs/mailer.conf": TEXT, ...extra });

test("the text of a file beside the document is in the assembly, the same from TypeScript and from YAML", async () => {
  const [yaml, program] = await Promise.all(
    [made({ "stack.yaml": STACK }), made({ "stack.ts": PROGRAM })].map((cwd) => run(["synth", "--json"], { cwd })),
  );
  assert.is(yaml?.code, 0, yaml?.stderr);
  assert.is(program?.stdout, yaml?.stdout);
  assert.ok(yaml?.stdout.includes(`"value": ${JSON.stringify(TEXT)}`));
});

test("a changed file is a change of the task definition and of nothing else", async () => {
  const cwd = made({ "stack.yaml": STACK });
  assert.is((await run(["deploy", "--yes"], { cwd })).code, 0);
  assert.equal(
    (await run(["plan", "--json"], { cwd })).json().changes.filter((c: { action: string }) => c.action !== "same"),
    [],
  );
  writeFileSync(join(cwd, "configs/mailer.conf"), "greeting = 1\n");
  const { changes } = (await run(["plan", "--json"], { cwd })).json();
  assert.equal(
    changes.filter((c: { action: string }) => c.action !== "same").map((c: { type: string; action: string }) => `${c.action} ${c.type}`),
    ["replace aws:ecs/taskDefinition:TaskDefinition", "update aws:ecs/service:Service"],
  );
});

test("a file that is not there, or lies outside the project, stops synth at its place, and validate reads none", async () => {
  const cwd = project({ "panka.config.yaml": CONFIG, "stack.yaml": STACK, "configs/other": "" });
  assert.is((await run(["validate"], { cwd })).code, 0);
  const missing = await run(["synth"], { cwd });
  assert.is(missing.code, 1);
  assert.match(
    missing.stdout + missing.stderr,
    /stack\.yaml:24:\d+ {2}error {2}shop\/mailer\.configs\.files\[0\]: there is no file or folder configs\/mailer\.conf/,
  );
  symlinkSync("/etc/hostname", join(cwd, "configs/mailer.conf"));
  const outside = await run(["synth"], { cwd });
  assert.match(outside.stdout + outside.stderr, /configs\/mailer\.conf lies outside the project/);
});

test.run();
