/** Reads a tenant's document. */
import { DiagnosticBag } from "../base/diagnostics.js";
import { usageError } from "../base/errors.js";
import { LABEL } from "../base/names.js";
import { checkValue } from "../model/check-value.js";
import { coerce } from "../model/coerce.js";
import { diagnose } from "../model/issues.js";
import { type Tenant, tenantSchema } from "../model/tenant.js";
import { nearestPosition, parseYaml } from "./parse.js";

/** The tenant that a text describes. `name` is how the text is called in messages. Throws usage error `bad-tenant` with all problems. */
export function parseTenant(source: string, name: string): Tenant {
  const bag = new DiagnosticBag();
  const [document, second] = parseYaml(source, name, bag);
  if (second) bag.error("two-documents", "a tenant's file holds one document", second.start);
  if (!document) bag.error("empty-tenant", "a tenant's file holds one document, and this one is empty", { file: name, line: 1, column: 1 });
  if (document && !bag.hasErrors) {
    const value = coerce(tenantSchema, document.value, () => false);
    const result = checkValue(tenantSchema, value);
    if (result.success && LABEL.test(result.data.metadata.name)) {
      const { metadata, spec = {} } = result.data;
      return { name: metadata.name, ...(metadata.description ? { description: metadata.description } : {}), spec };
    }
    if (result.success)
      bag.error("bad-name", `"${result.data.metadata.name}" can't name a tenant`, {
        ...nearestPosition(document, ["metadata", "name"]),
        expected: "lower-case letters, digits and hyphens, at most 63",
      });
    else
      bag.add(diagnose(result.error.issues, { schema: tenantSchema, value, name: "", locate: (path) => nearestPosition(document, path) }));
  }
  throw usageError("bad-tenant", `${name} is no tenant's document`, { diagnostics: bag.sorted() });
}
