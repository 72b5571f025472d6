/** Changes of a state's content that are no deployment: move, forget, put another in its place. Pure. */
import { usageError } from "../base/errors.js";
import { componentOf } from "../base/names.js";
import { nearest } from "../base/nearest.js";
import type { StateFile } from "../model/state-file.js";
import { urnOfKey } from "../plan/selection.js";

/** State keys of a URN, or of a component `service/component`, older generations included. Throws a usage error with the nearest name. */
export function keysOf(state: StateFile, target: string): string[] {
  const keys = Object.keys(state.resources);
  const found = keys.filter((key) => urnOfKey(key) === target || componentOf(urnOfKey(key)) === target);
  if (found.length > 0) return found;
  const known = [...new Set(keys.flatMap((key) => [urnOfKey(key), componentOf(urnOfKey(key))]))];
  const guess = nearest(target, known);
  throw usageError("unknown-urn", `the state has no ${target}${guess ? `; did you mean ${guess}?` : ""}`, { next: "panka state list" });
}

/** The state without these resources; the cloud keeps them. Throws a usage error where something else needs one of them. */
export function dropResources(state: StateFile, targets: readonly string[]): { state: StateFile; keys: string[] } {
  const keys = [...new Set(targets.flatMap((target) => keysOf(state, target)))].sort();
  const gone = new Set(keys);
  const users = Object.entries(state.resources).filter(([key, r]) => !gone.has(key) && r.dependsOn.some((need) => gone.has(need)));
  if (users.length > 0) {
    const names = users.map(([key]) => key).join(", ");
    throw usageError("still-needed", `${names} ${users.length === 1 ? "needs" : "need"} what would be forgotten`, {
      next: `panka state rm ${[...targets, ...users.map(([key]) => key)].join(" ")}`,
    });
  }
  const resources = Object.fromEntries(Object.entries(state.resources).filter(([key]) => !gone.has(key)));
  const left = new Set(Object.keys(resources).map((key) => componentOf(urnOfKey(key))));
  const outputs = Object.fromEntries(Object.entries(state.outputs).filter(([component]) => left.has(component)));
  const secretOutputs = state.secretOutputs.filter((entry) => left.has(entry.slice(0, entry.indexOf("."))));
  return { state: { ...state, resources, outputs, secretOutputs }, keys };
}

/** The state with a URN or a whole component under another name. Throws usage errors. */
export function moveResources(state: StateFile, from: string, to: string): { state: StateFile; moved: [string, string][] } {
  const keys = keysOf(state, from);
  const whole = !from.startsWith("urn:");
  if (whole !== !to.startsWith("urn:"))
    throw usageError("move-kind", `${from} and ${to} are not of one kind; expected two URNs or two components`);
  const renamed = (key: string): string => {
    if (!whole) return key.replace(from, to);
    const [head, tail] = key.split(`::${from}`) as [string, string];
    return `${head}::${to}${tail}`;
  };
  const moved = keys.map((key): [string, string] => [key, renamed(key)]);
  for (const [key, next] of moved) {
    if (Object.hasOwn(state.resources, next)) throw usageError("move-taken", `the state has ${next} already`);
    const type = (urn: string): string => urn.split("::").slice(0, 3).join("::");
    if (type(key) !== type(next)) throw usageError("move-type", `${key} can't become ${next}: environment, stack and type must stay`);
  }
  const names = new Map(moved);
  const resources = Object.fromEntries(
    Object.entries(state.resources).map(([key, r]) => [
      names.get(key) ?? key,
      { ...r, dependsOn: r.dependsOn.map((n) => names.get(n) ?? n).sort() },
    ]),
  );
  return { state: { ...state, resources, ...(whole ? renamedOutputs(state, from, to) : {}) }, moved };
}

function renamedOutputs(state: StateFile, from: string, to: string): Pick<StateFile, "outputs" | "secretOutputs"> {
  const rename = (component: string): string => (component === from ? to : component);
  return {
    outputs: Object.fromEntries(Object.entries(state.outputs).map(([component, values]) => [rename(component), values])),
    secretOutputs: state.secretOutputs.map((e) => (e.startsWith(`${from}.`) ? `${to}${e.slice(from.length)}` : e)).sort(),
  };
}

/** Another state's content on this one. Throws a usage error for another stack's state (lineage), or one that was pulled before the newest serial. */
export function putContent(current: StateFile, content: StateFile, pulled: boolean): StateFile {
  if (content.lineage !== current.lineage) {
    throw usageError("other-lineage", `that is another stack's state: its lineage is ${content.lineage}, this one's is ${current.lineage}`);
  }
  if (pulled && content.serial !== current.serial) {
    throw usageError("stale-push", `it was pulled at serial ${content.serial}, and the state is at serial ${current.serial} now`, {
      next: "panka state pull again, and make the change there",
    });
  }
  const { resources, outputs, secretOutputs, lookups, allotments, provider, engine } = content;
  return { ...current, resources, outputs, secretOutputs, lookups, allotments, provider, engine };
}
