/** The one error class that Panka throws on purpose. Anything else that escapes is a bug and is reported as such. */
import type { Diagnostic } from "./diagnostics.js";

/** Exit codes of the CLI, by name (README, "Exit codes"). */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  changes: 3,
  lockHeld: 4,
  refused: 5,
  rolledBack: 6,
  interrupted: 130,
  terminated: 143,
} as const;

/** A number from {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const BRAND = Symbol.for("panka.error");

/** What a {@link PankaError} may carry besides its message. */
export interface PankaErrorOptions {
  /** Default 1. */
  exitCode?: ExitCode;
  /** The next command to type. */
  next?: string;
  /** All problems, where there are several; the message is then a summary. */
  diagnostics?: Diagnostic[];
  cause?: unknown;
}

/**
 * An expected failure: user's mistake, refused operation, failing store. Prints without a stack trace.
 * `code` is stable and kebab-case. Recognised across copies of the package by a symbol, so use {@link isPankaError}.
 */
export class PankaError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly diagnostics: Diagnostic[];
  readonly next: string | undefined;
  readonly [BRAND] = true;

  constructor(code: string, message: string, options: PankaErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "PankaError";
    this.code = code;
    this.exitCode = options.exitCode ?? EXIT.failed;
    this.next = options.next;
    this.diagnostics = options.diagnostics ?? [
      { severity: "error", code, message, ...(options.next === undefined ? {} : { next: options.next }) },
    ];
  }
}

/** True for a {@link PankaError} of this or another loaded copy of the package. */
export function isPankaError(error: unknown): error is PankaError {
  return typeof error === "object" && error !== null && (error as Record<symbol, unknown>)[BRAND] === true;
}

/** A usage error: exit code 2. */
export function usageError(code: string, message: string, options: PankaErrorOptions = {}): PankaError {
  return new PankaError(code, message, { exitCode: EXIT.usage, ...options });
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
