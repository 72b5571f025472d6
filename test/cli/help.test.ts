import { suite } from "uvu";
import * as assert from "uvu/assert";
import { COMMANDS } from "../../cli/commands/index.js";
import { GROUP } from "../../cli/groups.js";
import { describedCommands } from "../../cli/run.js";
import { nameOf, optionsOf } from "../../cli/views/help.js";
import { TEMPLATES } from "../../framework/operations/templates.js";
import { run } from "./world.js";

const test = suite("help");
const all = describedCommands("1.2.3");

test("without arguments the page names every command once, below what it is for", async () => {
  const ran = await run([]);
  assert.is(ran.code, 0);
  const lines = ran.stdout.split("\n");
  let group = "";
  const found: string[] = [];
  for (const line of lines) {
    if ((Object.values(GROUP) as string[]).includes(line)) group = line;
    const command = all.find((c) => line.startsWith(`  ${nameOf(c)}  `));
    if (!command) continue;
    assert.is(command.category, group, nameOf(command));
    assert.ok(line.endsWith(`  ${command.description}`), line);
    found.push(nameOf(command));
  }
  assert.equal(found.sort(), COMMANDS.map((c) => c.paths[0]?.join(" ")).sort());
});

test("--help, -h and help ask for the same page", async () => {
  const [page, ...others] = await Promise.all(
    [
      ["deploy", "--help"],
      ["deploy", "-h"],
      ["help", "deploy"],
      ["apply", "-h"],
    ].map((args) => run(args)),
  );
  for (const other of others) assert.equal([other.code, other.stdout], [page?.code, page?.stdout]);
  assert.is((await run(["--help"])).stdout, (await run([])).stdout);
});

test("the page of a command has its usage, its other names, each option with what stands for its value, and examples", async () => {
  const { stdout } = await run(["deploy", "--help"]);
  assert.match(stdout, /^Usage {2}panka deploy \[PATH\] \[options\]\n/);
  assert.match(stdout, /Also: panka apply/);
  assert.match(stdout, / -e, --environment NAME +the environment/);
  assert.match(stdout, / --image SERVICE\/COMPONENT=IMAGE +the image of a component/);
  assert.match(stdout, /panka deploy -e production --yes/);
  assert.match((await run(["eject", "-h"])).stdout, /^Usage {2}panka eject \[PATH\] --to TOOL \[options\]\n/);
});

test("no line of a page is longer than the terminal is wide, where a word is not", async () => {
  for (const command of all)
    for (const line of (await run([...nameOf(command).split(" "), "--help"])).stdout.split("\n"))
      assert.ok(line.length <= 80 || /^ {2}(panka|#) /.test(line), `${nameOf(command)}: ${line}`);
});

test("each command has a group, a description and, for every option with a value, a name of the value", () => {
  for (const command of all) {
    assert.ok((Object.values(GROUP) as (string | undefined)[]).includes(command.category), nameOf(command));
    assert.match(command.description ?? "", /^[a-z].*[^.]$/, nameOf(command));
    for (const { usage, description } of Object.values(optionsOf(command)).flat()) {
      assert.not.match(usage, /#|VALUE/, `${nameOf(command)} ${usage}`);
      assert.ok(description !== "", `${nameOf(command)} ${usage}`);
    }
  }
});

test("the first word of several commands gives their list", async () => {
  for (const args of [["state"], ["state", "--help"], ["help", "state"]]) {
    const { stdout, code } = await run(args);
    assert.is(code, 0);
    assert.match(stdout, /state show .*\n.*state list /);
    assert.not.match(stdout, /deploy/);
  }
});

test("help about what is no command names the nearest", async () => {
  const ran = await run(["deplyo", "--help"]);
  assert.is(ran.code, 2);
  assert.match(ran.stderr, /unknown command "deplyo"; did you mean deploy\?/);
});

test("a misspelt group, or --help, is known again", async () => {
  assert.match((await run(["staet", "--help"])).stderr, /unknown command "staet"; did you mean state\?\n +next: panka state --help/);
  assert.match((await run(["deploy", "--hlep"])).stderr, /no option --hlep; did you mean --help\?/);
});

test("an option that means another thing than elsewhere stands among the command's own", async () => {
  const { stdout } = await run(["init", "--help"]);
  assert.match(stdout, /\nOptions\n[\s\S]*--region REGION +the AWS region[\s\S]*\nOptions of all commands\n/);
  assert.not.match(stdout, /Options about the stack/);
});

test("init names every template", async () => {
  const { stdout } = await run(["init", "--help"]);
  for (const name of Object.keys(TEMPLATES)) assert.ok(stdout.includes(name), name);
});

test("what comes after -- asks for no help", async () => {
  const ran = await run(["version", "--", "--help"]);
  assert.not.match(ran.stdout, /Usage/);
});

test.run();
