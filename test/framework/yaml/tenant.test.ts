import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../../../framework/base/diagnostics.js";
import { isPankaError } from "../../../framework/base/errors.js";
import { starterDocument } from "../../../framework/operations/tenant-files.js";
import { parseTenant } from "../../../framework/yaml/tenant.js";

function problems(text: string): Diagnostic[] {
  try {
    parseTenant(text, "t.yaml");
  } catch (error) {
    if (isPankaError(error) && error.code === "bad-tenant") return error.diagnostics;
    throw error;
  }
  return [];
}

test("the document that onboarding writes is a tenant's", () => {
  const tenant = parseTenant(starterDocument("payments"), "t.yaml");
  assert.is(tenant.name, "payments");
  assert.equal(tenant.spec.limits, { stacks: 10, componentsPerStack: 50, monthlyUSD: 1000 });
});

test("a misspelt field is an error with its place and the nearest name", () => {
  const [first, ...more] = problems(starterDocument("payments").replace("componentsPerStack", "componentsPerStak"));
  assert.is(more.length, 0);
  assert.equal([first?.file, first?.line, first?.suggestion], ["t.yaml", 8, "componentsPerStack"]);
});

test("an empty text, two documents, another kind and a bad name are errors", () => {
  const good = starterDocument("payments");
  for (const text of [
    "",
    `${good}---\n${good}`,
    good.replace("kind: Tenant", "kind: Stack"),
    good.replace("name: payments", "name: Pay_ments"),
  ])
    assert.is(problems(text).length, 1, text);
});

test.run();
