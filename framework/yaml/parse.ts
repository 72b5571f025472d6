/**
 * YAML text to values with positions, under limits. `yaml` alone is silent on an alias bomb and overflows the stack on deep
 * nesting, so the nesting is checked on the flat token stream before anything is composed, and aliases are expanded here, counted.
 */
import { Composer, type CST, type Document, LineCounter, type Node, Parser } from "yaml";
import type { DiagnosticBag, SourcePosition } from "../base/diagnostics.js";
import { formatPath, type PathSegment } from "../model/paths.js";
import { convertNode } from "./convert.js";
import { positionIn } from "./positions.js";

/** What a file may be at most. */
export const LIMITS = {
  /** Bytes of one file: 1 MiB. */
  bytes: 1024 * 1024,
  /** Maps and lists inside each other. */
  nesting: 64,
  /** Values that aliases may add in one file. */
  aliased: 10_000,
} as const;

/** One document of a file. */
export interface ParsedDocument {
  /** JSON data; maps have no prototype. Undefined for an empty document. */
  value: unknown;
  /** Where the document begins (its first key). */
  start: SourcePosition;
  /** Where the key or list item at a path of the document was written; undefined if nothing is there. */
  position(path: string): SourcePosition | undefined;
}

/** Parses all documents of a file. Problems go to the bag; a file with a problem gives an empty list. `file` is the name for messages. */
export function parseYaml(source: string, file: string, bag: DiagnosticBag): ParsedDocument[] {
  if (source.length > LIMITS.bytes) {
    bag.error("file-too-large", "the file is larger than 1 MiB", { file, line: 1, column: 1, expected: "at most 1 MiB in one file" });
    return [];
  }
  const lines = new LineCounter();
  const at = (offset: number): SourcePosition => {
    const p = lines.linePos(offset);
    return { file, line: Math.max(p.line, 1), column: Math.max(p.col, 1) };
  };
  const tokens = [...new Parser(lines.addNewLine).parse(source)];
  const deep = tooDeep(tokens);
  if (deep !== undefined) {
    bag.error("nested-too-deeply", `maps and lists are nested more than ${LIMITS.nesting} deep`, {
      ...at(deep),
      expected: `at most ${LIMITS.nesting} levels`,
    });
    return [];
  }
  const documents = [...new Composer({ uniqueKeys: true, merge: false, strict: true, logLevel: "silent" }).compose(tokens)];
  let good = true;
  for (const document of documents) {
    if (document.errors.length === 0) continue;
    good = false;
    reportSyntax(document, source, at, bag);
  }
  if (!good) return [];
  const budget = { left: LIMITS.aliased };
  const out: ParsedDocument[] = [];
  for (const document of documents) {
    const converted = convertNode(document as Document, budget, at, bag);
    if (!converted.ok) return [];
    const root = document.contents as Node | null;
    const start = at(root?.range?.[0] ?? document.range[0]);
    out.push({ value: converted.value, start, position: (path) => positionIn(document as Document, path, at) });
  }
  return out;
}

/** The offset of the first token that is nested too deeply, or undefined. No recursion. */
function tooDeep(tokens: CST.Token[]): number | undefined {
  const stack: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const { token, depth } = entry;
    if (depth > LIMITS.nesting) return token.offset;
    if (token.type === "document") {
      if (token.value) stack.push({ token: token.value, depth });
    } else if ("items" in token) {
      for (const item of token.items) {
        if (item.key) stack.push({ token: item.key, depth: depth + 1 });
        if (item.value) stack.push({ token: item.value, depth: depth + 1 });
      }
    }
  }
  return undefined;
}

/** One diagnostic per document: what follows the first syntax error is mostly noise. Duplicate keys are all reported. */
function reportSyntax(
  document: { errors: Document["errors"] },
  source: string,
  at: (offset: number) => SourcePosition,
  bag: DiagnosticBag,
): void {
  let syntaxReported = false;
  for (const error of document.errors) {
    const offset = error.pos[0];
    if (error.code === "DUPLICATE_KEY") {
      const key = /^["']?([^"':\s]+)/.exec(source.slice(offset))?.[1] ?? "";
      bag.error("duplicate-key", `the key "${key}" stands twice in one map`, { ...at(offset), expected: "each key once" });
      continue;
    }
    if (syntaxReported) continue;
    syntaxReported = true;
    const variable = variableNear(source, offset);
    if (variable) {
      bag.error("broken-yaml", `${variable.text} inside {} or [] is not valid YAML; quote it`, {
        ...at(variable.offset),
        expected: `"${variable.text}"`,
        next: `write "${variable.text}" with quotes`,
      });
    } else {
      bag.error("broken-yaml", `broken YAML: ${firstLine(error.message)}`, at(offset));
    }
  }
}

/** An unquoted `${` on the line of a syntax error, before it or at it, inside a flow map or list. */
function variableNear(source: string, offset: number): { text: string; offset: number } | undefined {
  const from = source.lastIndexOf("\n", offset - 1) + 1;
  const to = source.indexOf("\n", offset);
  const line = source.slice(from, to < 0 ? undefined : to);
  if (!/[[{].*\$\{/.test(line)) return undefined;
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const c = line[i] as string;
    if (quote) {
      if (c === "\\" && quote === '"') i++;
      else if (c === quote) quote = "";
    } else if (c === '"' || c === "'") quote = c;
    else if (c === "$" && line[i + 1] === "{" && /[[{,]/.test(line.slice(0, i))) {
      const text = /^\$\{[^}\s]*\}?/.exec(line.slice(i))?.[0] ?? "${";
      return { text: text.endsWith("}") ? text : `${text}}`, offset: from + i };
    }
  }
  return undefined;
}

function firstLine(message: string): string {
  const line = (message.split("\n")[0] ?? message).replace(/\s+at line \d+, column \d+:?$/, "");
  return line.charAt(0).toLowerCase() + line.slice(1);
}

/** The position of a path in a document, else of what it is missing from. */
export function nearestPosition(document: ParsedDocument, path: readonly PathSegment[]): SourcePosition {
  for (let length = path.length; length > 0; length--) {
    const found = document.position(formatPath(path.slice(0, length)));
    if (found) return found;
  }
  return document.start;
}
