/** What the references of a workload give it: environment variables, secrets, permissions. */
import { canonicalJson } from "../../framework/base/json.js";
import type { ExpandContext, Grant, Link, Value } from "../../framework/model/index.js";
import { tagOf, walkTags } from "../../framework/model/index.js";
import { valueText } from "../../framework/synth/grants.js";
import { readAction, secretSource, secretValueFrom } from "./secret-ref.js";

/** One environment variable as written. */
export interface EnvironmentEntry {
  name: string;
  value?: unknown;
  valueFrom?: { component: string; output?: string | undefined } | undefined;
}

/** `environment` in either form. */
export type EnvironmentSpec = readonly EnvironmentEntry[] | { [name: string]: unknown } | undefined;

/** One secret as written. */
export interface SecretEntry {
  name: string;
  secretRef: Value;
  envVar?: string | undefined;
}

/** One `uses[]` entry. */
export interface UsesEntry {
  component: string;
  access?: Link["access"] | undefined;
}

/** What a workload gets. Lists are sorted by name. */
export interface Wiring {
  environment: { name: string; value: Value }[];
  /** By ARN: `valueFrom` as ECS takes it. */
  secrets: { name: string; arn: Value; jsonKey?: string | undefined; valueFrom: Value }[];
  /** For the workload's own role. */
  grants: Grant[];
  /** For whoever fetches the secrets on its behalf. */
  secretGrants: Grant[];
}

/** The entries of `environment`, list or map, in one form, in order. */
export function environmentEntries(spec: EnvironmentSpec): EnvironmentEntry[] {
  if (!spec) return [];
  if (Array.isArray(spec)) return [...(spec as readonly EnvironmentEntry[])];
  return Object.entries(spec).map(([name, value]) => {
    const from = typeof value === "object" && value !== null && "valueFrom" in value ? (value as EnvironmentEntry).valueFrom : undefined;
    return from ? { name, valueFrom: from } : { name, value };
  });
}

/** Props in which a workload names other components. */
export interface LinkedProps {
  uses?: readonly UsesEntry[] | undefined;
  environment?: EnvironmentSpec;
  secrets?: readonly SecretEntry[] | undefined;
}

/** Links of a workload's `uses`, `environment` and `secrets`. */
export function workloadLinks(props: LinkedProps): Link[] {
  const links: Link[] = (props.uses ?? []).map((u, i) => ({
    component: u.component,
    path: `uses[${i}].component`,
    inject: true,
    ...(u.access ? { access: u.access } : {}),
  }));
  const list = Array.isArray(props.environment);
  for (const [i, entry] of environmentEntries(props.environment).entries()) {
    if (!entry.valueFrom) continue;
    const path = `environment${list ? `[${i}]` : `.${entry.name}`}.valueFrom.component`;
    links.push({ component: entry.valueFrom.component, path, ...(entry.valueFrom.output === undefined ? { inject: entry.name } : {}) });
  }
  for (const [i, secret] of (props.secrets ?? []).entries())
    if (typeof secret.secretRef === "string")
      links.push({ component: secret.secretRef, path: `secrets[${i}].secretRef`, optional: true, orderOnly: true });
  return links;
}

/**
 * Puts together what the workload's references and its own entries give it. An entry of its own wins over an injected one.
 * An inject suffix that begins with `=` is the whole name of the variable.
 */
