import { test } from "uvu";
import * as assert from "uvu/assert";
import { DiagnosticBag } from "../../../framework/base/diagnostics.js";
import { isPankaError } from "../../../framework/base/errors.js";
import { environmentClass, longEnvironmentName } from "../../../framework/model/config.js";
import { parseConfig, readConfigFile } from "../../../framework/yaml/config.js";
import { memoryFiles } from "../../support/yaml-stack.js";

const parse = (text: string) => {
  const bag = new DiagnosticBag();
  return {
    config: parseConfig(text, "c.yaml", bag),
    problems: bag.sorted().map((d) => `${d.line}:${d.column} ${d.code} ${d.path ?? ""} ${d.suggestion ?? ""}`.trim()),
  };
};

test("an empty file is an empty configuration", () => assert.equal(parse(""), { config: {}, problems: [] }));
test("every key is optional and known ones are taken", () => {
  const { config, problems } = parse(
    "version: 1\nbackend: { type: s3, bucket: b, region: us-east-1 }\nenvironments: { dev: { provider: local, variables: { A: 1.10 } } }",
  );
  assert.equal(problems, []);
  assert.equal(config?.backend?.bucket, "b");
  assert.is(config?.environments?.dev?.variables?.A, "1.10");
});
test("an unknown key has its position and the nearest name", () =>
  assert.equal(parse("backnd: {}").problems, ["1:1 unknown-field backnd backend"]));
test("an s3 back end needs bucket and region", () =>
  assert.equal(
    parse("backend: { type: s3 }").problems.map((p) => p.split(" ")[2]),
    ["backend.bucket", "backend.region"],
  ));
test("a configuration with problems is a usage error that holds them all; no file is no configuration", () => {
  try {
    readConfigFile("/c.yaml", "c.yaml", memoryFiles({ "/c.yaml": "a: 1\nb: 2" }));
    assert.unreachable();
  } catch (error) {
    assert.ok(isPankaError(error));
    assert.equal([error.exitCode, error.diagnostics.length], [2, 2]);
  }
  assert.is(readConfigFile("/d.yaml", "d.yaml", memoryFiles({})), undefined);
});
test("an environment's class is the configured one, else that of its name", () => {
  const classes = ["prod", "live", "production-eu", "prod-2", "stage", "stg", "product", "qa"].map((n) => environmentClass(n, {}));
  assert.equal(classes, ["production", "production", "production", "production", "staging", "staging", "development", "development"]);
  assert.is(environmentClass("prod", { environments: { prod: { class: "development" } } }), "development");
});
test("dev, stg and prod stand for the long names where those are known and the short are not", () => {
  assert.is(longEnvironmentName("dev", ["development"]), "development");
  assert.is(longEnvironmentName("dev", ["dev", "development"]), "dev");
  assert.is(longEnvironmentName("stg", []), "stg");
});
test.run();
