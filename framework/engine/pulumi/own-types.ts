/** What Panka itself makes (images) is no resource of Pulumi's: it is left out, and stands in what refers to it as the value that it has. */
import { parseUrn } from "../../base/names.js";
import { isPlainObject } from "../../base/json.js";
import { getPath } from "../../base/property-path.js";
import type { Assembly } from "../../model/assembly.js";
import { isOwnToken } from "../../model/images.js";
import type { StateFile } from "../../model/state-file.js";
import { type RefValue, tagOf, type Value } from "../../model/values.js";

/** The state as Pulumi may know it. */
export function ofPulumi(state: StateFile): StateFile {
  return { ...state, resources: Object.fromEntries(Object.entries(state.resources).filter(([, { type }]) => !isOwnToken(type))) };
}

/** The assembly as Pulumi may know it, with the recorded values in place of references to what is left out. */
export function assemblyOfPulumi(assembly: Assembly, state: StateFile): Assembly {
  const own = (urn: string): boolean => isOwnToken(parseUrn(urn).type);
  const walk = (value: Value): Value => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isPlainObject(value)) return value;
    if (tagOf(value) === "$ref") {
      const { urn, output } = (value as unknown as RefValue).$ref;
      return own(urn) ? ((getPath(state.resources[urn]?.outputs ?? {}, output) ?? null) as Value) : value;
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner as Value)]));
  };
  const resources = assembly.resources
    .filter((r) => !isOwnToken(r.type))
    .map((r) => ({ ...r, props: walk(r.props) as typeof r.props, dependsOn: r.dependsOn.filter((urn) => !own(urn)) }));
  return { ...assembly, resources };
}
