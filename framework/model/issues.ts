/** What zod found, in plain words: where, what, what was expected, the nearest name. */
import type { z } from "zod";
import type { Diagnostic, SourcePosition } from "../base/diagnostics.js";
import { isPlainObject } from "../base/json.js";
import { nearest } from "../base/nearest.js";
import { formatPath, joinPath, type PathSegment, valueAt } from "./paths.js";
import { isRef, isText } from "./values.js";
import { defOf, fieldNames, type Schema, schemasAt, wanted } from "./schema-walk.js";

type Issue = z.core.$ZodIssue;

/** What is being checked. */
export interface Subject {
  schema: Schema;
  value: unknown;
  /** `service/component` or a document's name: paths begin with it and `spec`; "" for a file that is all spec. */
  name: string;
  /** Where a path was written; `exact` for a field that is missing: no guess among its neighbours. */
  locate(path: readonly PathSegment[], exact: boolean): SourcePosition | undefined;
}

/** Diagnostics of a failed check, in the order found. */
export function diagnose(issues: readonly Issue[], subject: Subject): Diagnostic[] {
  return issues.flatMap((issue) => one(issue, issue.path as PathSegment[], subject));
}

function one(issue: Issue, path: PathSegment[], subject: Subject): Diagnostic[] {
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownField(key, path, subject));
    case "invalid_union":
      return union(issue, path, subject);
    case "invalid_key":
    case "invalid_element":
      return issue.issues.flatMap((inner) => one(inner, [...path, ...(inner.path as PathSegment[])], subject));
    case "invalid_type":
      return [wrongType(path, subject)];
    case "invalid_value":
      return [valueAt(subject.value, path) === undefined ? missing(path, subject) : notOneOf(path, subject)];
    case "custom":
      return [custom(issue, path, subject)];
    case "too_small":
    case "too_big":
      return [outOfRange(issue, path, subject)];
    default:
      return [said(issue, path, subject)];
  }
}

/** A union: report what the closest branch says; if no branch fits even in type, what is wanted of all. */
function union(issue: Extract<Issue, { code: "invalid_union" }>, path: PathSegment[], subject: Subject): Diagnostic[] {
  const discriminator = (issue as { discriminator?: string }).discriminator;
  if (discriminator !== undefined && issue.errors.length === 0) {
    const at = [...path, discriminator];
    return [valueAt(subject.value, at) === undefined ? missing(at, subject) : notOneOf(at, subject)];
  }
  const close = issue.errors.filter(
    (list) => !list.some((i) => i.path.length === 0 && (i.code === "invalid_type" || i.code === "invalid_value" || isTypeOnly(i))),
  );
  const best = [...close].sort((a, b) => a.length - b.length)[0];
  if (best) return best.flatMap((i) => one(i, [...path, ...(i.path as PathSegment[])], subject));
  return [wrongType(path, subject)];
}

/** A custom check at the root of a branch that says no more than "another type". */
function isTypeOnly(issue: Issue): boolean {
  return (
    issue.code === "custom" &&
    issue.path.length === 0 &&
    (issue.params as { code?: string } | undefined)?.code === undefined &&
    /^(Invalid input|expected text)$/.test(issue.message)
  );
}

function unknownField(key: string, path: PathSegment[], subject: Subject): Diagnostic {
  const known = fieldNames(schemasAt(subject.schema, path)).filter(
    (n) => !Object.hasOwn((valueAt(subject.value, path) ?? {}) as object, n) || n !== key,
  );
  const suggestion = nearest(key, known);
  return at(subject, [...path, key], "unknown-field", `unknown field "${key}"`, {
    ...(known.length > 0 ? { expected: `one of ${known.join(", ")}` } : {}),
    ...(suggestion ? { suggestion } : {}),
  });
}

function wrongType(path: PathSegment[], subject: Subject): Diagnostic {
  const value = valueAt(subject.value, path);
  if (value === undefined) return missing(path, subject);
  return at(subject, path, "wrong-type", `${label(path)} is ${described(value)}`, { expected: wantedAt(path, subject) });
}

function missing(path: PathSegment[], subject: Subject): Diagnostic {
  const where = subject.locate(path.slice(0, -1), true) ?? subject.locate([], true);
  return {
    severity: "error",
    code: "missing-field",
    message: `${label(path)} is missing`,
    ...where,
    path: named(subject, path),
    expected: wantedAt(path, subject),
  };
}

function notOneOf(path: PathSegment[], subject: Subject): Diagnostic {
  const value = valueAt(subject.value, path);
  const choices = schemasAt(subject.schema, path).flatMap(choicesOf);
  const suggestion = typeof value === "string" ? nearest(value, choices) : undefined;
  const shown = typeof value === "string" && value.length <= 60 ? `"${value}"` : described(value);
  return at(subject, path, "wrong-value", `${label(path)} is ${shown}`, {
    expected: choices.length > 0 ? `one of ${choices.join(", ")}` : wantedAt(path, subject),
    ...(suggestion ? { suggestion } : {}),
  });
}

