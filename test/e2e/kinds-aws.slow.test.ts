/** Every kind as a component on the official provider: made, changed, something of it replaced, destroyed. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LIVES, UNSERVED, UNSERVED_PARTS } from "../support/kind-lives.js";
import { FORGOTTEN } from "../support/life-checks.js";
import { playBeside, playOnEmulator, whyNoLives } from "../support/life-runs.js";
import { MORE_CALLS, startMoto } from "../support/moto.js";

const why = whyNoLives();

if (why) console.log(`SKIP the life of every kind on the official provider: ${why}`);
else {
  test("on the emulator every kind that it serves is made, changed, replaced and destroyed, and nothing is left", async () => {
    const moto = await startMoto({ MOTO_IAM_LOAD_MANAGED_POLICIES: "true", ...MORE_CALLS });
    try {
      assert.equal(await playOnEmulator(moto, { name: "kinds", lives: LIVES, forgotten: FORGOTTEN }), []);
    } finally {
      await moto.stop();
    }
  });

  test("DocumentDB, ElastiCacheRedis and MSK, which the emulator can't serve, and nodes of EKSCluster and users of MemoryDB are planned by the official provider as the local one makes, changes and replaces them", async () => {
    const moto = await startMoto();
    try {
      await playBeside(moto, { name: "unserved", lives: [...UNSERVED, ...UNSERVED_PARTS] });
    } finally {
      await moto.stop();
    }
  });
}

test.run();
