/** The state while a run changes it: entries are replaced, never edited, and folded into the store now and then. */
import { messageOf } from "../base/errors.js";
import { hashJson, type Json } from "../base/json.js";
import { getPath, joinPath, setPath } from "../base/property-path.js";
import type { Clock } from "../base/clock.js";
import type { Gate } from "../model/journal.js";
import type { Props, ProviderResult } from "../model/provider.js";
import type { TypeSchema } from "../model/provider-schema.js";
import type { ResourceSpec } from "../model/resource.js";
import type { ResourceState, StateFile } from "../model/state-file.js";
import { sensitivePaths } from "../plan/identity.js";

/** Least time between two folds of one run, ms (protocol 6). */
export const FOLD_INTERVAL_MS = 10_000;

/** The running state. */
export class RunState {
  readonly resources: { [key: string]: ResourceState };
  private changed = false;
  private closed = false;
  private lastFold: number;
  private folding: Promise<void> = Promise.resolve();
  private busy = false;

  constructor(
    private readonly start: StateFile,
    private readonly clock: Clock,
    private readonly gate: Gate,
    private readonly fold: (state: StateFile) => Promise<unknown>,
  ) {
    this.resources = { ...start.resources };
    this.lastFold = clock.monotonic();
  }

  /**
   * Records an entry, or its removal; `together`: entries of other keys that are never saved without it, nor it without them.
   * After {@link close} it does nothing.
   */
  set(key: string, entry: ResourceState | undefined, together: { [key: string]: ResourceState } = {}): void {
    if (this.closed) return;
    Object.assign(this.resources, together);
    if (entry) this.resources[key] = entry;
    else delete this.resources[key];
    this.changed = true;
    if (!this.busy && this.clock.monotonic() - this.lastFold >= FOLD_INTERVAL_MS) void this.foldNow();
  }

  /** Writes what there is into the store. A failure shuts the gate and is not thrown. */
  async foldNow(): Promise<void> {
    if (this.busy || !this.changed) return this.folding;
    this.busy = true;
    this.changed = false;
    this.folding = this.fold(this.snapshot())
      .then(() => undefined)
      .catch((error: unknown) => this.gate.shut(`the state could not be saved: ${messageOf(error)}`))
      .finally(() => {
        this.busy = false;
        this.lastFold = this.clock.monotonic();
      });
    return this.folding;
  }

  /** Nothing that ends later is recorded. */
  close(): void {
    this.closed = true;
  }

  /** Resolves when no fold is under way. */
  settled(): Promise<void> {
    return this.folding;
  }

  /** A copy that later changes don't touch; keys sorted. */
  snapshot(): StateFile {
    const resources: { [key: string]: ResourceState } = {};
    for (const key of Object.keys(this.resources).sort()) resources[key] = this.resources[key] as ResourceState;
    return { ...this.start, resources };
  }
}

/** What a state entry is made of. */
export interface EntryParts {
  type: string;
  generation: number;
  inputs: Props;
  /** Paths below the inputs that are secret. */
  secretInputs: readonly string[];
  dependsOn: readonly string[];
  protect: boolean;
  result: ProviderResult;
  status: ResourceState["status"];
  retainOnDelete?: boolean;
  deleteBeforeReplace?: boolean;
  actionsDone?: readonly string[];
}

/** A state entry from what was sent and what came back. */
export function makeEntry(parts: EntryParts, schema: TypeSchema | undefined): ResourceState {
  const { result, inputs } = parts;
  const outputs = [...result.secretPaths, ...sensitivePaths(schema, result.outputs), ...echoes(result.outputs, inputs, parts.secretInputs)];
  const secretPaths = [...parts.secretInputs.map((p) => under("inputs", p)), ...outputs.map((p) => under("outputs", p))];
  return {
    type: parts.type,
    id: result.id,
    generation: parts.generation,
    inputs,
    outputs: result.outputs,
    schemaVersion: result.schemaVersion,
    private: result.private,
    dependsOn: [...parts.dependsOn],
    protect: parts.protect,
    secretPaths: [...new Set(secretPaths)].sort(),
    status: parts.status,
    ...(parts.retainOnDelete ? { retainOnDelete: true } : {}),
    ...(parts.deleteBeforeReplace ? { deleteBeforeReplace: true } : {}),
    ...(parts.actionsDone?.length ? { actionsDone: [...parts.actionsDone].sort() } : {}),
  };
}

/** Options of a spec as recorded. */
export function recordedOptions(spec: ResourceSpec): Pick<EntryParts, "protect" | "retainOnDelete" | "deleteBeforeReplace"> {
  const o = spec.options;
  return {
    protect: o.protect ?? false,
    ...(o.retainOnDelete ? { retainOnDelete: true } : {}),
    ...(o.deleteBeforeReplace ? { deleteBeforeReplace: true } : {}),
  };
}

function under(root: string, path: string): string {
  return path === "" ? root : path.startsWith("[") ? `${root}${path}` : `${root}.${path}`;
}

/** Output paths that give a secret input back: the same path, and any text that holds the secret (8 characters or more). */
function echoes(outputs: Props, inputs: Props, secretInputs: readonly string[]): string[] {
  if (secretInputs.length === 0) return [];
  const found: string[] = [];
  const secrets: string[] = [];
  for (const path of secretInputs) {
    const value = getPath(inputs, path);
    if (typeof value === "string" && value.length >= 8) secrets.push(value);
    if (getPath(outputs, path) !== undefined) found.push(path);
  }
  const walk = (value: Json, path: string): void => {
    if (typeof value === "string") {
      if (secrets.some((s) => value.includes(s))) found.push(path);
    } else if (Array.isArray(value)) {
      for (const [i, v] of value.entries()) walk(v, `${path}[${i}]`);
    } else if (value !== null && typeof value === "object") {
      for (const [key, v] of Object.entries(value)) walk(v, joinPath(path, key));
    }
  };
  walk(outputs, "");
  return found;
}

/** SHA-256 of inputs with their secrets left out: safe to write down. */
export function inputsHash(inputs: Props, secretPaths: readonly string[]): string {
  let open: unknown = inputs;
  for (const path of secretPaths) open = setPath(open, path, "[secret]");
  return hashJson(open);
}
