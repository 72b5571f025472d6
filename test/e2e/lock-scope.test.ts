import { test } from "uvu";
import * as assert from "uvu/assert";
import { inFolder, jsonOf, panka, startPanka } from "../support/cli.js";

const queue = (service: string, name: string): string => `---
apiVersion: components.panka.io/v1
kind: SNS
metadata: { name: ${name}, service: ${service} }
`;
const files = {
  "panka.config.yaml": "version: 1\nlocks: { scope: service }\nenvironments:\n  development: { provider: local }\n",
  "stack.yaml": `apiVersion: core.panka.io/v1
kind: Stack
metadata: { name: parts }
spec: { provider: { name: aws, region: us-east-1 } }
---
apiVersion: core.panka.io/v1
kind: Service
metadata: { name: users }
---
apiVersion: core.panka.io/v1
kind: Service
metadata: { name: jobs }
${queue("users", "events")}${queue("jobs", "done")}`,
};

test("two services deploy at once under locks of their own; the whole stack waits for both; a flag that does not fit or is misspelt is refused", async () => {
  await inFolder(files, async (folder) => {
    const slow = { PANKA_LOCAL_LATENCY_MS: "5000" };
    const users = startPanka(folder, ["deploy", "--service", "users", "--yes"], slow);
    const jobs = startPanka(folder, ["deploy", "--service", "jobs", "--yes"], slow);
    let held: any[] = [];
    while (held.length < 2) held = jsonOf(await panka(folder, ["state", "locks", "--json"])).result;
    assert.equal(held.map((l) => l.scope).sort(), ["jobs", "users"]);
    const whole = await panka(folder, ["deploy", "--yes"]);
    assert.is(whole.code, 4, whole.stdout + whole.stderr);
    for (const run of [users, jobs]) {
      const ended = await run.done;
      assert.is(ended.code, 0, ended.stdout + ended.stderr);
    }
    const state = jsonOf(await panka(folder, ["state", "show", "--json"])).result;
    assert.is(Object.keys(state.resources).length, 2);
    const unfit = await panka(folder, ["deploy", "--lock-scope", "service", "--yes"]);
    assert.is(unfit.code, 2, unfit.stdout + unfit.stderr);
    const last = await panka(folder, ["deploy", "--yes"]);
    assert.is(last.code, 0, last.stdout + last.stderr);
    const misspelt = await panka(folder, ["deploy", "--lock-scope", "servce", "--yes"]);
    assert.is(misspelt.code, 2, "also where there is nothing to do");
    assert.match(misspelt.stderr, /did you mean service\?/);
  });
});

test("the whole stack's run settles what a killed service's run left, in that service's scope", async () => {
  await inFolder(files, async (folder) => {
    const killed = await panka(folder, ["deploy", "--service", "users", "--yes"], { PANKA_FAULT: "journal:reply-received" });
    assert.is(killed.signal, "SIGKILL", killed.stdout + killed.stderr);
    const next = await panka(folder, ["deploy", "--yes"]);
    assert.is(next.code, 0, next.stdout + next.stderr);
    assert.equal(jsonOf(await panka(folder, ["state", "locks", "--json"])).result, []);
    const state = jsonOf(await panka(folder, ["state", "show", "--json"])).result;
    assert.is(Object.keys(state.resources).length, 2);
    assert.equal(Object.keys(state.fences).sort(), ["*", "users"]);
  });
});

test.run();
