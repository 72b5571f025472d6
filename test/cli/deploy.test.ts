import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { systemClock } from "../../cli/context.js";
import { CONFIG, project, QUEUE } from "./project.js";
import { run } from "./world.js";

const test = suite("deploy");

/** The resources that stand in the local cloud. */
function standing(cwd: string): number {
  const file = join(cwd, ".panka", "local-cloud.json");
  return existsSync(file) ? Object.keys(JSON.parse(readFileSync(file, "utf8")).resources).length : 0;
}

test("deploy creates, a second deploy does nothing and writes nothing, destroy leaves nothing", async () => {
  const cwd = project();
  const first = await run(["deploy", "--yes"], { cwd });
  assert.is(first.code, 0, first.stderr);
  assert.match(first.stdout, /Deployed tiny in development: 2 created/);
  assert.match(first.stdout, /shop\/jobs\.queueUrl +https:/);
  assert.is(standing(cwd), 2);
  const before = readFileSync(join(cwd, ".panka", "stacks", "tiny", "development", "state.json"), "utf8");
  const second = await run(["apply", "--yes"], { cwd });
  assert.is(second.code, 0);
  assert.match(second.stdout, /^No changes\. tiny in development is up to date\.$/m);
  assert.is(readFileSync(join(cwd, ".panka", "stacks", "tiny", "development", "state.json"), "utf8"), before);
  const gone = await run(["destroy", "--yes"], { cwd });
  assert.is(gone.code, 0, gone.stderr);
  assert.is(standing(cwd), 0);
  assert.match((await run(["destroy", "--yes"], { cwd })).stdout, /Nothing to destroy/);
});

test("without a terminal and without --yes it exits 5 and touches nothing", async () => {
  const cwd = project();
  const ran = await run(["deploy"], { cwd });
  assert.is(ran.code, 5);
  assert.match(ran.stderr, /next: panka deploy --yes/);
  assert.is(standing(cwd), 0);
  assert.not.ok(existsSync(join(cwd, ".panka", "stacks")));
});

test("on a terminal it asks: yes goes on, anything else exits 5 with nothing made", async () => {
  const cwd = project();
  const no = await run(["deploy"], { cwd, answers: ["n"] });
  assert.is(no.code, 5);
  assert.is(standing(cwd), 0);
  const yes = await run(["deploy"], { cwd, answers: ["yes"] });
  assert.is(yes.code, 0, yes.stderr);
  assert.is(standing(cwd), 2);
});

test("a question that nobody answers for 15 minutes ends the run: exit 5, nothing made, the lock free", async () => {
  const cwd = project();
  const asked: number[] = [];
  const clock = {
    ...systemClock,
    sleep: (ms: number, signal?: AbortSignal) => {
      if (ms > 60_000) asked.push(ms);
      return systemClock.sleep(ms > 60_000 ? 20 : ms, signal);
    },
  };
  const ran = await run(["deploy"], { cwd, answers: [], clock });
  assert.is(ran.code, 5, ran.stdout + ran.stderr);
  assert.match(ran.stderr, /nobody answered within the time for it; nothing was changed/);
  assert.equal(asked, [15 * 60_000]);
  assert.is(standing(cwd), 0);
  assert.not.ok(existsSync(join(cwd, ".panka", "stacks", "tiny", "development", "lock")));
  assert.is((await run(["deploy", "--yes"], { cwd })).code, 0);
});

test("after a declined deploy a no-change deploy is still recognised", async () => {
  const cwd = project();
  await run(["deploy", "--yes"], { cwd });
  writeFileSync(join(cwd, "stack.yaml"), QUEUE.replace("60", "61"));
  assert.is((await run(["deploy"], { cwd, answers: ["n"] })).code, 5);
  writeFileSync(join(cwd, "stack.yaml"), QUEUE);
  assert.match((await run(["deploy", "--yes"], { cwd })).stdout, /No changes/);
});

test("with --json stdout is JSON lines and the last is the result", async () => {
  const cwd = project();
  const ran = await run(["deploy", "--yes", "--json"], { cwd });
  const lines = ran.lines();
  assert.ok(lines.every((l) => typeof l.type === "string"));
  assert.ok(lines.some((l) => l.type === "plan" && l.summary.create === 2));
  assert.ok(lines.some((l) => l.type === "step-done" && l.component === "shop/jobs"));
  const last = lines.at(-1);
  assert.equal(Object.keys(last), ["type", "ok", "exitCode", "summary", "outputs", "serial", "diagnostics"]);
  assert.is(last.ok, true);
  assert.equal(last.summary, { create: 2, update: 0, replace: 0, delete: 0, same: 0 });
});

test("a stack with problems ends the stream with them", async () => {
  const cwd = project({ "stack.yaml": QUEUE.replace("visibilityTimeout", "visibilityTimout"), "panka.config.yaml": CONFIG });
  const ran = await run(["deploy", "--yes", "--json"], { cwd });
  assert.is(ran.code, 1);
  const last = ran.lines().at(-1);
  assert.is(last.ok, false);
  assert.is(last.exitCode, 1);
  assert.is(last.diagnostics[0].suggestion, "visibilityTimeout");
  assert.is(last.diagnostics[0].line, 15);
});

