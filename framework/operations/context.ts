/** What every operation gets: the world and the settings of one run, as values. The CLI makes it; tests make their own. */
import type { ProxySettings } from "../base/proxy.js";
import type { Clock, Random } from "../base/clock.js";
import type { Diagnostic } from "../base/diagnostics.js";
import type { ConnectTable } from "../lock/dynamodb-client.js";
import type { HeartbeatHost } from "../lock/heartbeat.js";
import type { ProcessReads } from "../lock/process-facts.js";
import type { EventSink, FaultHook, Registry } from "../model/index.js";
import type { EnvironmentClass, ModelInput } from "../model/stack-model.js";
import type { ConnectBucket } from "../state/s3.js";
import type { DumpPlace } from "./run-dump.js";
import type { StackEntry } from "../yaml/read.js";

/** Environment variables as a value. */
export type Env = { [name: string]: string | undefined };

/** Where state is kept, resolved. */
export type BackendSettings =
  | { type: "local"; path?: string }
  | { type: "s3"; bucket: string; region: string; prefix?: string; encryption?: string };

/** Where locks are kept, resolved. */
export type LockSettings = { type: "local" } | { type: "dynamodb"; table: string; region: string };

/** The settings of one run, after all precedence rules. */
export interface Settings {
  /** Folder of panka.config.yaml, else the stack folder; holds `.panka/` and `panka.out/`. Absolute. */
  projectRoot: string;
  /** The stack file or folder to read. Absolute. */
  entry: string;
  environment: string;
  environmentClass: EnvironmentClass;
  provider: "local" | "aws";
  engine: "embedded" | "pulumi";
  /** Where Pulumi keeps its checkpoint, if not in the back end. */
  pulumi?: { cloud: string; organization?: string };
  /** Undefined: none configured, and the provider is aws, so nothing may be deployed. */
  backend: BackendSettings | undefined;
  locks: LockSettings | undefined;
  /** `locks.scope`: what a run of one service or component locks; default: the whole stack. */
  lockScope?: "stack" | "service" | "component";
  /** `environments.<env>.approval`, where it asks for one: who may approve, anybody where it is empty. */
  approval?: { by: string[] };
  /** `--region`: of a stack in several regions, this one. */
  region?: string;
  aws: {
    profile?: string;
    endpoint?: string;
    /** From HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
    proxy?: ProxySettings;
    /** From `environments.<env>.aws.region`: wins over the stack's own. */
    environmentRegion?: string;
    /** From `aws.region`, else AWS_REGION: used where the stack names none. */
    fallbackRegion?: string;
  };
  exclude: string[];
  kinds: string[];
  /** The project's configuration file, as messages name it: panka.config.yaml or panka.config.ts; absent without one. */
  configFile?: string;
  support: { slack?: string; email?: string; docs?: string; oncall?: string };
  /** `environments.<env>.variables`. */
  variables: { [name: string]: string };
  /** Names under `environments:` of the project's configuration; empty = any name will do. */
  environments: string[];
  /** Setting -> where its value came from: `default`, a file, `PANKA_ENVIRONMENT`, `-e`. */
  origins: { [setting: string]: string };
  /** Warnings for every run with these settings. */
  warnings: Diagnostic[];
}

/** Region -> serial, of the regions that a command has done before this one. */
export type RegionSerials = { [region: string]: number };

/** What a signal asks for. 0 = nothing, 1 = finish what is in flight and stop, 2 = stop waiting now. */
export type StopLevel = 0 | 1 | 2;

/** Requests to stop, from signals. */
export interface StopRequests {
  readonly level: StopLevel;
  /** The first signal that came. */
  readonly signal: "SIGINT" | "SIGTERM" | undefined;
  /** Called at each rise of the level; returns its own removal. */
  onRise(listener: (level: StopLevel) => void): () => void;
}

/** Asks a person. Rejects with PankaError `prompt-timeout` (exit 5) after `timeoutMs`. */
export type Ask = (question: string, options?: { timeoutMs?: number }) => Promise<string>;

/** Who and where this process is, for lock metadata. */
export interface ProcessInfo {
  user: string;
  host: string;
  pid: number;
}

/** Connections of the host's own, in place of the SDK's clients, of the heartbeat's worker thread and of the folder of dumps. */
export interface Connections {
  bucket?: ConnectBucket;
  table?: ConnectTable;
  heartbeat?: HeartbeatHost;
  dumps?: DumpPlace;
}

/** The world of one run. */
export interface OperationContext {
  /** The documents of an environment, where they have been read already, and what was found in them. */
  documents?: { environment: string; input: ModelInput | undefined; diagnostics: readonly Diagnostic[] };
  /** Of a stack in several regions: what this command has done before. Grows while it runs. */
  regionSerials?: RegionSerials;
  settings: Settings;
  /** Where the stack is written; undefined where none was found. */
  stackEntry: StackEntry | undefined;
  /** What a program exports that runs already: a Stack or an App, read in place of the entry. */
  program?: unknown;
  /** Why none was found. */
  noEntry: Error | undefined;
  /** `--stack`: also names a deployed stack whose files are not here. */
  stackName: string | undefined;
  cwd: string;
  home: string;
  env: Env;
  /** Root of the Panka package: data files, templates and the heartbeat worker are below it. */
  packageRoot: string;
  pankaVersion: string;
  clock: Clock;
  random: Random;
  registry: Registry;
  emit: EventSink;
  faults: FaultHook;
  stop: StopRequests;
  /** Absent where no person can answer. */
  ask: Ask | undefined;
  process: ProcessInfo;
  /** To identify processes of this machine. */
  reads: ProcessReads;
  /** `--image`: component -> the image that this run gives it. */
  images?: { [component: string]: string };
  /** `--var`. */
  vars: { [name: string]: string };
  /** Absent: the services' own. */
  connect?: Connections;
}

/** No request to stop, ever. */
export const neverStop: StopRequests = { level: 0, signal: undefined, onRise: () => () => {} };
