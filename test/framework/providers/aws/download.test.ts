/** A release served from this machine, signed with a key made here: the whole way of a download, and each way it must fail. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import * as openpgp from "openpgp";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isPankaError } from "../../../../framework/base/errors.js";
import { sha256 } from "../../../../framework/base/json.js";
import type { RunEvent } from "../../../../framework/model/index.js";
import { type PluginPin, readPin } from "../../../../framework/providers/aws/discovery.js";
import { type DownloadContext, downloadPlugin } from "../../../../framework/providers/aws/download.js";
import { DATA_DIR } from "../../../support/plugin.js";

interface World {
  folder: string;
  server: Server;
  /** Path after the version -> content. */
  files: Map<string, Uint8Array>;
  pin: PluginPin;
  context: DownloadContext;
  key: openpgp.PrivateKey;
  events: RunEvent[];
}

const test = suite<World>("download");
const real = readPin(DATA_DIR);
const ARCHIVE = `${real.product}_${real.version}_linux_amd64.zip`;
const SUMS = `${real.product}_${real.version}_SHA256SUMS`;

async function newKey(): Promise<openpgp.PrivateKey> {
  const made = await openpgp.generateKey({ type: "ecc", curve: "ed25519Legacy", userIDs: [{ name: "Test" }], format: "object" });
  return made.privateKey;
}

async function sign(text: string, key: openpgp.PrivateKey): Promise<Uint8Array> {
  const message = await openpgp.createMessage({ binary: strToU8(text) });
  return openpgp.sign({ message, signingKeys: key, detached: true, format: "binary" }) as Promise<Uint8Array>;
}

/** Serves an archive with sums and signature that belong together. */
async function release(w: World, zip: Uint8Array, name = ARCHIVE): Promise<void> {
  const sums = `${sha256(zip)}  ${name}\n`;
  w.files.set(ARCHIVE, zip);
  w.files.set(SUMS, strToU8(sums));
  w.files.set(`${SUMS}.sig`, await sign(sums, w.key));
}

test.before.each(async (w) => {
  w.folder = mkdtempSync(join(tmpdir(), "panka-download-"));
  w.files = new Map();
  w.events = [];
  w.server = createServer((request, answer) => {
    const data = w.files.get((request.url ?? "").split("/").pop() ?? "");
    answer.statusCode = data ? 200 : 404;
    answer.setHeader("content-length", data?.length ?? 0);
    answer.end(data ? Buffer.from(data) : undefined);
  });
  await new Promise<void>((resolve) => w.server.listen(0, "127.0.0.1", resolve));
  const { port } = w.server.address() as { port: number };
  w.key = await newKey();
  writeFileSync(join(w.folder, "key.asc"), w.key.toPublic().armor());
  w.pin = { ...real, releases: `http://127.0.0.1:${port}`, keyFile: "key.asc", fingerprint: w.key.getFingerprint().toUpperCase() };
  w.context = {
    env: {},
    home: w.folder,
    cacheDir: join(w.folder, "cache"),
    platform: "linux",
    arch: "x64",
    dataDir: w.folder,
    events: (e) => w.events.push(e),
  };
  await release(w, zipSync({ [`${real.product}_v${real.version}_x5`]: [strToU8("#!/bin/sh\necho plugin\n"), { level: 0 }] }));
});
test.after.each((w) => {
  w.server.close();
  rmSync(w.folder, { recursive: true, force: true });
});

async function code(w: World): Promise<string> {
  const error = await downloadPlugin(w.pin, w.context).then(
    () => undefined,
    (e: unknown) => e,
  );
  assert.not.ok(existsSync(join(w.context.cacheDir, "plugins")), "something was unpacked");
  return isPankaError(error) ? error.code : String(error);
}

test("a release whose signature and sum are right is unpacked, with progress to its full size", async (w) => {
  const file = await downloadPlugin(w.pin, w.context);
  assert.match(readFileSync(file, "utf8"), /echo plugin/);
  const last = w.events.at(-1) as Extract<RunEvent, { type: "download" }>;
  assert.equal([last.received, last.total], [w.files.get(ARCHIVE)?.length, w.files.get(ARCHIVE)?.length]);
});

test("sums that another key signed are refused", async (w) => {
  const sums = Buffer.from(w.files.get(SUMS) as Uint8Array).toString("utf8");
  w.files.set(`${SUMS}.sig`, await sign(sums, await newKey()));
  assert.is(await code(w), "plugin-signature");
});

test("sums that were changed after signing are refused", async (w) => {
  w.files.set(SUMS, strToU8(`${"0".repeat(64)}  ${ARCHIVE}\n`));
  assert.is(await code(w), "plugin-signature");
});

test("a signature that is none is refused", async (w) => {
  w.files.set(`${SUMS}.sig`, strToU8("not a signature"));
  assert.is(await code(w), "plugin-signature");
});

test("a shipped key that is not the pinned one is refused", async (w) => {
  w.pin = { ...w.pin, fingerprint: real.fingerprint };
  assert.is(await code(w), "plugin-signature");
});

test("an archive that is not the signed one is refused", async (w) => {
  w.files.set(ARCHIVE, zipSync({ [`${real.product}_v${real.version}_x5`]: strToU8("evil") }));
  assert.is(await code(w), "plugin-checksum");
});

test("a platform that the release does not have is named", async (w) => {
  await release(w, strToU8("x"), `${real.product}_${real.version}_plan9_mips.zip`);
  assert.is(await code(w), "plugin-checksum");
});

test("an archive that is signed but no archive is refused", async (w) => {
  await release(w, strToU8("no zip"));
  assert.is(await code(w), "plugin-archive");
});

test("a server that does not have it, or is not there, says where and what to do", async (w) => {
  w.files.delete(ARCHIVE);
  assert.is(await code(w), "plugin-download");
  w.pin = { ...w.pin, releases: "http://127.0.0.1:1" };
  const error = await downloadPlugin(w.pin, w.context).catch((e: unknown) => e);
  assert.ok(isPankaError(error));
  assert.match(error.message, /could not be downloaded from http:\/\/127\.0\.0\.1:1/);
  assert.match(error.next ?? "", /PANKA_PLUGIN_DIR/);
});

test("the key that ships has the pinned fingerprint", async () => {
  const key = await openpgp.readKey({ armoredKey: readFileSync(join(DATA_DIR, real.keyFile), "utf8") });
  assert.is(key.getFingerprint().toUpperCase(), real.fingerprint);
});

test("a plain-text release is fetched through a real proxy", async (w) => {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    const [host, port] = (request.url ?? "").split(":");
    const onward = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = proxy.address() as { port: number };
    const context = { ...w.context, env: { ...w.context.env, HTTP_PROXY: `http://127.0.0.1:${port}` } };
    assert.ok(existsSync(await downloadPlugin(w.pin, context)));
    assert.ok(asked.length > 0 && asked.every((to) => to === new URL(w.pin.releases).host), asked.join());
  } finally {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  }
});

test.run();
