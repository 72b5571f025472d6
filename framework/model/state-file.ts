/** state.json: what a stack and environment has in the cloud, as last known. Persisted; versioned; golden files in test/golden. */
import type { Json } from "../base/json.js";
import type { ImageDigests } from "./images.js";

/** Version of the state's format. A higher one found in a store is refused (exit 1), nothing is touched. */
export const STATE_VERSION = 1;

/** How far a resource got. `partial`: created but not whole (its provider said so). `deleting`: superseded by a newer generation or half deleted. */
export type ResourceStatus = "ok" | "partial" | "deleting";

/** One recorded resource. In memory inputs and outputs are in clear; `secretPaths` name what is encrypted when written. */
export interface ResourceState {
  type: string;
  /** The provider's id. */
  id: string;
  /** 0 at first; +1 for each replacement; part of the name's hash. */
  generation: number;
  /** Resolved inputs as sent to the provider, Pulumi spelling. */
  inputs: { [key: string]: Json };
  /** The provider's outputs, Pulumi spelling. */
  outputs: { [key: string]: Json };
  /** The provider's schema version of this type. */
  schemaVersion: number;
  /** The provider's private bytes, base64; "" when it gave none. */
  private: string;
  dependsOn: string[];
  protect: boolean;
  /** Paths such as `inputs.password`, `outputs.masterPassword`, sorted. */
  secretPaths: string[];
  status: ResourceStatus;
  /** Options that must survive the removal of the resource's line from the code. */
  retainOnDelete?: boolean;
  deleteBeforeReplace?: boolean;
  /** Names of actions that are done (`ActionSpec.name`), sorted. */
  actionsDone?: string[];
}

/** The provider a stack was deployed with; a different name, region or endpoint later is an error. */
export interface ProviderIdentity {
  name: string;
  /** Cloud account id; "" when not known yet. */
  account: string;
  region: string;
  /** "" for the cloud's own endpoints. */
  endpoint: string;
}

/** The whole state of one stack in one environment. */
export interface StateFile {
  version: typeof STATE_VERSION;
  /** UUID made with the first state. */
  lineage: string;
  /** +1 with every write. */
  serial: number;
  /** The fence of the writer. */
  fence: number;
  /** Highest fence seen per scope; `*` is the whole stack. */
  fences: { [scope: string]: number };
  /** The last commit of each scope. */
  commits: { [scope: string]: { fence: number; nonce: string } };
  /** When the writer committed, by its own clock, ISO 8601: for people and for how long it is kept. */
  committedAt?: string;
  /** Makes every written object byte-unique. */
  nonce: string;
  engine: "embedded" | "pulumi";
  provider: ProviderIdentity;
  /** Hash of the assembly that this state matches; null unless the last run succeeded in everything. */
  assemblyHash: string | null;
  /** Journals up to this fence are folded in. */
  sealed: { fence: number; lastSeq: number };
  /** Sealed fence -> highest journal seq that was folded in. Entries above it were written after the seal. Newest 50. */
  seals?: { [fence: string]: number };
  /** Sealed fence -> seqs below its seal that were not there yet when it was read, or whose outcome was not known: not folded in. */
  gaps?: { [fence: string]: number[] };
  /** The first fence whose run encrypted its journal as a whole; set by its barrier, never removed. Absent: journals may be in clear. */
  journalsSealedFrom?: number;
  /** The first serial whose release is encrypted as a whole; set by the barrier, never removed. Absent: releases may be in clear. */
  releasesSealedFrom?: number;
  /** Key: URN; a superseded generation waiting for its deletion has key `<urn>#<generation>` and status `deleting`. */
  resources: { [key: string]: ResourceState };
  /** Results of look-ups by hash of {token, args}. */
  lookups: { [key: string]: { token: string; args: Json; result: Json } };
  /** Allotted numbers: pool -> key -> number. */
  allotments: { [pool: string]: { [key: string]: number } };
  /** Outputs by component address, resolved. `secretOutputs` lists `<component>.<output>` that are encrypted when written. */
  outputs: { [component: string]: { [output: string]: Json } };
  secretOutputs: string[];
  pulumiPrefix?: string;
}

/** head#: the last commit, kept beside the lock. */
export interface Head {
  serial: number;
  fence: number;
  /** SHA-256 of the bytes of state.json. */
  sha256: string;
}

/** releases/<serial>.json, in clear; see framework/state/release-codec.ts for how it is stored. */
export interface ReleaseRecord {
  version: 1;
  serial: number;
  fence: number;
  status: "verifying" | "good" | "failed";
  at: string;
  by: string;
  operation: "deploy" | "destroy" | "rollback" | "import";
  assemblyHash: string;
  assembly: unknown;
  summary: { create: number; update: number; replace: number; delete: number; same: number };
  gitCommit?: string;
  /** Of a stack in several regions: region -> serial of its state, as far as this command had come. */
  regions?: { [region: string]: number };
  /** What its images' tags pointed to, by image; "": not known, deployed by tag. */
  images?: ImageDigests;
  /** `--image`: component -> the image that this run gave it. */
  imageOverrides?: { [component: string]: string };
  /** The run was of a part of the stack only. */
  partial?: true;
  /** Id of the saved plan that the run was of. */
  plan?: string;
  /** Who had approved it, the one who ran it left out. */
  approvedBy?: string[];
  /** Of an import: URNs of what it took in, sorted. */
  imported?: string[];
  durationMs?: number;
}
