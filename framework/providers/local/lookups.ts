/** Data sources of the local provider: what the account has, else a fixed model: what the stack does not own is assumed to exist. */
import type { Json } from "../../base/json.js";
import type { AlarmState } from "../../model/alarms.js";
import type { ServiceHealth } from "../../model/health.js";
import { LISTED_IDS } from "../../model/listings.js";
import { type Props, ProviderError } from "../../model/provider.js";
import type { LookupSchema, PropertySchema } from "../../model/provider-schema.js";
import type { Cloud, CloudResource } from "./cloud.js";
import { RULES } from "./data/index.js";
import { LOOKUPS, type LookupRule } from "./data/lookups.js";
import { valueAt } from "./paths.js";
import { render, type TemplateContext } from "./template.js";

/** Stands for a secret's value, which this model does not keep. */
export const SECRET_STAND_IN = "local-stand-in-of-a-secret";

/** The result of a list: import ids of what has all these values. */
export function listOwned(type: string, args: Props, cloud: Cloud, region: string): Props {
  const fits = ({ outputs }: CloudResource): boolean => Object.entries(args).every(([name, value]) => outputs[name] === value);
  return {
    [LISTED_IDS]: [...cloud.ofType(region, type)]
      .filter(fits)
      .map((r) => r.importId)
      .sort(),
  };
}

/** The states of alarms: all are quiet, those of other owners too, but for names that hold the text `raised`. */
export function alarmStatesOf({ names }: Props, raised: string | undefined): Props {
  const state = (name: string): AlarmState => (raised !== undefined && name.includes(raised) ? "raised" : "quiet");
  return { states: Object.fromEntries((names as string[]).map((name) => [name, state(name)])) };
}

/** How the tasks of services are: all run; of services whose name holds the text `raised` two ended at once. */
export function serviceHealthOf({ services }: Props, raised: string | undefined): Props {
  const one = ({ service }: { service: string }): ServiceHealth => {
    const unwell = raised !== undefined && service.includes(raised);
    const ended = (unwell ? ["1", "2"] : []).map((task) => ({ task, why: "the container ended with exit code 1" }));
    return { running: 1, desired: 1, ended };
  };
  return { health: (services as { service: string }[]).map(one) as unknown as Props[] };
}

/** The result of a data source. Throws ProviderError `not-found` when it names something of this cloud that was deleted. */
export function lookUp(
  token: string,
  args: Props,
  place: { cloud: Cloud; region: string; context: TemplateContext; schema: LookupSchema | undefined },
): Props {
  const rule = LOOKUPS[token] ?? ruleOf(token, args);
  const { cloud, region, context } = place;
  const found = rule.of ? findOwned(rule, args, cloud, region) : undefined;
  if (rule.of && !found) refuseDeleted(token, rule, args, cloud);
  const result: Props = { ...args, ...(found ? { ...found.outputs, id: found.id } : {}) };
  for (const [key, template] of Object.entries(rule.result)) {
    if (result[key] !== undefined) continue;
    const value = render(template as Json, result, context);
    if (value !== undefined) result[key] = value;
  }
  for (const [key, property] of Object.entries(place.schema?.properties ?? {})) {
    if (property.sensitive && property.type === "string") result[key] = SECRET_STAND_IN;
    else if (result[key] === undefined && property.computed) result[key] = plain(property);
  }
  return result;
}

/** For data sources without a rule: named like a resource type, they answer as that type's rule says (`getTopic` -> `topic:Topic`). */
function ruleOf(token: string, args: Props): LookupRule {
  const name = /^(.*\/)get(\w)(\w*):get/.exec(token);
  const type = name ? `${name[1]}${name[2]?.toLowerCase()}${name[3]}:${name[2]}${name[3]}` : "";
  const rule = RULES[type];
  if (!rule) return { result: { id: "outside" } };
  return { of: type, by: Object.keys(args).sort(), result: { id: rule.id, ...(rule.arn ? { arn: rule.arn } : {}), ...rule.computed } };
}

function plain(property: PropertySchema): Json {
  switch (property.type) {
    case "boolean":
      return false;
    case "number":
      return 0;
    case "list":
    case "set":
      return [];
    case "map":
    case "object":
      return {};
    default:
      return "outside";
  }
}

function refuseDeleted(token: string, rule: LookupRule, args: Props, cloud: Cloud): void {
  for (const path of rule.by ?? []) {
    const value = valueAt(args, path);
    if (typeof value === "string" && cloud.wasHere(rule.of as string, value))
      throw new ProviderError("not-found", `${token}: there is no ${value}`);
  }
}

function findOwned(rule: LookupRule, args: Props, cloud: Cloud, region: string): CloudResource | undefined {
  for (const resource of rule.everywhere ? cloud.anywhere(rule.of as string) : cloud.ofType(region, rule.of as string)) {
    for (const path of rule.by ?? []) {
      const wanted = valueAt(args, path);
      if (typeof wanted !== "string") continue;
      if (wanted === resource.id || wanted === resource.outputs[path] || wanted === resource.outputs.arn) return resource;
    }
  }
  return undefined;
}
