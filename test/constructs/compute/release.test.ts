import { test } from "uvu";
import * as assert from "uvu/assert";
import { MicroService, Service, Stack } from "../../../constructs/index.js";
import { hashJson } from "../../../framework/base/json.js";
import type { ReleaseRecord } from "../../../framework/model/index.js";
import { pinned } from "../../../framework/operations/images.js";
import { synthOf } from "../../support/synth.js";

function synth(props: object) {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  const users = new Service(stack, "users");
  new MicroService(users, "api", { image: "acme/api:1", port: 8080, ...props });
  return synthOf(stack);
}

const RELEASE = { release: { command: ["./manage", "migrate"] } };

test("the command runs with the new task definition, and the service waits for it and until it is steady", async () => {
  const { at, result } = await synth({ deployment: RELEASE });
  const task = at("users/api/release");
  assert.is(task.type, "panka:tasks/task:Task");
  assert.equal(task.props["command"], ["./manage", "migrate"]);
  assert.equal(task.props["taskDefinition"], { $ref: { urn: at("users/api/task-definition").urn, output: "arn" } });
  assert.ok(at("users/api").dependsOn.includes(task.urn));
  assert.is(at("users/api").props["waitForSteadyState"], true);
  assert.ok(result?.assembly.rollouts?.some((r) => r.component === "users/api"));
  const without = await synth({});
  assert.ok(!without.result?.assembly.resources.some((r) => r.type.startsWith("panka:")));
});

test("in stages it runs with the task definition of what stands beside, which waits for it, and says what that runs", async () => {
  const { at, result } = await synth({ deployment: { ...RELEASE, strategy: "canary" } });
  const { urn, props } = at("users/api/release");
  const staged = result?.assembly.rollouts?.[0]?.staged;
  const added = (name: string) => staged?.added.find((r) => r.urn.endsWith(`users/api/${name}`));
  const beside = { $ref: { urn: added("next-task-definition")?.urn, output: "arn" } };
  assert.equal(
    staged?.stages.map((stage) => stage.set.find((s) => s.urn === urn)),
    [0, 1, 2].map(() => ({ urn, path: "taskDefinition", value: beside })),
  );
  assert.ok(added("next")?.dependsOn.includes(urn));
  assert.not(staged?.hold.some((h) => h.urn === urn));
  assert.equal(props["definition"], at("users/api/task-definition").props["containerDefinitions"]);
  assert.is((await synth({ deployment: RELEASE })).at("users/api/release").props["definition"], undefined);
});

test("going back to a release does not run its command again", async () => {
  const { result } = await synth({ deployment: RELEASE });
  const assembly = result?.assembly;
  const back = pinned({ assembly, assemblyHash: result?.hash } as ReleaseRecord);
  assert.ok(!JSON.stringify(back.assembly).includes("panka:tasks/task:Task"));
  assert.is(back.hash, hashJson(back.assembly));
  const plain = await synth({});
  assert.is(pinned({ assembly: plain.result?.assembly, assemblyHash: plain.result?.hash } as ReleaseRecord).hash, plain.result?.hash);
});

test("a command that can't be run so is an error with what to write instead", async () => {
  for (const [props, code] of [
    [{ deployment: RELEASE, command: ["node"] }, "entry-point"],
    [{ deployment: { release: { command: [] } } }, "no-command"],
  ] as const)
    assert.equal((await synth(props)).codes, [code]);
});

test.run();
