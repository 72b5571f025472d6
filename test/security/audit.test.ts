import { test } from "uvu";
import * as assert from "uvu/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../support/source-tree.js";

const { verdictOf } = (await import(pathToFileURL(join(ROOT, "scripts", "audit.js")).href)) as {
  verdictOf(output: string, ci?: boolean): { result: string; words: string };
};
const answer = (more: object): string => JSON.stringify({ metadata: { vulnerabilities: { low: 3, moderate: 2, ...more } } });

test("the dependency audit fails on high and critical vulnerabilities only", () => {
  assert.equal(verdictOf(answer({ high: 0, critical: 0 })), { result: "ok", words: "0 critical, 0 high" });
  assert.equal(verdictOf(answer({ high: 2, critical: 1 })), { result: "failed", words: "1 critical, 2 high" });
  assert.is(verdictOf(answer({ high: 1, critical: 0 })).result, "failed");
});

test("an audit that could not be done is skipped by name, in CI too, and never counts as passed", () => {
  for (const ci of [false, true]) {
    assert.equal(verdictOf("", ci), { result: "skipped", words: "the registry does not answer" });
    assert.equal(verdictOf(JSON.stringify({ error: { code: "ENOTFOUND" } }), ci).words, "the registry does not answer");
    assert.equal(verdictOf(JSON.stringify({ statusCode: 405, message: "405 Method Not Allowed" }), ci), {
      result: "skipped",
      words: "the registry has no audit (it answers 405)",
    });
    assert.is(verdictOf(JSON.stringify({ statusCode: 404 }), ci).result, "skipped");
  }
});

test("another failure of a registry that answers fails in CI", () => {
  const output = JSON.stringify({ statusCode: 401, message: "401 Unauthorized" });
  assert.equal(verdictOf(output, true), { result: "failed", words: "the registry answers 401" });
  assert.is(verdictOf(output).result, "skipped");
});

test.run();
