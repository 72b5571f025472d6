/** Where a variable's value comes from (vocabulary, "Variables and references"). */
import { compareText } from "../base/diagnostics.js";
import { isPlainObject } from "../base/json.js";
import type { ModelDocument, ResolveOptions } from "../model/stack-model.js";
import { Ref } from "../model/values.js";

/** From where a variable is asked for: the component's scope, its service's, or the stack's. */
export interface Scope {
  service?: string;
  component?: string;
}

/** A variable's value: text that may hold `${...}` itself (unless `literal`), or a reference. */
export type VariableValue = { text: string; literal: boolean } | { ref: Ref };

/** Variables of one level, by scope key: "" the stack, `service`, `service/component`. */
type Level = Map<string, Map<string, { text: string; literal: boolean }>>;

/** All variables of a stack in one environment. */
export class Variables {
  private readonly base: Level = new Map();
  private readonly overlay: Level = new Map();
  /** Set when the Stack document has been filled in; until then REGION and ACCOUNT_ID come from the options only. */
  predefined: { region?: string; accountId?: string } = {};

  constructor(
    private readonly stack: string,
    private readonly options: ResolveOptions,
  ) {}

  /** Takes the `variables` of a document's spec. `key` is the scope they belong to. */
  add(document: ModelDocument, key: string, level: "base" | "overlay"): void {
    const given = document.spec["variables"];
    if (!isPlainObject(given)) return;
    const levels = this[level];
    const map = levels.get(key) ?? new Map<string, { text: string; literal: boolean }>();
    for (const [name, value] of Object.entries(given)) {
      if (value === null || typeof value === "object") continue;
      map.set(name, { text: String(value), literal: document.literal });
    }
    levels.set(key, map);
  }

  /** The value of a variable, or undefined. */
  find(name: string, scope: Scope): VariableValue | undefined {
    const own = (map: { [key: string]: string }): VariableValue | undefined =>
      Object.hasOwn(map, name) ? { text: map[name] as string, literal: true } : undefined;
    const given = own(this.options.vars);
    if (given) return given;
    for (const level of [this.overlay, this.base]) {
      for (const key of keysOf(scope)) {
        const value = level.get(key)?.get(name);
        if (value) return value;
      }
    }
    return own(this.options.configVariables) ?? own(this.options.envVariables) ?? this.predefinedValue(name, scope);
  }

  /** A variable of a service by name (`${service.NAME}`). */
  ofService(service: string, name: string): VariableValue | undefined {
    return this.overlay.get(service)?.get(name) ?? this.base.get(service)?.get(name);
  }

  /** Names that a service sets, sorted. */
  namesOfService(service: string): string[] {
    return [...new Set([...(this.overlay.get(service)?.keys() ?? []), ...(this.base.get(service)?.keys() ?? [])])].sort(compareText);
  }

  /** All names that can be asked for in a scope, sorted. */
  names(scope: Scope): string[] {
    const names = new Set<string>([
      ...Object.keys(this.options.vars),
      ...Object.keys(this.options.configVariables),
      ...Object.keys(this.options.envVariables),
    ]);
    for (const level of [this.overlay, this.base])
      for (const key of keysOf(scope)) for (const name of level.get(key)?.keys() ?? []) names.add(name);
    for (const name of PREDEFINED) if (this.predefinedValue(name, scope)) names.add(name);
    return [...names].sort(compareText);
  }

  private predefinedValue(name: string, scope: Scope): VariableValue | undefined {
    const text = (value: string | undefined): VariableValue | undefined =>
      value === undefined ? undefined : { text: value, literal: true };
    switch (name) {
      case "STACK":
        return text(this.stack);
      case "ENVIRONMENT":
        return text(this.options.environment);
      case "SERVICE":
        return text(scope.service);
      case "COMPONENT":
        return text(scope.component);
      case "GIT_COMMIT":
        return text(this.options.git.commit);
      case "GIT_BRANCH":
        return text(this.options.git.branch);
      case "REGION":
        return text(this.options.region ?? this.predefined.region) ?? { ref: new Ref("_stack", "region") };
      case "ACCOUNT_ID":
        return text(this.predefined.accountId) ?? { ref: new Ref("_stack", "accountId") };
      default:
        return undefined;
    }
  }
}

/** Names that always mean something. */
export const PREDEFINED = ["STACK", "ENVIRONMENT", "REGION", "ACCOUNT_ID", "SERVICE", "COMPONENT", "GIT_COMMIT", "GIT_BRANCH"] as const;

function keysOf(scope: Scope): string[] {
  const keys: string[] = [];
  if (scope.service !== undefined && scope.component !== undefined) keys.push(`${scope.service}/${scope.component}`);
  if (scope.service !== undefined) keys.push(scope.service);
  keys.push("");
  return keys;
}
