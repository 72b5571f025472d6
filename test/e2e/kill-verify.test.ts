/** The built CLI, killed while it verifies or as it begins to roll back: what the next deploy makes of it. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { answering, type Answering } from "../support/answering.js";
import { fine, inFolder, panka, writeFiles } from "../support/cli.js";
import { component, stackHead } from "../support/stack-text.js";

const test = suite("killed while it verifies");
let server: Answering;
test.before(async () => {
  server = await answering();
});
test.after(() => server.close());

const CONFIG = "version: 1\nenvironments:\n  development: { provider: local }\n";

function files(timeout: number): { [path: string]: string } {
  const head = stackHead("tiny").replace("spec: {", `spec: { smokeTests: [{ http: { path: "${server.url}/" }, retries: 0 }],`);
  return { "panka.config.yaml": CONFIG, "stack.yaml": `${head}---\n${component("SQS", "jobs", `{ visibilityTimeout: ${timeout} }`)}` };
}

const releases = async (cwd: string): Promise<string[]> =>
  JSON.parse(fine(await panka(cwd, ["history", "--json"])).stdout).result.map((r: any) => `${r.operation} ${r.status}`);

test("the next deploy verifies what stands, and what fails is taken back by it", async () => {
  await inFolder(files(60), async (cwd) => {
    fine(await panka(cwd, ["deploy", "--yes"]));
    writeFiles(cwd, files(90));
    const killed = await panka(cwd, ["deploy", "--yes"], { PANKA_FAULT: "verify:after" });
    assert.is(killed.signal, "SIGKILL", killed.stdout + killed.stderr);
    assert.equal(await releases(cwd), ["deploy verifying", "deploy good"]);

    server.answer({ status: 500 });
    const rolling = await panka(cwd, ["deploy", "--yes"], { PANKA_FAULT: "rollback:before" });
    assert.is(rolling.signal, "SIGKILL", rolling.stdout + rolling.stderr);
    const back = await panka(cwd, ["deploy", "--yes"]);
    assert.is(back.code, 6, back.stdout + back.stderr);
    assert.is((await releases(cwd))[0], "rollback good");

    server.answer({ status: 200 });
    const almost = await panka(cwd, ["deploy", "--yes"], { PANKA_FAULT: "verify:good" });
    assert.is(almost.signal, "SIGKILL", almost.stdout + almost.stderr);
    server.asked.length = 0;
    fine(await panka(cwd, ["deploy", "--yes"]));
    assert.is(server.asked.length, 1, "what was not sealed is verified once more");
    assert.match(fine(await panka(cwd, ["deploy", "--yes"])).stdout, /No changes/);
  });
});

test.run();
