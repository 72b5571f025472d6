/** The rules of framework/model/state-store.ts, as tests that every driver runs. */
import * as assert from "uvu/assert";
import { isStoreError, type StateStore, type StoreFailure } from "../../framework/model/state-store.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (b: Uint8Array | undefined): string => new TextDecoder().decode(b);

async function failure(call: Promise<unknown>): Promise<StoreFailure | "none"> {
  try {
    await call;
    return "none";
  } catch (error) {
    if (isStoreError(error)) return error.failure;
    throw error;
  }
}

/** Registers the rules. `open` gives another view of one same store, as another process would have it. */
export function storeContract(test: (name: string, body: () => Promise<void>) => void, name: string, open: () => StateStore): void {
  test(`${name}: an object that was never written is null`, async () => {
    assert.is(await open().get("journal/0000000001/0000000009.json"), null);
  });

  test(`${name}: what was written is read back, by another view too, with the tag that the write gave`, async () => {
    const tag = await open().put("state.json", bytes("1"), { ifNoneMatch: true });
    const found = await open().get("state.json");
    assert.is(textOf(found?.bytes), "1");
    assert.is(found?.tag, tag);
  });

  test(`${name}: If-None-Match over something is refused and changes nothing`, async () => {
    assert.is(await failure(open().put("state.json", bytes("x"), { ifNoneMatch: true })), "refused");
    assert.is(textOf((await open().get("state.json"))?.bytes), "1");
  });

  test(`${name}: If-Match replaces the version that was read, and only that`, async () => {
    const first = (await open().get("state.json"))?.tag ?? "";
    const second = await open().put("state.json", bytes("2"), { ifMatch: first });
    assert.is.not(second, first);
    assert.is(await failure(open().put("state.json", bytes("3"), { ifMatch: first })), "refused");
    assert.is(textOf((await open().get("state.json"))?.bytes), "2");
  });

  test(`${name}: If-Match on nothing is missing`, async () => {
    assert.is(
      await failure(open().put("releases/0000000001.json", bytes("x"), { ifMatch: '"00000000000000000000000000000000"' })),
      "missing",
    );
  });

  test(`${name}: a write-once object can be replaced by its tag`, async () => {
    const tag = await open().put("releases/0000000002.json", bytes("a"), { ifNoneMatch: true });
    const next = await open().put("releases/0000000002.json", bytes("b"), { ifMatch: tag });
    assert.is(await failure(open().put("releases/0000000002.json", bytes("c"), { ifMatch: tag })), "refused");
    assert.is((await open().get("releases/0000000002.json"))?.tag, next);
  });

  test(`${name}: a list is in order and below its prefix`, async () => {
    for (const n of [10, 2, 1])
      await open().put(`journal/000000000${n % 9}/00000000${String(n).padStart(2, "0")}.json`, bytes("j"), { ifNoneMatch: true });
    assert.equal(await open().list("journal/"), [
      "journal/0000000001/0000000001.json",
      "journal/0000000001/0000000010.json",
      "journal/0000000002/0000000002.json",
    ]);
    assert.equal(await open().list("journal/0000000002/"), ["journal/0000000002/0000000002.json"]);
    assert.equal(await open().list("releases/"), ["releases/0000000002.json"]);
  });

  test(`${name}: an object that was deleted is gone; deleting it again is no error`, async () => {
    const store = open();
    await store.put("assets/aa", bytes("z"), { ifNoneMatch: true });
    await store.delete("assets/aa");
    await store.delete("assets/aa");
    assert.is(await store.get("assets/aa"), null);
  });

  test(`${name}: a key can't leave the prefix`, async () => {
    for (const key of ["../x", "a/../../x", "/etc/passwd", "a//b", "", "a\0b", "a%2f..", "a\nb"]) {
      let refused = false;
      await open()
        .get(key)
        .catch((e) => {
          refused = e instanceof TypeError;
        });
      assert.ok(refused, key);
    }
  });

  test(`${name}: of 20 writers with one tag one wins`, async () => {
    const tag = (await open().get("state.json"))?.tag ?? "";
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => failure(open().put("state.json", bytes(`w${i}`), { ifMatch: tag }))),
    );
    assert.is(results.filter((r) => r === "none").length, 1);
    assert.ok(
      results.every((r) => ["none", "refused", "conflict"].includes(r)),
      results.join(),
    );
    assert.is(textOf((await open().get("state.json"))?.bytes), `w${results.indexOf("none")}`);
  });

  test(`${name}: the self-test passes and leaves nothing`, async () => {
    await open().selfTest();
    assert.equal(await open().list("selftest/"), []);
  });
}
