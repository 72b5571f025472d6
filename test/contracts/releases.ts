/** The rules of release records at rest, as tests that every store runs, each with a key of another kind. */
import * as assert from "uvu/assert";
import { isPankaError } from "../../framework/base/errors.js";
import { hashJson } from "../../framework/base/json.js";
import type { Cipher } from "../../framework/model/cipher.js";
import type { ReleaseRecord } from "../../framework/model/state-file.js";
import type { StateStore } from "../../framework/model/state-store.js";
import { releaseKey } from "../../framework/state/keys.js";
import { encodeRelease } from "../../framework/state/release-codec.js";
import { getAsset, getRelease, putAsset, putRelease } from "../../framework/state/releases.js";
import { replaceObject } from "./replace-object.js";

/** Serials that no other contract of the same store uses. */
const SERIAL = 700;
const LINEAGE = "8c9b1a52-0000-4000-8000-000000000001";
const SEALED_FROM = { lineage: LINEAGE, releasesSealedFrom: SERIAL };

const recordOf = (serial: number, name = "jobs"): ReleaseRecord => {
  const assembly = { stack: "shop", environment: "dev", resources: [{ urn: `urn:orders/${name}` }] };
  return {
    version: 1,
    serial,
    fence: 3,
    status: "good",
    at: "2026-01-01T00:00:00.000Z",
    by: "ana@desk",
    operation: "deploy",
    assemblyHash: hashJson(assembly),
    assembly,
    summary: { create: 1, update: 0, replace: 0, delete: 0, same: 0 },
  };
};

type Test = (name: string, body: () => Promise<void>) => void;

/** Registers the rules. `open` gives a store, `key` its key. */
export function releaseContract(test: Test, name: string, open: () => StateStore, key: () => Cipher): void {
  const bytesOf = (serial: number, more: { path?: string; lineage?: string; clear?: boolean; name?: string } = {}): Promise<Uint8Array> =>
    encodeRelease(
      recordOf(serial, more.name),
      { path: more.path ?? "shop/dev", lineage: more.lineage ?? LINEAGE, serial },
      more.clear ? undefined : key(),
    );
  const read = (serial: number, state = SEALED_FROM, path = "shop/dev") =>
    getRelease({ store: open(), cipher: key(), path }, state, serial);
  const write = async (serial: number, bytes: Uint8Array): Promise<void> => replaceObject(open(), releaseKey(serial), bytes);

  test(`${name}: a release is encrypted as a whole, is read back, and is replaced by what is written for its serial later`, async () => {
    await write(SERIAL, await bytesOf(SERIAL));
    const text = new TextDecoder().decode((await open().get(releaseKey(SERIAL)))?.bytes);
    assert.equal(Object.keys(JSON.parse(text)), ["sealed", "version"]);
    assert.not.match(text, /urn:|orders|ana@desk|good/);
    assert.equal(await read(SERIAL), recordOf(SERIAL));
    await putRelease(open(), SERIAL, await bytesOf(SERIAL, { name: "mails" }));
    assert.equal(await read(SERIAL), recordOf(SERIAL, "mails"));
    assert.is(await read(SERIAL + 9), null);
  });

  test(`${name}: a release that was edited, cut, or put here from another serial, stack or lineage is noticed, and names itself`, async () => {
    const edited = Uint8Array.from(await bytesOf(SERIAL));
    const at = edited.length - 30;
    edited[at] = edited[at] === 65 ? 66 : 65;
    const whole = await bytesOf(SERIAL);
    const wrong: [string, Uint8Array, RegExp][] = [
      ["edited", edited, /cannot-decrypt/],
      ["of another serial", await bytesOf(SERIAL - 1), /cannot-decrypt/],
      ["of another stack", await bytesOf(SERIAL, { path: "shop/prod" }), /cannot-decrypt/],
      ["of the stack that had the name before", await bytesOf(SERIAL, { lineage: "another" }), /cannot-decrypt/],
      ["cut", whole.subarray(0, whole.length - 20), /damaged-release/],
      ["empty", new Uint8Array(), /damaged-release/],
      ["in clear", await bytesOf(SERIAL, { clear: true }), /damaged-release/],
    ];
    for (const [how, bytes, code] of wrong) {
      await write(SERIAL, bytes);
      await refused(read(SERIAL), code, how);
    }
    await write(SERIAL, whole);
    assert.equal(await read(SERIAL), recordOf(SERIAL));
  });

  test(`${name}: a release in clear is read where the state does not say that it is encrypted; edited, cut or of another serial it is not`, async () => {
    const clear = await bytesOf(SERIAL - 1, { clear: true });
    await write(SERIAL - 1, clear);
    assert.equal(await read(SERIAL - 1), recordOf(SERIAL - 1));
    assert.equal(await getRelease({ store: open(), path: "shop/dev" }, { lineage: LINEAGE }, SERIAL - 1), recordOf(SERIAL - 1));
    const text = new TextDecoder().decode(clear);
    const wrong: [string, string][] = [
      ["edited", text.replace("orders/jobs", "orders/mine")],
      ["of another serial", new TextDecoder().decode(await bytesOf(SERIAL - 2, { clear: true }))],
      ["cut", text.slice(0, -20)],
    ];
    for (const [how, bytes] of wrong) {
      await write(SERIAL - 1, new TextEncoder().encode(bytes));
      await refused(read(SERIAL - 1), /damaged-release/, how);
    }
  });

  test(`${name}: a file that a release names is not given where it is not the one of that hash`, async () => {
    const hash = await putAsset(open(), new TextEncoder().encode("the function"));
    assert.is(new TextDecoder().decode((await getAsset(open(), hash)) as Uint8Array), "the function");
    await replaceObject(open(), `assets/${hash}`, new TextEncoder().encode("another function"));
    const error = await getAsset(open(), hash).catch((e) => e);
    assert.ok(isPankaError(error) && error.code === "damaged-asset" && error.next, String(error));
  });
}

async function refused(call: Promise<unknown>, code: RegExp, how: string): Promise<void> {
  const error = await call.catch((e) => e);
  assert.ok(isPankaError(error), `${how}: ${String(error)}`);
  assert.match(error.code, code, how);
  assert.match(error.message, /releases\/\d{10}\.json at /, how);
  assert.ok(error.next, how);
}
