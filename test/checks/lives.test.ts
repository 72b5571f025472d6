/** Each kind is made, changed, in part replaced and destroyed on the emulator, or it is said why not. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { registry } from "../../constructs/registry.js";
import { features } from "../support/feature-lives.js";
import { LIVES, UNSERVED } from "../support/kind-lives.js";
import type { Life } from "../support/lives.js";
import { ROOT } from "../support/source-tree.js";

const kinds = (...groups: string[]): string[] => registry.kinds.filter((kind) => groups.includes(kind.group)).map(({ name }) => name);
const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), "utf8");

/** The rows of emulators.md's table of kinds. */
const ROWS =
  read("docs", "reference", "emulators.md")
    .split("## Kinds on the emulator")[1]
    ?.split("\n")
    .filter((line) => line.startsWith("| ")) ?? [];

/** Steps for which a life gives a reason in the place of a change. */
const missing = ({ change, replace }: Life): string[] => [
  ...(typeof change === "string" ? ["change"] : []),
  ...(typeof replace === "string" ? ["replace"] : []),
];

const rowOf = (kind: string): string | undefined => ROWS.find((row) => new RegExp(`^\\| [^|]*\\b${kind}\\b`).test(row));

test("every kind of component that the emulator can serve is changed and replaced there; the three others are named in their test, with the reason", () => {
  const components = registry.kinds.filter(({ group }) => !["core", "infra"].includes(group)).map(({ name }) => name);
  const whole = new Set(LIVES.filter((life) => missing(life).length === 0).map(({ kind }) => kind));
  const others = components.filter((kind) => !whole.has(kind));
  assert.equal(others.sort(), ["DocumentDB", "ElastiCacheRedis", "MSK"]);
  const tests = read("test", "e2e", "kinds-aws.slow.test.ts");
  for (const kind of others) {
    const life = UNSERVED.find((one) => one.kind === kind);
    assert.ok(life && life.why !== "", `${kind}: no life beside the emulator`);
    assert.equal(missing(life), [], kind);
    assert.match(tests, new RegExp(`test\\(".*\\b${kind}\\b.* which the emulator can't serve`));
  }
  assert.equal(
    components.filter((kind) => rowOf(kind) === undefined),
    [],
    "docs/reference/emulators.md",
  );
});

test("every infra kind is in a stack that is made, changed and destroyed on the emulator; what it does not change or replace has its reason", () => {
  const lives = features("arn:aws:kms:us-east-1:123456789012:key/1");
  const sections = [...LIVES, ...lives].some((life) => life.infra !== undefined && typeof life.change !== "string" && life.change.infra);
  assert.ok(sections, "ComponentInfra");
  for (const kind of kinds("infra").filter((name) => name !== "ComponentInfra")) {
    const life = lives.find((one) => one.kind === kind);
    assert.ok(life, `${kind}: no life`);
    const shown = Object.keys(life.shows ?? {});
    assert.equal([...missing(life), ...shown].sort(), ["change", "replace"], `${kind}: each step is shown by a resource or has its reason`);
    assert.ok(rowOf(kind), `${kind} is not in docs/reference/emulators.md`);
  }
});

test.run();
