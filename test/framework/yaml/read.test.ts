import { test } from "uvu";
import * as assert from "uvu/assert";
import { registry } from "../../../constructs/registry.js";
import { DiagnosticBag } from "../../../framework/base/diagnostics.js";
import { isPankaError } from "../../../framework/base/errors.js";
import { findEntry, findProjectRoot, readOverlaysBeside } from "../../../framework/yaml/read.js";
import { component, infra, memoryFiles, resolveYaml, stackWith } from "../../support/yaml-stack.js";

const find = (files: string[], request: { path?: string; stack?: string } = {}, cwd = "/p") =>
  findEntry({ cwd, ...request }, memoryFiles(Object.fromEntries(files.map((f) => [f, ""]))));
const failure = (run: () => unknown): { code: string; message: string; exitCode: number } => {
  try {
    run();
  } catch (error) {
    if (isPankaError(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

test("the one stack file in the folder is the entry", () => {
  assert.is(find(["/p/stack.ts"]).kind, "typescript");
  assert.is(find(["/p/panka.yaml"]).kind, "yaml");
});
test("two stack files in a folder are a usage error that names both", () => {
  const e = failure(() => find(["/p/stack.ts", "/p/stack.yaml"]));
  assert.is(e.exitCode, 2);
  assert.match(e.message, "stack.ts and stack.yaml");
});
test("a folder without a stack file is a usage error", () => assert.is(failure(() => find(["/p/x.txt"])).code, "no-stack-here"));
test("PATH may be a file, which is then read alone", () => assert.is(find(["/p/a.yaml"], { path: "a.yaml" }).file, "/p/a.yaml"));
test("a PATH that is not there is a usage error", () =>
  assert.is(failure(() => find(["/p/a.yaml"], { path: "b.yaml" })).code, "no-such-file"));
test("--stack means stacks/NAME", () => assert.is(find(["/p/stacks/one/stack.yaml"], { stack: "one" }).folder, "/p/stacks/one"));
test("an unknown --stack names the nearest folder", () =>
  assert.match(failure(() => find(["/p/stacks/shop/stack.yaml"], { stack: "shp" })).message, "did you mean shop"));
test("the project root is the folder of panka.config.yaml, upwards to the repository", () => {
  const fs = memoryFiles({
    "/r/.git/HEAD": "",
    "/r/p/panka.config.yaml": "",
    "/r/p/a/stack.yaml": "",
    "/r/q/stack.yaml": "",
    "/panka.config.yaml": "",
  });
  assert.is(findProjectRoot("/r/p/a", fs), "/r/p");
  assert.is(findProjectRoot("/r/q", fs), "/r/q");
});
test("every YAML file below the folder is read but those that are left out", async () => {
  const broken = "a: [";
  const { input, problems } = await resolveYaml({
    "stack.yaml": stackWith(),
    "services/svc/q.yml": component("SQS", "q"),
    "panka.config.yaml": broken,
    ".hidden/x.yaml": broken,
    "node_modules/x/x.yaml": broken,
    "panka.out/x.yaml": broken,
    "services/svc/components/api/configs/x.yaml": broken,
    "drafts/x.yaml": broken,
    "other/panka.config.yaml": broken,
    "other/x.yaml": broken,
    "stacks/other/stack.yaml": stackWith(),
    "stacks/other/environments/prod/x.yaml": broken,
  });
  assert.equal(problems, []);
  assert.equal(
    input?.documents.map((d) => d.kind),
    ["SQS", "Stack", "Service"],
  );
});
test("a well-formed document of others is skipped, a broken file is not", async () => {
  const other = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }";
  assert.equal((await resolveYaml({ "stack.yaml": stackWith(), "k8s.yaml": other })).problems, []);
  assert.equal((await resolveYaml({ "stack.yaml": stackWith(), "k8s.yaml": "a: [" })).codes, ["k8s.yaml:1:5 broken-yaml"]);
});
test("a link that leads out of the project is an error", async () => {
  const out = await resolveYaml({ "stack.yaml": stackWith() }, {}, { "x.yaml": "../../etc/x.yaml" });
  assert.ok(out.input);
  const fs = memoryFiles({ "/p/stack.yaml": stackWith(), "/etc/x.yaml": component("SQS", "q") }, { "/p/x.yaml": "/etc/x.yaml" });
  const bag = new DiagnosticBag();
  const { readYamlStack } = await import("../../../framework/yaml/read.js");
  await readYamlStack(findEntry({ cwd: "/p" }, fs), { registry, exclude: [], files: fs }, bag);
  assert.equal(
    bag.sorted().map((d) => d.code),
    ["link-outside"],
  );
});
test("the folder names the service, and a Service document is not needed then", async () => {
  const { model } = await resolveYaml({ "stack.yaml": stackWith(), "services/mail/q.yaml": component("SQS", "q") });
  assert.equal(
    model?.components.map((c) => c.address),
    ["mail/q"],
  );
});
test("a service that the folder and the metadata name differently is an error", async () => {
  const { codes } = await resolveYaml({ "stack.yaml": stackWith(), "services/mail/q.yaml": component("SQS", "q", "{}", ", service: svc") });
  assert.equal(codes, ["services/mail/q.yaml:3:22 service-disagrees"]);
});
test("a component whose service nothing makes known is an error with the nearest", async () => {
  const { problems } = await resolveYaml({ "stack.yaml": stackWith(component("SQS", "q", "{}", ", service: svcc")) });
  assert.equal([problems[0]?.code, problems[0]?.suggestion], ["unknown-service", "svc"]);
});
test("metadata.stack must be the Stack document's name", async () => {
  const { codes } = await resolveYaml({ "stack.yaml": stackWith(component("SQS", "q", "{}", ", stack: other")) });
  assert.match(codes[0] ?? "", "stack-disagrees");
});
test("no Stack document and two of them are errors", async () => {
  assert.match((await resolveYaml({ "stack.yaml": component("SQS", "q") })).codes[0] ?? "", "no-stack");
  const two = await resolveYaml({
    "stack.yaml": stackWith(),
    "b.yaml": "apiVersion: core.panka.io/v1\nkind: Stack\nmetadata: { name: t }",
  });
  assert.match(two.problems[0]?.message ?? "", "b.yaml:1:1");
});
test("a document without apiVersion but with a known kind is an error", async () => {
  assert.match((await resolveYaml({ "stack.yaml": stackWith("kind: SQS\nmetadata: { name: q }") })).codes[0] ?? "", "no-api-version");
});
test("panka.io/v1 is accepted for any kind, another group's is not", async () => {
  const doc = (v: string) => `apiVersion: ${v}\nkind: SQS\nmetadata: { name: q }`;
  assert.equal((await resolveYaml({ "stack.yaml": stackWith(doc("panka.io/v1")) })).codes, []);
  assert.match((await resolveYaml({ "stack.yaml": stackWith(doc("infra.panka.io/v1")) })).codes[0] ?? "", "wrong-group");
  assert.match((await resolveYaml({ "stack.yaml": stackWith(doc("core.panka.io/v9")) })).codes[0] ?? "", "unknown-api-version");
});
test("an unknown kind names the nearest", async () => {
  assert.is((await resolveYaml({ "stack.yaml": stackWith(component("SQSS", "q")) })).problems[0]?.suggestion, "SQS");
});
test("a bad name and an unknown field of the envelope are errors where they stand", async () => {
  const { codes } = await resolveYaml({
    "stack.yaml": stackWith(component("SQS", "Bad_Name"), `${component("SQS", "q", "{}", ", lables: {}")}\nspecs: 1`),
  });
  assert.equal(codes, ["stack.yaml:12:13 bad-name", "stack.yaml:17:22 unknown-field", "stack.yaml:19:1 unknown-field"]);
});
test("a broken file does not make errors of what refers to it", async () => {
  const { codes } = await resolveYaml({
    "stack.yaml": stackWith(component("SQS", "q")),
    "services/svc/a.yaml": "a: [",
    "services/svc/b.yaml": infra("ComponentInfra", "api", "{}"),
  });
  assert.equal(codes, ["services/svc/a.yaml:1:5 broken-yaml"]);
});
test("files that a service names are read, and their documents are the service's", async () => {
  const { model, problems } = await resolveYaml({
    "stack.yaml": stackWith(
      "apiVersion: core.panka.io/v1\nkind: Service\nmetadata: { name: mail }\nspec: { infrastructure: { defaults: configs/defaults.yaml } }",
      component("Worker", "w", '{ image: "w:1" }', ", service: mail"),
    ),
    "configs/defaults.yaml": infra("ServiceInfraDefaults", "d", "{ scaling: { replicas: 2 } }"),
  });
  assert.equal(problems, []);
  assert.equal(model?.components[0]?.props["scaling"], { replicas: 2 });
});
test("beside a stack.ts another Panka document than infra is an error that names both files", async () => {
  const fs = memoryFiles({
    "/p/stack.ts": "",
    "/p/q.yaml": component("SQS", "q"),
    "/p/i.yaml": infra("InfraDefaults", "d", "{}"),
    "/p/environments/prod/q.yaml": component("SQS", "q"),
  });
  const bag = new DiagnosticBag();
  const found = await readOverlaysBeside(findEntry({ cwd: "/p" }, fs), [], { registry, exclude: [], files: fs }, bag);
  assert.equal(
    [found.documents.map((d) => d.kind), found.overlays.map((d) => d.environment), found.environments],
    [["InfraDefaults"], ["prod"], ["prod"]],
  );
  assert.match(bag.sorted()[0]?.message ?? "", /q\.yaml.*stack\.ts/);
});
test.run();
