import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { canonicalJson, hashJson } from "../../../framework/base/json.js";
import { matchesIdentity, refusedBy } from "../../../framework/operations/approval-rules.js";
import { checkPlace } from "../../../framework/operations/planned-run.js";
import { readSavedPlan } from "../../../framework/operations/saved-plan.js";
import type { SavedPlan } from "../../../framework/model/saved-plan.js";
import type { StateFile } from "../../../framework/model/state-file.js";
import { stateFingerprint } from "../../../framework/state/fingerprint.js";
import { ROOT } from "../../support/source-tree.js";

const GOLDEN = join(ROOT, "test/golden/plan/version-1.json");

const content: Omit<SavedPlan, "id"> = {
  version: 1,
  operation: "deploy",
  stack: "shop",
  tenant: "payments",
  regional: "us-east-1",
  environment: "production",
  panka: "0.1.0",
  at: "2026-01-01T00:00:00.000Z",
  by: "arn:aws:iam::123456789012:user/alice",
  gitCommit: "0123456789abcdef",
  engine: "embedded",
  provider: { name: "aws", account: "123456789012", region: "us-east-1", endpoint: "" },
  place: { name: "aws", region: "us-east-1" },
  state: { lineage: "8c9b1a52-0000-4000-8000-000000000001", serial: 3, content: "0".repeat(64) },
  assembly: { version: 1, stack: "shop", environment: "production", region: "us-east-1", resources: [], outputs: {} },
  graph: { nodes: [], edges: [] },
  selection: { services: [], components: [], withDependencies: false },
  refresh: false,
  allowDelete: [],
  imageOverrides: { "shop/api": "team/api:2" },
  lookups: { key: { token: "aws:index/getRegion:getRegion", args: {}, result: { name: "us-east-1" } } },
  plan: {
    version: 1,
    stack: "shop",
    environment: "production",
    serial: 3,
    assemblyHash: "a",
    planHash: "b",
    summary: { create: 0, update: 0, replace: 0, delete: 0, same: 0 },
    changes: [],
    notices: [],
    leftOut: [],
    grants: [],
  },
  approval: [{ asked: "Compliance", by: ["bob"] }],
};
const plan: SavedPlan = { ...content, id: hashJson(content) };
const written = (value: unknown): string => {
  const folder = mkdtempSync(join(tmpdir(), "panka-plan-"));
  writeFileSync(join(folder, "plan.json"), typeof value === "string" ? value : JSON.stringify(value));
  return folder;
};
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "",
    (error) => `${error.code} ${error.exitCode}`,
  );

test("the plan of version 1 that was written once stays readable, byte for byte", async () => {
  if (!existsSync(GOLDEN)) writeFileSync(GOLDEN, `${canonicalJson(plan, 2)}\n`);
  assert.equal(await readSavedPlan(ROOT, GOLDEN), plan);
  assert.is(readFileSync(GOLDEN, "utf8"), `${canonicalJson(plan, 2)}\n`);
  assert.ok(statSync(GOLDEN).isFile());
});

test("a plan any part of which was changed, added or taken out is refused with exit 5", async () => {
  for (const key of Object.keys(content) as (keyof typeof content)[]) {
    const { [key]: _gone, ...without } = plan;
    if (key !== "version") assert.is(await codeOf(readSavedPlan(written(without), "plan.json")), "edited-plan 5", `without ${key}`);
    const changed = { ...plan, [key]: key === "version" ? 2 : "other" };
    assert.is(await codeOf(readSavedPlan(written(changed), "plan.json")), key === "version" ? "newer-plan 1" : "edited-plan 5", key);
  }
  assert.is(await codeOf(readSavedPlan(written({ ...plan, more: 1 }), "plan.json")), "edited-plan 5");
});

test("what is no plan is a usage error: no file, no JSON, no object, another document", async () => {
  for (const text of ["", "{", "[]", "null", "{}", '{"version":1}'])
    assert.is(await codeOf(readSavedPlan(written(text), "plan.json")), "no-plan 2", text);
  assert.is(await codeOf(readSavedPlan(written("{}"), "absent.json")), "no-plan-file 2");
});

test("a plan is for one account, region, endpoint, provider and engine; an account that is not known does not count", () => {
  const here = content.provider;
  const at = (more: object, engine: StateFile["engine"] = "embedded") => {
    try {
      checkPlace({ saved: plan, file: "plan.json" }, { ...here, ...more }, engine);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.is(at({}), "");
  assert.is(at({ account: "" }), "");
  assert.match(at({ account: "999999999999" }), /for the account 123456789012, this run has 999999999999/);
  assert.match(at({ region: "eu-west-1" }), /region/);
  assert.match(at({ endpoint: "http://emulator" }), /for the endpoint of AWS itself, this run has http:\/\/emulator/);
  assert.match(at({ name: "local" }), /provider/);
  assert.match(at({}, "pulumi"), /engine/);
});

test("the fingerprint is of what stands: not of serials or secret values, and the same for no state as for an empty one", async () => {
  const resource = {
    type: "t",
    id: "i",
    generation: 0,
    inputs: { a: 1, password: "hunter2" },
    outputs: {},
    schemaVersion: 0,
    private: "x",
    dependsOn: [],
    protect: false,
    secretPaths: ["inputs.password"],
    status: "ok" as const,
  };
  const of = (more: object, lookups = {}) => stateFingerprint({ resources: { u: { ...resource, ...more } }, lookups });
  const base = await of({});
  assert.is(await of({ private: "y" }), base);
  assert.is(await of({ inputs: { a: 1, password: "other" } }), base);
  assert.is(await of({ inputs: { a: 1, password: { $enc: "sealed" } } }), base);
  for (const more of [{ inputs: { a: 2, password: "hunter2" } }, { id: "j" }, { status: "partial" }, { protect: true }])
    assert.is.not(await of(more), base);
  assert.is.not(await of({}, { k: { token: "t", args: {}, result: 1 } }), base);
  assert.is(await stateFingerprint(null), await stateFingerprint({ resources: {}, lookups: {} }));
});

test("who may approve is named by ARN, by a pattern of one, or by its last part", () => {
  const user = "arn:aws:iam::123456789012:user/team/alice";
  const session = "arn:aws:sts::123456789012:assumed-role/Admin/bob@example.com";
  const cases: [string, string, boolean][] = [
    [user, user, true],
    ["alice", user, true],
    ["al*", user, true],
    ["lice", user, false],
    ["team/alice", user, false],
    ["arn:aws:iam::*:user/*/alice", user, true],
    ["arn:aws:iam::*:user/alice", user, false],
    ["bob@example.com", session, true],
    ["*@example.com", session, true],
    ["arn:aws:sts::123456789012:assumed-role/Admin/*", session, true],
    ["arn:aws:sts::123456789012:assumed-role/Admi/*", session, false],
    ["Admin", session, false],
    ["ada", "ada@engine", true],
    ["ada@engine", "ada@engine", true],
    ["ada@other", "ada@engine", false],
    ["*", session, true],
    ["a*a*a", "aa@x", false],
    [`${"*a".repeat(50)}b`, "a".repeat(10_000), false],
  ];
  for (const [pattern, identity, expected] of cases) assert.is(matchesIdentity(pattern, identity), expected, `${pattern} ${identity}`);
  const rules = [
    { asked: "one", by: [] },
    { asked: "two", by: ["alice", "bob"] },
    { asked: "three", by: ["alice"] },
  ];
  assert.is(refusedBy(rules, user), undefined);
  assert.is(refusedBy(rules, "bob@engine")?.asked, "three");
});

test.run();
