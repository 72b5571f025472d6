/** A process that raises a counter under the local lock, so many times: `local-contender.ts FOLDER ROUNDS`. Prints its fences. */
import { localLocker } from "../../framework/lock/local.js";
import { localStore } from "../../framework/state/local.js";
import { metadata, realClock as clock, realRandom as random } from "./world.js";

const [folder = "", rounds = "0"] = process.argv.slice(2);
const store = localStore({ folder, random });
const locker = localLocker({ folder, clock, random });
const fences: number[] = [];
while (fences.length < Number(rounds)) {
  const taken = await locker.acquire("*", metadata());
  if (!taken.ok) {
    await clock.sleep(1);
    continue;
  }
  const found = await store.get("state.json");
  const next = Number(new TextDecoder().decode(found?.bytes) || 0) + 1;
  await store.put("state.json", new TextEncoder().encode(String(next)), found ? { ifMatch: found.tag } : { ifNoneMatch: true });
  await locker.release(taken.lease);
  fences.push(taken.lease.fence);
}
process.stdout.write(JSON.stringify(fences));
