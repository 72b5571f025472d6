/**
 * Provider: the cloud, behind one port. `aws` speaks to the official provider plugin; `local` is a model of it on a file.
 *
 * Values at this border are JSON in Pulumi spelling; in `plan` they may hold {@link UNKNOWN} ({"$unknown": true}).
 * Guarantees an implementation gives:
 *  1. `plan`, `read`, `lookup`, `probe`, `validate` change nothing.
 *  2. `create` that returns has made the thing and says its id; one that throws ProviderError with `partial` has made something broken
 *     that `partial` describes; one that throws with `outcome: "none"` made nothing; `outcome: "unknown"` must be probed.
 *  3. Calls may run 32 at once.
 */
import type { Diagnostic } from "../base/diagnostics.js";
import type { Json } from "../base/json.js";
import type { ProviderIdentity } from "./state-file.js";

/** Properties of a resource, Pulumi spelling. */
export type Props = { [key: string]: Json };

/** What the provider must know of an existing resource; outputs are complete as last returned. */
export interface PriorResource {
  id: string;
  inputs: Props;
  outputs: Props;
  private: string;
  schemaVersion: number;
}

/** A planned change of one resource. */
export interface ProviderPlan {
  action: "create" | "update" | "replace" | "same";
  /** Pulumi property paths that force the replacement. */
  replacePaths: string[];
  /** Outputs after apply as far as known; unknown ones are UNKNOWN. For a replacement: those of the new one. */
  outputs: Props;
  /** Paths that change (from the provider's planned state), Pulumi spelling. */
  changedPaths: string[];
  diagnostics: Diagnostic[];
}

/** What a create, update, read or import gives back. */
export interface ProviderResult {
  id: string;
  outputs: Props;
  private: string;
  schemaVersion: number;
  /** Paths below `outputs` that the schema calls sensitive (without the `outputs.` prefix). */
  secretPaths: string[];
  /** Warnings. */
  diagnostics: Diagnostic[];
}

/** A call about one resource. */
export interface ResourceCall {
  urn: string;
  type: string;
  inputs: Props;
  /** Paths below the inputs that are secret, for whoever records them. */
  secretPaths?: readonly string[];
  timeouts?: { create?: number; update?: number; delete?: number };
}

/** Port that plan needs; a Provider is one. */
export interface PlanPort {
  /** Would this change replace it, what is computed? `prior` null for a create. */
  plan(call: ResourceCall & { prior: PriorResource | null; ignoreChanges?: string[] }): Promise<ProviderPlan>;
  /** Reads a data source, or a list of listings.ts; `args` and the result in Pulumi spelling. Throws ProviderError `not-found` when there is no such thing. */
  lookup(token: string, args: Props): Promise<Props>;
}

/** The contract. */
export interface Provider extends PlanPort {
  readonly name: string;
  /** Starts (if need be) and says who we are; account "" where the provider can't tell. */
  identity(): Promise<ProviderIdentity>;
  /** The provider's own check of inputs; problems as diagnostics with Pulumi property paths. */
  validate(call: ResourceCall): Promise<Diagnostic[]>;
  create(call: ResourceCall): Promise<ProviderResult>;
  update(call: ResourceCall & { prior: PriorResource; ignoreChanges?: string[] }): Promise<ProviderResult>;
  /** Deletes; deleting what is gone is no error. */
  delete(call: ResourceCall & { prior: PriorResource }): Promise<void>;
  /** The current outputs, or null if it is gone. */
  read(call: { urn: string; type: string; prior: PriorResource }): Promise<ProviderResult | null>;
  /** Adopts by import id, or null if there is none. `inputs` are derived from what was found. */
  import(call: { urn: string; type: string; importId: string }): Promise<(ProviderResult & { inputs: Props }) | null>;
  /** Import ids of resources of `type` that carry all these tags. */
  findByTags(type: string, tags: { [key: string]: string }): Promise<string[]>;
  /** Ids (of any form) and tags of resources of any type that carry all these tags; where the provider's own list lags, also of some just deleted. */
  tagged(tags: { [key: string]: string }): Promise<{ id: string; tags: { [key: string]: string } }[]>;
  /** Ready rule of a type: polls `read` until the resource is ready; returns what it found; null if gone. */
  waitReady(call: { urn: string; type: string; prior: PriorResource; timeoutSeconds: number }): Promise<ProviderResult | null>;
  /** Checks that what was planned can be done from here. Throws PankaError, with nothing changed yet. Absent: nothing to check. */
  prepare?(): Promise<void>;
  /** How long a lost create may stay invisible, ms (aws 60,000; local 0). */
  readonly settleMs: number;
  /** Stops the child process, saves the file. */
  close(): Promise<void>;
}

const BRAND = Symbol.for("panka.provider-error");

/** A failed provider call. */
export class ProviderError extends Error {
  readonly [BRAND] = true;
  /** Stable code: `conflict` (already exists), `not-found`, `denied`, `expired` (the credentials were good and no longer are), `invalid`, `throttled`, `died`, `failed`. */
  readonly code: string;
  /** none = nothing was changed; partial = see `partial`; unknown = must be probed. */
  readonly outcome: "none" | "partial" | "unknown";
  /** What was made although the call failed. */
  readonly partial: ProviderResult | undefined;
  readonly diagnostics: Diagnostic[];
  constructor(
    code: string,
    message: string,
    more: { outcome?: "none" | "partial" | "unknown"; partial?: ProviderResult; diagnostics?: Diagnostic[]; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = "ProviderError";
    this.code = code;
    this.outcome = more.outcome ?? (more.partial ? "partial" : "none");
    this.partial = more.partial;
    this.diagnostics = more.diagnostics ?? [];
  }
}

/** True for a {@link ProviderError}, optionally of the given code. */
export function isProviderError(error: unknown, code?: string): error is ProviderError {
  const is = typeof error === "object" && error !== null && (error as Record<symbol, unknown>)[BRAND] === true;
  return is && (code === undefined || (error as ProviderError).code === code);
}
