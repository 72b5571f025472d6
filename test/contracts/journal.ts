/** The rules of the journal at rest, as tests that every store runs, each with a key of another kind. */
import * as assert from "uvu/assert";
import { isPankaError } from "../../framework/base/errors.js";
import type { Cipher } from "../../framework/model/cipher.js";
import type { StateFile } from "../../framework/model/state-file.js";
import type { StateStore } from "../../framework/model/state-store.js";
import { emptyState } from "../../framework/state/codec.js";
import { readJournals } from "../../framework/state/journal-reader.js";
import { journalWriter } from "../../framework/state/journal-writer.js";
import { journalKey } from "../../framework/state/keys.js";
import { replaceObject } from "./replace-object.js";
import { realClock as clock, realRandom as random } from "../support/world.js";

const LINEAGE = "8c9b1a52-0000-4000-8000-000000000001";
const URN = "urn:pulumi:dev::shop::aws:sqs/queue:Queue::orders/jobs";
const FENCE = 700;

const intentOf = (name: string) => ({
  urn: `${URN}-${name}`,
  key: `${URN}-${name}`,
  op: "create" as const,
  type: "aws:sqs/queue:Queue",
  generation: 0,
  probe: { class: "A" as const, name: `shop-dev-${name}` },
  inputsHash: "0",
  inputs: { name, password: "hunter2-secret" },
  secretPaths: ["inputs.password"],
  dependsOn: [],
  protect: false,
});

const stateOf = (more: Partial<StateFile> = {}): StateFile => ({
  ...emptyState(LINEAGE, "embedded", { name: "local", account: "", region: "us-east-1", endpoint: "" }),
  journalsSealedFrom: FENCE,
  ...more,
});

/** Writes two intents and their outcomes under a fence. */
async function run(store: StateStore, cipher: Cipher, fence: number, sealed = true): Promise<void> {
  const journal = journalWriter({ store, cipher, clock, random, path: "shop/dev", lineage: LINEAGE, sealed, fence });
  const first = await journal.intent(intentOf("a"));
  const second = await journal.intent(intentOf("b"));
  journal.done({ of: first, id: "id-a", outputs: { token: "t-secret", arn: "arn:x" }, secretPaths: ["outputs.token"] });
  journal.done({ of: second, error: "refused" });
  await journal.flush();
}

async function clear(store: StateStore): Promise<void> {
  for (const key of await store.list("journal/")) await store.delete(key);
}

type Test = (name: string, body: () => Promise<void>) => void;

/** Registers the rules. `open` gives a store, `key` its key. */
export function journalContract(test: Test, name: string, open: () => StateStore, key: () => Cipher): void {
  const read = (state: StateFile, path = "shop/dev") => readJournals({ store: open(), cipher: key(), clock, path }, state, 10_000);
  const objectOf = async (fence: number, seq: number): Promise<Uint8Array> =>
    ((await open().get(journalKey(fence, seq))) as { bytes: Uint8Array }).bytes;

  test(`${name}: a journal is encrypted as a whole: no name, id or output is in its objects, and it is read back`, async () => {
    const store = open();
    await clear(store);
    await run(store, key(), FENCE);
    for (const at of await store.list("journal/")) {
      const text = new TextDecoder().decode((await store.get(at))?.bytes);
      assert.equal(Object.keys(JSON.parse(text)), ["sealed", "version"]);
      assert.not.match(text, /urn:|orders|id-a|arn:x|refused|secret/);
    }
    const { entries } = await read(stateOf());
    assert.equal(
      entries.map((e) => [e.intent.inputs, e.done?.outputs ?? e.done?.error]),
      [
        [
          { name: "a", password: "hunter2-secret" },
          { token: "t-secret", arn: "arn:x" },
        ],
        [{ name: "b", password: "hunter2-secret" }, "refused"],
      ],
    );
  });

  test(`${name}: a journal object that was swapped, replayed, edited or cut is noticed, and names itself`, async () => {
    const store = open();
    await clear(store);
    await run(store, key(), FENCE);
    await run(store, key(), FENCE + 1);
    const [one, two, other] = [await objectOf(FENCE, 1), await objectOf(FENCE, 2), await objectOf(FENCE + 1, 1)];
    const edited = Uint8Array.from(two);
    const at = edited.length - 30;
    edited[at] = edited[at] === 65 ? 66 : 65;
    const wrong: [string, Uint8Array, RegExp][] = [
      ["swapped within the run", one, /cannot-decrypt/],
      ["of a later run", other, /cannot-decrypt/],
      ["edited", edited, /cannot-decrypt/],
      ["cut", two.subarray(0, two.length - 20), /damaged-journal/],
      ["empty", new Uint8Array(), /damaged-journal/],
    ];
    for (const [how, bytes, code] of wrong) {
      await replaceObject(store, journalKey(FENCE, 2), bytes);
      await refused(read(stateOf()), code, how);
    }
    await replaceObject(store, journalKey(FENCE, 2), two);
    assert.is((await read(stateOf())).entries.length, 4);
    await refused(read(stateOf({ lineage: "another" })), /cannot-decrypt/, "another lineage");
    await refused(read(stateOf(), "shop/prod"), /cannot-decrypt/, "another stack");
  });

  test(`${name}: a journal in clear, as a run without a key and earlier versions write it, is read; in the place of an encrypted one it is not`, async () => {
    const store = open();
    await clear(store);
    await run(store, key(), FENCE - 1, false);
    assert.match(new TextDecoder().decode(await objectOf(FENCE - 1, 1)), /"version":1/);
    assert.is((await read(stateOf())).entries.length, 2);
    assert.is((await readJournals({ store, clock, path: "shop/dev" }, stateOf(), 10_000)).entries[0]?.intent.urn, `${URN}-a`);
    await refused(read(stateOf({ journalsSealedFrom: FENCE - 1 })), /damaged-journal/, "clear, where it must be encrypted");
    const text = new TextDecoder().decode(await objectOf(FENCE - 1, 1));
    await replaceObject(store, journalKey(FENCE - 1, 2), new TextEncoder().encode(text));
    await refused(read(stateOf()), /damaged-journal/, "clear, with another's number");
    await clear(store);
  });
}

async function refused(call: Promise<unknown>, code: RegExp, how: string): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isPankaError(error)) throw error;
    assert.match(error.code, code, how);
    assert.match(error.message, /journal\/\d{10}\/\d{10}\.json at /, how);
    return assert.ok(error.next, how);
  }
  assert.unreachable(how);
}
