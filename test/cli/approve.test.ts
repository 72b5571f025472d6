import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { hashJson } from "../../framework/base/json.js";
import { systemClock } from "../../cli/context.js";
import { CONFIG, project, QUEUE } from "./project.js";
import { type Ran, run, type WorldOptions } from "./world.js";

const test = suite("approve");

const APPROVED = CONFIG.replace("{ provider: local }", "{ provider: local, approval: { by: [bob, carol, ada] } }");
const COMPLIANCE = `---
apiVersion: infra.panka.io/v1
kind: Compliance
metadata: { name: rules }
spec: { approval: { environments: [development] } }
`;

const approvedProject = (): string => project({ "stack.yaml": QUEUE, "panka.config.yaml": APPROVED });
const edit = (cwd: string, seconds: number): void => {
  const file = join(cwd, "stack.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace(/visibilityTimeout: \d+/, `visibilityTimeout: ${seconds}`));
};
const ok = (ran: Ran): Ran => {
  assert.is(ran.code, 0, ran.stdout + ran.stderr);
  return ran;
};
const refused = (ran: Ran, what: RegExp): void => {
  assert.is(ran.code, 5, ran.stdout + ran.stderr);
  assert.match(ran.stdout + ran.stderr, what);
};
const serialOf = async (cwd: string): Promise<number> => JSON.parse((await run(["state", "pull"], { cwd })).stdout).serial;

test("where an approval is asked for a plan is saved, approved by another person, deployed, and the release says by whom", async () => {
  const cwd = approvedProject();
  refused(
    await run(["deploy", "--yes"], { cwd }),
    /takes approved plans only \(panka\.config\.yaml\).*panka plan -e development --out plan\.json/s,
  );
  assert.is(readdirSync(cwd).includes(".panka"), false, "nothing was touched");
  const planned = ok(await run(["plan", "--out", "plan.json"], { cwd }));
  assert.match(
    planned.stdout,
    /Saved in plan\.json, plan [0-9a-f]{12}\.\nNext: another person: panka approve plan\.json, then panka deploy --plan plan\.json/,
  );
  assert.is(statSync(join(cwd, "plan.json")).mode & 0o777, 0o600);
  const misspelt = await run(["approve", "plna.json"], { cwd, user: "bob" });
  assert.is(misspelt.code, 2);
  assert.match(misspelt.stderr, /there is no file plna\.json; did you mean plan\.json\?/);
  refused(await run(["deploy", "--plan", "plan.json", "--yes"], { cwd }), /nobody has approved the plan plan\.json/);
  refused(
    await run(["approve", "plan.json", "--yes"], { cwd, user: "dave" }),
    /dave@engine may not approve plans for development.*ask bob or carol or ada/s,
  );
  refused(await run(["approve", "plan.json"], { cwd, user: "bob", answers: ["n"] }), /Not approved/);
  const approved = ok(await run(["approve", "plan.json"], { cwd, user: "bob", answers: ["y"] }));
  assert.match(approved.stdout, /Plan for tiny in development.*create.*Made 20.* by ada@engine/s);
  assert.match(approved.stdout, /Approved as bob@engine/);
  // Nobody is asked again, and no --yes is needed: the plan is approved.
  ok(await run(["deploy", "--plan", "plan.json"], { cwd }));
  const [release] = (await run(["history", "--json"], { cwd })).json().result;
  const { id } = JSON.parse(readFileSync(join(cwd, "plan.json"), "utf8"));
  assert.equal([release.approvedBy, release.plan], [["bob@engine"], id]);
  assert.match((await run(["history"], { cwd })).stdout, /approved.*\n.*bob@engine/i);
  const again = ok(await run(["deploy", "--plan", "plan.json"], { cwd }));
  assert.match(again.stdout, /No changes/, "a plan that was deployed has nothing left to do");
  ok(await run(["deploy"], { cwd }));
});

test("the one who deploys can't be the one who approved, and a second approver helps", async () => {
  const cwd = approvedProject();
  ok(await run(["plan", "--out", "plan.json"], { cwd }));
  ok(await run(["approve", "plan.json", "--yes"], { cwd }));
  refused(
    await run(["deploy", "--plan", "plan.json", "--yes"], { cwd }),
    /you \(ada@engine\) approved the plan plan\.json yourself, and another person must/,
  );
  const second = ok(await run(["approve", "plan.json", "--yes", "--json"], { cwd, user: "bob" }));
  assert.equal(
    second.json().result.agreements.map((a: any) => a.by),
    ["ada@engine", "bob@engine"],
  );
  ok(await run(["approve", "plan.json", "--yes"], { cwd, user: "bob" }));
  ok(await run(["deploy", "--plan", "plan.json"], { cwd }));
});

test("Compliance asks for approvals in the environments it names, and takes anybody else where it names nobody", async () => {
  const cwd = project({ "stack.yaml": QUEUE + COMPLIANCE, "panka.config.yaml": CONFIG });
  refused(await run(["deploy", "--yes"], { cwd }), /takes approved plans only \(Compliance\)/);
  ok(await run(["plan", "--out", "plan.json"], { cwd }));
  ok(await run(["approve", "plan.json", "--yes"], { cwd, user: "zoe" }));
  ok(await run(["deploy", "--plan", "plan.json"], { cwd }));
  writeFileSync(join(cwd, "stack.yaml"), QUEUE.replace("60", "90") + COMPLIANCE.replace("[development]", "[production]"));
  ok(await run(["deploy", "--yes"], { cwd }));
});

test("a plan that was edited, is not one, is of another environment, or of another stack is refused, and nothing is touched", async () => {
  const cwd = project({
    "stack.yaml": QUEUE,
    "panka.config.yaml": CONFIG.replace("production: { provider: aws }", "staging: { provider: local }"),
  });
  ok(await run(["plan", "--out", "plan.json"], { cwd }));
  const file = join(cwd, "plan.json");
  const plan = JSON.parse(readFileSync(file, "utf8"));
  const deploy = (args: string[] = []) => run(["deploy", "--plan", "plan.json", "--yes", ...args], { cwd });
  refused(await deploy(["-e", "staging"]), /the plan plan\.json is for development, not for staging/);
  writeFileSync(join(cwd, "stack.yaml"), QUEUE.replace("name: tiny", "name: huge"));
  refused(await deploy(), /is of the stack tiny, not of huge/);
  writeFileSync(join(cwd, "stack.yaml"), QUEUE);
  writeFileSync(file, JSON.stringify({ ...plan, by: "root@engine" }));
  refused(await deploy(), /was edited after it was made/);
  const { id: _id, ...content } = { ...plan, version: 2 };
  writeFileSync(file, JSON.stringify({ ...content, id: hashJson(content) }));
  assert.match((await deploy()).stderr, /has format version 2; this Panka reads version 1/);
  writeFileSync(file, "{}");
  assert.is((await deploy()).code, 2);
  rmSync(file);
  assert.is((await deploy()).code, 2);
  assert.match((await run(["deploy", "--plan", "plan.json", "--service", "shop"], { cwd })).stderr, /--service can't be given with --plan/);
  assert.is(readdirSync(cwd).includes(".panka"), false);
});

test("a plan is refused once the state has moved on, and holds through runs that changed nothing", async () => {
  const cwd = project();
  ok(await run(["deploy", "--yes"], { cwd }));
  edit(cwd, 90);
  ok(await run(["plan", "--out", "plan.json"], { cwd }));
  // A run that was declined under the lock writes serials, and changes nothing.
  assert.is((await run(["deploy"], { cwd, answers: ["n"] })).code, 5);
  // The plan's own assembly is deployed, whatever is written here now.
  edit(cwd, 120);
  ok(await run(["deploy", "--plan", "plan.json", "--yes"], { cwd }));
  const resources = Object.values<any>(JSON.parse((await run(["state", "pull"], { cwd })).stdout).resources);
  assert.is(resources.find((r) => r.type.includes("sqs"))?.inputs.visibilityTimeoutSeconds, 90);
  edit(cwd, 100);
  ok(await run(["plan", "--out", "late.json"], { cwd }));
  edit(cwd, 110);
  ok(await run(["deploy", "--yes"], { cwd }));
  const serial = await serialOf(cwd);
  refused(
    await run(["deploy", "--plan", "late.json", "--yes"], { cwd }),
    /the state has moved on since the plan late\.json was made against serial/,
  );
  refused(await run(["approve", "late.json", "--yes"], { cwd, user: "bob" }), /has moved on/);
  assert.is(await serialOf(cwd), serial);
});

test("an approval that was put there in clear, edited, or moved from another plan is not believed", async () => {
  const cwd = approvedProject();
  const approvals = join(cwd, ".panka/stacks/tiny/development/approvals");
  ok(await run(["plan", "--out", "plan.json"], { cwd }));
  ok(await run(["approve", "plan.json", "--yes"], { cwd, user: "bob" }));
  const [name = ""] = readdirSync(approvals);
  const file = join(approvals, name);
  const sealed = readFileSync(file, "utf8");
  assert.not.match(sealed, /bob|agreements/);
  const { id } = JSON.parse(readFileSync(join(cwd, "plan.json"), "utf8"));
  const deploy = () => run(["deploy", "--plan", "plan.json", "--yes"], { cwd });
  const forged = {
    version: 1,
    plan: id,
    stack: "tiny",
    environment: "development",
    lineage: "",
    serial: 0,
    agreements: [{ by: "bob@engine", at: "2026-01-01T00:00:00.000Z" }],
  };
  writeFileSync(file, JSON.stringify(forged));
  const clear = await deploy();
  assert.is(clear.code, 1);
  assert.match(clear.stderr, /it is not encrypted/);
  const flipped = sealed.replace(/"sealed":"(.{40})(.)/, (_, before, c) => `"sealed":"${before}${c === "A" ? "B" : "A"}`);
  writeFileSync(file, flipped);
  assert.is((await deploy()).code, 1);
  edit(cwd, 75);
  ok(await run(["plan", "--out", "other.json"], { cwd }));
  const other = JSON.parse(readFileSync(join(cwd, "other.json"), "utf8"));
  writeFileSync(join(approvals, `${other.id}.json`), sealed);
  const moved = await run(["deploy", "--plan", "other.json", "--yes"], { cwd });
  assert.is(moved.code, 1, moved.stdout + moved.stderr);
  assert.match(moved.stderr, /moved from another place/);
});

test("a prompt that nobody answers lets the lock go with exit 5 and the path of a plan that can be deployed", async () => {
  const cwd = project();
  const clock = {
    ...systemClock,
    sleep: async (ms: number, signal?: AbortSignal) => (ms === 15 * 60_000 ? undefined : systemClock.sleep(ms, signal)),
  };
  const options: WorldOptions = { cwd, clock, answers: [] };
  const expired = await run(["deploy"], options);
  refused(
    expired,
    /nobody answered within the time for it; nothing was changed; the lock was let go, and the plan is kept in panka\.out\/tiny\/development\/plan-[0-9a-f]{12}\.json/,
  );
  assert.equal((await run(["state", "locks", "--json"], { cwd })).json().result, []);
  const [, file = ""] = /panka deploy --plan (\S+)/.exec(expired.stderr) ?? [];
  assert.is(statSync(join(cwd, file)).mode & 0o777, 0o600);
  const unasked = await run(["deploy", "--plan", file], { cwd });
  refused(unasked, /nobody is there to approve/);
  ok(await run(["deploy", "--plan", file, "--yes"], { cwd }));
});

test("a destroy takes an approved plan, too, and what is protected goes only where the plan says so", async () => {
  const cwd = approvedProject();
  const file = join(cwd, "stack.yaml");
  writeFileSync(file, QUEUE.replace("  visibilityTimeout", "  protect: true\n  visibilityTimeout"));
  ok(await run(["plan", "--out", "plan.json"], { cwd }));
  ok(await run(["approve", "plan.json", "--yes"], { cwd, user: "bob" }));
  ok(await run(["deploy", "--plan", "plan.json"], { cwd }));
  refused(
    await run(["plan", "--destroy", "--out", "d.json"], { cwd }).then((ran) => ({ ...ran, code: 5 })),
    /shop\/jobs is protected; to delete it, too: --allow-delete shop\/jobs/,
  );
  const named = ["--allow-delete", "shop/jobs"];
  refused(
    await run(["destroy", "--yes", ...named], { cwd }),
    /takes approved plans only.*panka plan -e development --destroy --out plan\.json.*panka destroy -e development --plan plan\.json/s,
  );
  const planned = ok(await run(["plan", "--destroy", "--out", "d.json", ...named], { cwd }));
  assert.match(planned.stdout, /to delete.*panka approve d\.json, then panka destroy --plan d\.json/s);
  refused(await run(["destroy", "--plan", "d.json", "--yes"], { cwd }), /nobody has approved the plan d\.json/);
  refused(await run(["deploy", "--plan", "d.json", "--yes"], { cwd }), /is of a destroy/);
  refused(await run(["destroy", "--plan", "plan.json", "--yes"], { cwd }), /is of a deployment/);
  ok(await run(["approve", "d.json", "--yes"], { cwd, user: "carol" }));
  // Its files may be broken, or gone.
  writeFileSync(file, "kind: [");
  ok(await run(["destroy", "--plan", "d.json"], { cwd }));
  writeFileSync(file, QUEUE);
  const [release] = (await run(["history", "--json"], { cwd })).json().result;
  assert.equal([release.operation, release.approvedBy], ["destroy", ["carol@engine"]]);
  assert.match(ok(await run(["destroy", "--plan", "d.json"], { cwd })).stdout, /Nothing to destroy/);
});

test("a rollback needs no approval, and is recorded as one", async () => {
  const cwd = approvedProject();
  for (const seconds of [60, 90]) {
    edit(cwd, seconds);
    ok(await run(["plan", "--out", "plan.json"], { cwd }));
    ok(await run(["approve", "plan.json", "--yes"], { cwd, user: "bob" }));
    ok(await run(["deploy", "--plan", "plan.json"], { cwd }));
  }
  ok(await run(["rollback", "--yes"], { cwd }));
  const [release] = (await run(["history", "--json"], { cwd })).json().result;
  assert.equal([release.operation, release.approvedBy], ["rollback", undefined]);
});

const LAMBDA = `${QUEUE}---
apiVersion: components.panka.io/v1
kind: Lambda
metadata: { name: hello, service: shop }
spec: { runtime: nodejs22.x, handler: index.handler, code: { path: hello } }
`;

test("files that the stack ships are those of the plan: from panka.out, made again from the same files, or the plan is refused", async () => {
  const cwd = project({ "stack.yaml": LAMBDA, "panka.config.yaml": CONFIG, "hello/index.mjs": "export const handler = () => 1;\n" });
  const code = join(cwd, "hello/index.mjs");
  ok(await run(["plan", "--out", "plan.json"], { cwd }));
  rmSync(join(cwd, "panka.out"), { recursive: true });
  writeFileSync(code, "export const handler = () => 2;\n");
  const other = await run(["deploy", "--plan", "plan.json", "--yes"], { cwd });
  assert.is(other.code, 1, other.stdout);
  assert.match(other.stderr, /that the stack ships is neither here nor in the back end/);
  assert.equal((await run(["history", "--json"], { cwd })).json().result, []);
  writeFileSync(code, "export const handler = () => 1;\n");
  ok(await run(["deploy", "--plan", "plan.json", "--yes"], { cwd }));
});

test.run();
