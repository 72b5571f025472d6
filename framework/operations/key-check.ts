/** Without a key at hand a stack without secret values works; one that has some is refused before anything is made. Protocol section 5. */
import { PankaError } from "../base/errors.js";
import { componentOf } from "../base/names.js";
import type { Plan, Step } from "../model/plan.js";
import type { SchemaIndex } from "../model/provider-schema.js";

/**
 * Throws PankaError `no-key`, naming the components that have secret values to store, where the state could not be encrypted.
 * `sealed`: it could. `source`: the key that is configured, for the message.
 */
export function checkKey(plan: Plan, schemas: SchemaIndex, sealed: boolean, source: string | undefined): void {
  if (sealed) return;
  const secret = plan.steps.filter((step) => step.spec && hasSecrets(step, schemas)).map((step) => componentOf(step.change.urn));
  if (secret.length === 0) return;
  const names = [...new Set(secret)];
  const shown = `${names.slice(0, 10).join(", ")}${names.length > 10 ? ` and ${names.length - 10} more` : ""}`;
  throw new PankaError(
    "no-key",
    `${shown} ${names.length === 1 ? "has" : "have"} secret values, and no key is at hand to store them with${source ? ` (${source})` : ""}. Nothing was changed`,
    { next: "set backend.encryption in panka.config.yaml: awskms://ALIAS, file:PATH, env:NAME or passphrase:PATH" },
  );
}

/** Inputs that are secret, or outputs that the provider alone makes and its schema calls sensitive. */
function hasSecrets({ change }: Step, schemas: SchemaIndex): boolean {
  if (change.properties.some((property) => property.secret)) return true;
  const properties = Object.values(schemas.type(change.type)?.properties ?? {});
  return properties.some((p) => p.sensitive && p.computed && !p.optional && !p.required);
}
