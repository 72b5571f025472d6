import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isPankaError } from "../../../framework/base/errors.js";
import type { JournalObject } from "../../../framework/model/journal.js";
import { cipherFrom } from "../../../framework/state/cipher-source.js";
import { decodeJournal, encodeJournal, type JournalPlace } from "../../../framework/state/journal-codec.js";
import { ROOT } from "../../support/source-tree.js";
import { realRandom as random } from "../../support/world.js";

const GOLDEN = join(ROOT, "test/golden/journal");
const KEY = Buffer.alloc(32, 7).toString("base64");
const cipherWith = (key: string) =>
  cipherFrom("env:KEY", { home: "/nowhere", projectRoot: "/nowhere", env: { KEY: key }, random, aws: { region: "us-east-1" } });
const cipher = cipherWith(KEY);
const place: JournalPlace = { path: "shop/dev", lineage: "8c9b1a52-0000-4000-8000-000000000001", fence: 7, seq: 3 };
const object: JournalObject = {
  version: 1,
  kind: "done",
  seq: 3,
  dones: [{ of: 1, id: "q-1", outputs: { arn: "arn:x" }, schemaVersion: 0, status: "ok" }],
};
const open = (bytes: Uint8Array, at = place, more = {}) =>
  decodeJournal(bytes, at, { cipher, location: "journal/7/3", sealedOnly: true, ...more });

async function code(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "none";
  } catch (error) {
    if (!isPankaError(error)) throw error;
    return error.code;
  }
}

for (const [version, key] of [
  [1, undefined],
  [2, cipher],
] as const) {
  test(`the journal object of version ${version} that was written once stays readable`, async () => {
    const path = join(GOLDEN, `version-${version}.json`);
    if (!existsSync(path)) writeFileSync(path, await encodeJournal(object, place, key));
    assert.equal(await open(readFileSync(path), place, { sealedOnly: version === 2 }), object);
    if (version === 1) assert.equal(Buffer.from(await encodeJournal(object, place, undefined)), readFileSync(path));
  });
}

test("every flipped bit of a journal object is noticed, and so is a cut at any byte", async () => {
  const bytes = await encodeJournal(object, place, cipher);
  for (let i = 0; i < bytes.length * 8; i++) {
    const bad = bytes.slice();
    bad[i >> 3] = (bad[i >> 3] as number) ^ (1 << (i & 7));
    assert.match(await code(open(bad)), /damaged-journal|cannot-decrypt/, `bit ${i}`);
  }
  for (let n = 0; n < bytes.length; n++) assert.is(await code(open(bytes.subarray(0, n))), "damaged-journal", `cut at ${n}`);
});

test("an object of another stack, lineage, run or number does not open, nor with another key or none", async () => {
  const bytes = await encodeJournal(object, place, cipher);
  assert.equal(await open(bytes), object);
  for (const other of [{ path: "shop/prod" }, { lineage: "another" }, { fence: 8 }, { seq: 4 }])
    assert.is(await code(open(bytes, { ...place, ...other })), "cannot-decrypt", JSON.stringify(other));
  assert.is(await code(open(bytes, place, { cipher: cipherWith(Buffer.alloc(32, 8).toString("base64")) })), "cannot-decrypt");
  assert.is(await code(open(bytes, place, { cipher: undefined })), "no-key");
  assert.is(await code(open(bytes, place, { cipher: cipherWith("") })), "no-key");
});

test("a newer version, another kind and another number are refused, each named", async () => {
  const clear = (more: object) => new TextEncoder().encode(JSON.stringify({ ...object, ...more }));
  const wrong: [object, RegExp][] = [
    [{ version: 3 }, /version 3 is unknown/],
    [{ kind: "other" }, /kind other is unknown/],
    [{ seq: 4 }, /it is number 4 of its journal/],
  ];
  for (const [more, expected] of wrong) {
    const error = await open(clear(more), place, { sealedOnly: false }).catch((e) => e);
    assert.ok(isPankaError(error) && error.code === "damaged-journal");
    assert.match(error.message, expected);
  }
});

test.run();