test("a failed step is reported with its component and position, the rest stands, and whom to ask is said", async () => {
  const cwd = project();
  const env = { PANKA_LOCAL_FAULTS: JSON.stringify([{ op: "create", fail: "denied", message: "no permission" }]) };
  const ran = await run(["deploy", "--yes"], { cwd, env });
  assert.is(ran.code, 1);
  assert.match(ran.stderr, /stack\.yaml:\d+:\d+ {2}error {2}shop\/jobs: could not create SQS queue: .*no permission/);
  assert.match(ran.stderr, /Help: slack #platform/);
  const again = await run(["deploy", "--yes"], { cwd });
  assert.is(again.code, 0, again.stderr);
  assert.is(standing(cwd), 2);
});

test("another region than the recorded one is refused before anything, also where nothing would change", async () => {
  const cwd = project();
  await run(["deploy", "--yes"], { cwd });
  writeFileSync(join(cwd, "stack.yaml"), QUEUE.replace("us-east-1", "eu-west-1"));
  const ran = await run(["deploy", "--yes"], { cwd });
  assert.is(ran.code, 2);
  assert.match(ran.stderr, /deployed with the region us-east-1, this run has eu-west-1/);
});

test("aws without a back end stops with exit 2 and names backend create", async () => {
  const cwd = project();
  for (const command of ["deploy", "destroy"]) {
    const ran = await run([command, "--yes", "-e", "production"], { cwd });
    assert.is(ran.code, 2);
    assert.match(ran.stderr, /next: panka backend create/);
  }
});

test("a selection on an empty state is one error that names --with-dependencies", async () => {
  const two = `${QUEUE}---\napiVersion: components.panka.io/v1\nkind: SQS\nmetadata: { name: more, service: shop }\nspec:\n  dependsOn: [jobs]\n`;
  const cwd = project({ "stack.yaml": two, "panka.config.yaml": CONFIG });
  const ran = await run(["deploy", "--yes", "--component", "shop/more"], { cwd });
  assert.is(ran.code, 1);
  assert.match(ran.stderr, /shop\/more needs shop\/jobs/);
  assert.match(ran.stderr, /--with-dependencies/);
  assert.is((ran.stderr.match(/error {2}/g) ?? []).length, 1);
  const both = await run(["deploy", "--yes", "--component", "shop/more", "--with-dependencies"], { cwd });
  assert.is(both.code, 0, both.stderr);
  assert.is(standing(cwd), 4);
});

test("the first signal finishes what is in flight, saves and exits 130; the next deploy goes on", async () => {
  const cwd = project({ "stack.yaml": `${QUEUE}  deadLetterQueue: { enabled: true, maxReceiveCount: 3 }\n`, "panka.config.yaml": CONFIG });
  const ran = await run(["deploy", "--yes"], {
    cwd,
    env: { PANKA_LOCAL_LATENCY_MS: "150" },
    signals: (send) => {
      const timer = setInterval(() => {
        if (!existsSync(join(cwd, ".panka", "stacks", "tiny", "development", "journal"))) return;
        clearInterval(timer);
        send("SIGINT");
      }, 10);
    },
  });
  assert.is(ran.code, 130);
  assert.match(ran.stderr, /Stopping: what is in flight is finished and saved/);
  assert.not.ok(existsSync(join(cwd, ".panka", "stacks", "tiny", "development", "lock")));
  const again = await run(["deploy", "--yes"], { cwd });
  assert.is(again.code, 0, again.stderr);
  assert.is(standing(cwd), 3);
});

test("plan says what would change and with --exit-code ends with 3", async () => {
  const cwd = project();
  const human = await run(["plan", "--exit-code"], { cwd });
  assert.is(human.code, 3);
  assert.match(human.stdout, /shop\/jobs\n {4}\+ create SQS queue/);
  const doc = (await run(["diff", "--json"], { cwd })).json();
  for (const key of ["version", "stack", "environment", "serial", "assemblyHash", "planHash", "summary", "changes"])
    assert.ok(key in doc, key);
  assert.equal(Object.keys(doc.changes[0]), ["urn", "component", "type", "action", "reasons", "properties"]);
  await run(["deploy", "--yes"], { cwd });
  assert.is((await run(["plan", "--exit-code"], { cwd })).code, 0);
});

test("what is deployed can be destroyed after its files are gone", async () => {
  const cwd = project();
  await run(["deploy", "--yes"], { cwd });
  rmSync(join(cwd, "stack.yaml"));
  const ran = await run(["destroy", "--stack", "tiny", "--yes"], { cwd });
  assert.is(ran.code, 0, ran.stderr);
  assert.is(standing(cwd), 0);
});

test.run();
