/** Runs a stack.ts and takes the model from what it exports. */
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { DiagnosticBag, SourcePosition } from "../base/diagnostics.js";
import { isPankaError, usageError } from "../base/errors.js";
import { nearest } from "../base/nearest.js";
import type { Registry } from "../model/kind.js";
import type { ModelInput } from "../model/stack-model.js";
import { readOverlaysBeside, type StackEntry } from "../yaml/read.js";
import { programDiagnostics } from "./program-errors.js";
import { importModule } from "./program-module.js";

/** What a program is run with. */
export interface ProgramOptions {
  registry: Registry;
  /** Globs of the configuration. */
  exclude: readonly string[];
  /** Handed to a default export that is a function. */
  environment: string;
  vars: { [name: string]: string };
  /** `--stack`: picks one of an App's stacks; a single stack must have this name. */
  stack?: string | undefined;
  /** Root of the Panka package: what `import ... from "panka"` means where the project has not installed it. */
  packageRoot: string;
  /** Gets `file:line` of each YAML document that is not Panka's. */
  skipped?: string[];
}

/** A stack or App as the constructs make it: known by its brand, whatever copy of the package made it. */
interface LoadedStack {
  name: string;
  toModel(root?: string): ModelInput;
}

const STACK = Symbol.for("panka.stack");
const APP = Symbol.for("panka.app");

/** Version of the recorded constructs that is understood. */
const FORMAT = 1;

/**
 * The model of the stack that a program exports, with the infra documents and overlays beside it. What is wrong with the program goes
 * to the bag, with the user's own file, line and column. Throws usage errors for `--stack` (`stack-needed`, `unknown-stack`).
 * Each call runs the program and its own modules anew. The program's strings stay as they are.
 */
export async function loadProgram(entry: StackEntry, options: ProgramOptions, bag: DiagnosticBag): Promise<ModelInput | undefined> {
  const file = entry.file as string;
  const here = { root: entry.root, file };
  let exported: unknown;
  try {
    accessSync(file, constants.R_OK);
    exported = await importModule({ specifier: pathToFileURL(file).href, folder: entry.root, packageRoot: options.packageRoot });
    if (typeof exported === "function") {
      exported = await (exported as (run: object) => unknown)({ environment: options.environment, vars: { ...options.vars } });
    }
  } catch (error) {
    bag.add(programDiagnostics(error, here));
    return undefined;
  }
  const at = { file: relativeName(here), line: 1, column: 1 };
  const model = exportedModel(exported, { root: entry.root, at, stack: options.stack }, bag);
  if (!model) return undefined;
  try {
    const beside = await readOverlaysBeside(entry, model.documents, options, bag);
    return {
      ...model,
      documents: [...model.documents, ...beside.documents],
      overlays: [...model.overlays, ...beside.overlays],
      environments: [...new Set([...model.environments, ...beside.environments])].sort(),
    };
  } catch (error) {
    if (!isPankaError(error)) throw error;
    bag.add(error.diagnostics);
    return undefined;
  }
}

/** How a program's export is read. */
export interface ExportOptions {
  /** Folder that positions are given relative to. */
  root: string;
  /** The program's first line, for problems with the export itself. */
  at?: SourcePosition;
  /** `--stack`. */
  stack?: string | undefined;
}

/** The model of a Stack, or of one of an App's. Problems go to the bag; throws the usage errors of {@link loadProgram}. */
export function exportedModel(exported: unknown, options: ExportOptions, bag: DiagnosticBag): ModelInput | undefined {
  const stack = pickStack(exported, options, bag);
  if (!stack) return undefined;
  try {
    return stack.toModel(options.root);
  } catch (error) {
    if (!isPankaError(error)) throw error;
    bag.add(error.diagnostics);
    return undefined;
  }
}

function pickStack(exported: unknown, { at, stack: wanted }: ExportOptions, bag: DiagnosticBag): LoadedStack | undefined {
  const expected = "export default stack; (a Stack, an App, or a function of { environment, vars } that returns one)";
  if (exported === undefined) {
    bag.error("no-default-export", "the program has no default export", { ...at, expected });
    return undefined;
  }
  const brand = brandOf(exported);
  if (!brand) {
    bag.error("wrong-export", `the program's default export is ${described(exported)}`, { ...at, expected });
    return undefined;
  }
  if (brand.format !== FORMAT) {
    bag.error("wrong-version", "the program was made with another version of the panka package", {
      ...at,
      next: "npm install panka@latest",
    });
    return undefined;
  }
  if (brand.kind === "stack") return named([exported as LoadedStack], wanted);
  const stacks = (exported as { stacks: LoadedStack[] }).stacks;
  if (stacks.length === 0) {
    bag.error("empty-app", "the App has no stack", { ...at, expected: 'new Stack(app, "name", ...)' });
    return undefined;
  }
  return named(stacks, wanted);
}

/** The stack by name; without a name the only one. */
function named(stacks: readonly LoadedStack[], wanted: string | undefined): LoadedStack {
  const names = stacks.map((s) => s.name);
  if (wanted === undefined) {
    if (stacks.length === 1) return stacks[0] as LoadedStack;
    throw usageError("stack-needed", `the program has several stacks: ${names.join(", ")}`, { next: `--stack ${names[0]}` });
  }
  const found = stacks.find((s) => s.name === wanted);
  if (found) return found;
  const near = nearest(wanted, names);
  throw usageError(
    "unknown-stack",
    `the program has no stack "${wanted}"; it has ${names.join(", ")}${near ? `; did you mean ${near}?` : ""}`,
  );
}

function brandOf(value: unknown): { kind: "stack" | "app"; format: number } | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const branded = value as Record<symbol, unknown>;
  if (typeof branded[STACK] === "number") return { kind: "stack", format: branded[STACK] };
  if (typeof branded[APP] === "number") return { kind: "app", format: branded[APP] };
  return undefined;
}

function described(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value !== "object") return typeof value === "undefined" ? "nothing" : `a ${typeof value}`;
  const name = value.constructor?.name;
  return name && name !== "Object" ? `a ${name}` : "an object";
}

function relativeName(here: { root: string; file: string }): string {
  return here.file.startsWith(join(here.root, "/")) ? here.file.slice(here.root.length + 1) : here.file;
}
