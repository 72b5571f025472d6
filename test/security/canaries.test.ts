import { generateKeyPairSync } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isPankaError, PankaError } from "../../framework/base/errors.js";
import type { Assembly } from "../../framework/model/assembly.js";
import type { Cipher } from "../../framework/model/cipher.js";
import type { Plan } from "../../framework/model/plan.js";
import { ProviderError } from "../../framework/model/provider.js";
import type { Value } from "../../framework/model/values.js";
import type { OperationContext } from "../../framework/operations/context.js";
import { folderOfDumps } from "../../framework/operations/run-dump.js";
import { type PlanParts, savedPlanOf } from "../../framework/operations/saved-plan.js";
import { aesCipher, singleKey } from "../../framework/state/cipher.js";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Durable, emptyWorld, runIn, crashesOf } from "../support/crash-world.js";
import { assembly, resource } from "../support/engine-world.js";
import { realRandom, withFolder } from "../support/world.js";

const COUNT = 300;
const PEM = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** 300 secrets: one character, short and long words, with quotes and controls, JSON, connection strings, PEM. None occurs elsewhere. */
const CANARIES: string[] = Array.from({ length: COUNT }, (_, i) => {
  const mark = String.fromCharCode(0xe000 + i);
  const forms = [
    mark,
    `${mark}x`,
    `pw-${mark}-${i}`,
    `"quo\\te'\n\t${mark}`,
    JSON.stringify({ password: mark }),
    `postgres://u:${mark}@h/db?a=b&c`,
    `${PEM}${mark}`,
  ];
  return forms[i % forms.length] as string;
});

/** The ways in which a secret could be written down. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const coded = [bytes.toString("base64"), bytes.toString("base64url"), encodeURIComponent(secret), bytes.toString("hex")];
  // The code of one or two characters is so short that it occurs in any ciphertext by chance.
  return [...new Set([secret, json, ...coded.filter((c) => c.length >= 12)])];
}

/** Which secrets occur in a text. */
function hits(text: string): number[] {
  return CANARIES.flatMap((secret, i) => (formsOf(secret).some((f) => text.includes(f)) ? [i] : []));
}

const token = (i: number): string => `test:index/secret${i}:secret`;
const stack = (size: number): Assembly =>
  assembly(
    CANARIES.map((_, i) => {
      const secret: Value = { $secret: { $lookup: { token: token(i), args: {}, output: "secret" } } };
      const inText: Value = { $secret: { $text: ["user:", { $lookup: { token: token(i), args: {}, output: "secret" } }] } };
      return resource(`app/c${i}`, { password: secret, size, ...(i % 3 === 0 ? { note: inText } : {}) });
    }),
  );

function world(): Durable {
  const made = emptyWorld();
  for (const [i, secret] of CANARIES.entries()) made.cloud.lookups[token(i)] = { secret };
  return made;
}

const bytesOf = (from: Durable): string =>
  [...from.objects].map(([key, o]) => `${key}\n${Buffer.from(o.bytes).toString("utf8")}`).join("\n");

/** What is sealed as a whole, noted before it is: inside, too, secrets must be encrypted by themselves. */
const wholes: string[] = [];
const glass: Cipher = (() => {
  const inner = aesCipher(
    "file:test",
    singleKey("file:test", async () => new Uint8Array(32).fill(1)),
    realRandom,
  );
  return {
    ...inner,
    seal: (plain, context) => {
      if (/\n(state|journal|release)\n/.test(context)) wholes.push(plain);
      return inner.seal(plain, context);
    },
  };
})();

/** What a plan is saved with. */
const saver = {
  settings: { projectRoot: "/nowhere", engine: "embedded", provider: "local", backend: { type: "local" } },
  pankaVersion: "1.2.3",
  clock: { now: () => 0 },
  process: { user: "ada", host: "engine", pid: 1 },
} as unknown as OperationContext;
const saving: Omit<PlanParts, "plan"> = {
  operation: "deploy",
  compiled: {
    model: { stack: "shop", environment: "dev", region: "", spec: {} },
    synth: { assembly: stack(1), graph: { nodes: [], edges: [] } },
  },
  state: null,
  provider: { name: "local", account: "", region: "", endpoint: "" },
  selection: { services: [], components: [], withDependencies: false },
  refresh: false,
  rules: [],
};

