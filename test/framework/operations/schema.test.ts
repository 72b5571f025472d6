import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseAllDocuments } from "yaml";
import { registry } from "../../../constructs/registry.js";
import { schemaOf } from "../../../framework/operations/schema.js";
import { validatorOf } from "../../support/json-schema.js";
import { ROOT } from "../../support/source-tree.js";

/** YAML files of a folder that hold documents for the base, not for an environment. */
function files(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => /\.ya?ml$/.test(path) && !/environments/.test(path));
}

const all = validatorOf(schemaOf(registry, undefined));
const config = validatorOf(schemaOf(registry, "config"));

for (const path of [...files("examples"), ...files("templates")]) {
  test(`${path} is valid by the JSON Schema`, async () => {
    const validate = path.endsWith("panka.config.yaml") ? await config : await all;
    for (const document of parseAllDocuments(readFileSync(path, "utf8").replaceAll(/\{\{\w+\}\}/g, "filled")))
      assert.equal(validate(document.toJS()), []);
  });
}

test("the schema of one kind is that kind's part of the whole, and the nearest name of an unknown one is said", async () => {
  const queue = { apiVersion: "panka.io/v1", kind: "SQS", metadata: { name: "q" } };
  const [whole, one] = [await all, await validatorOf(schemaOf(registry, "SQS"))];
  assert.equal([whole(queue), one(queue)], [[], []]);
  assert.ok(one({ ...queue, kind: "SNS" }).length > 0);
  assert.throws(() => schemaOf(registry, "SQQS"), /did you mean SQS/);
});

const spec = (kind: string, value: object) => ({
  apiVersion: `${registry.find(kind)?.group}.panka.io/v1`,
  kind,
  metadata: { name: "x" },
  spec: value,
});

test("numbers, booleans and words may be written as text and as ${...}, text as a number, references as valueFrom", async () => {
  const validate = await all;
  for (const value of [
    { visibilityTimeout: "${TIMEOUT}", contentBasedDeduplication: "${ON:-true}", type: "${TYPE}" },
    { visibilityTimeout: "60", contentBasedDeduplication: "True", tags: { build: 7 } },
    { deadLetterQueue: { enable: true }, encryption: { kmsKey: { valueFrom: { component: "key", output: "keyArn" } } } },
  ])
    assert.equal(validate(spec("SQS", value)), []);
  assert.equal(validate(spec("MicroService", { image: "x", replicas: 2, runtime: { cpu: 256, memory: "512Mi" }, networking: {} })), []);
});

for (const [what, document] of [
  ["an unknown field", spec("SQS", { visibilityTimeuot: 3 })],
  ["a number out of range", spec("SQS", { visibilityTimeout: 99_999 })],
  ["text where a number is due", spec("SQS", { visibilityTimeout: "soon" })],
  ["an escaped ${ where a number is due", spec("SQS", { visibilityTimeout: "$${x}" })],
  ["a word that is none of the choices", spec("SQS", { type: "fast" })],
  ["a missing field", spec("DynamoDB", { billingMode: "PAY_PER_REQUEST" })],
  ["a list where a map is due", spec("SQS", { deadLetterQueue: [] })],
  ["a section that the kind does not take", spec("SQS", { networking: {} })],
  ["a load balancer for a worker", spec("Worker", { image: "x", networking: { loadBalancer: {} } })],
  ["an unknown kind", { ...spec("SQS", {}), kind: "SQSS" }],
  ["the group of another kind", { ...spec("SQS", {}), apiVersion: "core.panka.io/v1" }],
  ["no metadata", { ...spec("SQS", {}), metadata: undefined }],
  ["a name that is no label", { ...spec("SQS", {}), metadata: { name: "Bad_Name" } }],
  ["a missing spec", { ...spec("DynamoDB", {}), spec: undefined }],
] as const)
  test(`${what} is refused by the JSON Schema`, async () => {
    assert.ok((await all)(JSON.parse(JSON.stringify(document))).length > 0);
  });

test.run();
