/** The AWS provider, put together: schema data, the plugin found or downloaded, the port. */
import { join } from "node:path";
import type { Clock } from "../../base/clock.js";
import type { EventSink, Provider } from "../../model/index.js";
import { findPlugin, readPin } from "./discovery.js";
import { makeAwsProvider } from "./provider.js";
import { type AwsSchemaIndex, loadSchemaIndex } from "./schema-index.js";
import type { Call } from "./signed-call.js";
import type { Ask } from "./signed-get.js";

/** The provider's data folder inside the package. */
export const AWS_DATA = join("framework", "providers", "aws", "data");

/** What the provider needs of the world. */
export interface CreateAwsOptions {
  region: string;
  profile?: string;
  assumeRoleArn?: string;
  /** Of an emulator. Default: AWS's own endpoints. */
  endpoint?: string;
  /** The process's environment: credentials, proxies, PANKA_PLUGIN_DIR, TF_*. */
  env: { [name: string]: string | undefined };
  home: string;
  /** Folder from which relative paths of assets count. Default: this process's own. */
  projectRoot?: string;
  packageRoot: string;
  clock: Clock;
  /** How long a lost create may stay invisible, ms. Default 60,000; tests shorten it. */
  settleMs?: number;
  emit?: EventSink;
  /** Default: read from the package. */
  schemas?: unknown;
  /** Default: XDG_CACHE_HOME or ~/.cache, then panka. */
  cacheDir?: string;
  /** Puts questions that the plugin has no data source for. Absent: such look-ups are `unsupported`. */
  ask?: Ask;
  /** Calls services that speak JSON. Absent: look-ups of alarms are `unsupported`. */
  call?: Call;
}

/** Makes the AWS provider. Nothing is searched, started or downloaded before its first call. */
export function createAwsProvider(options: CreateAwsOptions): Provider {
  const dataDir = join(options.packageRoot, AWS_DATA);
  const cacheDir = options.cacheDir ?? join(options.env.XDG_CACHE_HOME || join(options.home, ".cache"), "panka");
  const { region, profile, assumeRoleArn, endpoint } = options;
  return makeAwsProvider({
    settings: {
      region,
      ...(profile ? { profile } : {}),
      ...(assumeRoleArn ? { assumeRoleArn } : {}),
      ...(endpoint ? { endpoint } : {}),
    },
    env: options.env,
    ...(options.projectRoot ? { cwd: options.projectRoot } : {}),
    plugin: () => locatePlugin({ ...options, dataDir, cacheDir }),
    schemas: isAwsIndex(options.schemas) ? options.schemas : loadSchemaIndex(dataDir),
    clock: options.clock,
    ...(options.settleMs === undefined ? {} : { settleMs: options.settleMs }),
    cacheDir,
    ...(options.ask ? { ask: options.ask } : {}),
    ...(options.call ? { call: options.call } : {}),
  });
}

function isAwsIndex(value: unknown): value is AwsSchemaIndex {
  return typeof (value as AwsSchemaIndex | undefined)?.config === "function";
}

/** Finds the plugin on this machine, or downloads it into the cache. */
export async function locatePlugin(
  options: Pick<CreateAwsOptions, "env" | "home" | "emit"> & { dataDir: string; cacheDir: string },
): Promise<string> {
  const pin = readPin(options.dataDir);
  const context = { env: options.env, home: options.home, cacheDir: options.cacheDir };
  const found = await findPlugin(pin, context);
  if (found) return found;
  const { downloadPlugin } = await import("./download.js");
  return downloadPlugin(pin, { ...context, dataDir: options.dataDir, ...(options.emit ? { events: options.emit } : {}) });
}
