/** The state as it may be shown: every secret value replaced by `[secret]`. */
import type { Json } from "../base/json.js";
import { isPlainObject } from "../base/json.js";
import { setPath, parsePath } from "../base/property-path.js";
import type { ResourceState, StateFile } from "../model/state-file.js";

/** What stands where a secret is. */
export const SECRET = "[secret]";

/** A resource without its secrets and without the provider's private bytes. */
export function shownResource(resource: ResourceState): Omit<ResourceState, "private"> {
  const { private: _private, ...rest } = structuredClone(resource);
  let shown: unknown = rest;
  for (const path of resource.secretPaths) shown = setPath(shown as Json, parsePath(path), SECRET) ?? shown;
  return hideSealed(shown) as Omit<ResourceState, "private">;
}

/** A state without its secrets. */
export function shownState(state: StateFile): unknown {
  const resources = Object.fromEntries(Object.entries(state.resources).map(([key, r]) => [key, shownResource(r)]));
  return { ...(hideSealed({ ...state, resources: {} }) as object), resources, outputs: shownOutputs(state) };
}

/** Outputs without the secret ones' values. */
export function shownOutputs(state: Pick<StateFile, "outputs" | "secretOutputs">): { [component: string]: { [output: string]: Json } } {
  const secret = new Set(state.secretOutputs);
  return Object.fromEntries(
    Object.entries(state.outputs).map(([component, values]) => [
      component,
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, secret.has(`${component}.${name}`) ? SECRET : (hideSealed(value) as Json)]),
      ),
    ]),
  );
}

/** Values that are still sealed (no key at hand) are secrets, too. */
function hideSealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideSealed);
  if (!isPlainObject(value)) return value;
  if (typeof value["$enc"] === "string") return SECRET;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, hideSealed(v)]));
}
