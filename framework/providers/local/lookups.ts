/** Data sources of the local provider: a fixed model. What the stack does not own is assumed to exist. */
import type { Json } from "../../base/json.js";
import { type Props, ProviderError } from "../../model/provider.js";
import type { Cloud, CloudResource } from "./cloud.js";
import { LOOKUPS, type LookupRule, WITHOUT_RULE } from "./data/lookups.js";
import { valueAt } from "./paths.js";
import { render, type TemplateContext } from "./template.js";

/** The result of a data source. Throws ProviderError `not-found` when it names something of this cloud that was deleted. */
export function lookUp(token: string, args: Props, cloud: Cloud, region: string, context: TemplateContext): Props {
  const rule: LookupRule = LOOKUPS[token] ?? WITHOUT_RULE;
  const found = rule.of ? findOwned(rule, args, cloud, region) : undefined;
  if (rule.of && !found) {
    for (const path of rule.by ?? []) {
      const value = valueAt(args, path);
      if (typeof value === "string" && cloud.wasHere(rule.of, value))
        throw new ProviderError("not-found", `${token}: there is no ${value}`);
    }
  }
  const base: Props = { ...args, ...(found ? { ...found.outputs, id: found.id } : {}) };
  const result: Props = { ...base };
  for (const [key, template] of Object.entries(rule.result)) {
    if (found && result[key] !== undefined) continue;
    const value = render(template as Json, { ...result, ...args }, context);
    if (value !== undefined) result[key] = value;
  }
  return result;
}

function findOwned(rule: LookupRule, args: Props, cloud: Cloud, region: string): CloudResource | undefined {
  for (const resource of cloud.ofType(region, rule.of as string)) {
    for (const path of rule.by ?? []) {
      const wanted = valueAt(args, path);
      if (wanted === undefined) continue;
      if (wanted === resource.id || wanted === resource.outputs[path] || wanted === resource.outputs.arn) return resource;
    }
  }
  return undefined;
}