test(`${COUNT} secrets are in no object of the store (state, history, journal, releases), no event, no plan, no result, no saved plan`, async () => {
  const made = world();
  const said: string[] = [];
  const plans: Plan[] = [];
  const watch = {
    emit: (e: unknown) => said.push(JSON.stringify(e)),
    planned: (p: unknown) => {
      plans.push(p as Plan);
      said.push(JSON.stringify((p as Plan).changes));
    },
  };
  for (const size of [1, 2]) {
    const job = { operation: "deploy" as const, assembly: stack(size), cipher: glass, ...watch };
    const { crashes, result } = await crashesOf(made, job, (i) => i === 700);
    assert.is(result.exitCode, 0);
    said.push(JSON.stringify(result));
    for (const crash of crashes) {
      assert.ok([...crash.world.objects.keys()].some((k) => k.startsWith("journal/")));
      assert.equal(hits(bytesOf(crash.world)), []);
      said.push(JSON.stringify(await runIn(crash.world, job)));
      assert.equal(hits(bytesOf(crash.world)), []);
    }
  }
  for (const plan of plans) said.push(JSON.stringify(await savedPlanOf(saver, { ...saving, plan })));
  assert.equal(hits(said.join("\n")), []);
  assert.equal(hits(bytesOf(made)), []);
  assert.ok(wholes.length > 2 * COUNT);
  assert.equal(hits(wholes.join("\n")), []);
  assert.ok([...made.objects.keys()].some((k) => k.startsWith("releases/")));
  // The test can fail: the cloud does hold them all.
  assert.is(hits(JSON.stringify([...made.cloud.things.values()])).length, COUNT);
});

test("a provider that repeats a secret in its error has it taken out of events, results and journal", async () => {
  const made = world();
  const said: string[] = [];
  const { create } = made.cloud;
  made.cloud.create = (call) => {
    const n = Number(/c(\d+)/.exec(call.urn.split("::").at(-1) ?? "")?.[1] ?? 0);
    if (n % 7 < 2) return create.call(made.cloud, call);
    return Promise.reject(new ProviderError("failed", `the value ${String(call.inputs["password"])} is not allowed`));
  };
  const result = await runIn(made, { operation: "deploy", assembly: stack(1), emit: (e) => said.push(JSON.stringify(e)) });
  assert.is(result.exitCode, 1);
  assert.equal(hits([...said, JSON.stringify(result), bytesOf(made)].join("\n")), []);
});

test("a provider that repeats a secret while planning has it taken out of the refusal", async () => {
  const made = world();
  made.cloud.plan = (call) => Promise.reject(new ProviderError("invalid", `${String(call.inputs["password"])} can't be planned`));
  let refusal = "";
  await runIn(made, { operation: "deploy", assembly: stack(1) }).catch((error) => {
    refusal = isPankaError(error) ? JSON.stringify([error.message, error.diagnostics]) : String(error);
  });
  assert.match(refusal, /can't be planned/);
  const told = hits(refusal).filter((i) => (CANARIES[i] as string).length >= 4);
  assert.equal(told, []);
});

test("without a key a stack with secrets is refused before anything is made, and the refusal holds none; one without secrets works", async () => {
  const made = world();
  const source = "env:ABSENT";
  const absent = singleKey(source, () => Promise.reject(new PankaError("no-key", "env:ABSENT holds no key")));
  const cipher = aesCipher(source, absent, realRandom);
  const error = await runIn(made, { operation: "deploy", assembly: stack(1), cipher }).catch((e) => e);
  assert.ok(isPankaError(error) && error.code === "no-key", String(error));
  assert.match(error.message, /^app\/c0, app\/c1, .* and 290 more have secret values.*\(env:ABSENT\)/);
  assert.equal(hits(`${error.message} ${bytesOf(made)}`), []);
  assert.is(made.cloud.things.size, 0);
  const plain = await runIn(made, { operation: "deploy", assembly: assembly([resource("app/plain")]), cipher });
  assert.is(plain.exitCode, 0);
});

test("what signs a request is masked in the errors of every command", async () => {
  const { diagnosticsOf } = await import("../../cli/views/diagnostics.js");
  const [problem] = diagnosticsOf(new Error("PUT https://b.s3.amazonaws.com/k?X-Amz-Signature=0badc0ffee&x=1 failed"));
  assert.not.match(JSON.stringify(problem), /0badc0ffee/);
  assert.match(problem?.message ?? "", /PUT https:\/\/b\.s3\.amazonaws\.com\/k/);
});

test("a dump holds no secret in any form", async () => {
  await withFolder(async (folder) => {
    const cipher = aesCipher(
      "file:k",
      singleKey("file:k", async () => new Uint8Array(32).fill(3)),
      realRandom,
    );
    const place = folderOfDumps({ folder, shown: "s", path: "shop/dev", cipher, random: realRandom });
    await place.write({ lineage: "l", fence: 1, dones: CANARIES.map((secret, of) => ({ of, id: "x", outputs: { password: secret } })) });
    for (const name of readdirSync(folder)) assert.equal(hits(readFileSync(join(folder, name), "utf8")), []);
  });
});

test.run();
