/** What a program threw, as diagnostics: the message and the place in the user's own files, no stack trace. */
import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Diagnostic, SourcePosition } from "../base/diagnostics.js";
import { isPankaError, messageOf } from "../base/errors.js";

/** The program. Absolute paths. */
export interface Program {
  root: string;
  file: string;
}

/** Diagnostics for anything that loading or running a program threw. */
export function programDiagnostics(error: unknown, program: Program): Diagnostic[] {
  const at = positionOf(error, program) ?? { file: nameOf(program.file, program), line: 1, column: 1 };
  const syntax = syntaxErrors(error, program);
  if (syntax) return syntax;
  if (isPankaError(error)) return error.diagnostics.map((d) => ({ ...d, ...(d.file === undefined ? at : {}) }));
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") return [notFound(error as Error, program)];
  if (code === "EACCES" || code === "ENOENT" || code === "EISDIR") {
    return [{ severity: "error", code: "unreadable-program", message: `the program can't be read (${code})`, ...at }];
  }
  const name = error instanceof Error && error.name !== "Error" ? `${error.name}: ` : "";
  const message = firstLine(messageOf(error)) || "an error without a message";
  if (error instanceof SyntaxError) return [{ severity: "error", code: "program-syntax", message: `syntax error: ${message}`, ...at }];
  return [{ severity: "error", code: "program-failed", message: `the program failed: ${name}${message}`, ...at }];
}

/** esbuild's errors, if it is one of those. */
function syntaxErrors(error: unknown, program: Program): Diagnostic[] | undefined {
  const list = (error as { errors?: unknown })?.errors;
  if (Array.isArray(list) && list.length > 0 && list.every((e) => typeof e?.text === "string")) {
    return (list as EsbuildError[]).map((e) => bundleProblem(e, program));
  }
  return undefined;
}

interface EsbuildError {
  text: string;
  /** File relative to the program's root; line from 1, column from 0. */
  location?: { file: string; line: number; column: number } | null;
}

function bundleProblem({ text, location }: EsbuildError, program: Program): Diagnostic {
  const at = {
    file: location?.file ?? nameOf(program.file, program),
    line: location?.line ?? 1,
    column: (location?.column ?? 0) + 1,
  };
  const unresolved = /^Could not resolve "(.+)"$/.exec(text)?.[1];
  return unresolved === undefined
    ? { severity: "error", code: "program-syntax", message: `syntax error: ${text}`, ...at }
    : leadsNowhere(unresolved, at);
}

function leadsNowhere(what: string, at: SourcePosition): Diagnostic {
  const isPackage = !/^(\/|file:|\.)/.test(what);
  return {
    severity: "error",
    code: "program-import",
    message: `the import "${what}" leads nowhere`,
    ...at,
    expected: isPackage ? "an installed package" : "a file of the project",
    ...(isPackage ? { next: `npm install ${what}` } : {}),
  };
}

/** An import that Node could not follow: one of a package's own, or one whose path is computed. The stack of such an error names no line, so the file is searched for the name. */
function notFound(error: Error, program: Program): Diagnostic {
  const what = /Cannot find (?:module|package) '([^']+)'/.exec(error.message)?.[1] ?? "a module";
  // The program is bundled into a folder of its own: only there a path that is known when it runs is looked for.
  const computed = /panka-program-[^/]+\/(.+)/.exec(what)?.[1];
  if (computed !== undefined) return computedImport(computed, program);
  const from = /imported from (\S+)/.exec(error.message)?.[1] ?? /Require stack:\s*- (\S+)/.exec(error.message)?.[1];
  const importer = from && !from.includes("panka-program-") ? plainPath(from) : program.file;
  const shown = what.startsWith("/") || what.startsWith("file:") ? nameOf(plainPath(what), program) : what;
  const base = (shown.split("/").pop() ?? shown).replace(/\.[a-z]+$/, "");
  const place = lineWith(importer, base);
  return leadsNowhere(shown, { file: nameOf(importer, program), line: place?.line ?? 1, column: place?.column ?? 1 });
}

function computedImport(path: string, program: Program): Diagnostic {
  const place = lineOf(program.file, (line) => /\bimport\(\s*[^"'`\s)]/.exec(line)?.index);
  return {
    severity: "error",
    code: "program-import",
    message: `an import with a computed path leads to "${path}", which is not part of the program`,
    file: nameOf(program.file, program),
    ...(place ?? { line: 1, column: 1 }),
    expected: `a path that is written out: import("./${path}"), or import(\`./\${name}.ts\`)`,
  };
}

/** Line and column of the import whose specifier ends in `name`. */
function lineWith(file: string, name: string): { line: number; column: number } | undefined {
  return lineOf(file, (line) => (/\b(import|from|require)\b/.test(line) && line.includes(name) ? line.indexOf(name) : undefined));
}

/** Line and column, from 1, of the first line in which `find` finds something at a column, from 0. */
function lineOf(file: string, find: (line: string) => number | undefined): { line: number; column: number } | undefined {
  let source: string;
  try {
    source = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  for (const [i, line] of source.split("\n").entries()) {
    const column = find(line);
    if (column !== undefined) return { line: i + 1, column: column + 1 };
  }
  return undefined;
}

/** The first frame in one of the project's own files. */
function positionOf(error: unknown, program: Program): SourcePosition | undefined {
  const stack = (error as { stack?: unknown })?.stack;
  if (typeof stack !== "string") return undefined;
  for (const match of stack.matchAll(/(?:\(|\bat (?:async )?|^)((?:file:\/\/)?\/[^()\n]*?):(\d+)(?::(\d+))?\)?$/gm)) {
    const [, raw = "", line, column] = match;
    const path = plainPath(raw);
    if (!path.startsWith(join(program.root, sep)) || path.includes(`${sep}node_modules${sep}`)) continue;
    return { file: nameOf(path, program), line: Number(line), column: Number(column ?? 1) };
  }
  return undefined;
}

function plainPath(text: string): string {
  const clean = text.replace(/\?.*$/, "");
  return clean.startsWith("file://") ? fileURLToPath(clean) : clean;
}

function nameOf(path: string, program: Program): string {
  const plain = plainPath(path);
  return plain.startsWith(join(program.root, sep))
    ? plain
        .slice(program.root.length + 1)
        .split(sep)
        .join("/")
    : plain;
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").trim();
}
