import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PriorResource, Provider } from "../../../framework/model/provider.js";
import { loadSchemaIndex } from "../../../framework/providers/aws/schema-index.js";
import { withGuardsOff } from "../../../framework/providers/guards-off.js";
import { createLocalProvider } from "../../../framework/providers/local/provider.js";
import { realClock } from "../../support/world.js";

const TYPE = "aws:dynamodb/table:Table";
const urn = `urn:pulumi:production::s::${TYPE}::shop/orders`;
const inputs = {
  ...{ name: "orders", hashKey: "id", attributes: [{ name: "id", type: "S" }], billingMode: "PAY_PER_REQUEST" },
  deletionProtectionEnabled: true,
};

/** A table that AWS protects. */
async function protectedTable(
  body: (provider: Provider, call: { urn: string; type: string; inputs: typeof inputs; prior: PriorResource }) => Promise<void>,
) {
  const folder = mkdtempSync(join(tmpdir(), "panka-guards-"));
  try {
    const schemas = loadSchemaIndex("framework/providers/aws/data");
    const provider = createLocalProvider({ file: join(folder, "local-cloud.json"), schemas, region: "us-east-1", clock: realClock });
    const made = await provider.create({ urn, type: TYPE, inputs });
    await body(provider, { urn, type: TYPE, inputs, prior: { ...made, inputs } });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("what was named is deleted though the cloud protects it, by component or URN, and once more without error", async () => {
  for (const name of ["shop/orders", urn])
    for (const flag of ["allowDelete", "allowReplace"])
      await protectedTable(async (base, call) => {
        const provider = withGuardsOff(base, { [flag]: [name] });
        await provider.delete(call);
        assert.is(await base.read(call), null);
        await provider.delete(call);
      });
});

test("what was not named stays protected; a name that is added later counts", async () => {
  await protectedTable(async (base, call) => {
    const allowDelete = ["shop/order"];
    const provider = withGuardsOff(base, { allowDelete });
    const refused = await provider.delete(call).then(
      () => "deleted",
      (error: Error) => error.message,
    );
    assert.match(refused, /deletionProtectionEnabled/);
    assert.is((await base.read(call))?.outputs["deletionProtectionEnabled"], true);
    allowDelete.push("shop/orders");
    await provider.delete(call);
    assert.is(await base.read(call), null);
  });
});

test.run();
