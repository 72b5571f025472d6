import { test } from "uvu";
import * as assert from "uvu/assert";
import { isPankaError } from "../../../framework/base/errors.js";
import type { ComponentGraph } from "../../../framework/model/assembly.js";
import { lockScopeOf } from "../../../framework/operations/lock-scope.js";

const graph = {
  nodes: ["users/api", "users/db", "jobs/worker"].map((address) => ({ address, service: address.split("/")[0], needs: [] })),
  edges: [],
} as unknown as ComponentGraph;
const settings = { engine: "embedded" as const };
const of = (services: string[], components: string[] = []) => ({ services, components, withDependencies: false });

function code(body: () => unknown): string {
  try {
    body();
    return "none";
  } catch (error) {
    return isPankaError(error) ? `${error.code} ${error.exitCode}` : String(error);
  }
}

test("without a word the whole stack is locked, whatever is selected", () => {
  assert.is(lockScopeOf(graph, of(["users"]), undefined, settings), "*");
});

test("a service's lock is for a run of one service, a component's for a run of one component", () => {
  assert.is(lockScopeOf(graph, of(["users"]), "service", settings), "users");
  assert.is(lockScopeOf(graph, of([], ["users/api"]), "service", settings), "users");
  assert.is(lockScopeOf(graph, of([], ["worker"]), "component", settings), "jobs/worker");
  for (const [selection, word] of [
    [of([]), "service"],
    [of(["users", "jobs"]), "service"],
    [of([], ["users/api", "jobs/worker"]), "service"],
    [of(["users"]), "component"],
    [of([], ["users/api", "users/db"]), "component"],
  ] as const)
    assert.is(
      code(() => lockScopeOf(graph, selection, word, settings)),
      "lock-scope-selection 2",
    );
});

test("the configured scope narrows where the run allows it, else the whole stack is locked; the flag wins", () => {
  assert.is(lockScopeOf(graph, of(["users"]), undefined, { ...settings, lockScope: "service" }), "users");
  assert.is(lockScopeOf(graph, of([]), undefined, { ...settings, lockScope: "service" }), "*");
  assert.is(lockScopeOf(graph, of(["users"]), "stack", { ...settings, lockScope: "service" }), "*");
});

test("Pulumi's engine locks whole stacks only", () => {
  assert.is(
    code(() => lockScopeOf(graph, of(["users"]), "service", { engine: "pulumi" })),
    "lock-scope-engine 2",
  );
});

test("a misspelt scope is a usage error", () => {
  assert.is(
    code(() => lockScopeOf(graph, of(["users"]), "servce", settings)),
    "unknown-lock-scope 2",
  );
});

test.run();
