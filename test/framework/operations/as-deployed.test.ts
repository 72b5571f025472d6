import { test } from "uvu";
import * as assert from "uvu/assert";
import { memoryLocker, memoryLockTable } from "../../../framework/lock/memory.js";
import { noFault } from "../../../framework/model/faults.js";
import { whileSettled } from "../../../framework/operations/as-deployed.js";
import { openSession, type Session } from "../../../framework/operations/session.js";
import { isSealed } from "../../../framework/state/journal-reader.js";
import { memoryStore } from "../../../framework/state/memory.js";
import { metadata, realClock, realRandom } from "../../support/world.js";

const world = { clock: realClock, random: realRandom };

/** Opens sessions of one stack, one after the other. */
function sessions(): () => Promise<Session> {
  const store = memoryStore();
  const locker = memoryLocker({ table: memoryLockTable(), ...world });
  const provider = { name: "local", account: "", region: "us-east-1", endpoint: "" };
  return () =>
    openSession({
      ...{ store, locker, ...world, fault: noFault, metadata: metadata(), emit: () => {} },
      ...{ provider, engine: "embedded", path: "shop/dev" },
    });
}

const fails = async (doing: Promise<unknown>): Promise<{ code?: string; message: string }> => {
  try {
    await doing;
  } catch (error) {
    return error as { code?: string; message: string };
  }
  return assert.unreachable() as never;
};

test("what an interrupted run left is not sealed by an operation that is refused for it: the next run still settles it", async () => {
  const open = sessions();
  const killed = await open();
  await killed.journal.intent({
    ...{ urn: "u", key: "u", op: "create", type: "aws:sqs/queue:Queue", generation: 0 },
    ...{ probe: { class: "A" }, inputsHash: "h", dependsOn: [], protect: false },
  });
  await killed.release();

  let done = false;
  const error = await fails(
    whileSettled(await open(), "shop in dev", async () => {
      done = true;
    }),
  );
  assert.is(error.code, "not-settled");
  assert.not.ok(done);
  const next = await open();
  assert.equal(
    next.recovery.map((entry) => entry.intent.urn),
    ["u"],
  );
  await next.release();
});

test("an operation that fails leaves the state sealed as it was, and the lock free", async () => {
  const open = sessions();
  const first = await open();
  await first.commit(first.state, { sealed: true, assemblyHash: "abc" });
  await first.release();

  const session = await open();
  const error = await fails(whileSettled(session, "shop in dev", () => Promise.reject(new Error("no"))));
  assert.is(error.message, "no");
  assert.ok(isSealed(session.state));
  assert.is(session.state.assemblyHash, "abc");
  await (await open()).release();
});

test.run();
