import { chmodSync, mkdirSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { contentHash } from "../../../../framework/providers/images/context.js";
import { writeFiles } from "../../../support/cli.js";
import { withFolder } from "../../../support/world.js";

const FILES = { Dockerfile: "FROM scratch\n", "src/main.js": "1", "node_modules/x.js": "x", ".dockerignore": "node_modules\n*.log\n" };

/** The hash of a folder with these files, changed by `change`. */
function hash(change: (folder: string) => void = () => {}, more: object = {}): Promise<string> {
  return withFolder(async (folder) => {
    writeFiles(folder, FILES);
    change(folder);
    return contentHash({ context: folder, dockerfile: join(folder, "Dockerfile"), args: {}, platform: "linux/amd64", ...more });
  });
}

test("the same files give the same hash in any folder, whatever their times and whatever .dockerignore leaves out", async () => {
  const first = await hash();
  assert.match(first, /^[0-9a-f]{64}$/);
  assert.is(await hash(), first);
  assert.is(await hash((f) => utimesSync(join(f, "src/main.js"), 1, 1)), first);
  assert.is(await hash((f) => writeFiles(f, { "node_modules/y.js": "y", "debug.log": "line" })), first);
  assert.is(await hash((f) => mkdirSync(join(f, "empty"))), first);
});

test("each thing that goes into the image changes the hash: a file's bytes, name, permission, a link, the Dockerfile, target, arguments, platform", async () => {
  const seen = [
    await hash(),
    await hash((f) => writeFiles(f, { "src/main.js": "2" })),
    await hash((f) => writeFiles(f, { "src/other.js": "1" })),
    await hash((f) => chmodSync(join(f, "src/main.js"), 0o755)),
    await hash((f) => symlinkSync("src", join(f, "link"))),
    await hash((f) => symlinkSync("elsewhere", join(f, "link"))),
    await hash((f) => writeFiles(f, { Dockerfile: "FROM node:20\n" })),
    await hash(undefined, { target: "worker" }),
    await hash(undefined, { args: { LEVEL: "info" } }),
    await hash(undefined, { platform: "linux/arm64" }),
  ];
  assert.is(new Set(seen).size, seen.length);
});

test("a .dockerignore of the Dockerfile's own wins, and an exception brings a file back out of a folder", async () => {
  const own = (f: string) => writeFiles(f, { "Dockerfile.dockerignore": "src\n" });
  assert.is.not(await hash(own), await hash());
  const back = (text: string) =>
    hash((f) => writeFiles(f, { ".dockerignore": "node_modules\n!node_modules/x.js\n", "node_modules/x.js": text }));
  assert.is.not(await back("a"), await back("b"));
});

test("a Dockerfile that .dockerignore leaves out counts all the same", async () => {
  const ignored = (text: string) => hash((f) => writeFiles(f, { ".dockerignore": "Dockerfile\n.dockerignore\n", Dockerfile: text }));
  assert.is.not(await ignored("FROM a"), await ignored("FROM b"));
});

test("a context that several images are built of is read once, and each has the hash that it has alone", () =>
  withFolder(async (folder) => {
    writeFiles(folder, FILES);
    const build = { context: folder, dockerfile: join(folder, "Dockerfile"), args: {}, platform: "linux/amd64" };
    const alone = [contentHash(build), contentHash({ ...build, target: "worker" })];
    const read = new Map();
    const first = contentHash(build, read);
    writeFiles(folder, { "src/main.js": "2" });
    assert.equal([first, contentHash({ ...build, target: "worker" }, read)], alone);
    writeFiles(folder, { ".dockerignore": "node_modules\nsrc\n" });
    assert.is(contentHash(build, read), contentHash(build));
  }));

test.run();
