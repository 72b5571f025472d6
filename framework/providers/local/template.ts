/** Templates of the rules: `arn:{partition}:sqs:{region}:{account}:{name}`. */
import type { Json } from "../../base/json.js";
import { hasUnknown, UNKNOWN } from "../../model/values.js";
import { isEmpty } from "./compare.js";
import { valueAt } from "./paths.js";

/** What a template may use besides the resource's own outputs. */
export interface TemplateContext {
  account: string;
  region: string;
  /** Random hex digits. */
  hex(digits: number): string;
  uuid(): string;
  now(): number;
  serial(): number;
}

/** Marks ids that this model gave, so that nobody takes them for real ones. */
export const ID_MARK = "10ca1";

/** The template's value; UNKNOWN if it uses an unknown output; undefined if it uses one that is not there. */
export function render(template: Json, outputs: { [key: string]: Json }, context: TemplateContext): Json | undefined {
  if (Array.isArray(template)) return template.map((t) => render(t, outputs, context) ?? null);
  if (typeof template === "object" && template !== null) {
    return Object.fromEntries(Object.entries(template).map(([k, t]) => [k, render(t, outputs, context) ?? null]));
  }
  if (typeof template !== "string") return template;
  const condition = /^\{\?([^{}]+)\}/.exec(template);
  if (condition) {
    const value = valueAt(outputs, condition[1] as string);
    if (hasUnknown(value)) return UNKNOWN as unknown as Json;
    const [then = "", otherwise = ""] = template.slice(condition[0].length).split("{:}");
    return render(isEmpty(value) ? otherwise : then, outputs, context);
  }
  const whole = /^\{([^{}]+)\}$/.exec(template);
  if (whole) return evaluate(whole[1] as string, outputs, context);
  let missing = false;
  let unknown = false;
  const text = template.replace(/\{([^{}]+)\}/g, (_, expression: string) => {
    const value = evaluate(expression, outputs, context);
    if (value === undefined || value === null) missing = true;
    if (hasUnknown(value)) unknown = true;
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  });
  if (unknown) return UNKNOWN as unknown as Json;
  return missing ? undefined : text;
}

function evaluate(expression: string, outputs: { [key: string]: Json }, context: TemplateContext): Json | undefined {
  const [source, ...filters] = expression.split("|");
  let value = atom(source as string, outputs, context);
  for (const filter of filters) value = apply(filter, value);
  return value;
}

function atom(source: string, outputs: { [key: string]: Json }, context: TemplateContext): Json | undefined {
  const [name, argument] = source.split(":");
  const digits = Number(argument);
  if (source === "unknown") return UNKNOWN as unknown as Json;
  if (source === "account") return context.account;
  if (source === "region") return context.region;
  if (source === "partition")
    return context.region.startsWith("cn-") ? "aws-cn" : context.region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  if (source === "uuid") return context.uuid();
  if (source === "now") return new Date(context.now()).toISOString();
  if (source === "serial") return context.serial();
  if (name === "hex" && argument) return (ID_MARK + context.hex(digits)).slice(0, digits);
  if (name === "random" && argument) return context.hex(digits);
  if (name === "upper" && argument) return context.hex(digits).toUpperCase();
  return valueAt(outputs, source);
}

function apply(filter: string, value: Json | undefined): Json | undefined {
  if (hasUnknown(value)) return value;
  const [name, ...rest] = filter.split(":");
  const argument = rest.join(":");
  if (name === "or") return value === undefined || value === null || value === "" ? argument : value;
  if (value === undefined || value === null) return value;
  switch (name) {
    case "with":
      return value === "" ? value : `${argument}${String(value)}`;
    case "lower":
      return String(value).toLowerCase();
    case "last":
      return String(value)
        .split(argument || "/")
        .pop();
    case "first":
      return String(value).split(argument || "/")[0];
    case "map": {
      const found = argument.split(",").find((pair) => String(value).startsWith(pair.split("=")[0] as string));
      const text = found?.split("=")[1];
      return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
    }
    default:
      throw new TypeError(`a rule of the local provider uses the unknown filter "${name}"`);
  }
}
