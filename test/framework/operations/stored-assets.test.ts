import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isPankaError } from "../../../framework/base/errors.js";
import { sha256 } from "../../../framework/base/json.js";
import type { Assembly } from "../../../framework/model/assembly.js";
import { assetFile } from "../../../framework/operations/assets.js";
import type { OperationContext } from "../../../framework/operations/context.js";
import { fetchAsset, storeAssets } from "../../../framework/operations/stored-assets.js";
import { journalWriter } from "../../../framework/state/journal-writer.js";
import { memoryStore } from "../../../framework/state/memory.js";
import { replaceObject } from "../../contracts/replace-object.js";
import { assembly, resource, TestGate } from "../../support/engine-world.js";
import { realClock, realRandom, withFolder } from "../../support/world.js";

const BYTES = [new TextEncoder().encode("one"), new TextEncoder().encode("two")];
const HASHES = BYTES.map((b) => sha256(b));
const stack: Assembly = assembly(HASHES.map((hash, n) => resource(`app/f${n}`, { code: { $asset: hash } })));

/** A project with both files, a store that writes down its puts, a gate and a journal. */
function world(folder: string) {
  for (const [n, hash] of HASHES.entries()) {
    mkdirSync(dirname(assetFile(folder, hash)), { recursive: true });
    writeFileSync(assetFile(folder, hash), BYTES[n] as Uint8Array);
  }
  const store = memoryStore();
  const puts: string[] = [];
  const { put } = store;
  store.put = (key, bytes, condition) => {
    puts.push(`${key} ${"ifNoneMatch" in condition}`);
    return put.call(store, key, bytes, condition);
  };
  const context = {
    settings: { projectRoot: folder },
    clock: realClock,
    random: realRandom,
    emit: () => {},
  } as unknown as OperationContext;
  const journal = journalWriter({ store, clock: realClock, random: realRandom, path: "shop/dev", lineage: "l", sealed: false, fence: 4 });
  return { context, sink: { store, gate: new TestGate(), journal }, puts };
}

test("each asset has a durable intent before it is written, is written only if absent, and is not written again", async () => {
  await withFolder(async (folder) => {
    const { context, sink, puts } = world(folder);
    await storeAssets(context, stack, sink);
    const [first, second] = [...HASHES].sort();
    assert.equal(puts, [
      "journal/0000000004/0000000001.json true",
      `assets/${first} true`,
      "journal/0000000004/0000000002.json true",
      `assets/${second} true`,
    ]);
    await sink.journal.flush();
    assert.is(puts.length, 5);
    await storeAssets(context, stack, sink);
    assert.is(puts.length, 5);
  });
});

test("a file that is not what its name says is not given: another is fetched, and a damaged one in the back end is refused", async () => {
  await withFolder(async (folder) => {
    const { context, sink } = world(folder);
    const [hash = ""] = HASHES;
    const file = assetFile(folder, hash);
    await storeAssets(context, stack, sink);
    writeFileSync(file, "on");
    assert.is(await fetchAsset(context, hash, sink.store), `panka.out/assets/${hash}.zip`);
    assert.is(readFileSync(file, "utf8"), "one");
    writeFileSync(file, "on");
    await replaceObject(sink.store, `assets/${hash}`, new TextEncoder().encode("other"));
    const refused = await fetchAsset(context, hash, sink.store).catch((error) => error);
    assert.ok(isPankaError(refused) && refused.code === "damaged-asset" && refused.next, String(refused));
  });
});

test("with the gate shut no asset is written", async () => {
  await withFolder(async (folder) => {
    const { context, sink, puts } = world(folder);
    sink.gate.shut("SIGINT was received");
    await storeAssets(context, stack, sink);
    assert.equal(puts, []);
  });
});

test.run();
