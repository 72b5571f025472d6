/** The six scenarios, with the built CLI as users run it. Each leaves its stack destroyed. */
import * as assert from "uvu/assert";
import { type Finished, jsonOf, linesOf } from "../support/cli.js";
import type { Sandbox } from "./sandbox.js";
import { smallPlatform, stackOf, topics, wholePlatform } from "./stacks.js";

/** What a scenario works with. */
interface Stage extends Sandbox {
  /** Name of its stack. */
  stack: string;
  /** The platform scenario deploys examples/platform, not the small one. */
  whole: boolean;
}

/** A scenario. */
interface Scenario {
  name: string;
  says: string;
  play(s: Stage): Promise<void>;
}

const DEPLOY = ["deploy", "--yes", "--json"];

/** How many steps of each sort a deploy ran. */
const summary = (done: Finished): { [action: string]: number } => linesOf(done).pop().summary;

/** The display names of the topics in the recorded state, sorted. */
async function labels(s: Stage): Promise<string[]> {
  const { resources } = jsonOf(await s.run(["state", "show", "--json"])).result;
  return (Object.values(resources) as any[]).map((r) => r.outputs.displayName).sort();
}

async function upToDate(s: Stage): Promise<void> {
  assert.match((await s.run(["deploy", "--yes"])).stdout, /No changes\./);
}

const writeTopics = (s: Stage, named: { [name: string]: string }): void => s.write({ "stack.yaml": stackOf(s, s.stack, topics(named)) });

/** The scenarios in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "simple",
    says: "a simple stack is deployed, found unchanged, and destroyed",
    play: async (s) => {
      writeTopics(s, { a: "one", b: "one" });
      assert.is(summary(await s.run(DEPLOY)).create, 2);
      assert.equal(await labels(s), ["one", "one"]);
      await upToDate(s);
    },
  },
  {
    name: "platform",
    says: "a platform of many kinds that use each other is deployed, and a fresh look finds what was declared",
    play: async (s) => {
      if (!s.whole) s.write({ "stack.yaml": stackOf(s, s.stack, smallPlatform()) });
      const components = s.whole ? wholePlatform(s, s.stack) : smallPlatform().length;
      await s.run(DEPLOY);
      assert.is(Object.keys(jsonOf(await s.run(["outputs", "--json"])).result).length, components);
      await upToDate(s);
      const { changes } = jsonOf(await s.run(["plan", "--refresh", "--json"]));
      const differing = changes.filter((c: any) => c.action !== "same").map((c: any) => `${c.action} ${c.urn}`);
      // An emulator forgets what AWS keeps; there only that nothing would be made again counts.
      assert.equal(s.endpoint === undefined ? differing : differing.filter((c: string) => !c.startsWith("update")), []);
    },
  },
  {
    name: "update",
    says: "an update changes what differs and nothing else",
    play: async (s) => {
      writeTopics(s, { a: "one", b: "one", c: "one" });
      await s.run(DEPLOY);
      writeTopics(s, { a: "two", b: "one", d: "new" });
      const { create, update, replace, delete: deleted } = summary(await s.run(DEPLOY));
      assert.equal([create, update, replace, deleted], [1, 1, 0, 1]);
      assert.equal(await labels(s), ["new", "one", "two"]);
    },
  },
  {
    name: "rollback",
    says: "a rollback brings an earlier release back under a new serial",
    play: async (s) => {
      const serial = async (): Promise<number> => jsonOf(await s.run(["state", "show", "--json"])).result.serial;
      writeTopics(s, { a: "one" });
      await s.run(DEPLOY);
      writeTopics(s, { a: "two", b: "two" });
      await s.run(DEPLOY);
      const before = await serial();
      await s.run(["rollback", "--yes"]);
      assert.equal(await labels(s), ["one"]);
      assert.ok((await serial()) > before);
    },
  },
  {
    name: "crash",
    says: "a run that is killed in the middle of a create is finished by the next one, and nothing is made twice",
    play: async (s) => {
      writeTopics(s, { a: "one", b: "one", c: "one", d: "one" });
      await s.run(DEPLOY, { code: null, env: { PANKA_FAULT: "journal:reply-received@2" } });
      await s.run(DEPLOY);
      assert.equal(await labels(s), ["one", "one", "one", "one"]);
      await upToDate(s);
    },
  },
  {
    name: "concurrent",
    says: "of two deployments at once one waits for the other, and each thing is made once",
    play: async (s) => {
      writeTopics(s, { a: "one", b: "one", c: "one" });
      const both = await Promise.all([s.run([...DEPLOY, "--wait", "10m"]), s.run([...DEPLOY, "--wait", "10m"])]);
      const waited = both.map((done) => linesOf(done).some((line) => line.type === "waiting"));
      assert.equal([...waited].sort(), [false, true]);
      assert.equal(both.map((done) => summary(done).create).sort(), [0, 3]);
      await upToDate(s);
    },
  },
];

/** Runs scenarios; names of those that failed. Each stack is destroyed, whatever came of it. */
export async function runScenarios(
  s: Sandbox,
  { chosen, whole }: { chosen: readonly Scenario[]; whole: boolean },
  say: (line: string) => void,
): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, says, play } of chosen) {
    const began = performance.now();
    let problem: string | undefined;
    const note = (error: unknown): void => {
      problem ??= (error as Error).message;
    };
    await play({ ...s, stack: `${s.id}-${name}`, whole }).catch(note);
    await s.run(["destroy", "--yes"]).catch(note);
    say(`${problem === undefined ? "ok  " : "FAIL"} ${name}: ${says}  ${((performance.now() - began) / 1000).toFixed(0)} s`);
    if (problem === undefined) continue;
    say(problem.replace(/^/gm, "     "));
    failed.push(name);
  }
  return failed;
}
