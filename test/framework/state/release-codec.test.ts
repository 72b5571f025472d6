import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isPankaError } from "../../../framework/base/errors.js";
import { hashJson } from "../../../framework/base/json.js";
import type { ReleaseRecord } from "../../../framework/model/state-file.js";
import { cipherFrom } from "../../../framework/state/cipher-source.js";
import { decodeRelease, encodeRelease, type ReleasePlace } from "../../../framework/state/release-codec.js";
import { ROOT } from "../../support/source-tree.js";
import { realRandom as random } from "../../support/world.js";

const GOLDEN = join(ROOT, "test/golden/release");
const KEY = Buffer.alloc(32, 7).toString("base64");
const cipher = cipherFrom("env:KEY", { home: "/nowhere", projectRoot: "/nowhere", env: { KEY }, random, aws: { region: "us-east-1" } });
const place: ReleasePlace = { path: "shop/dev", lineage: "8c9b1a52-0000-4000-8000-000000000001", serial: 3 };
const assembly = { version: 1, stack: "shop", environment: "dev", region: "us-east-1", resources: [] };
const record: ReleaseRecord = {
  version: 1,
  serial: 3,
  fence: 2,
  status: "good",
  at: "2026-01-01T00:00:00.000Z",
  by: "ana@desk",
  operation: "deploy",
  assemblyHash: hashJson(assembly),
  assembly,
  summary: { create: 1, update: 0, replace: 0, delete: 0, same: 2 },
  images: { "team/api:1": "sha256:0" },
  gitCommit: "0123456789abcdef",
};
const open = (bytes: Uint8Array, at = place, more = {}) =>
  decodeRelease(bytes, at, { cipher, location: "releases/3", sealedOnly: true, ...more });
const errorOf = async (call: Promise<unknown>) => {
  const error = await call.catch((e) => e);
  assert.ok(isPankaError(error), String(error));
  return error;
};

for (const [version, key] of [
  [1, undefined],
  [2, cipher],
] as const) {
  test(`the release of version ${version} that was written once stays readable`, async () => {
    const path = join(GOLDEN, `version-${version}.json`);
    if (!existsSync(path)) writeFileSync(path, await encodeRelease(record, place, key));
    assert.equal(await open(readFileSync(path), place, { sealedOnly: version === 2 }), record);
    if (version === 1) assert.equal(Buffer.from(await encodeRelease(record, place, undefined)), readFileSync(path));
  });
}

test("every flipped bit of a release is noticed, and so is a cut at any byte", async () => {
  const bytes = await encodeRelease(record, place, cipher);
  for (let i = 0; i < bytes.length * 8; i++) {
    const bad = bytes.slice();
    bad[i >> 3] = (bad[i >> 3] as number) ^ (1 << (i & 7));
    assert.match((await errorOf(open(bad))).code, /damaged-release|cannot-decrypt|newer-state/, `bit ${i}`);
  }
  for (let n = 0; n < bytes.length - 1; n++) assert.is((await errorOf(open(bytes.subarray(0, n)))).code, "damaged-release", `cut at ${n}`);
});

test("a release of a newer version says so; one without its parts, or with another assembly, is no release", async () => {
  const clear = (more: object) => new TextEncoder().encode(JSON.stringify({ ...record, ...more }));
  const read = (more: object) => errorOf(open(clear(more), place, { sealedOnly: false }));
  const newer = await read({ version: 3 });
  assert.is(newer.code, "newer-state");
  assert.match(newer.message, /format version 3; this Panka reads up to version 2/);
  const wrong: [object, RegExp][] = [
    [{ version: "x" }, /it has no version/],
    [{ serial: 4 }, /it is the release of serial 4/],
    [{ summary: null }, /it is not whole/],
    [{ assembly: { ...assembly, stack: "other" } }, /its assembly is not the one that was released/],
  ];
  for (const [more, expected] of wrong) {
    const error = await read(more);
    assert.is(error.code, "damaged-release");
    assert.match(error.message, expected);
    assert.match(error.next ?? "", /panka history/);
  }
  const destroyed = { ...record, operation: "destroy", assemblyHash: "" };
  assert.equal(await open(clear(destroyed), place, { sealedOnly: false }), destroyed, "a destroy has no hash");
});

test.run();
