import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isPankaError } from "../../../framework/base/errors.js";
import type { Done, JournalEntry } from "../../../framework/model/journal.js";
import { StoreError } from "../../../framework/model/state-store.js";
import { type DumpPlace, folderOfDumps, withDumps } from "../../../framework/operations/run-dump.js";
import { notSaved } from "../../../framework/operations/store-failure.js";
import { aesCipher, singleKey } from "../../../framework/state/cipher.js";
import { ROOT } from "../../support/source-tree.js";
import { realRandom, withFolder } from "../../support/world.js";

const LINEAGE = "6b1f7d0e-9c43-4c55-8f0a-1d2e3f405060";
const GOLDEN = join(ROOT, "test", "golden", "run-dump-v1.json");
const cipher = (fill = 7) =>
  aesCipher(
    "file:test.key",
    singleKey("file:test.key", async () => new Uint8Array(32).fill(fill)),
    realRandom,
  );
const place = (folder: string, more: { path?: string; fill?: number } = {}): DumpPlace =>
  folderOfDumps({ folder, shown: "shown", path: more.path ?? "shop/dev", cipher: cipher(more.fill), random: realRandom });
const DONES: Done[] = [
  { of: 3, id: "arn:1", outputs: { password: "hunter2-hunter2" }, secretPaths: ["outputs.password"] },
  { of: 4, error: "conflict" },
];
const codeOf = (p: Promise<unknown>): Promise<string> =>
  p.then(
    () => "none",
    (e) => (isPankaError(e) ? e.code : `threw ${e}`),
  );
const entry = (fence: number, seq: number, done?: Done): JournalEntry => ({
  fence,
  seq,
  ...(done ? { done } : {}),
  intent: {
    seq,
    urn: "u",
    key: "u",
    op: "create",
    type: "t",
    generation: 0,
    probe: { class: "A" },
    inputsHash: "",
    dependsOn: [],
    protect: false,
    at: 0,
  },
});

test("a dump comes back whole, holds no clear text, is readable by its owner only, and is gone when cleared", async () => {
  await withFolder(async (folder) => {
    const dumps = place(folder);
    await dumps.write({ lineage: LINEAGE, fence: 2, dones: DONES });
    await dumps.write({ lineage: LINEAGE, fence: 2, dones: DONES });
    const [name = ""] = readdirSync(folder);
    assert.not.match(readFileSync(join(folder, name), "utf8"), /hunter2|arn:1|conflict/);
    assert.is(statSync(join(folder, name)).mode & 0o077, 0);
    assert.equal(await dumps.read(LINEAGE), [{ lineage: LINEAGE, fence: 2, dones: DONES }]);
    assert.equal(await dumps.read("another"), []);
    await dumps.clear(LINEAGE);
    assert.equal(readdirSync(folder), []);
  });
});

test("a dump of another stack, fence, key or format version is refused with its name and what to do; nothing is guessed", async () => {
  await withFolder(async (folder) => {
    const dumps = place(folder);
    await dumps.write({ lineage: LINEAGE, fence: 2, dones: DONES });
    const file = join(folder, readdirSync(folder)[0] ?? "");
    const text = readFileSync(file, "utf8");
    assert.is(await codeOf(place(folder, { path: "other/dev" }).read(LINEAGE)), "unreadable-dump");
    assert.is(await codeOf(place(folder, { fill: 8 }).read(LINEAGE)), "unreadable-dump");
    for (const changed of [text.replace('"fence":2', '"fence":3'), text.replace('"version":1', '"version":2'), text.slice(0, 40)]) {
      writeFileSync(file, changed);
      assert.is(await codeOf(dumps.read(LINEAGE)), "unreadable-dump");
    }
  });
});

test("the recorded dump of format version 1 is still read", async () => {
  await withFolder(async (folder) => {
    writeFileSync(join(folder, `${LINEAGE}-0000000002.json`), readFileSync(GOLDEN));
    assert.equal(await place(folder).read(LINEAGE), [{ lineage: LINEAGE, fence: 2, dones: DONES }]);
  });
});

test("outcomes count only for intents of their fence that are open and unsealed; the journal's own outcome wins", async () => {
  await withFolder(async (folder) => {
    const dumps = place(folder);
    await dumps.write({ lineage: LINEAGE, fence: 2, dones: DONES });
    const own: Done = { of: 4, id: "journal" };
    const journals = { entries: [entry(1, 3), entry(2, 3), entry(2, 4, own), entry(2, 5)], lastSeqs: new Map(), gaps: new Map() };
    const merged = await withDumps(dumps, journals, LINEAGE, () => {});
    assert.equal(
      merged.entries.map((e) => e.done?.id),
      [undefined, "arn:1", "journal", undefined],
    );
    const said: string[] = [];
    const sealed = await withDumps(dumps, { entries: [], lastSeqs: new Map(), gaps: new Map() }, LINEAGE, (e) =>
      said.push("message" in e ? e.message : ""),
    );
    assert.equal(sealed.entries, []);
    assert.match(said.join(), /settled since/);
  });
});

test("each kind of failing store has its own code, says where the outcomes are and the next command; without room even here it says so", async () => {
  const dump = async () => ({ outcomes: 2, place: "P" });
  for (const [failure, code] of [
    ["expired", "credentials-expired"],
    ["denied", "store-denied"],
    ["full", "disk-full"],
    ["unavailable", "store-unavailable"],
    ["unknown", "store-unavailable"],
  ] as const) {
    const error = await notSaved(new StoreError(failure, "write x: failed"), { dump });
    assert.ok(isPankaError(error) && error.code === code && error.next?.endsWith("run the same command again"), code);
    assert.match((error as Error).message, /2 outcomes that were not saved are kept, encrypted, in P/);
  }
  const none = await notSaved(new StoreError("full", "no room"), {
    dump: async () => {
      throw new Error("ENOSPC");
    },
  });
  assert.match((none as Error).message, /could not be kept here either \(ENOSPC\); the next run looks for it in the cloud/);
  const other = new Error("bug");
  assert.is(await notSaved(other, { dump: async () => undefined }), other);
});

test.run();
