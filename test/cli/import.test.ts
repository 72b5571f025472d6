import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { localLocker } from "../../framework/lock/local.js";
import { metadata, realClock, realRandom } from "../support/world.js";
import { CONFIG, project, QUEUE } from "./project.js";
import { run } from "./world.js";

const test = suite("import");
const STATES = ".panka/stacks";
const STATE = ".panka/stacks/tiny/development";
const CLOUD = ".panka/local-cloud.json";
const TWO = `${QUEUE}---
apiVersion: components.panka.io/v1
kind: SQS
metadata: { name: mails }
---
apiVersion: components.panka.io/v1
kind: S3
metadata: { name: files }
`;

/** A project whose cloud has what its stack describes, made by someone else: no state, and no tags of Panka's. Ids by component. */
async function madeByHand(keepTags = false): Promise<{ cwd: string; ids: { [component: string]: string } }> {
  const cwd = project({ "stack.yaml": TWO, "panka.config.yaml": CONFIG });
  const ran = await run(["deploy", "--yes"], { cwd });
  assert.is(ran.code, 0, ran.stderr);
  rmSync(join(cwd, STATES), { recursive: true });
  const cloud = JSON.parse(readFileSync(join(cwd, CLOUD), "utf8"), (key, value) =>
    !keepTags && key.startsWith("panka:") ? undefined : value,
  );
  writeFileSync(join(cwd, CLOUD), JSON.stringify(cloud));
  const mains = Object.values<any>(cloud.resources).filter((r) => r.urn.split("::").pop().split("/").length === 2);
  return { cwd, ids: Object.fromEntries(mains.map((r) => [r.urn.split("::").pop(), r.importId])) };
}

test("a component's id is of its main resource; what else it has is found by itself, and its name stays", async () => {
  const { cwd, ids } = await madeByHand();
  const shown = await run(["import", "files", String(ids["shop/files"]), "--dry-run"], { cwd });
  assert.is(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /= import S3 bucket: tiny-/);
  assert.match(shown.stdout, /S3 bucket policy \(policy\): tiny-\S+ \(found by itself\)/);
  assert.match(shown.stdout, /the next deploy would change S3 bucket\n.*tags/);
  assert.not.ok(existsSync(join(cwd, STATES)), "a dry run writes nothing");
  const done = await run(["import", "files", String(ids["shop/files"]), "--yes"], { cwd });
  assert.is(done.code, 0, done.stderr);
  const plan = (await run(["plan", "--json"], { cwd })).json();
  assert.equal(plan.summary, { create: 4, update: 1, replace: 0, delete: 0, same: 4 });
  const [change] = plan.changes.filter((c: any) => c.action === "update");
  assert.equal(
    change.properties.map((p: any) => p.path),
    ["tags"],
  );
});

test("several at once come from a file, in one serial; then a deploy changes what differs, and the next nothing", async () => {
  const { cwd, ids } = await madeByHand();
  writeFileSync(
    join(cwd, "ids.yaml"),
    Object.entries(ids)
      .map(([component, id]) => `${component}: "${id}"\n`)
      .join(""),
  );
  const done = (await run(["import", "--from", "ids.yaml", "--yes", "--json"], { cwd })).json();
  assert.ok(done.ok && done.result.done);
  assert.is(done.result.imported.length, 9);
  assert.equal(done.result.left, []);
  assert.is((await run(["deploy", "--yes"], { cwd })).code, 0);
  assert.match((await run(["deploy", "--yes"], { cwd })).stdout, /No changes\./);
  const destroyed = await run(["destroy", "--yes"], { cwd });
  assert.match(destroyed.stdout, /9 deleted/);
  assert.equal(JSON.parse(readFileSync(join(cwd, CLOUD), "utf8")).resources, {});
});

test("an import is in the history, is nothing to roll back to, and a rollback over it is refused before it deletes what was imported", async () => {
  const { cwd, ids } = await madeByHand();
  const whole = readFileSync(join(cwd, "stack.yaml"), "utf8");
  writeFileSync(join(cwd, "stack.yaml"), QUEUE);
  assert.is((await run(["import", "jobs", String(ids["shop/jobs"]), "--yes"], { cwd })).code, 0);
  assert.is((await run(["deploy", "--yes"], { cwd })).code, 0);
  writeFileSync(join(cwd, "stack.yaml"), whole);
  assert.is((await run(["import", "files", String(ids["shop/files"]), "--yes"], { cwd })).code, 0);
  const [imported, deployed] = (await run(["history", "--json"], { cwd })).json().result;
  assert.is(imported.operation, "import");
  assert.ok(imported.imported.some((urn: string) => urn.endsWith("::shop/files")));
  const to = await run(["rollback", String(imported.serial), "--yes"], { cwd });
  assert.is(to.code, 2);
  assert.match(to.stderr, /it was an import/);
  for (const args of [["rollback"], ["rollback", String(deployed.serial)]]) {
    const over = await run([...args, "--yes"], { cwd });
    assert.is(over.code, 5, over.stderr);
    assert.match(over.stderr, /shop\/files was imported at serial \d+, and rolling back to serial \d+ would delete it/);
    assert.match(over.stderr, /next: panka state rm shop\/files/);
  }
  assert.is((await run(["state", "rm", "shop/files", "--yes"], { cwd })).code, 0);
  assert.is((await run(["rollback", String(deployed.serial), "--yes"], { cwd })).code, 0);
  const { resources } = JSON.parse(readFileSync(join(cwd, CLOUD), "utf8"));
  assert.ok(
    Object.values<any>(resources).some((r) => r.importId === ids["shop/files"]),
    "it stands",
  );
});

