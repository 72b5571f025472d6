import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { taskFiles } from "../../../constructs/compute/config-files.js";
import { expandAll } from "../../support/expand.js";

const CONFIGS = { mountPath: "/etc/app", files: ["app.conf", "conf.d/site.conf"] };
const task = (props: object, kind = "Worker") => expandAll([{ address: "shop/api", kind, props: { image: "api:1", ...props } }]);
const containers = (out: ReturnType<typeof task>) => out.props("shop/api/task-definition").containerDefinitions.$json;

test("the main container sees the files for reading, after a container that ends has written them", () => {
  for (const [kind, more] of [
    ["MicroService", {}],
    ["Worker", {}],
    ["CronJob", { schedule: "rate(1 day)" }],
  ] as const) {
    const out = task({ configs: CONFIGS, ...more }, kind);
    assert.equal(out.errors, []);
    const [main, writer, ...others] = containers(out);
    assert.equal(others, []);
    assert.equal(main.mountPoints, [{ sourceVolume: "panka-configs-api", containerPath: "/etc/app", readOnly: true }]);
    assert.equal(main.dependsOn, [{ containerName: "panka-configs", condition: "SUCCESS" }]);
    assert.is(writer.essential, false);
    assert.equal(writer.environment[1], { name: "FILE_1", value: "text of configs.files[1]" });
    assert.equal(out.props("shop/api/task-definition").volumes, [{ name: "panka-configs-api" }]);
  }
});

test("what the writer runs puts each text where it belongs, byte for byte", () => {
  const [, writer] = containers(task({ configs: CONFIGS }));
  const [shell, flag, script, ...args] = writer.command;
  const folder = mkdtempSync(join(tmpdir(), "panka-configs-"));
  try {
    const texts = ['a "$HOME" `id` \\n %s\n\nend\n\n', ""];
    const env = { PATH: process.env.PATH, FILE_0: texts[0], FILE_1: texts[1] };
    const paths = [join(folder, "a b", "$(id).conf"), join(folder, "x", "y", "c")];
    assert.is(args.length, 1 + paths.length);
    execFileSync(shell, [flag, script, args[0], ...paths], { env });
    assert.equal(
      paths.map((p) => readFileSync(p, "utf8")),
      texts,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("files are looked for in the folder configs beside the document, and nowhere else", () => {
  assert.equal(taskFiles({ configs: CONFIGS, sidecars: { proxy: { configs: { mountPath: "/etc/proxy", files: ["p.yaml"] } } } }), [
    { key: "configs.files[0]", path: "configs/app.conf", how: "text" },
    { key: "configs.files[1]", path: "configs/conf.d/site.conf", how: "text" },
    { key: "sidecars.proxy.configs.files[0]", path: "configs/p.yaml", how: "text" },
  ]);
  for (const file of ["../secrets.txt", "a/../../b", "/etc/passwd", ".", "a/..", "a\\b", ""])
    assert.throws(() => task({ configs: { mountPath: "/c", files: [file] } }), /expected a path inside the folder configs/, file);
});

test("a file that is named twice, and files that fill the task definition, are errors", () => {
  const codes = (files: string[]) => task({ configs: { mountPath: "/c", files } }).errors.map((e) => `${e.code} ${e.path}`);
  assert.equal(codes(["a", "a"]), ["duplicate-file configs.files[1]"]);
  assert.equal(codes(Array.from({ length: 1700 }, (_, i) => `f${i}`)), ["configs-too-large configs.files"]);
});

test.run();
