import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { LANGUAGES, TEMPLATES } from "../../framework/operations/templates.js";
import { project } from "./project.js";
import { run } from "./world.js";

const test = suite("init");

for (const template of Object.keys(TEMPLATES)) {
  test(`template ${template}: both languages validate in every environment and give one assembly`, async () => {
    const hashes: string[] = [];
    for (const language of LANGUAGES) {
      const cwd = project({});
      const made = await run(["init", "app", "--template", template, "--language", language, "--name", "shop", "--yes"], { cwd });
      assert.is(made.code, 0, made.stderr);
      const inside = join(cwd, "app");
      const checked = await run(["validate"], { cwd: inside });
      assert.is(checked.code, 0, checked.stderr);
      assert.match(checked.stdout, /development, production, staging/);
      hashes.push((await run(["synth", "--json", "-e", "production"], { cwd: inside })).stdout);
    }
    assert.is(hashes[0], hashes[1]);
  });
}

for (const template of Object.keys(TEMPLATES))
  test(`template ${template}: it is deployed to the local provider as it is, and destroyed`, async () => {
    const cwd = project({});
    assert.is((await run(["init", "app", "-t", template, "--name", "shop", "--yes"], { cwd })).code, 0);
    const inside = join(cwd, "app");
    const deployed = await run(["deploy", "--yes"], { cwd: inside });
    assert.is(deployed.code, 0, deployed.stdout + deployed.stderr);
    assert.match((await run(["deploy", "--yes"], { cwd: inside })).stdout, /No changes/);
    assert.is((await run(["destroy", "--yes"], { cwd: inside })).code, 0);
  });

test("it ignores what Panka writes, and keeps lines that are there", async () => {
  const cwd = project({ ".gitignore": "dist/" });
  await run(["init", ".", "--yes", "--name", "shop"], { cwd });
  assert.is(readFileSync(join(cwd, ".gitignore"), "utf8"), "dist/\n.panka/\npanka.out/\n");
});

test("it never overwrites", async () => {
  const cwd = project({ "stack.yaml": "mine" });
  const ran = await run(["init", "--yes"], { cwd });
  assert.is(ran.code, 2);
  assert.match(ran.stderr, /stack\.yaml is already in/);
  assert.is(readFileSync(join(cwd, "stack.yaml"), "utf8"), "mine");
  assert.not.ok(existsSync(join(cwd, "panka.config.yaml")));
});

test("on a terminal it asks for template, language and name", async () => {
  const cwd = project({});
  const ran = await run(["new", "app"], { cwd, answers: ["worker", "2", "my-jobs"] });
  assert.is(ran.code, 0, ran.stderr);
  assert.match(readFileSync(join(cwd, "app", "stack.ts"), "utf8"), /new Stack\("my-jobs"/);
});

test("unknown templates and bad names are usage errors", async () => {
  assert.match((await run(["init", "a", "-t", "quikstart"])).stderr, /did you mean quickstart/);
  assert.is((await run(["init", "a", "--yes", "--name", "Not Good"])).code, 2);
});

test("json names the files", async () => {
  const cwd = project({});
  writeFileSync(join(cwd, "readme"), "");
  const made = (await run(["init", "app", "--json"], { cwd })).json();
  assert.is(made.ok, true);
  assert.equal(made.result.files, [".gitignore", "panka.config.yaml", "stack.yaml"]);
});

test.run();
