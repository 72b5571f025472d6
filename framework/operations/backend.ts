/** Opens the back end of one stack in one environment: store, locker and cipher by the settings. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { usageError } from "../base/errors.js";
import type { HeartbeatHost } from "../lock/heartbeat.js";
import { type LockerConfig, openLocker } from "../lock/open-locker.js";
import type { Cipher } from "../model/cipher.js";
import type { Locker } from "../model/locker.js";
import type { StackId } from "../model/stack-model.js";
import type { StateStore } from "../model/state-store.js";
import { cipherFrom } from "../state/cipher-source.js";
import type { ReadDeps } from "../state/deps.js";
import { localStore } from "../state/local.js";
import { s3Store } from "../state/s3.js";
import { reachOf } from "./account.js";
import type { OperationContext } from "./context.js";

/** The key that `backend create` makes, used where an S3 back end names none. */
export const DEFAULT_KMS = "awskms://alias/panka-state";

/** An open back end; can be spread into readState's and openSession's options. */
export interface Backend extends ReadDeps {
  id: StackId;
  store: StateStore;
  locker: Locker;
  cipher: Cipher;
  lockerConfig: LockerConfig;
  /** Of the key that encrypts, where it is one of the cloud's. */
  region: string;
  /** Where the heartbeat runs. */
  heartbeat: HeartbeatHost;
  close(): Promise<void>;
}

/** Opens it. Calls nothing yet. Throws a usage error where no back end is configured or encryption is misspelt. */
export async function openBackend(context: OperationContext, id: StackId): Promise<Backend> {
  const { stack, tenant, regional } = id;
  const { settings, clock, random } = context;
  const { backend, locks, environment, aws } = settings;
  if (!backend) throw usageError("no-backend", `no back end is configured for ${environment}`, { next: "panka backend create" });
  const path = stackPrefix(undefined, id, environment).replace(/\/$/, "");
  const store = storeAt(context, path);
  const folder = join(settings.projectRoot, ".panka", ...path.split("/"));
  const reach = reachOf(settings);
  const remote = backend.type === "s3" ? backend : undefined;
  const lockerConfig: LockerConfig =
    locks?.type !== "dynamodb"
      ? { type: "local", folder, location: `.panka/${path}` }
      : {
          ...locks,
          ...reach,
          stack,
          environment,
          bucket: remote?.bucket ?? "",
          ...(remote?.prefix ? { prefix: remote.prefix } : {}),
          ...(tenant === undefined ? {} : { tenant }),
          ...(regional === undefined ? {} : { regional }),
        };
  const locker = await openLocker(lockerConfig, { clock, random, connect: context.connect?.table });
  const region = remote?.region ?? aws.environmentRegion ?? aws.fallbackRegion ?? "us-east-1";
  const source = remote ? (remote.encryption ?? DEFAULT_KMS) : encryptionOf(backend);
  const cipher = cipherFrom(source, {
    home: context.home,
    projectRoot: settings.projectRoot,
    env: context.env,
    random,
    aws: { region, ...reach },
  });
  const close = async (): Promise<void> => {
    await Promise.all([store.close(), locker.close()]);
  };
  return {
    id,
    store,
    locker,
    cipher,
    clock,
    path: `${tenant === undefined ? "" : `${tenant}/`}${stack}/${environment}${regional === undefined ? "" : `/${regional}`}`,
    lockerConfig,
    region,
    heartbeat: context.connect?.heartbeat ?? heartbeatHost(context, lockerConfig),
    close,
  };
}

/**
 * The objects of the back end below a path without slashes at its ends, such as `tenants/payments`. Calls nothing yet. Throws a usage error
 * where no back end is configured.
 */
export function storeAt(context: OperationContext, path: string): StateStore {
  const { settings, random } = context;
  const { backend, environment } = settings;
  if (!backend) throw usageError("no-backend", `no back end is configured for ${environment}`, { next: "panka backend create" });
  if (backend.type === "local")
    return localStore({ folder: join(settings.projectRoot, ".panka", ...path.split("/")), location: `.panka/${path}`, random });
  return s3Store({
    bucket: backend.bucket,
    region: backend.region,
    prefix: `${backendPrefix(backend.prefix)}${path}/`,
    ...reachOf(settings),
    random,
    connect: context.connect?.bucket,
  });
}

/** `alias/NAME` of a KMS key source `awskms://alias/NAME`; undefined for any other source. */
export function keyAliasOf(encryption: string): string | undefined {
  return encryption.startsWith("awskms://alias/") ? encryption.slice("awskms://".length) : undefined;
}

function encryptionOf(backend: object): string | undefined {
  return (backend as { encryption?: string }).encryption;
}

/** The worker's file: beside the bundle, or the source when running from it. */
function heartbeatHost(context: OperationContext, locker: LockerConfig): HeartbeatHost {
  const built = join(context.packageRoot, "dist", "heartbeat-worker.js");
  const file = existsSync(built) ? built : join(context.packageRoot, "framework", "lock", "heartbeat-worker.ts");
  return { type: "worker", file, locker };
}

/** `[<prefix>/]`. */
export function backendPrefix(prefix: string | undefined): string {
  const front = prefix?.replace(/^\/+|\/+$/g, "");
  return front ? `${front}/` : "";
}

/** `[<prefix>/][tenants/<tenant>/]stacks/<stack>/<environment>/[<region>/]`. */
export function stackPrefix(prefix: string | undefined, { stack, tenant, regional }: StackId, environment: string): string {
  return `${backendPrefix(prefix)}${tenant === undefined ? "" : `tenants/${tenant}/`}stacks/${stack}/${environment}/${regional === undefined ? "" : `${regional}/`}`;
}
