/** `kill -9` in the middle of a roll-out in stages: the next deploy brings the new version to its end, and nothing is left over. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Finished, fine, inFolder, jsonOf, linesOf, panka, startPanka } from "../support/cli.js";
import { cloudThings, thingsOf } from "../support/local-things.js";
import { component, stackHead } from "../support/stack-text.js";

const CONFIG = "version: 1\nenvironments:\n  development: { provider: local }\n";
const stack = (tag: number): string =>
  [
    stackHead("killed"),
    component(
      "MicroService",
      "api",
      `{ image: "ghcr.io/acme/api:${tag}", port: 8080, healthCheck: /up, deployment: { strategy: canary, release: { command: [./migrate] }, rollback: { metrics: [{ metric: errors, above: 1 }] } } }`,
    ),
  ].join("---\n");
const DEPLOY = ["deploy", "--yes", "--json"];
const QUICK = { PANKA_MINUTE_MS: "20" };

/** Types and ids of what exists in the model of the cloud, and of what the state knows. */
async function standing(folder: string): Promise<{ cloud: string[]; recorded: string[]; tag: string }> {
  const state = jsonOf(await panka(folder, ["state", "pull"]));
  return { cloud: cloudThings(folder), recorded: thingsOf(state.resources), tag: /acme\/api:\d/.exec(JSON.stringify(state))?.[0] ?? "" };
}

/** Deploys version 1, has version 2 killed, deploys again; all must be as if nothing had happened. */
async function killed(kill: (folder: string) => Promise<Finished>): Promise<void> {
  await inFolder({ "panka.config.yaml": CONFIG, "stack.yaml": stack(1) }, async (folder) => {
    fine(await panka(folder, DEPLOY, QUICK));
    const before = await standing(folder);
    writeFileSync(join(folder, "stack.yaml"), stack(2));
    const dead = await kill(folder);
    assert.is(dead.signal, "SIGKILL", `it was not killed:\n${dead.stdout}\n${dead.stderr}`);
    fine(await panka(folder, DEPLOY, QUICK));
    const after = await standing(folder);
    assert.is(after.tag, "acme/api:2");
    assert.equal(after.cloud, after.recorded);
    assert.is(after.cloud.length, before.cloud.length);
    assert.match((await panka(folder, ["deploy", "--yes"])).stdout, /No changes/);
  });
}

test("the command before a new version runs once, when its tasks are described and before they start beside the old ones", () =>
  inFolder({ "panka.config.yaml": CONFIG, "stack.yaml": stack(1) }, async (folder) => {
    fine(await panka(folder, DEPLOY, QUICK));
    writeFileSync(join(folder, "stack.yaml"), stack(2));
    const events = linesOf(fine(await panka(folder, DEPLOY, QUICK)));
    const made = events.filter((e) => e.type === "step-done" || e.type === "stage").map((e) => e.urn?.split("/").pop() ?? e.message);
    const at = (name: string): number => made.indexOf(name);
    assert.is(made.filter((name) => name === "release").length, 1, made.join("\n"));
    assert.ok(at("next-task-definition") < at("release") && at("release") < at("next"), made.join("\n"));
    assert.match((await panka(folder, ["deploy", "--yes"])).stdout, /No changes/);
    writeFileSync(join(folder, "stack.yaml"), stack(2).replace("/up", "/down"));
    const again = linesOf(fine(await panka(folder, DEPLOY, QUICK)));
    assert.not(again.some((e) => e.type === "step-done" && e.urn?.endsWith("/release")));
  }));

for (const [when, step] of [
  ["while the new version is put beside", 5],
  ["while the service itself takes it over", 10],
  ["while what stood beside goes", 14],
] as const)
  test(`killed ${when}`, () => killed((folder) => panka(folder, DEPLOY, { ...QUICK, PANKA_FAULT: `journal:reply-received@${step}` })));

test("killed while it is watched", () =>
  killed(async (folder) => {
    const running = startPanka(folder, DEPLOY);
    running.child.stdout?.on("data", (text) => {
      if (String(text).includes('"type":"bake"')) running.child.kill("SIGKILL");
    });
    return running.done;
  }));

test.run();
