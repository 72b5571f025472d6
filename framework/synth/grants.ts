/** What components' roles are allowed, as text for people: in plans and reviews. */
import { compareText } from "../base/diagnostics.js";
import { canonicalJson } from "../base/json.js";
import { parseUrn } from "../base/names.js";
import { type BindingGrant, type Grant, type RefValue, tagOf, type TextValue, type Value } from "../model/index.js";

/** One statement, its resources as text. */
export function bindingGrant(component: string, to: string | undefined, grant: Grant): BindingGrant {
  return { component, to: to ?? null, actions: [...grant.actions], resources: grant.resources.map(valueText) };
}

/** By component, target (the user's own last) and content; exact repeats dropped. */
export function sortedGrants(grants: readonly BindingGrant[]): BindingGrant[] {
  const byKey = new Map(grants.map((g) => [`${g.component} ${g.to ?? "~"} ${canonicalJson(g)}`, g]));
  return [...byKey].sort(([a], [b]) => compareText(a, b)).map(([, g]) => g);
}

/** A value as text: references as `${service/component.output}`, look-ups as `${token.output}`. */
export function valueText(value: Value): string {
  if (typeof value === "string") return value;
  switch (tagOf(value)) {
    case "$ref": {
      const { urn, output } = (value as unknown as RefValue).$ref;
      const { service, component, role } = parseUrn(urn);
      return `\${${service}/${component}${role ? `/${role}` : ""}.${output}}`;
    }
    case "$text":
      return (value as unknown as TextValue).$text.map(valueText).join("");
    case "$lookup": {
      const { token, output } = (value as unknown as { $lookup: { token: string; output: string } }).$lookup;
      return `\${${token.split(":").pop()}.${output}}`;
    }
    default:
      return canonicalJson(value);
  }
}
