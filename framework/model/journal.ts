/** The write-ahead journal of one run: `journal/<fence>/<seq>.json`, each object written once. Protocol section 6. */
import type { Json } from "../base/json.js";

/** What is about to be done. Durable before the cloud is called. Never holds a secret. */
export interface Intent {
  seq: number;
  urn: string;
  /** The state key it is about: the URN, or `<urn>#<generation>` for a superseded one. */
  key: string;
  op: "create" | "update" | "delete" | "action";
  type: string;
  generation: number;
  /** For what is done to a made resource: the id it had. Absent in what earlier versions wrote. */
  id?: string;
  /** Class and, where known, import id or physical name to probe with. */
  probe: {
    class: "A" | "B" | "C" | "D" | "E";
    importId?: string;
    name?: string;
    lookup?: { token: string; args: Json; output: string; tagged?: true };
  };
  /** SHA-256 of the canonical JSON of the inputs. */
  inputsHash: string;
  /** Inputs with secrets encrypted ({"$enc"}), so that recovery can write a state entry. */
  inputs?: { [key: string]: Json };
  /** Paths of secrets in `inputs`, such as `inputs.password`. In memory the values are in clear; whoever writes the object encrypts them. */
  secretPaths?: string[];
  dependsOn: string[];
  protect: boolean;
  /** For op `action`. */
  action?: string;
  /** Wall time of the writer, ms; for people: no clock of another machine is trusted. */
  at: number;
  /** For creates: seconds to wait until the resource is ready. */
  timeoutSeconds?: number;
  /** Options that the state entry must carry. */
  retainOnDelete?: boolean;
  deleteBeforeReplace?: boolean;
}

/** What came of an intent. */
export interface Done {
  /** The intent's seq. */
  of: number;
  id?: string;
  outputs?: { [key: string]: Json };
  secretPaths?: string[];
  private?: string;
  schemaVersion?: number;
  status?: "ok" | "partial";
  /** The call failed and, as the provider says, changed nothing that is not in outputs. */
  error?: string;
}

/** An object of the journal. Secret values inside are {"$enc"}; where there is a key the whole is encrypted once more when written. */
export type JournalObject = { version: 1; kind: "intent"; intent: Intent } | { version: 1; kind: "done"; seq: number; dones: Done[] };

/** One intent found in the store, with its outcome if there is one. Secrets are in clear where the key is at hand. */
export interface JournalEntry {
  fence: number;
  seq: number;
  intent: Intent;
  done?: Done;
}

/** The journal of the current run. */
export interface Journal {
  readonly fence: number;
  /** Makes the intent durable, then resolves with its seq. Throws when it could not be made durable: the operation must not start. */
  intent(entry: Omit<Intent, "seq" | "at">): Promise<number>;
  /** Records the outcome; may be batched for 200 ms. */
  done(entry: Done): void;
  /** Resolves when all recorded outcomes are durable. */
  flush(): Promise<void>;
  /** The state that will be saved is taken now: an outcome that comes later is written, but its intent stays open, for the next run. */
  close(): void;
  /** The highest seq that a seal may cover: that of the last object, or, where intents are open after {@link close}, of the last one before it. */
  readonly lastSeq: number;
  /** Seqs of intents without an outcome in time, rising: not to be sealed. */
  readonly open: readonly number[];
}

/** The gate that each operation passes: throws PankaError `gate-shut` when the lease is no longer safe to act under or a stop was asked for. */
export interface Gate {
  /** `sure`: looks at the lock itself first. */
  check(sure?: boolean): Promise<void>;
  /** Shuts it for good, with the reason that `check` will give. */
  shut(reason: string): void;
  readonly isShut: boolean;
  readonly reason: string | undefined;
}
