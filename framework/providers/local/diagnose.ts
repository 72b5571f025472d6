/** What is wrong with a resource's inputs, as diagnostics or as an error. */
import type { Diagnostic } from "../../base/diagnostics.js";
import { type Props, ProviderError } from "../../model/provider.js";
import type { SchemaIndex } from "../../model/provider-schema.js";
import { checkInputs } from "./check.js";
import { RULES } from "./data/index.js";

/** All problems; for a type without a schema the warning that nothing was checked. */
export function diagnose(schemas: SchemaIndex, type: string, inputs: Props): Diagnostic[] {
  const schema = schemas.type(type);
  return schema ? checkInputs(schema, RULES[type], inputs) : warnings(schemas, type);
}

/** Throws ProviderError `invalid` with all problems, if there are any. */
export function refuseBad(schemas: SchemaIndex, type: string, inputs: Props): void {
  const errors = diagnose(schemas, type, inputs).filter((d) => d.severity === "error");
  if (errors.length === 0) return;
  const first = errors[0] as Diagnostic;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  throw new ProviderError("invalid", `${type}: ${first.path ? `${first.path}: ` : ""}${first.message}${more}`, { diagnostics: errors });
}

/** The warning that a type has no schema, or nothing. */
export function warnings(schemas: SchemaIndex, type: string): Diagnostic[] {
  if (schemas.type(type)) return [];
  return [
    {
      severity: "warning",
      code: "no-local-schema",
      message: `the local provider has no schema of ${type}: its properties are accepted unchecked`,
      next: "deploy to an environment with provider aws to have them checked",
    },
  ];
}