test("nobody there to ask is exit 5 with nothing written; on a terminal yes is asked for", async () => {
  const { cwd, ids } = await madeByHand();
  const args = ["import", "jobs", String(ids["shop/jobs"])];
  assert.is((await run(args, { cwd })).code, 5);
  assert.is((await run(args, { cwd, answers: ["n"] })).code, 5);
  assert.not.ok(existsSync(join(cwd, STATE, "state.json")));
  const said = await run(args, { cwd, answers: ["y"] });
  assert.is(said.code, 0, said.stderr);
  assert.match(said.stdout, /Imported 2 resources into tiny in development/);
});

test("without an id the ids that are needed are listed, each with its command", async () => {
  const { cwd } = await madeByHand();
  const asked = await run(["import", "shop/jobs"], { cwd });
  assert.is(asked.code, 2);
  assert.match(asked.stderr, /aws:sqs\/queue:Queue can be imported by its id: as "Import" on the page of aws_sqs_queue/);
  assert.match(asked.stderr, /next: panka import 'urn:pulumi:development::tiny::aws:sqs\/queue:Queue::shop\/jobs' ID/);
  assert.not.match(asked.stderr, /queuePolicy/, "its policy is found by itself");
});

test("what can't be imported is refused with all reasons, and nothing is written", async () => {
  const { cwd, ids } = await madeByHand();
  const refused = async (code: number, text: RegExp, ...args: string[]) => {
    const ran = await run(["import", ...args, "--yes"], { cwd });
    assert.is(ran.code, code, ran.stdout + ran.stderr);
    assert.match(ran.stderr, text);
  };
  await refused(2, /the stack has no shop\/job; did you mean shop\/jobs\?/, "shop/job", "x");
  await refused(2, /the stack has no jbos; did you mean jobs\?/, "jbos", "x");
  await refused(2, /the stack has no elsewhere; expected one of .*shop\/jobs/, "elsewhere", "x");
  await refused(2, /nothing to import was named/);
  await refused(1, /there is no aws:sqs\/queue:Queue with the import id nope/, "jobs", "nope");
  writeFileSync(join(cwd, "ids.yaml"), `shop/jobs: ${ids["shop/jobs"]}\nshop/mails: ${ids["shop/jobs"]}\n`);
  await refused(1, /is recorded as urn:.*shop\/jobs/, "--from", "ids.yaml");
  await refused(2, /--from and a component exclude each other/, "jobs", "--from", "ids.yaml");
  writeFileSync(join(cwd, "ids.yaml"), "shop/jobs: 12\n");
  await refused(2, /ids\.yaml:1:1 {2}error.*no text as its import id/, "--from", "ids.yaml");
  assert.not.ok(existsSync(join(cwd, STATE, "state.json")));
  assert.is((await run(["import", "jobs", String(ids["shop/jobs"]), "--yes"], { cwd })).code, 0);
  await refused(2, /the state has urn:.*shop\/jobs already/, "jobs", String(ids["shop/jobs"]));
});

test("what another stack has tagged is taken only with --force", async () => {
  const { cwd, ids } = await madeByHand(true);
  const args = ["import", "jobs", String(ids["shop/jobs"]), "--yes"];
  const refused = await run(args, { cwd });
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /carries the tags of urn:.*another state may record it/);
  assert.is((await run([...args, "--force"], { cwd })).code, 0);
});

test("a held lock is exit 4, and the state is as it was", async () => {
  const { cwd, ids } = await madeByHand();
  const locker = localLocker({ folder: join(cwd, STATE), clock: realClock, random: realRandom });
  const taken = await locker.acquire("*", metadata());
  assert.ok(taken.ok);
  assert.is((await run(["import", "jobs", String(ids["shop/jobs"]), "--yes"], { cwd })).code, 4);
  if (taken.ok) await locker.release(taken.lease);
  assert.is((await run(["import", "jobs", String(ids["shop/jobs"]), "--yes"], { cwd })).code, 0);
});

test.run();
