import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Clock, ProviderResult, TypeSchema } from "../../../../framework/model/index.js";
import { waitUntilReady } from "../../../../framework/providers/aws/ready.js";

const rule = { attribute: "status", ready: ["ACTIVE"], pending: ["CREATING"], failed: ["FAILED"] };
const schema: TypeSchema = { token: "t", wire: "t", version: 0, properties: {}, taggable: false, ready: rule };
const prior = { id: "i", inputs: {}, outputs: {}, private: "", schemaVersion: 0 };

/** Waits with a clock of its own; gives what was found and how long it took. */
async function wait(statuses: (string | null)[], of = schema, timeoutSeconds = 60): Promise<{ found: ProviderResult | null; ms: number }> {
  let now = 0;
  const sleep = async (ms: number): Promise<void> => {
    now += ms;
  };
  const clock: Clock = { now: () => now, monotonic: () => now, sleep };
  const read = async (): Promise<ProviderResult | null> => {
    const status = statuses.length > 1 ? statuses.shift() : statuses[0];
    return status === null || status === undefined
      ? null
      : { id: "i", outputs: { status }, private: "", schemaVersion: 0, secretPaths: [], diagnostics: [] };
  };
  const found = await waitUntilReady(of, { urn: "u", prior, timeoutSeconds }, clock, read);
  return { found, ms: now };
}

test("it reads until the status is a ready one, waiting longer each time", async () => {
  const { found, ms } = await wait(["CREATING", "CREATING", "ACTIVE"]);
  assert.is(found?.outputs.status, "ACTIVE");
  assert.is(ms, 1500);
});

test("a type without a rule is read once", async () => {
  assert.is((await wait(["CREATING"], { ...schema, ready: undefined } as never)).ms, 0);
});

test("what is gone is null", async () => {
  assert.is((await wait(["CREATING", null])).found, null);
});

test("a failed status and the end of the time are errors that name the status", async () => {
  const message = (statuses: string[]): Promise<string> =>
    wait(statuses).then(
      () => "it did not fail",
      (e: Error) => e.message,
    );
  assert.match(await message(["CREATING", "FAILED"]), /has status "FAILED"/);
  assert.match(await message(["CREATING"]), /still has status "CREATING" after 60 s; expected ACTIVE/);
});

test.run();
