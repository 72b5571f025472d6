import { test } from "uvu";
import * as assert from "uvu/assert";
import { withForeign } from "../../../framework/engine/foreign.js";
import { isProviderError, type Provider } from "../../../framework/model/provider.js";

const asked: string[] = [];
const base = new Proxy({} as Provider, {
  ownKeys: () => ["name", "read", "validate"],
  getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  get: (_, name) => (name === "name" ? "own" : async () => asked.push(String(name))),
});
const provider = withForeign(base, "own");
const prior = { id: "1", inputs: {}, outputs: { a: "b" }, private: "", schemaVersion: 0 };

test("the provider is asked about its own types only; others are as they were recorded", async () => {
  await provider.read({ urn: "u", type: "own:x/y:Y", prior });
  assert.equal(asked.splice(0), ["read"]);
  const found = await provider.read({ urn: "u", type: "pets:index:Pet", prior });
  assert.equal([found?.id, found?.outputs], ["1", { a: "b" }]);
  assert.equal(await provider.validate({ urn: "u", type: "pets:index:Pet", inputs: {} }), []);
  assert.is(await provider.import({ urn: "u", type: "pets:index:Pet", importId: "1" }), null);
  assert.equal(asked, []);
});

test("no change of another package's resource goes to the provider", async () => {
  try {
    await provider.create({ urn: "u", type: "pets:index:Pet", inputs: {} });
    assert.unreachable();
  } catch (error) {
    assert.ok(isProviderError(error, "failed"), String(error));
  }
});

test.run();
