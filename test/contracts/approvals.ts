/** The rules of approvals at rest, as tests that every store runs, each with a key of another kind. */
import * as assert from "uvu/assert";
import { isPankaError } from "../../framework/base/errors.js";
import { sha256 } from "../../framework/base/json.js";
import type { Cipher } from "../../framework/model/cipher.js";
import type { SavedPlan } from "../../framework/model/saved-plan.js";
import { type StateStore, StoreError } from "../../framework/model/state-store.js";
import { addAgreement, agreementsOf, type ApprovalDeps, dropOldApprovals } from "../../framework/state/approvals.js";
import { approvalKey } from "../../framework/state/keys.js";
import { replaceObject } from "./replace-object.js";

const LINEAGE = "8c9b1a52-0000-4000-8000-000000000001";
const DAY = 86_400_000;
const START = Date.parse("2026-01-01T00:00:00Z");

type Test = (name: string, body: () => Promise<void>) => void;

/** Registers the rules. `open` gives a store, `key` its key. */
export function approvalContract(test: Test, name: string, open: () => StateStore, key: () => Cipher): void {
  let now = START;
  const deps = (more: Partial<ApprovalDeps> = {}): ApprovalDeps => ({
    store: open(),
    path: "shop/dev",
    cipher: key(),
    clock: { now: () => now, monotonic: () => now, sleep: async () => {} },
    ...more,
  });
  const planOf = (word: string, lineage = LINEAGE): SavedPlan =>
    ({ id: sha256(`${name} ${word}`), stack: "shop", environment: "dev", state: { lineage, serial: 3, content: "" } }) as SavedPlan;
  const at = (): string => new Date(now).toISOString();
  const add = (plan: SavedPlan, by: string, more = {}) => addAgreement(deps(more), plan, true, { by, at: at() });
  const read = (plan: SavedPlan, more = {}, sealed = true) => agreementsOf(deps(more), plan, sealed);
  const codeOf = async (call: Promise<unknown>): Promise<string> => {
    const error = await call.catch((e) => e);
    assert.ok(isPankaError(error), String(error));
    return error.code;
  };

  test(`${name}: an approval is encrypted as a whole and read back; each approver is in it once, in order`, async () => {
    const plan = planOf("whole");
    assert.equal(await read(plan), []);
    await add(plan, "ana@desk");
    await add(plan, "bo@desk");
    assert.equal(
      (await add(plan, "ana@desk")).map((a) => a.by),
      ["ana@desk", "bo@desk"],
    );
    assert.equal(await read(plan), [
      { by: "ana@desk", at: at() },
      { by: "bo@desk", at: at() },
    ]);
    const text = new TextDecoder().decode((await open().get(approvalKey(plan.id)))?.bytes);
    assert.equal(Object.keys(JSON.parse(text)), ["sealed", "version"]);
    assert.not.match(text, /desk|agreements|shop/);
  });

  test(`${name}: of approvers at one moment none is lost`, async () => {
    const plan = planOf("crowd");
    const store: StateStore = Object.create(open());
    for (const [mine, others] of [
      ["b", "a"],
      ["d", "c"],
    ] as const) {
      let first = true;
      store.put = async (...write) => {
        if (first) await add(plan, others);
        first = false;
        return open().put(...write);
      };
      await add(plan, mine, { store });
    }
    assert.equal(
      (await read(plan)).map((a) => a.by),
      ["a", "b", "c", "d"],
    );
  });

  test(`${name}: a store that fails for a moment is asked again after a wait, and a write whose answer was lost counts once`, async () => {
    const plan = planOf("moment");
    await add(plan, "ana@desk");
    const waits: number[] = [];
    const store: StateStore = Object.create(open());
    const once = new Set(["get", "put"]);
    store.get = async (key) => {
      if (once.delete("get")) throw new StoreError("throttled", "slow down");
      return open().get(key);
    };
    store.put = async (...write) => {
      const tag = await open().put(...write);
      if (once.delete("put")) throw new StoreError("unknown", "the answer was lost");
      return tag;
    };
    const sleep = async (ms: number): Promise<void> => void waits.push(ms);
    await add(plan, "bo@desk", { store, clock: { ...deps().clock, sleep } });
    assert.equal(waits, [100, 200]);
    assert.equal(
      (await read(plan)).map((a) => a.by),
      ["ana@desk", "bo@desk"],
    );
  });

  test(`${name}: an approval that was edited, cut, or put here from another plan, stack or lineage, or in clear, is not believed`, async () => {
    const [plan, other] = [planOf("bound"), planOf("other")];
    await add(plan, "ana@desk");
    const bytes = (await open().get(approvalKey(plan.id)))?.bytes as Uint8Array;
    const put = (what: Uint8Array | string, of = plan) =>
      replaceObject(open(), approvalKey(of.id), typeof what === "string" ? new TextEncoder().encode(what) : what);
    const edited = Uint8Array.from(bytes);
    edited[edited.length - 60] = (edited[edited.length - 60] as number) ^ 1;
    await put(edited);
    assert.match(await codeOf(read(plan)), /damaged-approval|cannot-decrypt/);
    await put(bytes.subarray(0, 40));
    assert.is(await codeOf(read(plan)), "damaged-approval");
    await put(bytes, other);
    assert.is(await codeOf(read(other)), "cannot-decrypt");
    await put(bytes);
    assert.is(await codeOf(read(plan, { path: "shop/prod" })), "cannot-decrypt");
    assert.is(await codeOf(read({ ...plan, state: { ...plan.state, lineage: "another" } })), "cannot-decrypt");
    const clear = JSON.stringify({ version: 1, plan: plan.id, agreements: [{ by: "eve", at: at() }] });
    await put(clear);
    assert.is(await codeOf(read(plan)), "damaged-approval");
    assert.equal(
      (await read(plan, {}, false)).map((a) => a.by),
      ["eve"],
      "a stack without a key believes one in clear",
    );
    await put(clear.replace(plan.id, other.id));
    assert.is(await codeOf(read(plan, {}, false)), "damaged-approval");
    await put(clear.replace('"version":1', '"version":"x"'));
    assert.is(await codeOf(read(plan, {}, false)), "damaged-approval");
    await put(clear.replace('"version":1', '"version":9'));
    assert.is(await codeOf(read(plan, {}, false)), "newer-state");
    await put(bytes);
    assert.equal(
      (await read(plan)).map((a) => a.by),
      ["ana@desk"],
    );
  });

  test(`${name}: approvals are dropped after 90 days, those of a stack's first plan, too`, async () => {
    const [old, first, young] = [planOf("old"), planOf("first", ""), planOf("young")];
    await add(old, "ana@desk");
    await add(first, "ana@desk");
    now += 91 * DAY;
    await add(young, "ana@desk");
    await dropOldApprovals(deps(), old.id, LINEAGE, true);
    const left = await open().list("approvals/");
    assert.equal(
      [old, first, young].map((p) => left.includes(approvalKey(p.id))),
      [false, false, true],
    );
    for (const key of left) await open().delete(key);
  });
}
