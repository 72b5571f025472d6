import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ORDINARY_POINTS } from "../support/kill-points.js";
import { inFolder, jsonOf, panka } from "../support/cli.js";
import { cloudThings, thingsOf } from "../support/local-things.js";
import { stackHead } from "../support/stack-text.js";

const CONFIG = "version: 1\nenvironments:\n  development: { provider: local }\n";

/** A topic, a queue with its dead-letter queue and a table: four named resources and some without a name of their own. */
const STACK = `
${stackHead("killed")}---
apiVersion: components.panka.io/v1
kind: SNS
metadata: { name: events }
---
apiVersion: components.panka.io/v1
kind: SQS
metadata: { name: jobs }
spec: { deadLetterQueue: { enabled: true, maxReceiveCount: 3 } }
---
apiVersion: components.panka.io/v1
kind: DynamoDB
metadata: { name: items }
spec: { billingMode: PAY_PER_REQUEST, hashKey: { name: id, type: S } }
`;

/** Types and ids that the state knows, sorted. */
async function recorded(folder: string): Promise<string[]> {
  const shown = jsonOf(await panka(folder, ["state", "show", "-e", "development", "--json"]));
  return thingsOf((shown.result.state ?? shown.result).resources);
}

const files = { "panka.config.yaml": CONFIG, "stack.yaml": STACK };
const deploy = ["deploy", "--yes", "-e", "development"];

for (const point of ORDINARY_POINTS) {
  test(`killed at ${point}, the next deploy leaves nothing orphaned, nothing twice, nothing lost`, async () => {
    await inFolder(files, async (folder) => {
      const killed = await panka(folder, deploy, { PANKA_FAULT: point });
      assert.is(killed.signal, "SIGKILL", `the point was never reached:\n${killed.stdout}\n${killed.stderr}`);
      const again = await panka(folder, deploy);
      assert.is(again.code, 0, `${again.stdout}\n${again.stderr}`);
      assert.ok(cloudThings(folder).length >= 4);
      assert.equal(cloudThings(folder), await recorded(folder));
      const third = await panka(folder, deploy);
      assert.match(third.stdout, /No changes\. killed in development is up to date\./);
    });
  });
}

/** The topic and the queues are changed in place, the table is made anew. */
const CHANGED = STACK.replace("name: events }", 'name: events }\nspec: { displayName: "News" }')
  .replace("maxReceiveCount: 3", "maxReceiveCount: 5")
  .replace("name: id, type: S", "name: key, type: N");

for (const point of ORDINARY_POINTS.filter((p) => p.startsWith("journal:"))) {
  test(`killed at ${point} of an update and a replacement, the next deploy ends both`, async () => {
    await inFolder(files, async (folder) => {
      assert.is((await panka(folder, deploy)).code, 0);
      writeFileSync(join(folder, "stack.yaml"), CHANGED);
      const killed = await panka(folder, deploy, { PANKA_FAULT: `${point}@2` });
      assert.is(killed.signal, "SIGKILL", `the point was never reached:\n${killed.stdout}\n${killed.stderr}`);
      const again = await panka(folder, deploy);
      assert.is(again.code, 0, `${again.stdout}\n${again.stderr}`);
      assert.equal(cloudThings(folder), await recorded(folder));
      const third = await panka(folder, deploy);
      assert.match(third.stdout, /No changes\. killed in development is up to date\./);
    });
  });
}

for (const point of ORDINARY_POINTS.filter((p) => p.startsWith("journal:"))) {
  test(`killed at ${point} of a destroy, the next destroy leaves nothing`, async () => {
    await inFolder(files, async (folder) => {
      assert.is((await panka(folder, deploy)).code, 0);
      const destroy = ["destroy", "--yes", "-e", "development"];
      const killed = await panka(folder, destroy, { PANKA_FAULT: `${point}@2` });
      assert.is(killed.signal, "SIGKILL", `the point was never reached:\n${killed.stdout}\n${killed.stderr}`);
      const again = await panka(folder, destroy);
      assert.is(again.code, 0, `${again.stdout}\n${again.stderr}`);
      assert.equal(cloudThings(folder), []);
    });
  });
}

test.run();