function choicesOf(schema: Schema): string[] {
  const def = defOf(schema);
  return [...Object.values(def.entries ?? {}), ...(def.type === "literal" ? (def.values ?? []) : [])].map(String);
}

function custom(issue: Extract<Issue, { code: "custom" }>, path: PathSegment[], subject: Subject): Diagnostic {
  const params = (issue.params ?? {}) as { code?: string; expected?: string; suggestion?: string; next?: string };
  const value = valueAt(subject.value, path);
  if (value === undefined && (params.code === undefined || params.code === "missing-field")) return missing(path, subject);
  if (params.code === undefined && (issue.message === "Invalid input" || /^expected /.test(issue.message))) {
    const expected = issue.message.startsWith("expected ") ? issue.message.slice("expected ".length) : wantedAt(path, subject);
    const wrong = typeof value === "string" || typeof value === "number" ? "wrong-value" : "wrong-type";
    return at(subject, path, wrong, `${label(path)} is ${shortValue(value)}`, { expected });
  }
  return at(subject, path, params.code ?? "bad-value", issue.message, {
    ...(params.expected ? { expected: params.expected } : {}),
    ...(params.suggestion ? { suggestion: params.suggestion } : {}),
    ...(params.next ? { next: params.next } : {}),
  });
}

function outOfRange(issue: Extract<Issue, { code: "too_small" | "too_big" }>, path: PathSegment[], subject: Subject): Diagnostic {
  const value = valueAt(subject.value, path);
  const limit = Number(issue.code === "too_small" ? issue.minimum : issue.maximum);
  const side = issue.code === "too_small" ? "at least" : "at most";
  const many = (noun: string): string => `${side} ${limit} ${noun}${limit === 1 ? "" : "s"}`;
  if (issue.origin === "string")
    return at(subject, path, "out-of-range", `${label(path)} has ${String(value).length} characters`, { expected: many("character") });
  if (issue.origin === "array" || issue.origin === "set") {
    const count = Array.isArray(value) ? value.length : 0;
    return at(subject, path, "out-of-range", `${label(path)} has ${count} item${count === 1 ? "" : "s"}`, { expected: many("item") });
  }
  return at(subject, path, "out-of-range", `${label(path)} is ${String(value)}`, { expected: wantedAt(path, subject) });
}

function said(issue: Issue, path: PathSegment[], subject: Subject): Diagnostic {
  const own = /^(Invalid|Too |Unrecognized)/.test(issue.message) ? undefined : issue.message.replace(/^expected /, "");
  return at(subject, path, "wrong-value", `${label(path)} is ${shortValue(valueAt(subject.value, path))}`, {
    expected: own ?? wantedAt(path, subject),
  });
}

function wantedAt(path: PathSegment[], subject: Subject): string {
  const all = [...new Set(schemasAt(subject.schema, path).map(wanted))];
  return all.length > 0 ? all.join(" or ") : "another value";
}

function at(subject: Subject, path: PathSegment[], code: string, message: string, more: Partial<Diagnostic>): Diagnostic {
  return { severity: "error", code, message, ...(subject.locate(path, false) ?? {}), path: named(subject, path), ...more };
}

function named(subject: Subject, path: readonly PathSegment[]): string {
  return path.length === 0
    ? subject.name
    : path.reduce<string>((base, s) => joinPath(base, s), subject.name === "" ? "" : `${subject.name}.spec`);
}

function label(path: readonly PathSegment[]): string {
  return path.length === 0 ? "spec" : formatPath(path);
}

/** Sort of a value, without the value: it may be a secret. */
function described(value: unknown): string {
  if (value === null) return "null";
  if (isRef(value) || isText(value)) return "a reference";
  if (Array.isArray(value)) return "a list";
  if (isPlainObject(value)) return "a map";
  if (typeof value === "string") return "text";
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "boolean") return String(value);
  return `a ${typeof value}`;
}

function shortValue(value: unknown): string {
  return typeof value === "string" && value.length <= 60 ? `"${value}"` : described(value);
}

/** Issues of an overlay: as those of a whole document, but nothing is required. */
export function overlayIssues(issues: readonly Issue[], value: unknown): Issue[] {
  return issues.filter((issue) => {
    if (issue.code === "invalid_union") {
      if (issue.errors.length === 0)
        return valueAt(value, [...(issue.path as PathSegment[]), (issue as { discriminator?: string }).discriminator ?? ""]) !== undefined;
      const inner = valueAt(value, issue.path as PathSegment[]);
      return issue.errors.every((list) => overlayIssues(list, inner).length > 0);
    }
    if (issue.code === "custom" && isPlainObject(valueAt(value, issue.path as PathSegment[]))) return false;
    return issue.code === "unrecognized_keys" || valueAt(value, issue.path as PathSegment[]) !== undefined;
  });
}
