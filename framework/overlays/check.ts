/** The check of a merged spec against its schema: spellings made right, then zod, then plain words. */
import { z } from "zod";
import type { DiagnosticBag } from "../base/diagnostics.js";
import type { InfraSection, Kind, Registry } from "../model/kind.js";
import type { PathSegment } from "../model/paths.js";
import { checkValue } from "../model/check-value.js";
import { coerce } from "../model/coerce.js";
import { unwrap } from "../model/fields.js";
import { diagnose, overlayIssues } from "../model/issues.js";
import { type Layered, locate, pathName, withoutMarks, writtenAt } from "./layered.js";
import { repeatedNames } from "./repeated-names.js";

/** How to check. */
export interface CheckOptions {
  schema: z.ZodObject;
  /** How paths begin in messages. */
  name: string;
  /** Nothing is required and null is allowed: overlays and defaults. */
  partial?: boolean;
  /** Problems in what shared documents wrote were reported with those documents. */
  skipShared?: boolean;
}

/** The checked spec (the schema's output), or undefined after problems were put into the bag. */
export function checkSpec(layered: Layered, options: CheckOptions, bag: DiagnosticBag): { [key: string]: unknown } | undefined {
  const literal = (path: readonly PathSegment[]): boolean => writtenAt(layered.trace, path).writer.literal;
  const value = coerce(options.schema, withoutMarks(layered.value), literal);
  const result = checkValue(options.schema, value);
  const repeated = repeatedNames(options.schema, value).filter(
    ({ path }) => !options.skipShared || !writtenAt(layered.trace, path).writer.shared,
  );
  for (const { path, message } of repeated)
    bag.error("named-twice", message, {
      ...locate(layered.trace, path),
      path: pathName(options.name, path),
      expected: "a name of its own for each",
    });
  if (result.success) return repeated.length === 0 ? result.data : undefined;
  const issues = options.partial ? overlayIssues(result.error.issues, value) : result.error.issues;
  const seen = options.skipShared ? issues.filter((i) => !(writtenAt(layered.trace, issuePath(i)).writer.shared && isWritten(i))) : issues;
  bag.add(
    diagnose(seen, {
      schema: options.schema,
      value,
      name: options.name,
      locate: (path, exact) => locate(layered.trace, path, exact),
    }),
  );
  return options.partial && issues.length === 0 ? (value as { [key: string]: unknown }) : undefined;
}

function issuePath(issue: z.core.$ZodIssue): PathSegment[] {
  const path = issue.path as PathSegment[];
  return issue.code === "unrecognized_keys" ? [...path, issue.keys[0] as string] : path;
}

/** Not about something missing: that is found only when all layers are together. */
function isWritten(issue: z.core.$ZodIssue): boolean {
  return !(issue.code === "invalid_type" && issue.input === undefined);
}

const SCHEMAS = new WeakMap<Registry, Map<string, z.ZodObject>>();

/** A component kind's schema with the ComponentInfra sections that apply to it. */
export function componentSchema(kind: Kind, registry: Registry): z.ZodObject {
  const cache = SCHEMAS.get(registry) ?? new Map<string, z.ZodObject>();
  SCHEMAS.set(registry, cache);
  const known = cache.get(kind.name);
  if (known) return known;
  const shape: Record<string, z.core.$ZodType> = {};
  for (const section of kind.infra) {
    let schema = sectionSchema(section, registry);
    for (const path of kind.infraExcept ?? []) {
      const [first, ...rest] = path.split(".");
      if (schema && first === section) schema = withoutField(schema, rest);
    }
    if (schema && !Object.hasOwn(kind.schema.shape, section)) shape[section] = schema;
  }
  const made = Object.keys(shape).length > 0 ? (kind.schema.safeExtend(shape as never) as unknown as z.ZodObject) : kind.schema;
  cache.set(kind.name, made);
  return made;
}

/** An optional group without one of its fields, or of the fields of its groups. */
function withoutField(schema: z.core.$ZodType, [name = "", ...rest]: readonly string[]): z.core.$ZodType {
  const group = unwrap(schema) as z.ZodObject;
  const { [name]: field, ...others } = group.shape as Record<string, z.core.$ZodType>;
  const shape = rest.length > 0 && field ? { ...group.shape, [name]: withoutField(field, rest) } : others;
  return z
    .strictObject(shape)
    .meta(group.meta() ?? {})
    .optional();
}

/** A ComponentInfra section as an optional field, from the registry's ComponentInfra kind. */
function sectionSchema(section: InfraSection, registry: Registry): z.core.$ZodType | undefined {
  return registry.find("ComponentInfra")?.schema.shape[section];
}
