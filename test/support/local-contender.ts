/**
 * A process that raises a counter under the local lock, in one folder after the other: `local-contender.ts ROUNDS FOLDER...`. In each until
 * the counter, which others raise too, is at ROUNDS. Prints the fences of its own rounds, folder by folder.
 */
import { localLocker } from "../../framework/lock/local.js";
import { localStore } from "../../framework/state/local.js";
import { metadata, realClock as clock, realRandom as random } from "./world.js";

const [rounds = "0", ...folders] = process.argv.slice(2);
const all: number[][] = [];
for (const folder of folders) all.push(await contend(folder, Number(rounds)));
process.stdout.write(JSON.stringify(all));

async function contend(folder: string, target: number): Promise<number[]> {
  const store = localStore({ folder, random });
  const locker = localLocker({ folder, clock, random });
  const fences: number[] = [];
  for (;;) {
    const taken = await locker.acquire("*", metadata());
    if (taken.ok) {
      const found = await store.get("state.json");
      const count = Number(new TextDecoder().decode(found?.bytes) || 0);
      if (count < target) {
        await store.put("state.json", new TextEncoder().encode(String(count + 1)), found ? { ifMatch: found.tag } : { ifNoneMatch: true });
        fences.push(taken.lease.fence);
      }
      await locker.release(taken.lease);
      if (count >= target) return fences;
    }
    // The winner gives the other a chance, the other does not look all the time.
    await clock.sleep((random.bytes(1)[0] as number) / 20);
  }
}
