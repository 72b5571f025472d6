import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isPankaError } from "../../../framework/base/errors.js";
import { cipherFrom, DEFAULT_KEY_FILE } from "../../../framework/state/cipher-source.js";
import { decodeState, emptyState, encodeState } from "../../../framework/state/codec.js";
import { migrate } from "../../../framework/state/migrations.js";
import { ROOT } from "../../support/source-tree.js";
import { realRandom as random, withFolder } from "../../support/world.js";

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

test("what is written is read back, and no secret is in the bytes", async () => {
  const bytes = await encodeState(sample(), { path: "shop/dev", cipher });
  assert.not.match(new TextDecoder().decode(bytes), /hunter2|t-secret/);
  assert.equal(
    JSON.parse(JSON.stringify(await decodeState(bytes, "x", { path: "shop/dev", cipher }))),
    JSON.parse(JSON.stringify(sample())),
  );
});

test("the state of version 1 that was written once stays readable", async () => {
  if (!existsSync(GOLDEN)) {
    mkdirSync(join(GOLDEN, ".."), { recursive: true });
    writeFileSync(GOLDEN, await encodeState(sample(), { path: "shop/dev", cipher }));
  }
  const read = await decodeState(readFileSync(GOLDEN), "golden", { path: "shop/dev", cipher });
  assert.equal(JSON.parse(JSON.stringify(read)), JSON.parse(JSON.stringify(sample())));
});

test("without a key secrets stay sealed, and are written again as they were", async () => {
  const bytes = await encodeState(sample(), { path: "shop/dev", cipher });
  const read = await decodeState(bytes, "x", { path: "shop/dev" });
  assert.equal(await encodeState(read, { path: "shop/dev" }), bytes);
  try {
    await encodeState(sample(), { path: "shop/dev" });
    assert.unreachable();
  } catch (error) {
    assert.ok(isPankaError(error) && error.code === "no-key");
    assert.not.match(error.message, /hunter2/);
  }
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
    await decodeState(new TextEncoder().encode(text.replace('"version":1', '"version":2')), "state.json", { path: "shop/dev" });
    assert.unreachable();
  } catch (error) {
    assert.ok(isPankaError(error) && error.code === "newer-state");
    assert.match(error.message, /version 2; this Panka reads up to version 1/);
    assert.ok(error.next);
  }
  const lifts = {
    1: (s: Record<string, unknown>) => ({ ...s, b: 2 }),
    2: (s: Record<string, unknown>) => ({ ...s, c: (s.b as number) + 1 }),
  };
  assert.equal(migrate({ version: 1 }, "x", lifts, 3), { version: 3, b: 2, c: 3 });
});

test("a state cut at any byte is damaged, never loaded", async () => {
  const bytes = await encodeState(sample(), { path: "shop/dev", cipher });
  for (let n = 0; n < bytes.length - 2; n++) {
    const error = await decodeState(bytes.subarray(0, n), "x", { path: "shop/dev" }).catch((e) => e);
    assert.ok(isPankaError(error) && error.code === "damaged-state", `cut at ${n}`);
  }
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
