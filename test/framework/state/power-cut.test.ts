import { test } from "uvu";
import * as assert from "uvu/assert";
import { sha256 } from "../../../framework/base/json.js";
import { afterCut, type Cut, type Moment, recorded } from "../../support/power-cut.js";
import { metadata, realClock as clock, realRandom as random, withFolder } from "../../support/world.js";

/** The recorded modules are loaded before their file calls are replaced; what they import by name is then replaced, too. */
const { localStore } = await import("../../../framework/state/local.js");
const { localLocker } = await import("../../../framework/lock/local.js");
const { cipherFrom } = await import("../../../framework/state/cipher-source.js");
const { dumpPlace } = await import("../../../framework/operations/run-dump.js");

const text = (n: number): Buffer => Buffer.from(`content ${n} `.repeat(50));
const storeIn = (folder: string) => localStore({ folder: `${folder}/.panka/stacks/shop/dev`, location: "here", random });
const lockerIn = (folder: string) => localLocker({ folder: `${folder}/.panka/stacks/shop/dev`, clock, random });

/** Calls `look` with what a cut at each moment leaves, once with each that differs. What was confirmed must be in the least of it, too. */
async function atEachCut(folder: string, moments: Moment[], look: (at: string, note: any, where: string, least: boolean) => Promise<void>) {
  const seen = new Set<string>();
  for (const [i, { cuts, note }] of moments.entries()) {
    for (const [which, cut] of Object.entries(cuts) as ["least" | "most", Cut][]) {
      const key = sha256(JSON.stringify([which, note, ...[...cut].map(([path, bytes]) => [path, bytes?.toString("base64")])]));
      if (seen.has(key)) continue;
      seen.add(key);
      await afterCut(folder, cut, (at) => look(at, note, `moment ${i}, ${which}`, which === "least"));
    }
  }
}

test("a power cut at any moment leaves the old content or the new, and after the write is confirmed the new", async () => {
  await withFolder(async (folder) => {
    const keys = ["state.json", "releases/0000000001.json"];
    const confirmed: { [key: string]: number } = {};
    const moments = await recorded(
      folder,
      async () => {
        const store = storeIn(folder);
        for (const key of keys) {
          let tag = await store.put(key, text(0), { ifNoneMatch: true });
          confirmed[key] = 0;
          for (let n = 1; n <= 3; n++) {
            tag = await store.put(key, text(n), { ifMatch: tag });
            confirmed[key] = n;
          }
        }
      },
      () => ({ ...confirmed }),
    );
    assert.ok(moments.length > 60, `${moments.length} moments`);
    await atEachCut(folder, moments, async (at, note, where) => {
      for (const key of keys) {
        const after = await storeIn(at).get(key);
        const found = after ? [0, 1, 2, 3].findIndex((n) => text(n).equals(Buffer.from(after.bytes))) : -1;
        if (after) assert.ok(found >= 0, `${where}: ${key} is neither old nor new: ${Buffer.from(after.bytes).toString().slice(0, 40)}`);
        assert.ok(found >= (note[key] ?? -1), `${where}: content ${found} of ${key} after ${note[key]}`);
      }
    });
  });
});

test("of objects of every kind, written many at once into new folders, each that is confirmed is there after a power cut", async () => {
  await withFolder(async (folder) => {
    const kinds = ["journal/7", "history", "releases", "assets", "approvals", "pulumi/7"];
    const keys = kinds.flatMap((kind) => Array.from({ length: 4 }, (_, i) => `${kind}/${String(i).padStart(10, "0")}.json`));
    const confirmed = new Set<string>();
    const moments = await recorded(
      folder,
      async () => {
        const store = storeIn(folder);
        const put = (key: string) => store.put(key, Buffer.from(key), { ifNoneMatch: true }).then(() => confirmed.add(key));
        await Promise.all(keys.map(put));
      },
      () => [...confirmed],
    );
    assert.is(confirmed.size, keys.length);
    await atEachCut(folder, moments, async (at, note: string[], where, least) => {
      if (!least) return;
      const there = new Set(await storeIn(at).list(""));
      assert.equal(
        note.filter((key) => !there.has(key)),
        [],
        `${where}: confirmed, and gone`,
      );
      for (const key of note) assert.is(Buffer.from((await storeIn(at).get(key))?.bytes ?? []).toString(), key, where);
    });
  });
});

test("what was deleted is gone or as it was, and what lies beside it stays", async () => {
  await withFolder(async (folder) => {
    let deleted = false;
    const moments = await recorded(
      folder,
      async () => {
        const store = storeIn(folder);
        await store.put("journal/1/0000000001.json", text(1), { ifNoneMatch: true });
        await store.put("journal/1/0000000002.json", text(2), { ifNoneMatch: true });
        await store.delete("journal/1/0000000001.json");
        deleted = true;
      },
      () => deleted,
    );
    await atEachCut(folder, moments, async (at, gone, where) => {
      const left = await storeIn(at).get("journal/1/0000000001.json");
      if (gone) assert.is(left, null, where);
      if (left) assert.equal(Buffer.from(left.bytes), text(1), where);
      if (gone) assert.equal(Buffer.from((await storeIn(at).get("journal/1/0000000002.json"))?.bytes ?? []), text(2), where);
    });
  });
});

