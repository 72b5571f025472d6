import { test } from "uvu";
import * as assert from "uvu/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../support/source-tree.js";

test("the dependency audit fails on high and critical vulnerabilities only, and knows when the registry did not answer", async () => {
  const { verdictOf } = (await import(pathToFileURL(join(ROOT, "scripts", "audit.js")).href)) as {
    verdictOf(output: string): { high: number; critical: number } | undefined;
  };
  const answer = (more: object): string => JSON.stringify({ metadata: { vulnerabilities: { low: 3, moderate: 2, ...more } } });
  assert.equal(verdictOf(answer({ high: 0, critical: 0 })), { high: 0, critical: 0 });
  assert.equal(verdictOf(answer({ high: 2, critical: 1 })), { high: 2, critical: 1 });
  assert.is(verdictOf(JSON.stringify({ message: "405 Method Not Allowed" })), undefined);
  assert.is(verdictOf(""), undefined);
});

test.run();
