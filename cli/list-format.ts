/** `-o table|wide|json|yaml` of commands that print lists. */
import { usageError } from "../framework/base/errors.js";
import type { Diagnostic } from "../framework/base/diagnostics.js";
import { printDiagnostics } from "./views/diagnostics.js";
import { envelope } from "./views/document.js";
import { type Output, table } from "./views/output.js";

/** Formats of a list; `outputs` knows env, too. */
export type ListFormat = "table" | "wide" | "json" | "yaml" | "env";

/** The format asked for; `--json` is `-o json`. Throws a usage error. */
export function listFormat(o: string | undefined, json: boolean, more: ListFormat[] = []): ListFormat {
  const known: ListFormat[] = ["table", "wide", "json", "yaml", ...more];
  const format = (json ? "json" : (o ?? "table")) as ListFormat;
  if (!known.includes(format)) throw usageError("bad-format", `unknown format "${format}"; expected ${known.join(", ")}`);
  return format;
}

/** One column: heading, and how to read it; `wide` columns are left out of the plain table. */
export interface Column<T> {
  name: string;
  read(row: T): string;
  wide?: boolean;
}

/** Prints a list in a format; `empty` is said where there is nothing. `problems`: with rows that can't be shown. */
export async function printList<T>(
  rows: T[],
  columns: Column<T>[],
  format: ListFormat,
  output: Output,
  empty: string,
  problems: readonly Diagnostic[] = [],
): Promise<void> {
  if (format === "json") return output.document(envelope(problems.length === 0, rows, problems));
  printDiagnostics(problems, output);
  if (format === "yaml") {
    const { stringify } = await import("yaml");
    return output.out(stringify(rows).trimEnd());
  }
  if (rows.length === 0) return problems.length === 0 ? output.out(empty) : undefined;
  const shown = columns.filter((c) => format === "wide" || !c.wide);
  const lines = table([shown.map((c) => c.name.toUpperCase()), ...rows.map((row) => shown.map((c) => c.read(row)))]);
  output.out(output.paint.bold(lines[0] ?? ""));
  for (const line of lines.slice(1)) output.out(line);
}
