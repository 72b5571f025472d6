import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { localLocker } from "../../framework/lock/local.js";
import type { Lease } from "../../framework/model/locker.js";
import { metadata, realClock, realRandom } from "../support/world.js";
import { project } from "./project.js";
import { run } from "./world.js";

const test = suite("state by hand");
const FOLDER = ".panka/stacks/tiny/development";

async function deployed(): Promise<string> {
  const cwd = project();
  const ran = await run(["deploy", "--yes"], { cwd });
  assert.is(ran.code, 0, ran.stderr);
  return cwd;
}

const state = async (cwd: string): Promise<any> => JSON.parse((await run(["state", "pull"], { cwd })).stdout);

/** Damages state.json: every file that holds a version of it. */
function damage(cwd: string, by: (file: string) => void): void {
  for (const name of readdirSync(join(cwd, FOLDER))) if (/^state(\.\d+)?\.json$/.test(name)) by(join(cwd, FOLDER, name));
}

test("list, pull and push: an edited state is a new serial; another stack's, and one that was pulled too early, is refused", async () => {
  const cwd = await deployed();
  const listed = (await run(["state", "list", "--json"], { cwd })).json().result;
  const pulled = await state(cwd);
  assert.equal(
    listed.map((r: any) => r.key),
    Object.keys(pulled.resources),
  );
  const file = join(cwd, "pulled.json");
  writeFileSync(file, JSON.stringify({ ...pulled, lineage: "another" }));
  const other = await run(["state", "push", file, "--yes"], { cwd });
  assert.is(other.code, 2);
  assert.match(other.stderr, /another stack's state/);
  const [first] = Object.keys(pulled.resources) as [string];
  writeFileSync(
    file,
    JSON.stringify({ ...pulled, resources: { ...pulled.resources, [first]: { ...pulled.resources[first], protect: true } } }),
  );
  const unasked = await run(["state", "push", file], { cwd });
  assert.is(unasked.code, 5);
  const pushed = await run(["state", "push", file, "--yes"], { cwd });
  assert.is(pushed.code, 0, pushed.stderr);
  const now = await state(cwd);
  assert.ok(now.serial > pulled.serial && now.resources[first].protect === true);
  const late = await run(["state", "push", file, "--yes"], { cwd });
  assert.is(late.code, 2);
  assert.match(late.stderr, /pulled at serial/);
  assert.equal((await run(["state", "locks", "--json"], { cwd })).json().result, []);
});

test("mv renames a component with its edges; rm forgets one that nothing needs; a misspelt name says the nearest", async () => {
  const cwd = await deployed();
  const before = Object.keys((await state(cwd)).resources);
  const [component] = [...new Set(before.map((urn) => urn.split("::").at(-1)!.split("/").slice(0, 2).join("/")))] as [string];
  const [service, name] = component.split("/");
  const near = await run(["state", "rm", `${service}/${name}x`, "--yes"], { cwd });
  assert.is(near.code, 2);
  assert.match(near.stderr, new RegExp(`did you mean ${component}`));
  assert.is((await run(["state", "mv", component, `${service}/renamed`, "--yes"], { cwd })).code, 0);
  const moved = await state(cwd);
  assert.equal(Object.keys(moved.resources).sort(), before.map((u) => u.replace(`::${component}`, `::${service}/renamed`)).sort());
  assert.not.match(JSON.stringify(Object.values(moved.resources).map((r: any) => r.dependsOn)), new RegExp(`::${component}`));
  const gone = await run(["state", "rm", `${service}/renamed`, "--yes"], { cwd });
  assert.is(gone.code, 0, gone.stderr);
  assert.not.match(JSON.stringify(Object.keys((await state(cwd)).resources)), /renamed/);
});

test("restore brings back a kept serial as a new one, over a state that is whole, cut off, or gone", async () => {
  const cwd = await deployed();
  const good = await state(cwd);
  const kept = (await run(["state", "history", "--json"], { cwd })).json().result;
  assert.is(kept[0].serial, good.serial);
  const restore = (serial = good.serial) => run(["state", "restore", String(serial), "--yes"], { cwd });
  assert.is((await restore(999)).code, 2);
  let last = good.serial;
  for (const by of [() => {}, (file: string) => writeFileSync(file, '{"fence":1,"sealed":"1.k.'), (file: string) => rmSync(file)]) {
    damage(cwd, by);
    const ran = await restore();
    assert.is(ran.code, 0, ran.stderr);
    const now = await state(cwd);
    assert.equal(now.resources, good.resources);
    assert.ok(now.serial > last, `${now.serial} after ${last}`);
    last = now.serial;
  }
  const again = await run(["deploy", "--yes", "--json"], { cwd });
  assert.is(again.code, 0, again.stderr);
  assert.equal(again.lines().at(-1).summary.create, 0);
});

test("doctor names the next step where the state is damaged and where locks are held or silent, and says whether approvals are asked for", async () => {
  const cwd = await deployed();
  const check = async (name = "state and lock"): Promise<any> => {
    const { checks } = (await run(["doctor", "--json"], { cwd })).json().result;
    return checks.find((c: any) => c.name === name);
  };
  assert.is((await check()).status, "ok");
  assert.is((await check("approval")).message, "runs in development need none");
  const folder = join(cwd, FOLDER);
  const locker = localLocker({ folder, clock: realClock, random: realRandom });
  const take = async (scope: string): Promise<Lease> => {
    const taken = await locker.acquire(scope, metadata({ host: "elsewhere" }));
    return (taken as { lease: Lease }).lease;
  };
  const [first, second] = [await take("app"), await take("other")];
  const held = await check();
  assert.equal([held.status, held.next], ["warning", "panka state locks -e development"]);
  assert.match(held.message, /locked \(app only\) .*; and 1 more lock: panka state locks -e development$/);
  mkdirSync(join(folder, "beats"), { recursive: true });
  const silent = { lastHeartbeat: new Date(Date.now() - 800_000).toISOString(), heartbeatSeq: 1 };
  writeFileSync(join(folder, "beats", second.lockId), JSON.stringify(silent));
  assert.match((await check()).message, /locked \(other only\) .*silent for 13 min/);
  assert.is((await check()).next, "panka deploy --takeover -e development");
  for (const lease of [first, second]) await locker.release(lease);
  damage(cwd, (file) => writeFileSync(file, "{"));
  assert.is((await check()).status, "failed");
  assert.match((await check()).next, /panka state restore \d+/);
});

test.run();
