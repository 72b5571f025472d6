import { test } from "uvu";
import * as assert from "uvu/assert";
import { deploymentOf } from "../../../../framework/engine/pulumi/deployment.js";
import { flatLayout } from "../../../../framework/engine/pulumi/layout.js";
import { fromPulumiUrn, toPulumiUrn } from "../../../../framework/engine/pulumi/urns.js";
import { fromMeta, toMeta } from "../../../../framework/engine/pulumi/values.js";
import type { ResourceState } from "../../../../framework/model/state-file.js";
import { emptyState } from "../../../../framework/state/codec.js";

const urn = (name: string): string => `urn:pulumi:dev::shop::test:x/y:Y::app/${name}`;
const entry = (more: Partial<ResourceState>): ResourceState => ({
  type: "test:x/y:Y",
  id: "id",
  generation: 0,
  inputs: {},
  outputs: {},
  schemaVersion: 0,
  private: "",
  dependsOn: [],
  protect: false,
  secretPaths: [],
  status: "ok",
  ...more,
});

function made(resources: { [key: string]: ResourceState }, more: object = {}) {
  const state = { ...emptyState("l", "pulumi", { name: "t", account: "", region: "r", endpoint: "" }), resources };
  const parts = {
    environment: "dev",
    stack: "shop",
    state,
    package: { name: "test", version: "1.0.0", inputs: { region: "r" } },
    hooks: false,
  };
  const { version, deployment } = deploymentOf({ ...parts, assetPath: (sha: string) => `/project/${sha}.zip`, ...more });
  return { version, all: deployment.resources, own: deployment.resources.filter((r) => String(r.urn).includes("$test:")) as any[] };
}

test("a URN has its parents' types in Pulumi, and comes back without them", () => {
  const own = toPulumiUrn(urn("jobs/dlq"));
  assert.is(own, "urn:pulumi:dev::shop::panka:index:Service$panka:index:Component$test:x/y:Y::app/jobs/dlq");
  assert.is(fromPulumiUrn(own), urn("jobs/dlq"));
  assert.is(fromPulumiUrn("urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"), undefined);
});

test("what a resource needs stands before it, its parents and its provider, too", () => {
  const { all } = made({ [urn("a")]: entry({ dependsOn: [urn("b")] }), [urn("b")]: entry({}) });
  const seen = new Set<unknown>();
  for (const r of all as any[]) {
    const needs = [r.parent, r.provider?.split("::").slice(0, -1).join("::"), ...(r.dependencies ?? [])].filter((n) => n !== undefined);
    for (const need of needs) assert.ok(seen.has(need), `${r.urn} comes before ${need}`);
    seen.add(r.urn);
  }
});

test("a superseded generation is marked for deletion and comes after its successor", () => {
  const { own } = made({ [urn("a")]: entry({ generation: 1, id: "new" }), [`${urn("a")}#0`]: entry({ id: "old", status: "deleting" }) });
  assert.equal(
    own.map((r) => [r.id, r.delete ?? false]),
    [
      ["new", false],
      ["old", true],
    ],
  );
});

test("a property that holds a secret is marked as a whole", () => {
  const inputs = { open: "x", shut: { deep: "secret", more: 1 } };
  const { own } = made({ [urn("a")]: entry({ inputs, secretPaths: ["inputs.shut.deep"] }) });
  assert.is(own[0].inputs.open, "x");
  assert.equal(JSON.parse(own[0].inputs.shut.plaintext), inputs.shut);
});

test("what is handed over names no hooks; what a run writes names them, in the version that knows them", () => {
  const handed = made({ [urn("a")]: entry({}) });
  assert.is(handed.version, 3);
  assert.is(handed.own[0].resourceHooks, undefined);
  const run = made({ [urn("a")]: entry({}) }, { hooks: true });
  assert.is(run.version, 4);
  assert.equal(run.own[0].resourceHooks.BeforeDelete, ["panka-before-delete"]);
});

test("protection is kept, except where the plan may delete or replace", () => {
  const state = { [urn("a")]: entry({ protect: true }) };
  assert.is(made(state).own[0].protect, true);
  assert.is(made(state, { unprotected: new Set([urn("a")]) }).own[0].protect, undefined);
});

test("an asset is the archive of its hash", () => {
  const { own } = made({ [urn("a")]: entry({ inputs: { code: { $asset: "abc" } } }) });
  assert.is(own[0].inputs.code.hash, "abc");
  assert.is(own[0].inputs.code.path, "/project/abc.zip");
});

test("the provider's private data and schema version survive the way to Pulumi and back", () => {
  const text = JSON.stringify({ timeouts: { create: 1 }, schema_version: "2" });
  const state = { private: Buffer.from(text).toString("base64"), schemaVersion: 2 };
  assert.equal(fromMeta(toMeta(state)), state);
  assert.equal(fromMeta(toMeta({ private: "", schemaVersion: 1 })), { private: "", schemaVersion: 1 });
  assert.is(toMeta({ private: "", schemaVersion: 0 }), undefined);
});

test("a resource of another package has that package's default provider, which stands before it", () => {
  const pet = "urn:pulumi:dev::shop::pets:index:Pet::app/pet";
  const { all } = made({ [urn("a")]: entry({}), [pet]: entry({ type: "pets:index:Pet" }) });
  const provider = all.find((r) => r.type === "pulumi:providers:pets") as any;
  assert.is(provider.urn, "urn:pulumi:dev::shop::pulumi:providers:pets::default");
  assert.is((all.find((r) => r.type === "pets:index:Pet") as any).provider, `${provider.urn}::${provider.id}`);
  assert.match((all.find((r) => r.type === "test:x/y:Y") as any).provider, "pulumi:providers:test::test");
});

test("handed over flat, everything stands below the root, and what seals a secret is the caller's", () => {
  const parts = { environment: "dev", stack: "shop", package: { name: "test", version: "1.0.0", inputs: {} } };
  const layout = flatLayout(parts.environment, parts.stack, parts.package);
  const state = { [urn("a")]: entry({ inputs: { shut: "x" }, secretPaths: ["inputs.shut"] }) };
  const { all } = made(state, { layout, seal: () => ({ ciphertext: "sealed" }), outputs: { outputs: {} } });
  const root = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
  assert.equal(
    all.map((r) => [r.urn, r.parent]),
    [
      [root, undefined],
      ["urn:pulumi:dev::shop::pulumi:providers:test::default_1_0_0", undefined],
      ["urn:pulumi:dev::shop::test:x/y:Y::app/a", root],
    ],
  );
  assert.is((all[2] as any).inputs.shut.ciphertext, "sealed");
});

test.run();
