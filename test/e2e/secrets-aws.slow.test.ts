import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cleanEnv, inFolder, jsonOf, PANKA, panka } from "../support/cli.js";
import { aws, hasAwsCli, hasPlugin, withMoto } from "../support/moto.js";
import { stackHead } from "../support/stack-text.js";

const CONFIG = "version: 1\nbackend: { type: local }\nenvironments:\n  cloud: { provider: aws }\n";
const STACK = `${stackHead("vault")}---
apiVersion: components.panka.io/v1
kind: Secret
metadata: { name: made }
spec: { generate: { length: 24, excludeChars: "@/", template: { username: ada } } }
---
apiVersion: components.panka.io/v1
kind: Secret
metadata: { name: given }
`;
const VALUE = "correct-horse-battery";

/** All that Panka and what it starts keep on this machine, temporary files and the user's cache included, as one text. */
function kept(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  return files.map((e) => readFileSync(join(e.parentPath ?? e.path, e.name), "latin1")).join("\n");
}

/** Arguments and environments of all processes of this machine that may be read, as long as it runs; Linux only. */
function watchProcesses(): { stop(): string } {
  const seen = new Set<string>();
  const look = (): void => {
    for (const pid of existsSync("/proc/self") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [])
      for (const what of ["cmdline", "environ"]) {
        try {
          seen.add(readFileSync(`/proc/${pid}/${what}`, "latin1"));
        } catch {
          // It has ended, or is somebody else's.
        }
      }
  };
  const timer = setInterval(look, 50);
  return {
    stop: () => {
      clearInterval(timer);
      return [...seen].join("\n");
    },
  };
}

test("a generated secret has a value after deploy, a given one after `secret set`; neither value is kept or shown, and a second deploy leaves both", async () => {
  await withMoto(async (endpoint, moto) => {
    if (!hasPlugin() || !hasAwsCli()) return console.log("SKIP values of secrets: the plugin or the AWS CLI is missing");
    await inFolder({ "stack.yaml": STACK, "panka.config.yaml": CONFIG }, async (folder) => {
      const env = { ...moto, TMPDIR: join(folder, "tmp") };
      mkdirSync(env.TMPDIR);
      const processes = watchProcesses();
      const read = (arn: string): string =>
        JSON.parse(aws(endpoint, ["secretsmanager", "get-secret-value", "--secret-id", arn])).SecretString;
      const set = (args: string[], input: string) =>
        spawnSync(process.execPath, [PANKA, "secret", "set", ...args, "-e", "cloud"], {
          cwd: folder,
          env: cleanEnv(join(folder, ".home"), env),
          input,
          encoding: "utf8",
        });
      const deploy = ["deploy", "--yes", "-e", "cloud"];
      const created = await panka(folder, deploy, env);
      assert.is(created.code, 0, created.stdout + created.stderr);
      const listed = jsonOf(await panka(folder, ["secret", "list", "-e", "cloud", "--json"], env)).result;
      assert.equal(
        listed.map((s: any) => s.component),
        ["app/given", "app/made"],
      );
      const made = JSON.parse(read(listed[1].arn)) as { username: string; password: string };
      assert.is(made.username, "ada");
      assert.match(made.password, /^[^@/]{24}$/);

      const done = set(["app/given"], `${VALUE}\n`);
      assert.is(done.status, 0, done.stdout + done.stderr);
      assert.is(read(listed[0].arn), VALUE);
      const refused = set(["app/given", VALUE], "");
      assert.is(refused.status, 2);
      const unknown = set(["app/givven"], VALUE);
      assert.match(unknown.stderr, /did you mean app\/given\?/);
      assert.is(set(["app/given"], "").status, 2);

      const shown = [created, done, refused, unknown].map((r) => `${r.stdout}${r.stderr}`).join("");
      for (const secret of [VALUE, made.password]) {
        assert.not.ok(shown.includes(secret));
        assert.not.ok(kept(folder).includes(secret));
      }
      assert.match((await panka(folder, deploy, env)).stdout, /No changes/);
      const ran = processes.stop();
      assert.match(ran, /terraform-provider-aws/);
      // What the refused command was given is its user's doing.
      assert.not.ok(ran.replaceAll(`set\0app/given\0${VALUE}`, "").includes(VALUE));
      assert.not.ok(ran.includes(made.password));
      assert.is(read(listed[0].arn), VALUE);
      assert.is(JSON.parse(read(listed[1].arn)).password, made.password);
    });
  });
});

test.run();
