import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isPankaError } from "../../../framework/base/errors.js";
import { cipherFrom, DEFAULT_KEY_FILE } from "../../../framework/state/cipher-source.js";
import { decodeState, emptyState, encodeState } from "../../../framework/state/codec.js";
import { migrate } from "../../../framework/state/migrations.js";
import { ROOT } from "../../support/source-tree.js";
import { realRandom as random, withFolder } from "../../support/world.js";

const SEALED = join(ROOT, "test/golden/state/version-2.json");
const GOLDEN = join(ROOT, "test/golden/state/version-1.json");
const KEY = Buffer.alloc(32, 7).toString("base64");
const cipherWith = (key: string, more = {}) =>
  cipherFrom("env:KEY", { home: "/nowhere", projectRoot: "/nowhere", env: { KEY: key }, random, aws: { region: "us-east-1" }, ...more });
const cipher = cipherWith(KEY);

function sample() {
  const state = emptyState("8c9b1a52-0000-4000-8000-000000000001", "embedded", {
    name: "local",
    account: "1",
    region: "us-east-1",
    endpoint: "",
  });
  state.serial = 3;
  state.fence = 2;
  state.resources["urn:pulumi:dev::shop::aws:rds/instance:Instance::users/db"] = {
    type: "aws:rds/instance:Instance",
    id: "db-1",
    generation: 0,
    inputs: { password: "hunter2-secret", name: "users" },
    outputs: { endpoints: [{ token: "t-secret" }], arn: "arn:x" },
    schemaVersion: 1,
    private: "",
    dependsOn: [],
    protect: true,
    secretPaths: ["inputs.password", "outputs.endpoints.token", "outputs.absent"],
    status: "ok",
  };
  state.outputs = { "users/db": { host: "h", token: "t-secret" } };
  state.secretOutputs = ["users/db.token"];
  return state;
}

const KIB = 1024;
/** How damage shows. */
const NOTICED = new Set(["damaged-state", "cannot-decrypt", "newer-state"]);

/** The sample as it is stored, made so long that its bytes are at least these many. */
async function sealedSample(size: number): Promise<Uint8Array> {
  const state = sample();
  const encode = () => encodeState(state, { path: "shop/dev", cipher });
  const missing = size - (await encode()).length;
  state.outputs["users/db"] = { ...state.outputs["users/db"], note: "n".repeat(Math.ceil((missing * 3) / 4)) };
  const bytes = await encode();
  assert.ok(bytes.length >= size && bytes.length < size + 64, `${bytes.length}`);
  return bytes;
}

async function refusal(code: string, call: Promise<unknown>, message = /./): Promise<void> {
  try {
    await call;
    assert.unreachable();
  } catch (error) {
    assert.ok(isPankaError(error) && error.code === code, String(error));
    assert.match(error.message, message);
  }
}

test("what is written is read back, and no secret is in the bytes", async () => {
  const bytes = await encodeState(sample(), { path: "shop/dev", cipher });
  assert.not.match(new TextDecoder().decode(bytes), /hunter2|t-secret/);
  assert.equal(
    JSON.parse(JSON.stringify(await decodeState(bytes, "x", { path: "shop/dev", cipher }))),
    JSON.parse(JSON.stringify(sample())),
  );
});

test("the state of version 1 that was written once stays readable", async () => {
  const read = await decodeState(readFileSync(GOLDEN), "golden", { path: "shop/dev", cipher });
  assert.equal(JSON.parse(JSON.stringify(read)), JSON.parse(JSON.stringify(sample())));
});

test("the whole state is encrypted: no name, id or output is in the bytes, only serial and fence", async () => {
  const bytes = await encodeState(sample(), { path: "shop/dev", cipher });
  const text = new TextDecoder().decode(bytes);
  assert.equal(Object.keys(JSON.parse(text)), ["fence", "sealed", "serial", "version"]);
  assert.not.match(text, /users|lineage|Instance|8c9b1a52/);
});

test("the sealed state that was written once stays readable", async () => {
  if (!existsSync(SEALED)) writeFileSync(SEALED, await encodeState(sample(), { path: "shop/dev", cipher }));
  const read = await decodeState(readFileSync(SEALED), "golden", { path: "shop/dev", cipher });
  assert.equal(JSON.parse(JSON.stringify(read)), JSON.parse(JSON.stringify(sample())));
});

test("of a state in clear secrets stay sealed without a key, and are written again as they were; clear ones are refused", async () => {
  const bytes = readFileSync(GOLDEN);
  const read = await decodeState(bytes, "x", { path: "shop/dev" });
  assert.equal(Buffer.from(await encodeState(read, { path: "shop/dev" })), bytes);
  await refusal("no-key", encodeState(sample(), { path: "shop/dev" }), /^(?!.*hunter2)/);
});

test("a state without secret values works without a key; one that was encrypted is never written in clear again", async () => {
  const plain = { ...sample(), resources: {}, outputs: {}, secretOutputs: [] };
  const away = cipherWith("");
  const bytes = await encodeState(plain, { path: "shop/dev", cipher: away });
  assert.is((await decodeState(bytes, "x", { path: "shop/dev", cipher: away })).serial, 3);
  await refusal("no-key", encodeState(plain, { path: "shop/dev", cipher: away }, true));
  await refusal("no-key", encodeState(plain, { path: "shop/dev" }, true));
  const sealed = await encodeState(plain, { path: "shop/dev", cipher });
  await refusal("no-key", decodeState(sealed, "x", { path: "shop/dev", cipher: away }));
  await refusal("no-key", decodeState(sealed, "x", { path: "shop/dev" }));
});

