/**
 * Inputs drawn from every kind's schema, from a seed. Each field, branch of a union and short form is drawn, or the test names it; all
 * of them pass validate. Then: written as YAML and as a TypeScript program they give one assembly, byte for byte; other spellings of
 * a field mean the same; and every field, changed, changes the assembly or is refused.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseAllDocuments } from "yaml";
// Loaded here so that programs find it in the same cache as the rest of the package.
import "../../constructs/aws.js";
import { registry } from "../../constructs/registry.js";
import { DiagnosticBag } from "../../framework/base/diagnostics.js";
import type { Assembly } from "../../framework/model/assembly.js";
import type { Kind } from "../../framework/model/kind.js";
import type { ModelInput } from "../../framework/model/stack-model.js";
import { loadProgram } from "../../framework/operations/load-program.js";
import { schemaOf } from "../../framework/operations/schema.js";
import { SPELLINGS } from "../../framework/overlays/normalize.js";
import { readYamlStack } from "../../framework/yaml/read.js";
import { NAMING_FIELDS } from "../../scripts/naming-fields.js";
import { drawCases, type Drawn, Inputs, problems, said } from "../support/generate/cases.js";
import { HINTS_FILE, hintsOf, MORE } from "../support/generate/hints.js";
import { placesOf } from "../support/generate/places.js";
import { programOf, yamlOf, yamlValue } from "../support/generate/render.js";
import { type Document, linkPaths, modelOf, namingFields, outcomeOf, schemaOfKind, stackOf } from "../support/generate/stacks.js";
import { idleFields, moved, valueAt } from "../support/generate/variations.js";
import { maybeLoose, wrongSpecs } from "../support/generate/wrong.js";
import { lintPolicies } from "../support/iam-lint.js";
import { validatorOf } from "../support/json-schema.js";
import { ROOT } from "../support/source-tree.js";
import { memoryFiles } from "../support/yaml-stack.js";

/** Draws differ with it; every seed must pass. */
const SEED = Number(process.env["PANKA_TEST_SEED"] ?? 1);

/** By the kind: what was drawn, and the stacks made of it. */
const drawnOf = new Map<Kind, Promise<Drawn>>();
const madeOf = new Map<Kind, Promise<Document[][]>>();

function draw(kind: Kind): Promise<Drawn> {
  return onceFor(drawnOf, kind, () => drawCases(kind, SEED));
}

function stacksOf(kind: Kind): Promise<Document[][]> {
  return onceFor(madeOf, kind, async () => together(await draw(kind)));
}

function onceFor<T>(known: Map<Kind, T>, kind: Kind, make: () => T): T {
  const value = known.get(kind) ?? make();
  known.set(kind, value);
  return value;
}

/** Cases of component kinds share a stack as far as they get on together; those of other kinds have one each. */
async function together({ kind, cases }: Drawn): Promise<Document[][]> {
  const specs = cases.map((c) => c.spec);
  const groups = kind.group === "components" ? await sharing(specs) : specs.map((s) => [s]);
  return groups.map((group, i) => stackOf(kind, group, `drawn-${i}`));

  async function sharing(some: Document["spec"][]): Promise<Document["spec"][][]> {
    if (some.length < 2 || (await outcomeOf(modelOf(stackOf(kind, some)))).errors.length === 0) return [some];
    const half = Math.ceil(some.length / 2);
    return [...(await sharing(some.slice(0, half))), ...(await sharing(some.slice(half)))];
  }
}

async function assembly(input: ModelInput | undefined, bag: DiagnosticBag): Promise<string> {
  assert.equal(bag.sorted().map(said), []);
  const { text, errors } = await outcomeOf(input as ModelInput);
  assert.equal(errors.map(said), []);
  return text as string;
}

async function fromYaml(text: string): Promise<string> {
  const files = memoryFiles({ "/p/stack.yaml": text, [`/p/${MORE}`]: "" });
  const bag = new DiagnosticBag();
  const input = await readYamlStack({ kind: "yaml", folder: "/p", root: "/p" }, { registry, exclude: [], files }, bag);
  return assembly(input, bag);
}

async function fromProgram(folder: string, stack: string): Promise<string> {
  const bag = new DiagnosticBag();
  const entry = { kind: "typescript" as const, file: join(folder, "stack.ts"), folder, root: folder };
  const options = { registry, exclude: [], environment: "development", vars: {}, packageRoot: ROOT, stack };
  return assembly(await loadProgram(entry, options, bag), bag);
}

