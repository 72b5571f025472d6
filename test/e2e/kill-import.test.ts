import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { FaultPoint } from "../../framework/model/faults.js";
import { fine, inFolder, jsonOf, panka, writeFiles } from "../support/cli.js";
import { cloudFile, cloudThings, thingsOf } from "../support/local-things.js";
import { component, stackHead } from "../support/stack-text.js";

const CONFIG = "version: 1\nenvironments:\n  development: { provider: local }\n";
/** A queue and a topic that were made by hand, each with what belongs to it. */
const STACK = [stackHead("taken"), component("SQS", "jobs"), component("SNS", "events")].join("---\n");
const FILES = { "panka.config.yaml": CONFIG, "stack.yaml": STACK };
const E = ["-e", "development"];
/** Before its commit; an import sends nothing that a journal would tell of. */
const BEFORE: FaultPoint[] = ["acquire:after-transaction", "barrier:after-state", "commit:before-history", "commit:after-history"];
/** From here on the state has what was imported. */
const AFTER: FaultPoint[] = ["commit:after-state", "commit:after-head", "release:before"];

type Cloud = { resources: { [id: string]: { urn: string; importId: string } } };

/** A folder whose cloud has what its stack describes, without tags of Panka's; the file with the ids of its main resources. */
async function madeByHand(folder: string): Promise<void> {
  fine(await panka(folder, ["deploy", "--yes", ...E]));
  rmSync(join(folder, ".panka/stacks"), { recursive: true });
  const made = JSON.parse(readFileSync(cloudFile(folder), "utf8"), (key, value) => (key.startsWith("panka:") ? undefined : value)) as Cloud;
  writeFileSync(cloudFile(folder), JSON.stringify(made));
  const mains = Object.values(made.resources).filter((r) => r.urn.split("::").pop()?.split("/").length === 2);
  const ids = Object.fromEntries(mains.map((r) => [r.urn.split("::").pop(), r.importId]));
  writeFileSync(join(folder, "ids.yaml"), JSON.stringify(ids));
}

const prepared = mkdtempSync(join(tmpdir(), "panka-import-"));
test.before(async () => {
  writeFiles(prepared, FILES);
  await madeByHand(prepared);
});
test.after(() => rmSync(prepared, { recursive: true, force: true }));

for (const point of [...BEFORE, ...AFTER]) {
  test(`an import killed at ${point} is done or not: after the same command the next deploy makes nothing twice, and loses nothing`, async () => {
    await inFolder({}, async (folder) => {
      cpSync(prepared, folder, { recursive: true });
      const before = cloudThings(folder);
      const args = ["import", "--from", "ids.yaml", "--yes", ...E];
      const killed = await panka(folder, args, { PANKA_FAULT: point });
      assert.is(killed.signal, "SIGKILL", `the point was never reached:\n${killed.stdout}\n${killed.stderr}`);
      assert.equal(cloudThings(folder), before, "an import touches nothing");

      const again = await panka(folder, args);
      if (AFTER.includes(point)) {
        assert.is(again.code, 2, again.stdout + again.stderr);
        assert.match(again.stderr, /the state has urn:.* already/);
      } else assert.is(again.code, 0, again.stdout + again.stderr);
      fine(await panka(folder, ["deploy", "--yes", ...E]));
      assert.equal(cloudThings(folder), before, "the next deploy makes nothing a second time");
      const { resources } = jsonOf(await panka(folder, ["state", "show", "--json", ...E])).result;
      assert.equal(thingsOf(resources), before);
      const said = jsonOf(await panka(folder, ["history", "--json", ...E])).result.map((r: { operation: string }) => r.operation);
      // The record follows the commit, as that of a deploy does.
      assert.equal(said, point.startsWith("commit:after-") && AFTER.includes(point) ? ["deploy"] : ["deploy", "import"]);
    });
  });
}

test.run();
