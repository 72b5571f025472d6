import { test } from "uvu";
import * as assert from "uvu/assert";
import { isRef, isText, type Ref, type Text } from "../../../framework/model/values.js";
import { component, infra, resolveYaml, stackWith } from "../../support/yaml-stack.js";

const IMAGE = "image: a/b:1";
const api = (more = "") => component("MicroService", "api", `{ ${IMAGE}, port: 80${more} }`);
const withInfra = infra("ComponentInfra", "api", "{ resources: { cpu: 256, memory: 512 } }", ", service: svc");
const propsOf = async (files: { [name: string]: string }, options = {}, address = "svc/api"): Promise<any> => {
  const { model, problems } = await resolveYaml(files, options);
  assert.equal(problems, []);
  return model?.components.find((c) => c.address === address)?.props;
};
const problem = async (spec: string, kind = "SQS") => (await resolveYaml({ "stack.yaml": stackWith(component(kind, "q", spec)) })).problems;

test("an unknown field has its position, the path and the nearest name", async () => {
  const [p] = await problem("{ visibilityTimout: 5 }");
  assert.equal(
    [p?.code, p?.file, p?.line, p?.column, p?.path, p?.suggestion],
    ["unknown-field", "stack.yaml", 13, 9, "svc/q.spec.visibilityTimout", "visibilityTimeout"],
  );
});
test("__proto__ and constructor are unknown fields", async () => {
  const codes = (await problem("{ __proto__: { a: 1 }, constructor: 1 }")).map((p) => `${p.code} ${p.path}`);
  assert.equal(codes, ["unknown-field svc/q.spec.__proto__", "unknown-field svc/q.spec.constructor"]);
});
test("a number out of range names the limits", async () => {
  const [p] = await problem("{ visibilityTimeout: 99999 }");
  assert.equal([p?.code, p?.expected], ["out-of-range", "a whole number from 0 to 43200"]);
});
test("a wrong type says what was expected", async () => {
  const [p] = await problem("{ deadLetterQueue: { enabled: maybe } }");
  assert.equal([p?.code, p?.expected], ["wrong-type", "true or false"]);
});
test("a wrong word names the choices and the nearest", async () => {
  const [p] = await problem("{ type: fif }");
  assert.equal([p?.code, p?.expected, p?.suggestion], ["wrong-value", "one of standard, fifo", "fifo"]);
});
test("a missing required field is an error at the document", async () => {
  const found = await problem("{ port: 80 }", "MicroService");
  assert.ok(found.some((p) => p.code === "missing-field" && p.path === "svc/q.spec.image" && p.line === 10));
});
test("all problems of a stack are reported at once, in file order", async () => {
  const { codes } = await resolveYaml({
    "stack.yaml": stackWith(
      component("SQS", "a", "{ x1: 1 }"),
      component("SQS", "b", '{ type: "${NOPE}" }'),
      component("SQS", "c", "{ delaySeconds: -1 }"),
    ),
  });
  assert.equal(
    codes.map((c) => c.split(" ")[1]).filter((c) => c !== "wrong-value"),
    ["unknown-field", "undefined-variable", "out-of-range"],
  );
});
test("two documents of one component are an error that names both positions", async () => {
  const { problems } = await resolveYaml({ "stack.yaml": stackWith(component("SQS", "q")), "services/svc/q.yaml": component("SQS", "q") });
  assert.equal([problems[0]?.code, problems[0]?.file], ["duplicate", "stack.yaml"]);
  assert.match(problems[0]?.message ?? "", "services/svc/q.yaml:1:1");
});
test("numbers and booleans may be written as text where one is due", async () => {
  const props = await propsOf(
    { "stack.yaml": stackWith(component("SQS", "q", '{ visibilityTimeout: "30", deadLetterQueue: { enabled: "true" } }')) },
    {},
    "svc/q",
  );
  assert.equal([props.visibilityTimeout, props.deadLetterQueue.enabled], [30, true]);
});
test("where text is due an unquoted number keeps its spelling", async () => {
  const props = await propsOf({ "stack.yaml": stackWith(component("SQS", "q", "{ tags: { V: 1.10, P: 8080, B: true } }")) }, {}, "svc/q");
  assert.equal({ ...props.tags }, { V: "1.10", P: "8080", B: "true" });
});
test("--var wins over the overlay, that over the base, that over config, PANKA_VAR_ and the default", async () => {
  const files = (base: string, over: string) => ({
    "stack.yaml": stackWith(component("SQS", "q", '{ visibilityTimeout: "${T:-1}" }')).replace(
      "spec: { provider",
      `spec: { ${base} provider`,
    ),
    "environments/prod/s.yaml": `apiVersion: core.panka.io/v1\nkind: Stack\nmetadata: { name: s }\nspec: { ${over} }`,
  });
  const t = async (base: string, over: string, options: object) =>
    (await propsOf(files(base, over), { environment: "prod", ...options }, "svc/q")).visibilityTimeout;
  const [base, over, vars, configVariables, envVariables] = [
    "variables: { T: 4 },",
    "variables: { T: 5 }",
    { T: "6" },
    { T: "3" },
    { T: "2" },
  ];
  assert.is(await t(base, over, { vars, configVariables, envVariables }), 6);
  assert.is(await t(base, over, { configVariables, envVariables }), 5);
  assert.is(await t(base, "", { configVariables, envVariables }), 4);
  assert.is(await t("", "", { configVariables, envVariables }), 3);
  assert.is(await t("", "", { envVariables }), 2);
  assert.is(await t("", "", {}), 1);
});
test("predefined variables know stack, environment, region, service and component", async () => {
  const props = await propsOf({
    "stack.yaml": stackWith(api(', environment: { A: "${STACK}/${ENVIRONMENT}/${REGION}/${SERVICE}/${COMPONENT}" }'), withInfra),
  });
  assert.is(props.environment.A, "s/development/us-east-1/svc/api");
});
test("$${ is a literal ${ and a name of neither grammar is told so", async () => {
  const props = await propsOf({ "stack.yaml": stackWith(api(', environment: { A: "$${aws:username}" }'), withInfra) });
  assert.is(props.environment.A, "${aws:username}");
  const { problems } = await resolveYaml({ "stack.yaml": stackWith(api(', environment: { A: "${aws:username}" }'), withInfra) });
  assert.equal([problems[0]?.code, problems[0]?.next], ["bad-variable", "write $${aws:username}"]);
});
test("variables that refer to each other are an error", async () => {
  const { codes } = await resolveYaml({
    "stack.yaml": stackWith(component("SQS", "q", '{ variables: { A: "${B}", B: "${A}" }, type: "${A}" }')),
  });
  assert.ok(codes.some((c) => c.endsWith("variable-cycle")));
});
test("an undefined variable says what there is", async () => {
  const { problems } = await resolveYaml({ "stack.yaml": stackWith(api(', environment: { A: "${STAK}" }'), withInfra) });
  assert.equal([problems[0]?.code, problems[0]?.suggestion], ["undefined-variable", "STACK"]);
});
test("${a.b}, valueFrom and an output's alias are one reference with the full address", async () => {
  const env = 'environment: [{ name: A, value: "${q.url}" }, { name: B, valueFrom: { component: svc/q, output: queueUrl } }]';
  const props = await propsOf({ "stack.yaml": stackWith(component("SQS", "q"), api(`, ${env}`), withInfra) });
  for (const k of ["A", "B"]) {
    const ref = (props.environment[k].value ?? props.environment[k]) as Ref;
    assert.ok(isRef(ref));
    assert.equal([ref.component, ref.output], ["svc/q", "queueUrl"]);
  }
});
test("a name that the component itself gives an output is the same reference", async () => {
  const queue = component("SQS", "q", "{ outputs: { inbox: url } }");
  const props = await propsOf({ "stack.yaml": stackWith(queue, api(', environment: { A: "${q.inbox}" }'), withInfra) });
  const ref = props.environment.A as Ref;
  assert.equal([isRef(ref), ref.component, ref.output], [true, "svc/q", "queueUrl"]);
  const wrong = stackWith(queue, api(', environment: { A: "${q.inboks}" }'), withInfra);
  const { problems } = await resolveYaml({ "stack.yaml": wrong });
  assert.equal([problems[0]?.code, problems[0]?.suggestion], ["unknown-output", "inbox"]);
});
test("a name that means no output is reported where it is given, once, whoever refers to it", async () => {
  const queue = component("SQS", "q", "{ outputs: { inbox: queueUrk } }");
  const { problems } = await resolveYaml({ "stack.yaml": stackWith(queue, api(', environment: { A: "${q.inbox}" }'), withInfra) });
  assert.equal(
    problems.map((p) => [p.code, p.path, p.suggestion]),
    [["unknown-output", "svc/q.spec.outputs.inbox", "queueUrl"]],
  );
});
test("text around a reference is a Text", async () => {
  const props = await propsOf({
    "stack.yaml": stackWith(component("SQS", "q"), api(', environment: { A: "x-${q.queueUrl}-${STACK}" }'), withInfra),
  });
  assert.ok(isText(props.environment.A));
  assert.equal(
    (props.environment.A as Text).parts.map((p) => (typeof p === "string" ? p : p.output)),
    ["x-", "queueUrl", "-s"],
  );
});
test("an unknown component and an unknown output say what there is", async () => {
  const { problems } = await resolveYaml({
    "stack.yaml": stackWith(component("SQS", "queue"), api(', environment: { A: "${queu.url}", B: "${queue.queueArm}" }'), withInfra),
  });
  assert.equal(
    problems.map((p) => [p.code, p.suggestion]),
    [
      ["unknown-component", "queue"],
      ["unknown-output", "queueArn"],
    ],
  );
});
test("a bare name resolves in its own service first, then if it is unique, else it is ambiguous", async () => {
  const second = (n: string) => component("SQS", n, "{}", ", service: two");
  const svc2 = "apiVersion: core.panka.io/v1\nkind: Service\nmetadata: { name: two }";
  const svc3 = svc2.replace("two", "three");
  const third = component("SQS", "q", "{}", ", service: three");
  const own = await propsOf({
    "stack.yaml": stackWith(
      component("SQS", "q"),
      api(', environment: { A: "${q.url}", B: "${only.url}" }'),
      withInfra,
      svc2,
      second("q"),
      second("only"),
    ),
  });
  assert.equal([own.environment.A.component, own.environment.B.component], ["svc/q", "two/only"]);
  const { problems } = await resolveYaml({
    "stack.yaml": stackWith(api(', environment: { A: "${q.url}" }'), withInfra, svc2, second("q"), svc3, third),
  });
  assert.equal([problems[0]?.code, problems[0]?.expected], ["ambiguous-component", "one of three/q, two/q"]);
});
test("uses that name no component are an error at the name", async () => {
  const { problems } = await resolveYaml({
    "stack.yaml": stackWith(component("SQS", "jobs"), api(", uses: [{ component: jbs, access: send }]"), withInfra),
  });
  assert.equal(
    [problems[0]?.code, problems[0]?.path, problems[0]?.suggestion],
    ["unknown-component", "svc/api.spec.uses[0].component", "jobs"],
  );
});
test("layers: InfraDefaults below the component, ComponentInfra above it", async () => {
  const defaults = infra("InfraDefaults", "d", "{ resources: { cpu: 256, memory: 512 }, scaling: { replicas: 1 } }");
  const base = await propsOf({ "stack.yaml": stackWith(defaults, api()) });
  assert.equal([base.resources.cpu, base.scaling.replicas], [256, 1]);
  const own = await propsOf({ "stack.yaml": stackWith(defaults, api(", replicas: 2, runtime: { cpu: 512 }")) });
  assert.equal([own.resources.cpu, own.resources.memory, own.scaling.replicas], [512, 512, 2]);
  const over = infra("ComponentInfra", "api", "{ scaling: { replicas: 3 } }", ", service: svc");
  assert.is((await propsOf({ "stack.yaml": stackWith(defaults, api(", replicas: 2"), over) })).scaling.replicas, 3);
});
test("scaling.autoscaling.minReplicas and autoscaling.minReplicas are scaling.minReplicas", async () => {
  for (const more of [
    ", autoscaling: { minReplicas: 2, maxReplicas: 4 }",
    ", scaling: { autoscaling: { minReplicas: 2, maxReplicas: 4 } }",
    ", scaling: { minReplicas: 2, maxReplicas: 4 }",
  ]) {
    const props = await propsOf({ "stack.yaml": stackWith(api(more), withInfra) });
    assert.equal({ ...props.scaling }, { minReplicas: 2, maxReplicas: 4 });
  }
});
test("deadLetterQueue.enable is deadLetterQueue.enabled", async () => {
  const props = await propsOf({ "stack.yaml": stackWith(component("SQS", "q", "{ deadLetterQueue: { enable: true } }")) }, {}, "svc/q");
  assert.is(props.deadLetterQueue.enabled, true);
});
test("a mistake in InfraDefaults is reported once, not per component", async () => {
  const { codes } = await resolveYaml({
    "stack.yaml": stackWith(
      infra("InfraDefaults", "d", "{ resources: { cpu: 256, memory: 512 }, scaling: { replicas: -1 } }"),
      api(),
      api().replace("name: api", "name: web"),
    ),
  });
  assert.equal(codes, ["stack.yaml:13:58 out-of-range"]);
});
test("a section that does not apply to the kind is an error in ComponentInfra and ignored in defaults", async () => {
  const section = "{ scaling: { replicas: 2 } }";
  assert.match(
    (
      await resolveYaml({ "stack.yaml": stackWith(component("SQS", "q"), infra("ComponentInfra", "q", section, ", service: svc")) })
    ).codes.join(),
    "section-does-not-apply",
  );
  assert.equal((await resolveYaml({ "stack.yaml": stackWith(component("SQS", "q"), infra("InfraDefaults", "d", section)) })).codes, []);
});
test("a ComponentInfra may not set fields of the component", async () => {
  const { problems } = await resolveYaml({ "stack.yaml": stackWith(api(), withInfra.replace("{ resources", "{ image: x, resources")) });
  assert.equal(
    problems.map((p) => [p.code, p.path]),
    [["unknown-field", "svc/api.spec.image"]],
  );
});
const overlay = (text: string) => ({
  "stack.yaml": stackWith(
    component("SQS", "q", "{ delaySeconds: 5, deadLetterQueue: { enabled: true, maxReceiveCount: 3 }, tags: { a: x, b: y } }"),
  ),
  "environments/prod/q.yaml": text,
});
test("an overlay merges maps by key, null removes, $patch: replace replaces", async () => {
  const run = (spec: string) => propsOf(overlay(component("SQS", "q", spec)), { environment: "prod" }, "svc/q");
  const merged = await run("{ delaySeconds: null, deadLetterQueue: { maxReceiveCount: 9 }, tags: { $patch: replace, c: z } }");
  assert.is(merged.delaySeconds, undefined);
  assert.equal({ ...merged.deadLetterQueue }, { enabled: true, maxReceiveCount: 9 });
  assert.equal({ ...merged.tags }, { c: "z" });
});
test("lists whose items have a name merge by it, other lists replace", async () => {
  const base = api(", command: [a, b]").replace("port: 80", "ports: [{ name: http, port: 80 }, { name: admin, port: 81 }]");
  const over = component("MicroService", "api", "{ ports: [{ name: admin, port: 90 }], command: [c] }");
  const props = await propsOf({ "stack.yaml": stackWith(base, withInfra), "environments/prod/api.yaml": over }, { environment: "prod" });
  assert.equal(
    props.ports.map((p: { port: number }) => p.port),
    [80, 90],
  );
  assert.equal(props.command, ["c"]);
});
test("an overlay of another environment changes nothing", async () => {
  assert.is((await propsOf(overlay(component("SQS", "q", "{ delaySeconds: 9 }")), { environment: "dev" }, "svc/q")).delaySeconds, 5);
});
test("an unknown field and a wrong value in an overlay are reported at the overlay", async () => {
  const { codes } = await resolveYaml(overlay(component("SQS", "q", "{ delaySecond: 9, visibilityTimeout: -1 }")), { environment: "prod" });
  assert.equal(codes, ["environments/prod/q.yaml:4:9 unknown-field", "environments/prod/q.yaml:4:25 out-of-range"]);
});
test("an overlay that matches nothing is an error with the nearest name, unless it is marked only-in", async () => {
  const { problems } = await resolveYaml(
    { "stack.yaml": stackWith(component("SQS", "jobs")), "environments/prod/j.yaml": component("SQS", "jbs") },
    { environment: "prod" },
  );
  assert.equal([problems[0]?.code, problems[0]?.suggestion], ["overlay-matches-nothing", "jobs"]);
  const only = component("SQS", "extra", "{}", ", service: svc, annotations: { panka.io/only-in: prod }");
  const files = { "stack.yaml": stackWith(), "environments/prod/x.yaml": only };
  assert.is((await resolveYaml(files, { environment: "prod" })).model?.components.length, 1);
  assert.is((await resolveYaml(files, { environment: "dev" })).model?.components.length, 0);
});
test("an overlay of another kind than its base is an error", async () => {
  const { codes } = await resolveYaml(overlay(component("Worker", "q", "{}")), { environment: "prod" });
  assert.match(codes.join(), "kind-disagrees");
});
test("a ComponentInfra overlay needs no base ComponentInfra, only the component", async () => {
  const files = (name: string) => ({
    "stack.yaml": stackWith(api(", runtime: { cpu: 256, memory: 512 }")),
    "environments/prod/a.yaml": infra("ComponentInfra", name, "{ scaling: { replicas: 4 } }"),
  });
  assert.is((await propsOf(files("api"), { environment: "prod" })).scaling.replicas, 4);
  assert.match((await resolveYaml(files("nope"), { environment: "prod" })).codes.join(), "overlay-matches-nothing");
});
test("positions of merged values are those of the document that set them", async () => {
  const { model } = await resolveYaml(overlay(component("SQS", "q", "{ delaySeconds: 9 }")), { environment: "prod" });
  const source = model?.components[0]?.source;
  assert.is(source?.("delaySeconds")?.file, "environments/prod/q.yaml");
  assert.is(source?.("deadLetterQueue.maxReceiveCount")?.file, "stack.yaml");
});
test("tags of stack and service are merged per service", async () => {
  const { model } = await resolveYaml({
    "stack.yaml": stackWith().replace("spec: { provider", "spec: { tags: { a: 1, b: 2 }, provider").concat("\nspec: { tags: { b: 3 } }"),
  });
  assert.equal(model?.tags, { svc: { a: "1", b: "3" } });
});
test("a region of the configuration wins over the stack's own", async () => {
  assert.is((await resolveYaml({ "stack.yaml": stackWith() }, { region: "eu-west-1" })).model?.region, "eu-west-1");
});
test.run();
