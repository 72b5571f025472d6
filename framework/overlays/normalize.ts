/** Aliases of the infra sections made long, the same for every kind that takes the section. What a kind's own fields mean is its own `normalize`. */
import { isPlainObject } from "../base/json.js";
import type { InfraSection, Kind, Raw } from "../model/kind.js";
import type { PathSegment } from "../model/paths.js";

type Spec = { [key: string]: unknown };

/** Another place at which a field may be written. Paths are dotted. */
export interface Spelling {
  written: string;
  meant: string;
  /** Only in kinds that take this section. */
  section?: InfraSection;
}

/** All other places, beside short forms that kinds make long themselves. */
export const SPELLINGS: readonly Spelling[] = [
  { written: "runtime.cpu", meant: "resources.cpu", section: "resources" },
  { written: "runtime.memory", meant: "resources.memory", section: "resources" },
  { written: "replicas", meant: "scaling.replicas", section: "scaling" },
  { written: "autoscaling", meant: "scaling.autoscaling", section: "scaling" },
  { written: "scaling.autoscaling.minReplicas", meant: "scaling.minReplicas", section: "scaling" },
  { written: "scaling.autoscaling.maxReplicas", meant: "scaling.maxReplicas", section: "scaling" },
  { written: "scaling.targetCPUUtilization", meant: "scaling.autoscaling.targetCPUPercent", section: "scaling" },
  { written: "scaling.autoscaling.targetCPUUtilization", meant: "scaling.autoscaling.targetCPUPercent", section: "scaling" },
  { written: "scaling.targetMemoryUtilization", meant: "scaling.autoscaling.targetMemoryPercent", section: "scaling" },
  { written: "scaling.autoscaling.targetMemoryUtilization", meant: "scaling.autoscaling.targetMemoryPercent", section: "scaling" },
  { written: "deadLetterQueue.enable", meant: "deadLetterQueue.enabled" },
];

/**
 * A copy of a raw spec with the kind's aliases and short forms, then those of its infra sections, made long. Unknown things stay as they
 * are; so does a spelling beside the field that it means: the check refuses it, so that nothing is said twice and ignored once.
 */
export function normalizeSpec(spec: Spec, kind: Kind | undefined, sections: readonly InfraSection[], raw: Raw): Spec {
  let out = kind?.normalize ? kind.normalize(copyMap(spec), raw) : copyMap(spec);
  if (sections.includes("resources")) out = moveRuntime(out);
  if (sections.includes("scaling")) out = normalizeScaling(out);
  const dlq = out["deadLetterQueue"];
  if (isPlainObject(dlq) && "enable" in dlq && !("enabled" in dlq)) out = { ...out, deadLetterQueue: renamed(dlq, "enable", "enabled") };
  return out;
}

/** Raw paths at which the value of a normalised path may have been written, likeliest first. */
export function rawPathsOf(path: readonly PathSegment[]): PathSegment[][] {
  const [a, b, ...rest] = path;
  const out: PathSegment[][] = [];
  if (a === "resources" && b !== undefined) out.push(["runtime", b, ...rest]);
  if (a === "scaling" && b === "replicas") out.push(["replicas"]);
  if (a === "scaling" && b === "autoscaling") {
    out.push(["autoscaling", ...rest], ["scaling", ...rest]);
    for (const [old, now] of RENAMED) {
      if (rest[0] === now) out.push(["scaling", "autoscaling", old], ["scaling", old], ["autoscaling", old]);
    }
    out.push(["autoscaling"]);
  }
  if (a === "scaling" && (b === "minReplicas" || b === "maxReplicas"))
    out.push(["scaling", "autoscaling", b], ["autoscaling", b], ["autoscaling"]);
  if (a === "deadLetterQueue" && b === "enabled") out.push(["deadLetterQueue", "enable"]);
  return out;
}

const RENAMED = [
  ["targetCPUUtilization", "targetCPUPercent"],
  ["targetMemoryUtilization", "targetMemoryPercent"],
] as const;

/** `runtime.cpu` and `runtime.memory` are `resources.cpu` and `resources.memory`. */
function moveRuntime(spec: Spec): Spec {
  const runtime = spec["runtime"];
  const resources = spec["resources"];
  if (!isPlainObject(runtime) || !("cpu" in runtime || "memory" in runtime)) return spec;
  if (resources !== undefined && !isPlainObject(resources)) return spec;
  const rest = copyMap(runtime);
  const moved: Spec = copyMap(resources ?? {});
  for (const key of ["cpu", "memory"]) {
    if (!(key in rest) || key in moved) continue;
    moved[key] = rest[key];
    delete rest[key];
  }
  const out = { ...spec, resources: moved, runtime: rest };
  if (Object.keys(rest).length === 0) delete (out as Spec)["runtime"];
  return out;
}

/** `replicas` and `autoscaling` of a component move into `scaling`; bounds stand at `scaling`, targets at `scaling.autoscaling`. */
function normalizeScaling(spec: Spec): Spec {
  const top = spec["scaling"];
  if (top !== undefined && !isPlainObject(top)) return spec;
  if (!("replicas" in spec) && !("autoscaling" in spec) && top === undefined) return spec;
  const { replicas, autoscaling, ...rest } = spec;
  const scaling: Spec = copyMap(top ?? {});
  if (replicas !== undefined && "replicas" in scaling) (rest as Spec)["replicas"] = replicas;
  else if (replicas !== undefined) scaling["replicas"] = replicas;
  if (autoscaling !== undefined) {
    scaling["autoscaling"] =
      isPlainObject(autoscaling) && isPlainObject(scaling["autoscaling"])
        ? { ...autoscaling, ...scaling["autoscaling"] }
        : (scaling["autoscaling"] ?? autoscaling);
  }
  let auto = scaling["autoscaling"];
  if (isPlainObject(auto)) {
    const inner: Spec = copyMap(auto);
    for (const key of ["minReplicas", "maxReplicas"]) {
      if (!(key in inner) || key in scaling) continue;
      scaling[key] = inner[key];
      delete inner[key];
    }
    auto = inner;
  }
  for (const [old, now] of RENAMED) {
    for (const from of [scaling, auto]) {
      if (!isPlainObject(from) || !(old in from)) continue;
      const inner: Spec = isPlainObject(auto) ? copyMap(auto) : {};
      if (now in inner) continue;
      inner[now] = from[old];
      delete inner[old];
      if (from === scaling) delete scaling[old];
      auto = inner;
    }
  }
  if (isPlainObject(auto) && Object.keys(auto).length === 0) delete scaling["autoscaling"];
  else if (auto !== undefined) scaling["autoscaling"] = auto;
  return Object.keys(scaling).length === 0 ? rest : { ...rest, scaling };
}

/** A copy of nested maps without the values at some paths. */
export function withoutPaths(spec: Spec, paths: readonly string[]): Spec {
  const out: Spec = { ...spec };
  for (const path of paths) {
    const [first = "", ...rest] = path.split(".");
    const inner = out[first];
    if (rest.length === 0) delete out[first];
    else if (isPlainObject(inner)) out[first] = withoutPaths(inner, [rest.join(".")]);
  }
  return out;
}

function renamed(map: Spec, from: string, to: string): Spec {
  const { [from]: value, ...rest } = map;
  return { ...rest, [to]: value };
}

function copyMap(map: Spec): Spec {
  const out = Object.create(null) as Spec;
  for (const [k, v] of Object.entries(map)) out[k] = v;
  return out;
}