for (const kind of registry.kinds) {
  test(`${kind.name}: every field, branch and short form is drawn in inputs that pass validate`, async () => {
    const missed = (await draw(kind)).missed.map(({ place, why }) => `kind ${kind.name} field ${place} was never drawn: ${why}`);
    assert.is(missed.join("\n"), "", `add hints for them in ${HINTS_FILE}`);
    const ids = new Set(placesOf(schemaOfKind(kind)).map((p) => p.id));
    const { never = {}, with: more = {} } = hintsOf(kind.name);
    for (const path of [...Object.keys(never), ...Object.keys(more)])
      assert.ok(ids.has(path), `${HINTS_FILE} names ${path}, which ${kind.name} has not`);
    for (const place of Object.keys(never)) {
      const spec = new Inputs(kind, SEED).draw(place, 0);
      assert.ok((await problems(kind, spec)).length > 0, `${HINTS_FILE} says that ${kind.name} refuses ${place}, but it does not`);
    }
  });

  test(`${kind.name}: drawn inputs mean the same in TypeScript and in YAML, numbers as text or not`, async () => {
    const stacks = await stacksOf(kind);
    const folder = mkdtempSync(join(tmpdir(), "panka-drawn-"));
    try {
      writeFileSync(join(folder, "stack.ts"), programOf(stacks));
      writeFileSync(join(folder, MORE), "");
      for (const documents of stacks) {
        const expected = await fromProgram(folder, documents.find((d) => d.kind === "Stack")?.name as string);
        assert.fixture(await fromYaml(yamlOf(documents)), expected);
        assert.fixture(await fromYaml(yamlOf(documents, true)), expected);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test(`${kind.name}: the policies of drawn inputs name each action and each ARN`, async () => {
    const problems = (await stacksOf(kind)).map(async (documents) => {
      const { assembly: made } = await outcomeOf(modelOf(documents));
      // Drawn references are to any output of a component, ARN or not.
      return lintPolicies(made as Assembly).filter((p) => !/(the output \w+|"x-\$-y") is no ARN$/.test(p));
    });
    assert.is((await Promise.all(problems)).flat().join("\n"), "");
  });

  test(`${kind.name}: the JSON Schema accepts what validate accepts, and refuses what the schema refuses`, async () => {
    const validate = await validatorOf(schemaOf(registry, kind.name));
    const written = (spec: unknown) => ({ apiVersion: "panka.io/v1", kind: kind.name, metadata: { name: "x" }, spec });
    for (const stack of await stacksOf(kind))
      for (const text of [yamlOf(stack), yamlOf(stack, true)])
        for (const document of parseAllDocuments(text).map((d) => d.toJS()))
          if (document.kind === kind.name) assert.equal(validate(document), [], JSON.stringify(document));
    const differ = (await draw(kind)).cases.flatMap(({ spec }) =>
      [...wrongSpecs(kind, spec)].filter((wrong) => {
        const taken = validate(written(yamlValue(wrong.spec))).length === 0;
        return wrong.accepted !== taken && !(taken && maybeLoose(wrong));
      }),
    );
    const said = differ.map((d) => `${d.place} = ${JSON.stringify(d.value)}: ${d.accepted ? "accepted" : "refused"} by the check only`);
    assert.is([...new Set(said)].join("\n"), "");
  });

  const spellings = kind.group === "components" ? SPELLINGS.filter((s) => !s.section || kind.infra.includes(s.section)) : [];
  const known = new Set(placesOf(schemaOfKind(kind)).map((p) => p.id));
  for (const { written, meant } of spellings.filter((s) => known.has(s.meant))) {
    test(`${kind.name}: ${written} is another spelling of ${meant}`, async () => {
      let tried = 0;
      const inputs = new Inputs(kind, SEED);
      const alone = [1, 2, 3].map(() => inputs.draw(meant, 0));
      for (const spec of [...(await draw(kind)).cases.map((c) => c.spec), ...alone]) {
        const other = valueAt(spec, meant) === undefined ? undefined : moved(spec, meant, written);
        if (!other) continue;
        const [a, b] = await Promise.all([spec, other].map((s) => outcomeOf(modelOf(stackOf(kind, [s])))));
        if (a?.text !== undefined) tried++;
        assert.is(b?.text, a?.text, b?.errors.map(said).join("\n"));
      }
      assert.ok(tried > 0, `no drawn input has ${meant} alone`);
    });
  }

  test(`${kind.name}: every field changes the assembly or is refused`, async () => {
    const idle = await idleFields(kind, (await draw(kind)).cases);
    const said = idle.map(({ field, values }) => `kind ${kind.name} field ${field} changes nothing: ${values.join(", ")}`);
    assert.is(
      said.join("\n"),
      "",
      "give it an effect, refuse it, or (if it acts elsewhere) name it in test/support/generate/idle-allowed.ts",
    );
  });
}

/** Fields of which the page of bindings says nothing, and why. */
const NOT_THERE: { [path: string]: string } = {
  "uses[].component": "is its first table",
  "environment[].valueFrom.component": "gives what uses gives",
  "environment.<name>.valueFrom.component": "gives what uses gives",
  "triggers[].source.arn": "is a reference, not a name",
};

test("every field of every kind that names a component is among those that the page of bindings is made of", async () => {
  const known = new Set(
    NAMING_FIELDS.flatMap(({ document, alike = [] }) => {
      const { kind, spec } = document("it");
      return linkPaths(kind, spec as Document["spec"]).flatMap((path) => [kind, ...alike].map((k) => `${k} ${path}`));
    }),
  );
  const found = new Set<string>();
  for (const kind of registry.kinds)
    for (const documents of await stacksOf(kind))
      for (const { kind: of, path } of namingFields(documents)) if (!(path in NOT_THERE)) found.add(`${of} ${path}`);
  assert.ok(found.size > 25, [...found].join());
  assert.equal([...found].filter((field) => !known.has(field)).sort(), [], "add them to scripts/naming-fields.ts");
});

test.run();
