import { execFileSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inFolder, jsonOf, panka, startPanka } from "../support/cli.js";
import { aws, hasPlugin, withMoto } from "../support/moto.js";
import { stackHead } from "../support/stack-text.js";

const STACK = `
${stackHead("contended")}---
apiVersion: components.panka.io/v1
kind: SQS
metadata: { name: jobs }
---
apiVersion: components.panka.io/v1
kind: SNS
metadata: { name: events }
`;
const CONFIG = `version: 1
backend: { type: s3, bucket: panka-state-test, region: us-east-1, encryption: "file:state.key" }
locks: { type: dynamodb, region: us-east-1, table: panka-state-locks }
environments:
  cloud: { provider: aws }
`;

/** True once the lock item and the first intent are in the stores. */
function underWay(endpoint: string): boolean {
  const items = JSON.parse(aws(endpoint, ["dynamodb", "scan", "--table-name", "panka-state-locks"])) as {
    Items: { lockKey: { S: string } }[];
  };
  const keys = aws(endpoint, ["s3api", "list-objects-v2", "--bucket", "panka-state-test"]);
  return items.Items.some((i) => i.lockKey.S === "stack:contended:env:cloud") && /journal\/\d+\/\d+\.json/.test(keys);
}

test("of two deploys of one stack at once the second is refused with the holder named, or waits; the state is linear", async () => {
  await withMoto(async (endpoint, env) => {
    if (!hasPlugin()) return console.log("SKIP two deploys at once: no provider plugin");
    await inFolder({ "stack.yaml": STACK, "panka.config.yaml": CONFIG }, async (folder) => {
      const made = await panka(
        folder,
        [
          "backend",
          "create",
          "-e",
          "cloud",
          "--yes",
          "--bucket",
          "panka-state-test",
          "--table",
          "panka-state-locks",
          "--region",
          "us-east-1",
          "--no-kms",
        ],
        env,
      );
      assert.is(made.code, 0, made.stdout + made.stderr);
      const first = startPanka(folder, ["deploy", "--yes", "-e", "cloud"], env);
      let ended = false;
      void first.done.then(() => {
        ended = true;
      });
      while (!ended && !underWay(endpoint)) await new Promise((r) => setTimeout(r, 100));
      assert.is(ended, false, "the first deploy ended before it was seen at work");
      const refused = await panka(folder, ["deploy", "--yes", "-e", "cloud"], env);
      assert.is(ended, false, "the first deploy must still be alive when the second is refused");
      assert.is(refused.code, 4, refused.stdout + refused.stderr);
      assert.match(
        refused.stdout + refused.stderr,
        new RegExp(`${first.child.pid}|${execFileSync("hostname", { encoding: "utf8" }).trim()}`),
      );
      const waiting = startPanka(folder, ["deploy", "--yes", "-e", "cloud", "--wait", "3m"], env);
      const [a, b] = await Promise.all([first.done, waiting.done]);
      assert.is(a.code, 0, a.stdout + a.stderr);
      assert.is(b.code, 0, b.stdout + b.stderr);
      const history = jsonOf(await panka(folder, ["history", "-e", "cloud", "--json"], env)).result as
        | { serial: number }[]
        | { releases: { serial: number }[] };
      const serials = (Array.isArray(history) ? history : history.releases).map((r) => r.serial);
      assert.equal([...new Set(serials)].length, serials.length);
    });
  });
});

test.run();