export function wire(
  ctx: ExpandContext,
  props: { environment?: EnvironmentSpec; secrets?: readonly SecretEntry[] | undefined; permissions?: readonly Grant[] | undefined },
): Wiring {
  const environment = new Map<string, Value>();
  const secrets = new Map<string, Wiring["secrets"][number]>();
  const secretGrants = new Map<string, Grant>();
  const addSecret = (name: string, source: ReturnType<typeof secretSource>, of: string): void => {
    secrets.set(name, { name, arn: source.arn, jsonKey: source.jsonKey, valueFrom: secretValueFrom(source) });
    const read = [{ actions: [readAction(source)], resources: [source.arn] }, ...(source.further ?? [])];
    ctx.granted(read, of);
    for (const grant of read) secretGrants.set(canonicalJson(grant), grant);
  };
  const grants: Grant[] = [];
  for (const target of ctx.targets) {
    const given = target.access.flatMap((access) => target.bindings?.grants[access] ?? []);
    ctx.granted(given, target.address);
    grants.push(...given);
    if (target.injectPrefix === undefined) continue;
    for (const [suffix, item] of Object.entries(target.bindings?.inject ?? {})) {
      const name = suffix.startsWith("=") ? suffix.slice(1) : `${target.injectPrefix}${suffix}`;
      if ("value" in item) environment.set(name, asText(item.value));
      else addSecret(name, { arn: item.secretArn, parameter: false, ...(item.jsonKey ? { jsonKey: item.jsonKey } : {}) }, target.address);
    }
  }
  for (const secret of props.secrets ?? []) {
    const name = secret.envVar ?? environmentName(secret.name);
    environment.delete(name);
    const { secretRef } = secret;
    addSecret(
      name,
      secretSource(ctx, secretRef),
      (typeof secretRef === "string" && ctx.target(secretRef)?.address) || valueText(secretRef),
    );
  }
  for (const entry of environmentEntries(props.environment)) {
    if (entry.valueFrom && entry.valueFrom.output === undefined) continue;
    const value = entry.valueFrom ? ctx.target(entry.valueFrom.component)?.outputs[entry.valueFrom.output ?? ""] : (entry.value as Value);
    if (value === undefined) continue;
    secrets.delete(entry.name);
    environment.set(entry.name, asText(value));
  }
  reportOwn(ctx, props.permissions ?? []);
  const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  return {
    environment: [...environment].map(([name, value]) => ({ name, value })).sort(byName),
    secrets: [...secrets.values()].sort(byName),
    grants: distinct([...grants, ...(props.permissions ?? [])]),
    secretGrants: [...secretGrants.values()],
  };
}

/** Wiring beyond what the props say: the queues of a worker, the collector of traces. */
export interface ExtraWiring {
  environment?: readonly { name: string; value: Value }[];
  grants?: readonly Grant[];
  /** Physical names of the queues. */
  queues?: readonly Value[];
}

/** The wiring with more; a variable that is there already stays as it is. */
export function withExtra(wiring: Wiring, extra: ExtraWiring): Wiring {
  const own = new Set([...wiring.environment, ...wiring.secrets].map((e) => e.name));
  const given = (extra.environment ?? []).map(({ name, value }) => ({ name, value: asText(value) }));
  const added = given.filter((e) => !own.has(e.name));
  return {
    ...wiring,
    environment: [...wiring.environment, ...added].sort((a, b) => (a.name < b.name ? -1 : 1)),
    grants: [...wiring.grants, ...(extra.grants ?? [])],
  };
}

/** Statements of the user's own go beyond what references give: the plan says so. */
function reportOwn(ctx: ExpandContext, permissions: readonly Grant[]): void {
  ctx.granted(permissions);
  for (const { actions, resources } of permissions)
    ctx.notice(`permissions of its own: ${actions.join(", ")} on ${resources.map(valueText).join(", ")}`);
}

/** A value where only text will do: numbers and booleans as JSON writes them, references as text of one part, lists and objects as JSON. */
export function asText(value: Value): Value {
  if (typeof value === "string") return value;
  if (tagOf(value) === "$text") return value;
  if (tagOf(value) !== undefined) return { $text: [value] };
  if (typeof value !== "object" || value === null) return String(value);
  return isKnown(value) ? canonicalJson(value) : { $json: value };
}

/** False where something in it is known only at plan or at apply. */
function isKnown(value: Value): boolean {
  let known = true;
  walkTags(value, () => {
    known = false;
  });
  return known;
}

/** A component's name as a variable's: `order-events` -> `ORDER_EVENTS`. */
export function environmentName(name: string): string {
  return /^[A-Z][A-Z0-9_]*$/.test(name) ? name : name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_");
}

function distinct(grants: readonly Grant[]): Grant[] {
  return [...new Map(grants.map((g) => [canonicalJson(g), g])).values()];
}
