/** Which back end is meant, and writing it into panka.config.yaml. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, parseDocument } from "yaml";
import { PankaError, usageError } from "../base/errors.js";
import { CONFIG_PROGRAM } from "../yaml/discover.js";
import { DEFAULT_KMS, keyAliasOf } from "./backend.js";
import type { BackendPlace } from "./backend-create.js";
import { reachOf } from "./account.js";
import type { OperationContext } from "./context.js";

/** What the command line says. */
export interface BackendFlags {
  bucket?: string | undefined;
  table?: string | undefined;
  region?: string | undefined;
  noKms: boolean;
}

/** Name of the lock table where nobody names one. */
export const DEFAULT_TABLE = "panka-state-locks";

/**
 * The back end by flags, else by the settings, else by default: `<account>-panka-state` and {@link DEFAULT_TABLE}.
 * `account` is asked for only where the default bucket name needs it. Throws a usage error without a region.
 */
export async function backendPlace(
  context: OperationContext,
  flags: BackendFlags,
  account: (region: string) => Promise<string>,
): Promise<BackendPlace> {
  const { backend, locks, aws } = context.settings;
  const remote = backend?.type === "s3" ? backend : undefined;
  const region = flags.region ?? remote?.region ?? aws.environmentRegion ?? aws.fallbackRegion;
  if (!region) throw usageError("no-region", "no region is set for the back end", { next: "panka backend create --region us-east-1" });
  const encryption = remote?.encryption ?? DEFAULT_KMS;
  return {
    region,
    ...reachOf(context.settings),
    bucket: flags.bucket ?? remote?.bucket ?? `${await account(region)}-panka-state`,
    table: flags.table ?? (locks?.type === "dynamodb" ? locks.table : DEFAULT_TABLE),
    keyAlias: flags.noKms ? undefined : keyAliasOf(encryption),
  };
}

/**
 * Writes `backend` and `locks` into the project's panka.config.yaml, comments kept; a file that names a back end already, and a
 * configuration that is a program, are left alone.
 * Returns the file's name if it was written. Throws PankaError `broken-config`.
 */
export function writeBackendConfig(context: OperationContext, place: BackendPlace): string | undefined {
  const name = "panka.config.yaml";
  const file = join(context.settings.projectRoot, name);
  if (existsSync(join(context.settings.projectRoot, CONFIG_PROGRAM))) return undefined;
  const document = parseDocument(existsSync(file) ? readFileSync(file, "utf8") : "version: 1\n");
  if (document.errors.length > 0 || (document.contents !== null && !isMap(document.contents))) {
    throw new PankaError("broken-config", `${name} can't be read, so the back end could not be written into it`, { next: "panka doctor" });
  }
  if (document.has("backend")) return undefined;
  const where: { [key: string]: string } = { type: "s3", bucket: place.bucket, region: place.region };
  if (!place.keyAlias) where["encryption"] = "file:~/.panka/keys/state.key";
  document.set("backend", document.createNode(where, { flow: true }));
  document.set("locks", document.createNode({ type: "dynamodb", region: place.region, table: place.table }, { flow: true }));
  // Whole after a power cut, too.
  writeFileSync(`${file}.tmp`, document.toString(), { flush: true });
  renameSync(`${file}.tmp`, file);
  return name;
}
