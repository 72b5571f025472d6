/** What infra documents refuse, as commands say it: exit 5, unless there are mistakes besides. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CONFIG, project, QUEUE } from "./project.js";
import { run } from "./world.js";

const test = suite("refusal");

const compliance = (spec: string) => `---
apiVersion: infra.panka.io/v1
kind: Compliance
metadata: { name: compliance }
spec: ${spec}
`;
const TOPIC = `---
apiVersion: components.panka.io/v1
kind: SNS
metadata: { name: news, service: shop }
spec: { encryption: { enabled: false } }
`;
const stack = (more: string) => project({ "stack.yaml": QUEUE + more, "panka.config.yaml": CONFIG });

test("a broken policy is refused by validate, synth, plan and deploy with exit 5, at its line", async () => {
  const cwd = stack(TOPIC + compliance("{ policies: [encryption-at-rest] }"));
  for (const command of [["validate"], ["synth"], ["plan"], ["deploy", "--yes"]]) {
    const ran = await run(command, { cwd });
    assert.is(ran.code, 5, `${command.join(" ")}: ${ran.stdout}${ran.stderr}`);
    assert.match(ran.stdout + ran.stderr, /stack\.yaml:\d+:\d+ +error +shop\/news\.spec\.encryption\.enabled: .*encryption-at-rest/);
  }
  const document = (await run(["plan", "--json"], { cwd })).json();
  assert.equal([document.ok, document.diagnostics[0].code], [false, "encryption-at-rest"]);
});

test("a mistake beside it makes the exit 1", async () => {
  const cwd = stack(compliance("{ requiredTags: [team] }") + TOPIC.replace("enabled: false", "enabled: maybe"));
  assert.is((await run(["validate"], { cwd })).code, 1);
});

test("a budget that is not enforced is a warning, and the stack is planned", async () => {
  const web = `---
apiVersion: components.panka.io/v1
kind: MicroService
metadata: { name: web, service: shop }
spec: { image: "web:1", port: 80 }
`;
  const ran = await run(["plan"], { cwd: stack(web + compliance("{ budget: { monthlyUSD: 10 } }")) });
  assert.is(ran.code, 0, ran.stderr);
  assert.match(ran.stdout + ran.stderr, /warning .*its budget is \$10/);
  const enforced = await run(["plan"], { cwd: stack(web + compliance("{ budget: { monthlyUSD: 10, enforce: true } }")) });
  assert.is(enforced.code, 5);
});

test.run();
