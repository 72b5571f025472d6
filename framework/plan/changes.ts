/** Changes as people read them: reasons in plain words, and what only the provider sees. */
import { jsonEqual, type Json } from "../base/json.js";
import { componentOf } from "../base/names.js";
import { getPath, isBelow } from "../base/property-path.js";
import type { Change, ChangeAction, PropertyChange } from "../model/plan.js";
import type { ProviderPlan } from "../model/provider.js";
import type { TypeSchema } from "../model/provider-schema.js";
import type { ResourceState } from "../model/state-file.js";
import type { ResolvedInputs } from "./candidate.js";
import { differences } from "./differences.js";
import { outputSecrets } from "./outputs.js";

/** An empty change. */
export function makeChange(urn: string, type: string, action: ChangeAction): Change {
  return { urn, component: componentOf(urn), type, action, reasons: [], properties: [] };
}

/** Why a half-made resource must be made anew, or undefined where an update can mend it. */
export function brokenReason(state: ResourceState, schema: TypeSchema | undefined): string | undefined {
  if (state.status !== "partial") return undefined;
  if (state.id === "") return "it was left half-made and has no id";
  const rule = schema?.ready;
  const value = rule ? getPath(state.outputs, rule.attribute) : undefined;
  return rule?.failed.includes(String(value)) ? `it was left half-made (${rule.attribute} is ${String(value)})` : undefined;
}

/** Adds changes that only the provider sees (drift, what it repairs), for properties that the code sets. */
export function addProviderChanges(
  properties: PropertyChange[],
  answer: ProviderPlan,
  prior: ResourceState,
  resolved: ResolvedInputs,
): void {
  const shown = new Set(properties.map((p) => topOf(p.path)));
  const secret = [...resolved.secretPaths, ...outputSecrets(prior.secretPaths)];
  for (const path of [...new Set(answer.changedPaths.map(topOf))].sort()) {
    if (shown.has(path) || !(path in resolved.inputs)) continue;
    const before = getPath(prior.outputs, path) as Json | undefined;
    const after = getPath(answer.outputs, path) as Json | undefined;
    if (jsonEqual(before, after) || sameText(before, after)) continue;
    const replacePaths = answer.replacePaths;
    properties.push(...differences(wrap(path, before), wrap(path, after), { secretPaths: secret, secretBefore: secret, replacePaths }));
  }
}

/** True if all that the provider would change is how a JSON text is spelt: some clouds give a policy back with other blanks or key order. */
export function onlyRespelt(answer: ProviderPlan, prior: ResourceState): boolean {
  const respelt = (path: string): boolean =>
    sameText(getPath(prior.outputs, path) as Json | undefined, getPath(answer.outputs, path) as Json | undefined);
  return answer.changedPaths.length > 0 && answer.changedPaths.every(respelt);
}

/** Two JSON texts that mean the same. */
function sameText(before: Json | undefined, after: Json | undefined): boolean {
  if (typeof before !== "string" || typeof after !== "string") return false;
  try {
    return jsonEqual(JSON.parse(before), JSON.parse(after));
  } catch {
    return false;
  }
}

function wrap(path: string, value: Json | undefined): Json {
  return value === undefined ? {} : { [path]: value };
}

function topOf(path: string): string {
  return /^[^.[]+/.exec(path)?.[0] ?? path;
}

/** Why an update is due. */
export function updateReasons(properties: readonly PropertyChange[], prior: ResourceState): string[] {
  const names = listOf(properties.map((p) => p.path));
  if (prior.status !== "ok") return [names ? `it was left half-made; ${names} will be mended` : "it was left half-made and will be mended"];
  return names ? [`${names} changed`] : [];
}

/** Why a replacement is due; `forcing` are the properties that force it. */
export function replaceReasons(forcing: readonly PropertyChange[], replacePaths: readonly string[]): string[] {
  const known = forcing.filter((p) => !p.unknown).map((p) => p.path);
  const unknown = forcing.filter((p) => p.unknown).map((p) => p.path);
  const reasons: string[] = [];
  if (known.length > 0) reasons.push(`${listOf(known)} changed and can't be changed in place`);
  if (unknown.length > 0) reasons.push(`${listOf(unknown)} may change and can't be changed in place (known after deployment)`);
  if (reasons.length === 0)
    reasons.push(replacePaths.length > 0 ? `${listOf(replacePaths)} can't be changed in place` : "it must be made anew");
  return reasons;
}

function listOf(paths: readonly string[]): string {
  if (paths.length <= 1) return paths[0] ?? "";
  if (paths.length > 4) return `${paths.slice(0, 3).join(", ")} and ${paths.length - 3} more`;
  return `${paths.slice(0, -1).join(", ")} and ${paths[paths.length - 1]}`;
}

/** `$json` values are secret as a whole when sent, but shown part by part: only what the schema calls sensitive hides all of it. */
export function hiddenBy(resolved: ResolvedInputs, structured: ResolvedInputs): string[] {
  return resolved.secretPaths.filter((p) => !structured.secretPaths.some((s) => isBelow(s, p)));
}
