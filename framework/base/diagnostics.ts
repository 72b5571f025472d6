/**
 * Diagnostics: what is wrong with a stack, said so that the user can mend it in one round.
 * Every check collects into a {@link DiagnosticBag}; commands print all of them at once.
 */

/** How bad: an `error` stops the command, a `warning` and a `notice` are printed and do not. */
export type Severity = "error" | "warning" | "notice";

/** A place in a source file. Lines and columns count from 1. */
export interface SourcePosition {
  file: string;
  line: number;
  column: number;
}

/** One problem. Printed as `file:line:column  error  <path>: <message>; expected <expected>; did you mean <suggestion>?` then `next: <next>`. */
export interface Diagnostic {
  severity: Severity;
  /** Stable, machine-readable, kebab-case: `unknown-field`, `unresolved-reference`. */
  code: string;
  /** What is wrong, one sentence without a full stop. Never holds a secret value. */
  message: string;
  file?: string;
  line?: number;
  column?: number;
  /** The component's address or a path in it: `user-service/api`, `user-service/api.spec.image`. */
  path?: string;
  /** What would have been right: `a number from 1 to 35`. */
  expected?: string;
  /** The nearest valid name. */
  suggestion?: string;
  /** The next command to type, or the edit to make. */
  next?: string;
}

/** A text of a diagnostic longer than this is cut in the middle, characters: what it quotes may have any length. */
const LONGEST = 1_000;

function shortened(diagnostic: Diagnostic): Diagnostic {
  const cut = (text: string | number): string | number =>
    typeof text === "string" && text.length > LONGEST ? `${text.slice(0, 400)}… (${text.length} characters) …${text.slice(-100)}` : text;
  return Object.fromEntries(Object.entries(diagnostic).map(([field, value]) => [field, cut(value)])) as unknown as Diagnostic;
}

/** Collects diagnostics in the order found. `sorted()` gives them in file order, without exact repeats. */
export class DiagnosticBag {
  private readonly items: Diagnostic[] = [];
  private refusals = 0;

  /** Adds an error. */
  error(code: string, message: string, more: Partial<Diagnostic> = {}): void {
    this.items.push({ severity: "error", code, message, ...more });
  }

  /** Adds an error that says no mistake but a refusal: a policy, a budget. */
  refuse(code: string, message: string, more: Partial<Diagnostic> = {}): void {
    this.refusals++;
    this.error(code, message, more);
  }

  /** True if there are errors and all of them are refusals of this bag. */
  get isRefusal(): boolean {
    return this.refusals > 0 && this.refusals === this.items.filter((d) => d.severity === "error").length;
  }

  /** Adds a warning. */
  warn(code: string, message: string, more: Partial<Diagnostic> = {}): void {
    this.items.push({ severity: "warning", code, message, ...more });
  }

  /** Adds a notice. */
  notice(code: string, message: string, more: Partial<Diagnostic> = {}): void {
    this.items.push({ severity: "notice", code, message, ...more });
  }

  /** Adds ready-made diagnostics. */
  add(diagnostics: Iterable<Diagnostic>): void {
    for (const d of diagnostics) this.items.push(d);
  }

  /** True if an error is among them. */
  get hasErrors(): boolean {
    return this.items.some((d) => d.severity === "error");
  }

  /** All of them by file, line, column (those without a file first, in the order found), exact repeats dropped. */
  sorted(): Diagnostic[] {
    const seen = new Set<string>();
    const unique = this.items.map(shortened).filter((d) => {
      const key = JSON.stringify([d.severity, d.code, d.message, d.file, d.line, d.column, d.path]);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    return unique
      .map((d, index) => ({ d, index }))
      .sort(
        (a, b) =>
          compareText(a.d.file ?? "", b.d.file ?? "") ||
          (a.d.line ?? 0) - (b.d.line ?? 0) ||
          (a.d.column ?? 0) - (b.d.column ?? 0) ||
          a.index - b.index,
      )
      .map((x) => x.d);
  }
}

/** Orders two strings by code unit: the same on every machine, unlike localeCompare. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
