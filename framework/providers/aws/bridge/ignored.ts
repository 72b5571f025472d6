/** Properties whose changes are ignored: the config gets what is recorded instead of what the code says. */
import { isPlainObject } from "../../../base/json.js";
import { getPath, parsePath } from "../../../base/property-path.js";
import type { PriorResource, Props, PropertySchema } from "../../../model/index.js";
import type { PathPart } from "./paths.js";

/**
 * Inputs with the recorded values at the ignored paths: from the outputs (what is in the cloud), else from the old inputs;
 * a path that has neither is left out. Paths that do not exist change nothing.
 */
export function withIgnored(
  schema: { properties: { [name: string]: PropertySchema } },
  inputs: Props,
  prior: Pick<PriorResource, "inputs" | "outputs">,
  paths: readonly string[],
): Props {
  let out: unknown = inputs;
  for (const path of paths) {
    const parts = parsePath(path);
    const top = schema.properties[String(parts[0])];
    if (!top || (top.computed && !top.optional && !top.required)) continue;
    const recorded = getPath(prior.outputs, parts) ?? getPath(prior.inputs, parts);
    out = withValue(out, parts, recorded);
  }
  return out as Props;
}

/** A copy with `value` at the path; undefined takes the member away. Containers on the way are made only for a value. */
function withValue(target: unknown, parts: readonly PathPart[], value: unknown): unknown {
  const [head, ...rest] = parts;
  if (head === undefined) return value;
  if (Array.isArray(target)) {
    if (typeof head !== "number" || head >= target.length) return target;
    return target.map((item, i) => (i === head ? withValue(item, rest, value) : item));
  }
  if (!isPlainObject(target)) {
    if (value === undefined || target !== undefined || typeof head === "number") return target;
    return { [head]: withValue(undefined, rest, value) };
  }
  const inner = withValue(target[head], rest, value);
  const copy = { ...target };
  if (inner === undefined) delete copy[head];
  else copy[head] = inner;
  return copy;
}
