import { test } from "uvu";
import * as assert from "uvu/assert";
import { DIGEST_LOOKUP, IMAGE_TYPE } from "../../../framework/model/images.js";
import type { PlanPort, Props } from "../../../framework/model/provider.js";
import type { ReleaseRecord, StateFile } from "../../../framework/model/state-file.js";
import { imagesOf, pinned, withDigests } from "../../../framework/operations/images.js";
import { lookupKey } from "../../../framework/plan/resolve.js";
import { emptyState, resource } from "../../support/engine-world.js";

const ARGS = { image: "nginx:1" };
const found = (digest: string, why = ""): Props => ({ image: "nginx:1", digest, why, reference: digest ? `nginx@${digest}` : "nginx:1" });
const recorded = (result: Props): StateFile => ({
  ...emptyState(),
  lookups: { [lookupKey(DIGEST_LOOKUP, ARGS)]: { token: DIGEST_LOOKUP, args: ARGS, result } },
});

/** What the port answers and says where the registry gives `now` and the state has `before`. */
async function looked(now: Props, before?: Props): Promise<{ reference: unknown; said: string[] }> {
  const said: string[] = [];
  const port: PlanPort = { plan: () => Promise.reject(new Error("no plan here")), lookup: async () => now };
  const wrapped = withDigests(port, before ? recorded(before) : null, (notice) => said.push(notice));
  return { reference: (await wrapped.lookup(DIGEST_LOOKUP, ARGS)).reference, said };
}

test("a tag that moved is told with both digests; one that did not is not", async () => {
  assert.equal(await looked(found("sha256:b"), found("sha256:a")), {
    reference: "nginx@sha256:b",
    said: ["nginx:1 now points to sha256:b; deployed is sha256:a"],
  });
  assert.equal((await looked(found("sha256:a"), found("sha256:a"))).said, []);
  assert.equal((await looked(found("sha256:a"))).said, []);
});

test("where the registry does not answer the recorded digest stays, and without one the tag is deployed, which the plan says", async () => {
  assert.equal(await looked(found("", "it is down"), found("sha256:a")), {
    reference: "nginx@sha256:a",
    said: ["nginx:1 stays at sha256:a: it is down"],
  });
  assert.equal(await looked(found("", "it is down")), { reference: "nginx:1", said: ["nginx:1 is deployed by tag: it is down"] });
  assert.equal((await looked(found(""))).said, [], "nobody was asked");
});

test("a release says what was deployed: digests of given images, of built ones, and those that went by tag", () => {
  const state = recorded(found("sha256:a"));
  state.lookups.other = { token: DIGEST_LOOKUP, args: { image: "redis:7" }, result: { digest: "" } };
  state.resources[resource("app/api/image", {}, { type: IMAGE_TYPE }).urn] = {
    ...{ type: IMAGE_TYPE, id: "host/shop:app.api.1", generation: 0, inputs: {}, outputs: { digest: "sha256:c" } },
    ...{ schemaVersion: 0, private: "", dependsOn: [], protect: false, secretPaths: [], status: "ok" as const },
  };
  assert.equal(imagesOf(state), { "host/shop:app.api.1": "sha256:c", "nginx:1": "sha256:a", "redis:7": "" });
});

test("a release that is rolled back to has the digests that it had; a tag without one is looked up again", () => {
  const image = (name: string) => ({ $lookup: { token: DIGEST_LOOKUP, args: { image: name }, output: "reference" } });
  const spec = resource("app/api", { containers: { $json: [{ image: image("nginx:1") }, { image: image("redis:7") }] } });
  const assembly = { version: 1, stack: "shop", environment: "dev", region: "", resources: [spec], outputs: {} };
  const release = { assembly, assemblyHash: "h", images: { "nginx:1": "sha256:a", "redis:7": "" } } as unknown as ReleaseRecord;
  const back = pinned(release);
  assert.equal(back.assembly.resources[0]?.props.containers, { $json: [{ image: "nginx@sha256:a" }, { image: image("redis:7") }] });
  assert.is.not(back.hash, "h");
  assert.is(pinned({ ...release, images: {} }).hash, "h");
});

test.run();
