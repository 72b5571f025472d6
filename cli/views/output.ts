/** Where views write: stdout has the result, stderr the progress; colour only on a terminal. */
import type { Writable } from "node:stream";
import { typeName } from "../../framework/providers/aws/type-names.js";
import type { World } from "../context.js";

/** Colours of one stream; each returns its text unchanged where there is no colour. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  magenta(text: string): string;
}

/** How a command prints. */
export interface Output {
  json: boolean;
  verbose: boolean;
  /** A line on stdout. */
  out(line?: string): void;
  /** A line on stderr. */
  err(line?: string): void;
  /** A JSON document on stdout, with a line end. */
  document(value: unknown): void;
  /** Colours for stdout. */
  paint: Paint;
  /** Colours for stderr. */
  paintErr: Paint;
  /** stderr is a terminal that may be redrawn. */
  live: boolean;
  columns: number;
  stderr: Writable;
}

/** The output of a command in a world. */
export function makeOutput(world: World, flags: { json: boolean; verbose: boolean; noColor: boolean }): Output {
  const allowed = !flags.noColor && !world.env.NO_COLOR && world.env.TERM !== "dumb";
  return {
    json: flags.json,
    verbose: flags.verbose,
    out: (line = "") => void world.stdout.write(`${line}\n`),
    err: (line = "") => void world.stderr.write(`${line}\n`),
    document: (value) => void world.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    paint: makePaint(allowed && world.stdoutIsTerminal),
    paintErr: makePaint(allowed && world.stderrIsTerminal),
    live: world.stderrIsTerminal && !flags.json && !world.env.CI && world.env.TERM !== "dumb",
    columns: world.columns(),
    stderr: world.stderr,
  };
}

/** Colours, or none. */
export function makePaint(on: boolean): Paint {
  const code =
    (open: number, close: number) =>
    (text: string): string =>
      on ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    bold: code(1, 22),
    dim: code(2, 22),
    red: code(31, 39),
    green: code(32, 39),
    yellow: code(33, 39),
    blue: code(34, 39),
    magenta: code(35, 39),
  };
}

/** Text that may come from the cloud or a file, without control characters, so that it can't redraw the terminal. */
export function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
}

/** Rows as columns, two spaces between; the last column is not padded. */
export function table(rows: string[][]): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

/** A duration for people: `0.8 s`, `42 s`, `3 min 05 s`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** Text in lines of at most `columns`, broken between words; the second and later lines begin with `indent`. */
export function wrap(text: string, columns: number, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A resource for people: the name of its type and, in brackets, its role in its component. */
export function resourceName(urn: string, type: string): string {
  const role = urn.split("::").pop()?.split("/").slice(2).join("/");
  return `${typeName(type)}${role ? ` (${role})` : ""}`;
}