test("after a power cut a fence is never given twice, a lock that was granted stands, and the head does not go back", async () => {
  await withFolder(async (folder) => {
    const facts: { fence: number; held?: string; head: number } = { fence: 0, head: 0 };
    const moments = await recorded(
      folder,
      async () => {
        const locker = lockerIn(folder);
        for (let serial = 1; serial <= 3; serial++) {
          const got = await locker.acquire("*", metadata());
          assert.ok(got.ok);
          Object.assign(facts, { fence: got.lease.fence, held: got.lease.lockId });
          assert.is(await locker.beat(got.lease), "mine");
          await locker.advanceHead({ serial, fence: got.lease.fence, sha256: "0".repeat(64) });
          facts.head = serial;
          const taken = await locker.takeover((await locker.list()).locks[0] as never, metadata());
          assert.ok(taken.ok);
          Object.assign(facts, { fence: taken.lease.fence, held: taken.lease.lockId });
          delete facts.held;
          await locker.release(taken.lease);
        }
      },
      () => ({ ...facts }),
    );
    await atEachCut(folder, moments, async (at, note: typeof facts, where, least) => {
      const locker = lockerIn(at);
      const { locks } = await locker.list();
      if (least && note.held !== undefined) assert.ok(locks.length <= 1, where);
      assert.ok(((await locker.readHead())?.serial ?? 0) >= note.head, `${where}: head`);
      for (const lock of locks) assert.ok((await locker.takeover(lock, metadata())).ok, `${where}: take over`);
      const next = locks.length > 0 ? (await locker.list()).locks[0]?.fence : await acquired(locker);
      assert.ok((next ?? 0) > note.fence, `${where}: fence ${next} after ${note.fence}`);
    });
  });
});

async function acquired(locker: ReturnType<typeof lockerIn>): Promise<number> {
  const got = await locker.acquire("*", metadata());
  assert.ok(got.ok);
  return got.lease.fence;
}

test("what was encrypted with a key made on first use can be read after a power cut, or was not written", async () => {
  await withFolder(async (folder) => {
    const cipherIn = (at: string) => cipherFrom(undefined, { home: at, projectRoot: at, env: {}, random, aws: { region: "" } });
    let confirmed = 0;
    const moments = await recorded(
      folder,
      async () => {
        // Two processes, so to speak: each finds no key and makes one.
        const write = async (n: number): Promise<void> => {
          const sealed = await cipherIn(folder).seal(`plain ${n}`, "here");
          await storeIn(folder).put(`releases/000000000${n}.json`, Buffer.from(JSON.stringify(sealed)), { ifNoneMatch: true });
          confirmed += 1;
        };
        await Promise.all([write(1), write(2)]);
      },
      () => confirmed,
    );
    await atEachCut(folder, moments, async (at, note: number, where) => {
      let found = 0;
      for (const n of [1, 2]) {
        const object = await storeIn(at).get(`releases/000000000${n}.json`);
        if (!object) continue;
        found += 1;
        assert.is(await cipherIn(at).open(JSON.parse(Buffer.from(object.bytes).toString()), "here"), `plain ${n}`, where);
      }
      assert.ok(found >= note, where);
    });
  });
});

test("the outcomes that a run dumps on this machine are there after a power cut, those of its first dump or of its second", async () => {
  await withFolder(async (folder) => {
    const lineage = random.uuid();
    const placeIn = (at: string) =>
      dumpPlace({ settings: { projectRoot: at, environment: "dev" }, home: `${at}/home`, env: {}, random }, "shop");
    const first = [{ of: 1, id: "a" }];
    const second = [...first, { of: 2, id: "b" }];
    let confirmed = 0;
    const moments = await recorded(
      folder,
      async () => {
        await placeIn(folder).write({ lineage, fence: 3, dones: first });
        confirmed = 1;
        await placeIn(folder).write({ lineage, fence: 3, dones: second });
        confirmed = 2;
      },
      () => confirmed,
    );
    await atEachCut(folder, moments, async (at, note: number, where) => {
      const dumps = await placeIn(at).read(lineage);
      const dones = dumps[0]?.dones.length ?? 0;
      assert.ok(dumps.length <= 1 && dones >= note, `${where}: ${dones} outcomes after ${note}`);
      if (dones > 0) assert.equal(dumps[0]?.dones, dones === 1 ? first : second, where);
    });
  });
});

test.run();
