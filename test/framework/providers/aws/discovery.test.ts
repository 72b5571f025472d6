import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { findPlugin, platformName, readPin, type SearchContext } from "../../../../framework/providers/aws/discovery.js";
import { DATA_DIR } from "../../../support/plugin.js";

const pin = readPin(DATA_DIR);
const test = suite<{ folder: string; context: SearchContext }>("discovery");
const PROGRAM = `${pin.product}_v${pin.version}_x5`;

test.before.each((c) => {
  c.folder = mkdtempSync(join(tmpdir(), "panka-discovery-"));
  c.context = { env: {}, home: join(c.folder, "home"), cacheDir: join(c.folder, "cache"), platform: "linux", arch: "x64" };
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

/** Puts an unpacked plugin below a mirror's root. */
function unpacked(root: string, version = pin.version): string {
  const file = join(root, pin.host, pin.namespace, pin.type, version, "linux_amd64", `${pin.product}_v${version}_x5`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "#!/bin/sh\n");
  return file;
}

test("platforms are named as the publisher names them", () => {
  assert.is(platformName({ platform: "linux", arch: "x64" }), "linux_amd64");
  assert.is(platformName({ platform: "darwin", arch: "arm64" }), "darwin_arm64");
  assert.is(platformName({ platform: "win32", arch: "ia32" }), "windows_386");
});

test("PANKA_PLUGIN_DIR comes first, then Terraform's configuration, its cache, its default folders, ours", async ({ folder, context }) => {
  const ours = unpacked(join(context.cacheDir, "plugins"));
  assert.is(await findPlugin(pin, context), ours);
  const home = unpacked(join(context.home, ".terraform.d", "plugins"));
  assert.is(await findPlugin(pin, context), home);
  context.env = { TF_PLUGIN_CACHE_DIR: join(folder, "tf-cache") };
  const cache = unpacked(join(folder, "tf-cache"));
  assert.is(await findPlugin(pin, context), cache);
  const mirror = unpacked(join(folder, "mirror"));
  writeFileSync(
    join(context.home, ".terraformrc"),
    `# plugin_cache_dir = "/nowhere"\nprovider_installation {\n  filesystem_mirror {\n    path = "${join(folder, "mirror")}"\n  }\n}\n`,
  );
  assert.is(await findPlugin(pin, context), mirror);
  context.env = { ...context.env, PANKA_PLUGIN_DIR: join(folder, "own") };
  const own = unpacked(join(folder, "own"));
  assert.is(await findPlugin(pin, context), own);
});

test("a home folder in Terraform's configuration may be written as ~", async ({ context }) => {
  const file = unpacked(join(context.home, "plugins"));
  writeFileSync(join(context.home, ".terraformrc"), `plugin_cache_dir = "~/plugins"\n`);
  assert.is(await findPlugin(pin, context), file);
});

test("another version does not count", async ({ folder, context }) => {
  unpacked(join(folder, "own"), "5.99.0");
  context.env = { PANKA_PLUGIN_DIR: join(folder, "own") };
  assert.is(await findPlugin(pin, context), undefined);
});

test("an archive of a packed mirror is unpacked into our cache, executable, once", async ({ folder, context }) => {
  const root = join(folder, "packed");
  const base = join(root, pin.host, pin.namespace, pin.type);
  mkdirSync(base, { recursive: true });
  const archive = join(base, `${pin.product}_${pin.version}_linux_amd64.zip`);
  writeFileSync(archive, zipSync({ [PROGRAM]: strToU8("#!/bin/sh\n"), "LICENSE.txt": strToU8("x") }));
  context.env = { PANKA_PLUGIN_DIR: root };
  const file = (await findPlugin(pin, context)) as string;
  assert.ok(file.startsWith(context.cacheDir) && file.endsWith(PROGRAM), file);
  assert.is(statSync(file).mode & 0o111, 0o111);
  assert.is(await findPlugin(pin, context), file);
});

test("a broken archive and a mirror that is not there are said plainly", async ({ folder, context }) => {
  context.env = { PANKA_PLUGIN_DIR: join(folder, "nowhere") };
  await rejects(findPlugin(pin, context), /PANKA_PLUGIN_DIR names a folder that is not there/);
  const base = join(folder, "packed", pin.host, pin.namespace, pin.type);
  mkdirSync(base, { recursive: true });
  writeFileSync(join(base, `${pin.product}_${pin.version}_linux_amd64.zip`), "no zip");
  context.env = { PANKA_PLUGIN_DIR: join(folder, "packed") };
  await rejects(findPlugin(pin, context), /can't be unpacked/);
});

async function rejects(promise: Promise<unknown>, words: RegExp): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (e: Error) => e,
  );
  assert.match(error?.message ?? "it did not fail", words);
}

test.run();
