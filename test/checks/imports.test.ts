import { test } from "uvu";
import * as assert from "uvu/assert";
import { importsOf, sources } from "../support/source-tree.js";

/** Folder -> rank (docs/decisions/0001). A folder imports only lower ranks; equal ranks never import each other. */
const RANKS: [string, number][] = [
  ["framework/base/", 0],
  ["framework/model/", 1],
  ["framework/state/", 1.5],
  ["framework/lock/", 1.5],
  ["framework/yaml/", 2],
  ["framework/overlays/", 2],
  ["framework/graph/", 2],
  ["framework/synth/", 3],
  ["framework/plan/", 4],
  ["framework/policy/", 5],
  ["framework/cost/", 5],
  ["framework/engine/", 6],
  ["framework/providers/", 6],
  ["framework/health/", 6],
  ["framework/operations/", 7],
  ["framework/index.ts", 7.5],
  ["constructs/", 8],
  ["cli/", 9],
  ["testing/", 10],
];

/** npm packages -> where they may be imported; a trailing `*` in the package name matches any rest. */
const PACKAGES: [RegExp, RegExp][] = [
  [/^zod$/, /^framework\/(model|overlays|yaml)\/|^constructs\/|^cli\//],
  [/^yaml$/, /^framework\/yaml\/|^cli\/|^framework\/operations\//],
  [/^clipanion$/, /^cli\//],
  [/^protobufjs|^@grpc\/|^@msgpack\/|^@smithy\/|^openpgp$|^undici$/, /^framework\/providers\/aws\//],
  [/^fflate$/, /^framework\/providers\/aws\/|^framework\/operations\//],
  [/^@aws-sdk\//, /^framework\/state\/|^framework\/lock\/dynamodb|^framework\/operations\//],
  [/^tsx|^esbuild$/, /^framework\/operations\//],
  [/^@pulumi\//, /^constructs\/|^framework\/engine\/pulumi/],
];

const files = sources("framework", "constructs", "cli", "testing");
const folderOf = (path: string): [string, number] | undefined => RANKS.find(([folder]) => path.startsWith(folder));

test("a folder imports only folders of a lower rank, for types too", () => {
  const wrong: string[] = [];
  for (const file of files) {
    const from = folderOf(file.path);
    if (!from) {
      wrong.push(`${file.path} lies in no ranked folder`);
      continue;
    }
    for (const { target } of importsOf(file)) {
      const to = target ? folderOf(target) : undefined;
      if (!to || to[0] === from[0]) continue;
      if (to[1] >= from[1]) wrong.push(`${file.path} -> ${target}`);
    }
  }
  assert.equal(wrong, []);
});

test("no file is in a run-time import cycle", () => {
  const edges = new Map(
    files.map((f) => [
      f.path,
      importsOf(f)
        .filter((i) => i.target && !i.typeOnly && !i.lazy)
        .map((i) => i.target as string),
    ]),
  );
  const state = new Map<string, "open" | "done">();
  const cycles: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (state.get(path) === "done") return;
    if (state.get(path) === "open") {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
      return;
    }
    state.set(path, "open");
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    state.set(path, "done");
  };
  for (const path of edges.keys()) visit(path, []);
  assert.equal(cycles, []);
});

test("every relative import names a file that exists", () => {
  const known = new Set(files.map((f) => f.path));
  const wrong = files.flatMap((f) =>
    importsOf(f)
      .filter((i) => i.target?.endsWith(".ts") && !known.has(i.target))
      .map((i) => `${f.path} -> ${i.specifier}`),
  );
  assert.equal(wrong, []);
});

test("an npm package is imported only where its folder may use it", () => {
  const wrong: string[] = [];
  for (const file of files) {
    for (const { specifier, target, typeOnly } of importsOf(file)) {
      if (target || specifier.startsWith("node:")) continue;
      const rule = PACKAGES.find(([name]) => name.test(specifier));
      if (!rule) wrong.push(`${file.path} -> ${specifier}: no rule for this package`);
      else if (!rule[1].test(file.path)) wrong.push(`${file.path} -> ${specifier}`);
      else if (specifier.startsWith("@pulumi/") && file.path.startsWith("constructs/") && !typeOnly)
        wrong.push(`${file.path} -> ${specifier} at run time`);
    }
  }
  assert.equal(wrong, []);
});

test("heavy packages are loaded only when used", () => {
  const heavy = /^@aws-sdk\/|^@grpc\/|^openpgp$|^undici$|^esbuild$|^tsx|^@pulumi\//;
  const wrong = files.flatMap((f) =>
    importsOf(f)
      .filter((i) => heavy.test(i.specifier) && !i.typeOnly && !i.lazy)
      .map((i) => `${f.path} -> ${i.specifier}`),
  );
  assert.equal(wrong, []);
});

test.run();
