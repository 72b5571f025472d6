/** The envelope of JSON documents: `{version, ok, result, diagnostics}`; the same on failure, with `ok: false`. */
import type { Diagnostic } from "../../framework/base/diagnostics.js";
import { diagnosticJson } from "./diagnostics.js";

/** Version of all JSON documents that the CLI prints. */
export const DOCUMENT_VERSION = 1;

/** A result with what was noticed on the way. */
export function envelope(ok: boolean, result: unknown, diagnostics: readonly Diagnostic[] = []): unknown {
  return { version: DOCUMENT_VERSION, ok, result: result ?? null, diagnostics: diagnostics.map(diagnosticJson) };
}

/** What validate, a failing synth and a failing plan print. */
export function validationDocument(ok: boolean, diagnostics: readonly Diagnostic[]): unknown {
  return { version: DOCUMENT_VERSION, ok, diagnostics: diagnostics.map(diagnosticJson) };
}
