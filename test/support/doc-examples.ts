/**
 * The examples of the pages in docs/reference/kinds: under each of the headings Small, Typical and Production one `ts` and one `yaml`
 * block, each a whole stack. What they compile to, as the CLI compiles them; the last in an environment of class production.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
// Loaded here, so that an example that imports it gets these sources.
import "../../constructs/aws.js";
import { registry } from "../../constructs/registry.js";
import { type Diagnostic, DiagnosticBag } from "../../framework/base/diagnostics.js";
import type { Assembly, EnvironmentClass } from "../../framework/model/index.js";
import { loadProgram } from "../../framework/operations/load-program.js";
import { ROOT } from "./source-tree.js";
import { type Synthesis, synthInput, synthYaml } from "./synth.js";
import { withFolder } from "./world.js";

/** The headings that hold examples, in order. */
export const HEADINGS = ["Small", "Typical", "Production"] as const;

/** One example in both languages. */
export interface DocExample {
  /** `kmskey.md, Small`. */
  name: string;
  typescript: string;
  yaml: string;
  environmentClass: EnvironmentClass;
}

/** One page. */
export interface DocPage {
  file: string;
  /** The first heading: the kind's name. */
  kind: string;
  examples: DocExample[];
}

/** All pages. Throws for a page that lacks a heading or a block. */
export function docPages(): DocPage[] {
  const folder = join(ROOT, "docs/reference/kinds");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".md"))
    .sort()
    .map((file) => parsePage(file, readFileSync(join(folder, file), "utf8")));
}

function parsePage(file: string, text: string): DocPage {
  const kind = /^# (\S+)/.exec(text)?.[1];
  if (!kind) throw new Error(`${file}: the first line must be "# <Kind>"`);
  const examples = HEADINGS.map((heading) => {
    const name = `${file}, ${heading}`;
    const [, section = ""] = new RegExp(`^## ${heading}\\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, "m").exec(text) ?? [];
    const block = (language: string): string => {
      const found = [...section.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map((m) => m[1] as string);
      if (found.length !== 1) throw new Error(`${name}: expected one ${language} block, found ${found.length}`);
      return found[0] as string;
    };
    const environmentClass: EnvironmentClass = heading === "Production" ? "production" : "development";
    return { name, typescript: block("ts"), yaml: block("yaml"), environmentClass };
  });
  return { file, kind, examples };
}

/** What an example gave in one language. */
export interface Compiled {
  assembly: Assembly | undefined;
  problems: Diagnostic[];
}

/** Compiles the TypeScript block, run as the CLI runs a stack.ts. */
export async function compileTypescript(example: DocExample): Promise<Compiled> {
  return withFolder(async (folder) => {
    const file = join(folder, "stack.ts");
    writeFileSync(file, example.typescript);
    const bag = new DiagnosticBag();
    const entry = { kind: "typescript" as const, file, folder, root: folder };
    const options = { registry, exclude: [], environment: example.environmentClass, vars: {}, packageRoot: ROOT };
    return compiledFrom(await synthInput(await loadProgram(entry, options, bag), example.environmentClass, bag));
  });
}

/** Compiles the YAML block, read as a stack.yaml. */
export async function compileYaml(example: DocExample): Promise<Compiled> {
  return compiledFrom(await synthYaml(example.yaml, example.environmentClass));
}

function compiledFrom({ result, diagnostics }: Synthesis): Compiled {
  return { assembly: result?.assembly, problems: diagnostics.filter((d) => d.severity !== "notice") };
}

/** What the type checker says of the TypeScript blocks, `<name>:<line> <message>` each, `panka` being this tree's sources. */
export function typeErrors(examples: readonly DocExample[]): string[] {
  const names = new Map(examples.map((e, i) => [join(ROOT, `test/docs/example-${i}.ts`), e]));
  const { options } = ts.convertCompilerOptionsFromJson(
    JSON.parse(readFileSync(join(ROOT, "tsconfig.json"), "utf8")).compilerOptions,
    ROOT,
  );
  const all = {
    ...options,
    paths: {
      panka: [join(ROOT, "constructs/index.ts")],
      "panka/aws": [join(ROOT, "constructs/aws.ts")],
      "panka/pulumi": [join(ROOT, "constructs/pulumi.ts")],
    },
  };
  const host = ts.createCompilerHost(all);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => names.has(file) || fileExists(file);
  host.readFile = (file) => names.get(file)?.typescript ?? readFile(file);
  host.getSourceFile = (file, target, ...rest) => {
    const example = names.get(file);
    return example ? ts.createSourceFile(file, example.typescript, target) : getSourceFile(file, target, ...rest);
  };
  const program = ts.createProgram([...names.keys()], all, host);
  return [...names].flatMap(([file, example]) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((d) => {
      const line = d.start === undefined ? 0 : (source?.getLineAndCharacterOfPosition(d.start).line ?? 0) + 1;
      return `${example.name}:${line} ${ts.flattenDiagnosticMessageText(d.messageText, " ")}`;
    });
  });
}