test("a state of another stack, serial or fence does not open", async () => {
  const text = new TextDecoder().decode(await encodeState(sample(), { path: "shop/dev", cipher }));
  const open = (bytes: string, path = "shop/dev") => decodeState(new TextEncoder().encode(bytes), "x", { path, cipher });
  await refusal("cannot-decrypt", open(text, "shop/prod"));
  await refusal("cannot-decrypt", open(text.replace('"serial":3', '"serial":4')));
  await refusal("cannot-decrypt", open(text.replace('"fence":2', '"fence":9')));
});

test("every flipped bit of a sealed state is noticed: of 4 KiB, each one", async () => {
  const bytes = await sealedSample(4 * KIB);
  const right = bytes.slice();
  const traces = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  for (let i = 0; i < bytes.length * 8; i++) {
    bytes[i >> 3] = (bytes[i >> 3] as number) ^ (1 << (i & 7));
    const error = await decodeState(bytes, "x", { path: "shop/dev", cipher }).catch((e) => e);
    if (!isPankaError(error) || !NOTICED.has(error.code)) assert.unreachable(`bit ${i}: ${String(error)}`);
    bytes[i >> 3] = right[i >> 3] as number;
  }
  Error.stackTraceLimit = traces;
  assert.is((await decodeState(bytes, "x", { path: "shop/dev", cipher })).serial, 3);
});

test("a value of another stack, of another key, or changed by one bit does not open", async () => {
  const bytes = await encodeState(sample(), { path: "shop/dev", cipher });
  const wrong = [
    () => decodeState(bytes, "x", { path: "shop/prod", cipher }),
    () => decodeState(bytes, "x", { path: "shop/dev", cipher: cipherWith(Buffer.alloc(32, 8).toString("base64")) }),
    async () => {
      const sealed = await cipher.seal("v", "c");
      const last = sealed.$enc.at(-3) === "A" ? "B" : "A";
      return cipher.open({ $enc: `${sealed.$enc.slice(0, -3)}${last}${sealed.$enc.slice(-2)}` }, "c");
    },
  ];
  for (const open of wrong) {
    try {
      await open();
      assert.unreachable();
    } catch (error) {
      assert.ok(isPankaError(error) && error.code === "cannot-decrypt", String(error));
    }
  }
});

test("a newer version is refused, naming the version and the way out; an older one is lifted step by step", async () => {
  const text = new TextDecoder().decode(await encodeState(sample(), { path: "shop/dev", cipher }));
  try {
    await decodeState(new TextEncoder().encode(text.replace('"version":2', '"version":3')), "state.json", { path: "shop/dev" });
    assert.unreachable();
  } catch (error) {
    assert.ok(isPankaError(error) && error.code === "newer-state");
    assert.match(error.message, /version 3; this Panka reads up to version 2/);
    assert.ok(error.next);
  }
  const lifts = {
    1: (s: Record<string, unknown>) => ({ ...s, b: 2 }),
    2: (s: Record<string, unknown>) => ({ ...s, c: (s.b as number) + 1 }),
  };
  assert.equal(migrate({ version: 1 }, "x", lifts, 3), { version: 3, b: 2, c: 3 });
});

test("a state cut at any byte is damaged, never loaded: of 64 KiB, sealed, at each boundary", async () => {
  const bytes = await sealedSample(64 * KIB);
  // Without the newline at its end it is whole.
  for (let n = 0; n < bytes.length - 1; n++) {
    const error = await decodeState(bytes.subarray(0, n), "x", { path: "shop/dev", cipher }).catch((e) => e);
    if (!isPankaError(error) || error.code !== "damaged-state") assert.unreachable(`cut at ${n}: ${String(error)}`);
  }
  assert.is((await decodeState(bytes, "x", { path: "shop/dev", cipher })).serial, 3);
});

test("keys come from a file of mode 0600, a passphrase file, or the default file that is made on first use", async () => {
  await withFolder(async (folder) => {
    const world = { home: folder, projectRoot: folder, env: {}, random, aws: { region: "us-east-1" } };
    writeFileSync(join(folder, "key"), KEY, { mode: 0o600 });
    writeFileSync(join(folder, "phrase"), "correct horse battery\n", { mode: 0o600 });
    for (const source of ["file:key", "passphrase:phrase", undefined]) {
      const sealed = await cipherFrom(source, world).seal("plain", "c");
      assert.is(await cipherFrom(source, world).open(sealed, "c"), "plain", String(source));
    }
    assert.is(statSync(join(folder, DEFAULT_KEY_FILE)).mode & 0o777, 0o600);
    writeFileSync(join(folder, "open"), KEY, { mode: 0o644 });
    for (const source of ["file:open", "file:absent", "env:ABSENT", "passphrase:absent"]) {
      const error = await cipherFrom(source, world)
        .seal("plain", "c")
        .catch((e) => e);
      assert.ok(isPankaError(error) && error.code === "no-key", source);
    }
    assert.throws(() => cipherFrom("fil:key", world), /did you mean file:/);
  });
});

test.run();
