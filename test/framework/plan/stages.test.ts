import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Assembly, ResourceSpec, ResourceState, Rollout, StateFile } from "../../../framework/model/index.js";
import { lookupKey } from "../../../framework/plan/resolve.js";
import {
  newVersions,
  recordedText,
  rolloutNotices,
  stageAssembly,
  stageCount,
  type StagedRollout,
} from "../../../framework/plan/stages.js";

const urnOf = (place: string): string => `urn:pulumi:dev::shop::t:m/${place.split("/").pop()}:T::${place}`;
const [SERVICE, NEXT, RULE, GONE] = ["s/api", "s/api/next", "s/api/rule", "s/old"].map(urnOf) as [string, string, string, string];

const spec = (urn: string, props: ResourceSpec["props"], more: Partial<ResourceSpec> = {}): ResourceSpec => ({
  ...{ urn, type: "t:m/a:T", name: "n", props, dependsOn: [], options: {}, probe: { class: "B" } },
  ...more,
});
const recorded = (inputs: ResourceState["inputs"], more: Partial<ResourceState> = {}): ResourceState => ({
  ...{ type: "t:m/a:T", id: "i", generation: 0, inputs, outputs: { version: "7" }, schemaVersion: 0, private: "", dependsOn: [] },
  ...{ protect: false, secretPaths: [], status: "ok" as const },
  ...more,
});

const rollout: StagedRollout = {
  component: "s/api",
  when: { urn: SERVICE, path: "image" },
  watch: { alarms: ["pager"], minutes: 5 },
  staged: {
    words: "canary: 10 % of the requests for 1 minute, then all",
    unless: [RULE],
    hold: [{ urn: SERVICE }],
    added: [spec(NEXT, { image: "2" })],
    alarms: [],
    stages: [
      {
        words: "a share",
        set: [{ urn: RULE, path: "weights", key: { $ref: { urn: SERVICE, output: "version" } }, value: 10 }],
        minutes: 1,
      },
      { words: "all", set: [], minutes: 0, released: true },
    ],
  },
};
const assembly: Assembly = {
  ...{ version: 1, stack: "shop", environment: "dev", region: "" },
  resources: [spec(SERVICE, { image: "2" }, { actions: [{ name: "a", args: {} }] }), spec(RULE, {})],
  outputs: {},
  rollouts: [rollout],
};
const resources = {
  [SERVICE]: recorded({ image: "1", token: "hidden" }, { secretPaths: ["inputs.token"], dependsOn: [RULE], protect: true }),
  [RULE]: recorded({}),
  [GONE]: recorded({ size: 1 }, { retainOnDelete: true }),
  [`${GONE}#0`]: recorded({}, { status: "deleting" }),
};
const state = { resources } as unknown as StateFile;

const at = (index: number, urn: string): ResourceSpec | undefined =>
  stageAssembly(assembly, state, [rollout], index).resources.find((r) => r.urn === urn);

test("what is held keeps all that is recorded of it, its secrets as secrets, and nothing is done to it", () => {
  const held = at(0, SERVICE);
  assert.equal(held?.props, { image: "1", token: { $secret: "hidden" } });
  assert.equal([held?.dependsOn, held?.options, held?.actions], [[RULE], { protect: true }, undefined]);
});

test("what is added stands beside, what is set differs, by a key of what is recorded", () => {
  assert.equal(at(0, NEXT)?.props, { image: "2" });
  assert.equal(at(0, RULE)?.props, { weights: { "7": 10 } });
});

test("what the new version does without stays until the stages are over; what is superseded does not", () => {
  assert.equal([at(0, GONE)?.props, at(0, GONE)?.options.retainOnDelete], [{ size: 1 }, true]);
  assert.is(at(1, `${GONE}#0`), undefined);
});

test("in a released stage nothing is held, and what was added stands yet; further on the last stage holds", () => {
  assert.equal(at(1, SERVICE)?.props, { image: "2" });
  assert.ok(at(1, NEXT));
  assert.equal([stageCount([rollout]), at(9, SERVICE)?.props], [2, { image: "2" }]);
  assert.not.ok("rollouts" in stageAssembly(assembly, state, [rollout], 0));
});

const change = (urn: string, action: "update" | "create" | "replace" | "same", ...paths: string[]) => ({
  ...{ urn, component: "s/api", type: "t:m/a:T", action, reasons: [] },
  properties: paths.map((path) => ({ path, secret: false, unknown: false, replaces: false })),
});
const versions = (...changes: ReturnType<typeof change>[]) => newVersions({ changes }, assembly, state);

test("a new version is a change of what tells versions apart; the first one, and other changes, are none", () => {
  assert.is(versions(change(SERVICE, "update", "image")).staged.length, 1);
  for (const none of [change(SERVICE, "update", "tags"), change(SERVICE, "create", "image"), change(SERVICE, "same")])
    assert.equal(versions(none), { staged: [], atOnce: [] });
});

test("where what must stand is made anew the version takes over at once, and the plan says so and that it is watched", () => {
  const found = versions(change(SERVICE, "update", "image"), change(RULE, "replace"));
  assert.equal(rolloutNotices(found), [
    "s/api: the new version takes over at once this time, as its rule must be made anew",
    "s/api: the new version is watched for 5 minutes once it has taken over",
  ]);
  assert.equal(rolloutNotices(versions(change(SERVICE, "update", "image"))), [
    "s/api: canary: 10 % of the requests for 1 minute, then all",
  ]);
  const any: Rollout = { component: "s/api", when: { urn: SERVICE } };
  assert.is(newVersions({ changes: [change(SERVICE, "update", "tags")] }, { ...assembly, rollouts: [any] }, state).atOnce.length, 1);
});

test("a text made of what is not recorded is not known", () => {
  assert.is(recordedText({ $text: ["v", { $ref: { urn: SERVICE, output: "version" } }] }, state), "v7");
  assert.is(recordedText({ $ref: { urn: NEXT, output: "version" } }, state), undefined);
  const lookup = { $lookup: { token: "ssm:parameter", args: { name: "pager" }, output: "value" } };
  const lookups = { [lookupKey("ssm:parameter", { name: "pager" })]: { result: { value: "on-call" } } } as unknown as StateFile["lookups"];
  assert.is(recordedText(lookup, { ...state, lookups }), "on-call");
  assert.is(recordedText(lookup, { ...state, lookups: {} }), undefined);
});

test.run();
