/** What the references of a workload give it: environment variables, secrets, permissions. */
import { canonicalJson } from "../../framework/base/json.js";
import { joinPath } from "../../framework/base/property-path.js";
import type { ExpandContext, Grant, Link, Value } from "../../framework/model/index.js";
import { tagOf, walkTags } from "../../framework/model/index.js";
import { valueText } from "../../framework/synth/grants.js";
import { readAction, type SecretSource, secretSource, secretValueFrom } from "./secret-ref.js";

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
  const addSecret = ({ secret, grants: read }: ReadableSecret): void => {
    secrets.set(secret.name, secret);
    for (const grant of read) secretGrants.set(canonicalJson(grant), grant);
  };
  const grants: Grant[] = [];
  for (const target of ctx.targets) {
    const given = target.access.flatMap((access) => target.bindings?.grants[access] ?? []);
    ctx.granted(given, target.address);
    grants.push(...given);
    for (const prefix of target.injectPrefixes)
      for (const [suffix, item] of Object.entries(target.bindings?.inject ?? {})) {
        const name = suffix.startsWith("=") ? suffix.slice(1) : `${prefix}${suffix}`;
        if ("value" in item) environment.set(name, asText(item.value));
        else {
          const source = { arn: item.secretArn, parameter: false, ...(item.jsonKey ? { jsonKey: item.jsonKey } : {}) };
          addSecret(readable(ctx, name, source, target.address));
        }
      }
  }
  for (const found of ownSecrets(ctx, props.secrets)) {
    environment.delete(found.secret.name);
    addSecret(found);
  }
  for (const entry of environmentEntries(props.environment)) {
    if (entry.valueFrom && entry.valueFrom.output === undefined) {
      checkGives(ctx, entry.name, entry.valueFrom.component);
      continue;
    }
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

/** A component without variables of its own gives nothing where no output of it is named. */
function checkGives(ctx: ExpandContext, name: string, component: string): void {
  const target = ctx.target(component);
  if (!target || Object.keys(target.bindings?.inject ?? {}).length > 0) return;
  ctx.error("gives-no-variables", `a ${target.kind} has no variables that it gives as a whole`, joinPath("environment", name), {
    expected: `valueFrom.output: ${Object.keys(target.outputs).sort().join(", ")}`,
  });
}

/** The secrets of a container, read. Reports a variable that they set twice. `at`: what their path begins with. */
export function ownSecrets(ctx: ExpandContext, secrets: readonly SecretEntry[] | undefined, at = ""): ReadableSecret[] {
  const taken = new Map<string, string>();
  return (secrets ?? []).map((entry, i) => {
    const found = secretOf(ctx, entry, `${at}secrets[${i}].secretRef`);
    const { name } = found.secret;
    const other = taken.get(name);
    if (other !== undefined)
      ctx.error("variable-twice", `the variable "${name}" is set here and by "${other}"`, `${at}secrets[${i}]`, {
        expected: "each variable once",
        next: "give one of the two another envVar, or take it out",
      });
    taken.set(name, entry.name);
    if (entry.secretRef === "")
      ctx.error("no-secret", `the secret "${entry.name}" is not named`, `${at}secrets[${i}].secretRef`, {
        expected: "a Secret component, an ARN, or the name of an existing secret",
      });
    return found;
  });
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

/** A container's secret, and what reading it takes. */
export interface ReadableSecret {
  secret: Wiring["secrets"][number];
  grants: Grant[];
}

/** An entry of `secrets[]` as a container takes it; the plan is told of the grant. `path`: where its secretRef stands in the props. */
export function secretOf(ctx: ExpandContext, { name, envVar, secretRef }: SecretEntry, path: string): ReadableSecret {
  const of = (typeof secretRef === "string" && ctx.target(secretRef)?.address) || valueText(secretRef);
  return readable(ctx, envVar ?? environmentName(name), secretSource(ctx, secretRef, path), of);
}

function readable(ctx: ExpandContext, name: string, source: SecretSource, of: string): ReadableSecret {
  const grants = [{ actions: [readAction(source)], resources: [source.arn] }, ...(source.further ?? [])];
  ctx.granted(grants, of);
  return { secret: { name, arn: source.arn, jsonKey: source.jsonKey, valueFrom: secretValueFrom(source) }, grants };
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
