/** docs/reference/bindings.md, and what it says of every way in which one component may use or name another. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as panka from "../../constructs/index.js";
import { registry } from "../../constructs/registry.js";
import { bindingsPage, namedCases, useCases } from "../../scripts/bindings.js";
import { NAMING_FIELDS } from "../../scripts/naming-fields.js";
import { compiled, samples } from "../../scripts/samples.js";
import { countPolicies, lintPolicies } from "../support/iam-lint.js";
import { ROOT } from "../support/source-tree.js";

const [uses, named] = await Promise.all([useCases(), namedCases()]);

test("the page says what references come to", () => {
  assert.is(readFileSync(join(ROOT, "docs/reference/bindings.md"), "utf8"), bindingsPage(uses, named), "run npm run docs");
});

test("nothing is left out of the page because it does not compile: every example alone, every field with one of them at least", async () => {
  const refused: string[] = [];
  for (const sample of samples().flat()) if (!(await compiled(sample))) refused.push(`${sample.kind} ${sample.name}`);
  assert.equal(refused, []);
  const tried = new Set(named.map((n) => n.field));
  assert.equal(
    NAMING_FIELDS.map((f) => f.field).filter((field) => !tried.has(field)),
    [],
  );
});

test("the policies of every binding name each action and each ARN", () => {
  assert.ok(uses.length > 30 && named.length > 20);
  assert.ok(uses.every((u) => countPolicies(u.assembly) > 0));
  for (const { kind, assembly } of [...uses, ...named]) assert.equal(lintPolicies(assembly), [], kind);
});

test("what a binding gives is listed, as it stands in the policies", () => {
  for (const { kind, access, grants, assembly } of uses) {
    const policies = JSON.stringify(assembly.resources.filter((r) => r.type === "aws:iam/rolePolicy:RolePolicy").map((r) => r.props));
    for (const action of grants.flatMap((g) => g.actions)) assert.ok(policies.includes(`"${action}"`), `${kind} ${access}: ${action}`);
  }
});

test("a binding is given by its access alone, on the component's own resources", () => {
  const queue = (access: string) => uses.find((u) => u.kind === "SQS" && u.access === access)?.grants.flatMap((g) => g.actions) ?? [];
  assert.ok(queue("send").includes("sqs:SendMessage") && !queue("send").includes("sqs:ReceiveMessage"));
  assert.ok(queue("receive").includes("sqs:ReceiveMessage") && !queue("receive").includes("sqs:SendMessage"));
  for (const { kind, grants } of uses)
    for (const { resources } of grants) for (const resource of resources) assert.match(resource, /\$\{orders\//, `${kind}: ${resource}`);
});

test("every access of a kind is a verb of its class, and every verb an access", () => {
  const verbs = ["read", "write", "readWrite", "send", "receive", "publish", "invoke", "connect"];
  for (const { name } of registry.kinds.filter((k) => k.group === "components" && k.name !== "Resource")) {
    const { prototype } = (panka as unknown as { [name: string]: { prototype: object } })[name] as { prototype: object };
    const methods = verbs.filter((v) => v in prototype).sort();
    const offered = uses.filter((u) => u.kind === name).map((u) => u.access as string);
    assert.equal(methods, offered.sort(), name);
  }
});

test.run();
