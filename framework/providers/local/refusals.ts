/** When the cloud says no: a name that is taken, something named that is not there, something that is still used. */
import type { Json } from "../../base/json.js";
import type { Props } from "../../model/provider.js";
import { ProviderError } from "../../model/provider.js";
import type { TypeSchema } from "../../model/provider-schema.js";
import { isEmpty, sameValue } from "./compare.js";
import type { Cloud, CloudResource } from "./cloud.js";
import { valueAt, valuesAt } from "./paths.js";
import type { NamingRule, TypeRule, UniqueRule } from "./rules.js";
import { ID_MARK } from "./template.js";

/** Where a call acts. */
export interface Place {
  region: string;
  account: string;
}

/** What a taken name means for a create: nothing taken, the existing thing is given back, or it is replaced by the new. */
export type Existing = { how: "same" | "overwrite"; resource: CloudResource } | undefined;

/** Looks for the name. Throws ProviderError `conflict`. `self` is the id of the resource that is being changed. */
export function checkUnique(
  cloud: Cloud,
  place: Place,
  type: string,
  rule: TypeRule | undefined,
  schema: TypeSchema | undefined,
  outputs: Props,
  self?: string,
): Existing {
  for (const unique of rule?.unique ?? []) {
    const wanted = unique.by.map((path) => valueAt(outputs, path) ?? null);
    if (wanted.every((v) => isEmpty(v))) continue;
    for (const resource of cloud.ofType(place.region, type)) {
      if (resource.id === self) continue;
      if (!unique.by.every((path, i) => sameValue(undefined, valueAt(resource.outputs, path), wanted[i]))) continue;
      const existing = unique.existing ?? "refuse";
      if (existing === "overwrite") return { how: "overwrite", resource };
      if (existing === "same" && sameAttributes(schema, resource.outputs, outputs)) return { how: "same", resource };
      throw taken(type, unique, wanted, existing === "same");
    }
  }
  return undefined;
}

function sameAttributes(schema: TypeSchema | undefined, before: Props, after: Props): boolean {
  const keys = Object.entries(schema?.properties ?? {}).filter(
    ([key, p]) => (p.required || p.optional) && key !== "tags" && key !== "tagsAll",
  );
  return keys.every(([key, p]) => after[key] === undefined || isUnknownText(after[key]) || sameValue(p, before[key], after[key]));
}

function isUnknownText(value: Json | undefined): boolean {
  return typeof value === "object" && value !== null && "$unknown" in value;
}

function taken(type: string, unique: UniqueRule, wanted: Json[], differs: boolean): ProviderError {
  const what = wanted.map((v) => (typeof v === "string" ? v : JSON.stringify(v))).join(", ");
  return new ProviderError(
    "conflict",
    `${unique.code}: ${what} already exists${differs ? " with other attributes" : ""} (${type}, ${unique.by.join(", ")})`,
  );
}

/** Checks all references of a resource. Throws ProviderError `not-found`. */
export function checkParents(cloud: Cloud, place: Place, type: string, rule: TypeRule | undefined, outputs: Props): void {
  for (const [path, parent] of Object.entries(rule?.parents ?? {})) {
    for (const value of valuesAt(outputs, path)) {
      if (typeof value !== "string" || value === "") continue;
      const by = parent.by ?? ["id", "arn"];
      const exists = parent.types.some((t) => {
        if (by[0] === "id" && cloud.get(place.region, t, value)) return true;
        for (const r of cloud.ofType(place.region, t))
          if (by.some((b) => (b === "id" ? r.id : valueAt(r.outputs, b)) === value)) return true;
        return false;
      });
      if (!exists && (parent.types.some((t) => cloud.wasHere(t, value)) || isOurs(place, value)))
        throw new ProviderError("not-found", `${parent.code}: "${path}" of ${type} names ${value}, which does not exist`);
    }
  }
}

/** True for what this model must know: an id that it gave, an ARN or URL of its account. All else is assumed to exist outside. */
function isOurs(place: Place, ref: string): boolean {
  if (new RegExp(`-${ID_MARK}[0-9a-f]`).test(ref)) return true;
  return ref.includes(`:${place.region}:${place.account}:`) || ref.includes(`/${place.account}/`) || ref.includes(`::${place.account}:`);
}

/** Checks that a resource may go. Throws ProviderError `failed`. */
export function checkDeletable(cloud: Cloud, place: Place, rule: TypeRule | undefined, resource: CloudResource): void {
  for (const path of rule?.protectedBy ?? []) {
    if (valueAt(resource.outputs, path) === true)
      throw new ProviderError("failed", `OperationNotPermitted: ${resource.id} has ${path} on; turn it off first`);
  }
  for (const block of rule?.blockedBy ?? [])
    for (const other of naming(cloud, place, block, resource))
      throw new ProviderError("failed", `${block.code}: ${resource.id} is still used by ${other.id} (${block.type})`);
}

/** What names this resource as the rule says. */
export function naming(cloud: Cloud, place: Pick<Place, "region">, rule: NamingRule, resource: CloudResource): CloudResource[] {
  const mine = rule.by ? valueAt(resource.outputs, rule.by) : resource.id;
  return [...cloud.ofType(place.region, rule.type)].filter((other) => valuesAt(other.outputs, rule.path).some((v) => v === mine));
}
