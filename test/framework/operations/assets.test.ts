import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { DiagnosticBag } from "../../../framework/base/diagnostics.js";
import { assetFile, buildAssets, type WantedAsset } from "../../../framework/operations/assets.js";

const test = suite<{ root: string }>("assets");
test.before.each((context) => {
  context.root = mkdtempSync(join(tmpdir(), "panka-assets-"));
});
test.after.each(({ root }) => rmSync(root, { recursive: true, force: true }));

const wanted = (root: string, path: string, how: WantedAsset["how"] = "zip"): WantedAsset => ({
  address: "s/f", key: "code", path, how, folder: root, at: { file: "stack.yaml", line: 3, column: 5 },
}); // biome-ignore format: short

test("the same files give the same archive, whatever their dates", async ({ root }) => {
  mkdirSync(join(root, "fn", "lib"), { recursive: true });
  writeFileSync(join(root, "fn", "index.mjs"), "export const handler = () => 1;\n");
  writeFileSync(join(root, "fn", "lib", "a.txt"), "a");
  const first = await buildAssets([wanted(root, "fn")], root, new DiagnosticBag());
  utimesSync(join(root, "fn", "index.mjs"), 1, 1);
  const second = await buildAssets([wanted(root, "fn")], root, new DiagnosticBag());
  const hash = first.get("s/f#code");
  assert.match(hash ?? "", /^[0-9a-f]{64}$/);
  assert.is(second.get("s/f#code"), hash);
  const files = unzipSync(readFileSync(assetFile(root, hash ?? "")));
  assert.equal(Object.keys(files).sort(), ["index.mjs", "lib/a.txt"]);
});

test("other content gives another hash", async ({ root }) => {
  writeFileSync(join(root, "index.mjs"), "1");
  const first = await buildAssets([wanted(root, "index.mjs")], root, new DiagnosticBag());
  writeFileSync(join(root, "index.mjs"), "2");
  const second = await buildAssets([wanted(root, "index.mjs")], root, new DiagnosticBag());
  assert.is.not(first.get("s/f#code"), second.get("s/f#code"));
});

test("a bundle holds all that the entry imports and can be loaded as index", async ({ root }) => {
  writeFileSync(join(root, "dep.ts"), "export const word: string = 'hello';\n");
  writeFileSync(join(root, "on-upload.ts"), "import { word } from './dep.js';\nexport const handler = async () => word;\n");
  const bag = new DiagnosticBag();
  const hashes = await buildAssets([wanted(root, "on-upload.ts", "bundle")], root, bag);
  assert.equal(bag.sorted(), []);
  const files = unzipSync(readFileSync(assetFile(root, hashes.get("s/f#code") ?? "")));
  assert.equal(Object.keys(files).sort(), ["index.mjs", "on-upload.mjs"]);
  assert.match(new TextDecoder().decode(files["on-upload.mjs"]), /hello/);
});

test("a file that is wanted as text is read, not packed; what is no text, too long or a folder is an error", async ({ root }) => {
  const bag = new DiagnosticBag();
  writeFileSync(join(root, "app.conf"), "\ufeffgrüße\n");
  writeFileSync(join(root, "zero.conf"), "a\0b");
  writeFileSync(join(root, "latin.conf"), Buffer.from([0x67, 0xfc]));
  writeFileSync(join(root, "long.conf"), "x".repeat(64 * 1024 + 1));
  mkdirSync(join(root, "folder"));
  const found = await buildAssets([wanted(root, "app.conf", "text")], root, bag);
  assert.is(found.get("s/f#code"), "\ufeffgrüße\n");
  for (const name of ["zero.conf", "latin.conf", "long.conf", "folder"]) await buildAssets([wanted(root, name, "text")], root, bag);
  await buildAssets([wanted(root, "../app.conf", "text")], join(root, "folder"), bag);
  assert.equal(
    bag.sorted().map((d) => d.code),
    ["not-text", "not-text", "not-text", "not-text", "no-such-asset"],
  );
  assert.not(existsSync(join(root, "panka.out")));
});

test("a missing path, a path outside the project and a broken entry are errors with their place", async ({ root }) => {
  const bag = new DiagnosticBag();
  mkdirSync(join(root, "fn"));
  symlinkSync(tmpdir(), join(root, "fn", "out"));
  writeFileSync(join(root, "bad.ts"), "import './missing.js'; export const = 1;");
  await buildAssets([wanted(root, "nope"), wanted(root, ".."), wanted(root, "fn"), wanted(root, "bad.ts", "bundle")], root, bag);
  assert.equal(
    bag.sorted().map((d) => d.code),
    ["no-such-asset", "asset-outside", "bad-asset", "bad-asset"],
  );
  assert.ok(bag.sorted().every((d) => d.file === "stack.yaml" && d.line === 3 && d.path === "s/f.code"));
});

test.run();
