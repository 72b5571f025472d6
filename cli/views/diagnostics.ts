/** Problems, for people: `file:line:column  error  <path>: <what>; expected <...>; did you mean <...>?`, then `next: <command>`. */
import type { Diagnostic } from "../../framework/base/diagnostics.js";
import { isPankaError, messageOf } from "../../framework/base/errors.js";
import { withoutAccess } from "../../framework/base/redact.js";
import { type Output, type Paint, plainText } from "./output.js";
import { storeReason } from "../../framework/operations/store-failure.js";

/** One problem as lines. */
export function diagnosticLines(d: Diagnostic, paint: Paint): string[] {
  const place = d.file ? `${d.file}${d.line ? `:${d.line}${d.column ? `:${d.column}` : ""}` : ""}  ` : "";
  const color = d.severity === "error" ? paint.red : d.severity === "warning" ? paint.yellow : paint.blue;
  const what = [d.message.replace(/[.;]+$/, "")];
  if (d.expected) what.push(`expected ${d.expected}`);
  if (d.suggestion) what.push(`did you mean ${d.suggestion}?`);
  const head = `${paint.bold(place)}${color(d.severity)}  ${d.path ? `${d.path}: ` : ""}${what.join("; ")}`;
  const lines = [safeLine(head)];
  if (d.next) lines.push(safeLine(`  ${paint.dim("next:")} ${d.next}`));
  return lines;
}

/** Prints problems to stderr. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], output: Output): void {
  for (const d of diagnostics) for (const line of diagnosticLines(d, output.paintErr)) output.err(line);
}

/** A problem as it stands in JSON documents: every key, null where it does not apply. */
export function diagnosticJson(d: Diagnostic): { [key: string]: unknown } {
  return {
    severity: d.severity,
    code: d.code,
    message: d.message,
    file: d.file ?? null,
    line: d.line ?? null,
    column: d.column ?? null,
    path: d.path ?? null,
    ...(d.expected === undefined ? {} : { expected: d.expected }),
    suggestion: d.suggestion ?? null,
    next: d.next ?? null,
  };
}

/** The problems behind anything thrown, without signatures and tokens. Unforeseen errors become one sentence. */
export function diagnosticsOf(error: unknown): Diagnostic[] {
  return problemsBehind(error).map((d) => ({ ...d, message: withoutAccess(d.message) }));
}

function problemsBehind(error: unknown): Diagnostic[] {
  if (isPankaError(error)) {
    if (error.diagnostics.length > 0) return error.diagnostics;
    return [{ severity: "error", code: error.code, message: error.message, ...(error.next ? { next: error.next } : {}) }];
  }
  const store = storeReason(error);
  if (store) return [{ severity: "error", code: store.code, message: store.what, next: store.next }];
  const message = messageOf(error).split("\n")[0]?.trim() || "an unknown error";
  return [{ severity: "error", code: "unforeseen", message, next: "run it again with --verbose to see where it happened" }];
}

/** No line may begin with "at ", as the lines of a stack trace do. */
function safeLine(line: string): string {
  return line
    .split("\n")
    .map((l) => (/^\s*at\s/.test(l) ? `| ${l.trim()}` : l))
    .map((l) => (l.includes("\u001b[") ? l : plainText(l)))
    .join("\n");
}
