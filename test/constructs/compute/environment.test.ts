import { test } from "uvu";
import * as assert from "uvu/assert";
import { normalizeEnvironment } from "../../../constructs/compute/environment.js";
import { component, resolveYaml, stackWith } from "../../support/yaml-stack.js";

/** What it comes to, and what is reported: `<path> <code>`. */
function read(environment: unknown, overlay = false) {
  const problems: string[] = [];
  const map = normalizeEnvironment(environment, { overlay, error: (code, _, path) => void problems.push(`${path} ${code}`) });
  return { map, problems };
}

const A = { name: "A", value: 1 };

test("the list form of environment becomes a map, so that both forms merge by name", () => {
  const list = [
    { name: "A", value: "1" },
    { name: "B", valueFrom: { component: "db" } },
  ];
  assert.equal(read(list), { map: { A: "1", B: { valueFrom: { component: "db" } } }, problems: [] });
});

test("null in an overlay takes a variable away, in either form", () => {
  assert.equal(read([{ name: "A", value: null }], true), { map: { A: null }, problems: [] });
  assert.equal(read({ A: null }, true), { map: { A: null }, problems: [] });
});

for (const [what, list, problem] of [
  ["without a value", [A, { name: "B" }], "environment[1] variable-value"],
  ["with an empty value in a base", [A, { name: "B", value: null }], "environment[1] variable-value"],
  ["with a value that is undefined", [A, { name: "B", value: undefined }], "environment[1] variable-value"],
  ["with a value and a valueFrom", [A, { name: "B", value: 1, valueFrom: { component: "c" } }], "environment[1] variable-value"],
  ["that is named twice", [A, { name: "A", value: 2 }], "environment[1] variable-twice"],
  ["with an empty name", [A, { name: "", value: 2 }], "environment[1] variable-name"],
  ["with a field that there is not", [A, { name: "B", value: 2, vale: 1 }], "environment[1].vale unknown-field"],
] as const)
  test(`a variable ${what} is an error`, () => assert.equal(read(list).problems, [problem]));

test("a variable of the map form without a value, or without a name, is an error", () => {
  assert.equal(read({ A: 1, B: null, "": 2 }).problems, ["environment.B variable-value", 'environment[""] variable-name']);
});

test("what is neither a list of named maps nor a map stays for the check to report", () => {
  for (const bad of [[{ value: 1 }], ["A=1"], "A=1"]) assert.equal(read(bad), { map: bad, problems: [] });
});

const WORKLOADS = {
  MicroService: "image: a:1, port: 80",
  Worker: "image: a:1",
  CronJob: "image: a:1, schedule: rate(1 hour)",
  Lambda: "runtime: nodejs20.x, handler: a.b, code: { zipFile: x }",
};

for (const [kind, rest] of Object.entries(WORKLOADS))
  test(`a ${kind} whose variable has no value is refused where it stands, with what to do`, async () => {
    const { problems } = await resolveYaml({
      "stack.yaml": stackWith(component(kind, "c", `\n  { ${rest}, environment: [ { name: A, value: 1 },\n    { name: REGION } ] }`)),
    });
    assert.equal(problems, [
      {
        severity: "error",
        code: "variable-value",
        message: 'the variable "REGION" has no value',
        file: "stack.yaml",
        line: 15,
        column: 5,
        path: "svc/c.spec.environment[1]",
        expected: "value, or valueFrom with the component that gives it",
        next: 'give "REGION" a value ("" for an empty one), or take it out',
      },
    ]);
  });

test("a base's variable without a value is an error, also where an overlay has others", async () => {
  const files = {
    "stack.yaml": stackWith(component("Worker", "c", "{ image: a:1, environment: [ { name: A }, { name: B, value: 1 } ] }")),
    "environments/production/c.yaml": component("Worker", "c", "{ environment: { B: 2 } }", ", service: svc"),
  };
  const { codes } = await resolveYaml(files, { environment: "production" });
  assert.equal(codes, ["stack.yaml:13:36 variable-value"]);
});

test("a variable of a sidecar without a value is an error", async () => {
  const spec = "{ image: a:1, sidecars: { proxy: { image: b:1, environment: { A: } } } }";
  const { problems } = await resolveYaml({ "stack.yaml": stackWith(component("Worker", "c", spec)) });
  assert.equal(
    problems.map((p) => `${p.path} ${p.code}`),
    ["svc/c.spec.sidecars.proxy.environment.A variable-value"],
  );
});

test("a value beside a valueFrom that is a reference is an error", async () => {
  const spec = "{ image: a:1, environment: [ { name: A, value: 1, valueFrom: { component: q, output: queueUrl } } ] }";
  const { problems } = await resolveYaml({ "stack.yaml": stackWith(component("Worker", "c", spec), component("SQS", "q")) });
  assert.equal(
    problems.map((p) => `${p.path} ${p.code}`),
    ["svc/c.spec.environment[0] value-twice"],
  );
});

test.run();
