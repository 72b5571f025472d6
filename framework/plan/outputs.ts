/** Outputs of resources as references see them: recorded ones, and planned ones that may be unknown. */
import type { Json } from "../base/json.js";
import { getPath, isBelow, parsePath, pathsTouch } from "../base/property-path.js";
import type { Props } from "../model/provider.js";
import type { ResourceState, StateFile } from "../model/state-file.js";
import { isUnknown } from "../model/values.js";
import type { OutputValue, ResolveSource } from "./resolve.js";

/** What is known of a resource's outputs at some moment. */
export interface KnownOutputs {
  /** The provider's id; undefined before it is made. */
  id: string | undefined;
  /** May hold UNKNOWN. */
  outputs: Props;
  /** Paths below `outputs.` that are secret. */
  secretPaths: readonly string[];
  /** Outputs that are not there may still come: the resource is not made or not updated yet. */
  open: boolean;
}

/** The recorded outputs of a resource, final. */
export function recordedOutputs(state: ResourceState): KnownOutputs {
  return { id: state.id, outputs: state.outputs, secretPaths: outputSecrets(state.secretPaths), open: false };
}

/** Where values come from when all is made: what is recorded. */
export function recordedSource(state: StateFile): ResolveSource {
  return {
    output: (urn, path) => {
      const resource = state.resources[urn];
      return resource ? outputOf(urn, recordedOutputs(resource), path) : { problem: `${urn} is not deployed` };
    },
    lookup: (key) => {
      const found = state.lookups[key];
      return found && { result: found.result, secret: false };
    },
    allotted: (pool, key) => state.allotments[pool]?.[key] ?? 0,
  };
}

/** Paths without the `outputs.` prefix of those that have it. */
export function outputSecrets(secretPaths: readonly string[]): string[] {
  return secretPaths.filter((p) => isBelow(p, "outputs")).map((p) => p.slice("outputs".length).replace(/^\./, ""));
}

/** Paths without the `inputs.` prefix of those that have it. */
export function inputSecrets(secretPaths: readonly string[]): string[] {
  return secretPaths.filter((p) => isBelow(p, "inputs")).map((p) => p.slice("inputs".length).replace(/^\./, ""));
}

/** One output; `urn` is for the message only. */
export function outputOf(urn: string, known: KnownOutputs, path: string): OutputValue {
  if (path === "id") {
    if (known.id !== undefined) return { known: true, value: known.id, secret: false };
    const planned = known.outputs["id"];
    return typeof planned === "string" ? { known: true, value: planned, secret: false } : { known: false, secret: false };
  }
  const secret = known.secretPaths.some((p) => pathsTouch(path, p));
  const parts = parsePath(path);
  for (let i = 1; i <= parts.length; i++) {
    const at = getPath(known.outputs, parts.slice(0, i));
    if (isUnknown(at)) return { known: false, secret };
    if (at === undefined || at === null) {
      return known.open ? { known: false, secret } : { problem: `${urn} has no value for its output "${path}"` };
    }
  }
  return { known: true, value: getPath(known.outputs, parts) as Json, secret };
}
