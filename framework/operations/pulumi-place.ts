/** Where the Pulumi engine keeps its checkpoint: `pulumi/<fence>/` in the stack's back end, a prefix of each run's own. */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PulumiPlace } from "../engine/pulumi/index.js";
import type { CheckpointPlace } from "../engine/pulumi/workspace.js";
import { pulumiPrefix } from "../state/keys.js";
import { s3Client } from "../state/s3.js";
import { reachOf } from "./account.js";
import { type Backend, stackPrefix } from "./backend.js";
import type { BackendSettings, OperationContext } from "./context.js";

/**
 * The place of a stack: a prefix of each fence's own in the back end, or Pulumi Cloud where the configuration says so. Secrets are
 * encrypted with the back end's KMS key, which Pulumi calls itself; without one with a passphrase that lies at the prefix, sealed with the
 * back end's key, so nobody types one.
 */
export function pulumiPlace(context: OperationContext, backend: Backend): PulumiPlace {
  const { settings, random } = context;
  const { environment, pulumi } = settings;
  const remote = settings.backend?.type === "s3" ? settings.backend : undefined;
  const folder = join(settings.projectRoot, ".panka", ...stackPrefix(undefined, backend.id, environment).split("/"));
  const secretsOf = async (prefix: string): Promise<CheckpointPlace["secrets"]> => {
    if (backend.cipher.source.startsWith(KMS) && !pulumi) return { key: kmsUrl(context, backend) };
    const passphrase = `${random.uuid()}${random.uuid()}`;
    const sealed = await backend.cipher.seal(passphrase, `${backend.path} ${prefix}`);
    await backend.store.put(`${prefix}/key.json`, Buffer.from(JSON.stringify(sealed)), { ifNoneMatch: true });
    return { passphrase };
  };
  return {
    open: async (fence) => {
      const prefix = pulumiPrefix(fence);
      const secrets = await secretsOf(prefix);
      if (pulumi) return { url: pulumi.cloud, organization: pulumi.organization ?? "", prefix, secrets };
      if (remote)
        return { url: s3Url(context, remote, `${stackPrefix(remote.prefix, backend.id, environment)}${prefix}`), prefix, secrets };
      await mkdir(join(folder, prefix), { recursive: true });
      return { url: `file://${join(folder, prefix)}`, prefix, secrets };
    },
    tidy: async (keep) => {
      const removing = remote
        ? tidyBucket(context, remote, `${stackPrefix(remote.prefix, backend.id, environment)}`, keep)
        : tidyFolder(folder, keep);
      await removing.catch(() => {}); // the next run tries again
    },
  };
}

const KMS = "awskms:";

/** The URL by which Pulumi calls the back end's KMS key (a gocloud secrets URL). */
function kmsUrl(context: OperationContext, { cipher, region }: Backend): string {
  const { endpoint, profile } = context.settings.aws;
  const key = cipher.source.slice(KMS.length).replace(/^\/\//, "");
  const query = new URLSearchParams({ region, ...(profile ? { profile } : {}), ...(endpoint ? { endpoint } : {}) });
  return `${KMS}//${key.startsWith("arn:") ? "/" : ""}${key}?${query}`;
}

/** The URL of Pulumi's S3 back end (a gocloud blob URL). */
function s3Url(context: OperationContext, remote: Extract<BackendSettings, { type: "s3" }>, path: string): string {
  const { endpoint, profile } = context.settings.aws;
  const query = new URLSearchParams({ region: remote.region, ...(profile ? { profile } : {}) });
  if (endpoint) {
    const { host, protocol } = new URL(endpoint);
    query.set("endpoint", host);
    query.set("s3ForcePathStyle", "true");
    if (protocol === "http:") query.set("disableSSL", "true");
  }
  return `s3://${remote.bucket}/${path}?${query}`;
}

async function tidyFolder(folder: string, keep: readonly string[]): Promise<void> {
  for (const name of await readdir(join(folder, "pulumi"))) {
    if (!keep.includes(`pulumi/${name}`)) await rm(join(folder, "pulumi", name), { recursive: true, force: true });
  }
}

async function tidyBucket(
  context: OperationContext,
  remote: Extract<BackendSettings, { type: "s3" }>,
  base: string,
  keep: readonly string[],
): Promise<void> {
  const client = await s3Client({ ...reachOf(context.settings), region: remote.region });
  const { DeleteObjectCommand, ListObjectsV2Command } = await import("@aws-sdk/client-s3");
  try {
    const page = await client.send(new ListObjectsV2Command({ Bucket: remote.bucket, Prefix: `${base}pulumi/` }));
    for (const { Key } of page.Contents ?? []) {
      if (!Key || keep.some((prefix) => Key.startsWith(`${base}${prefix}/`))) continue;
      await client.send(new DeleteObjectCommand({ Bucket: remote.bucket, Key }));
    }
  } finally {
    client.destroy();
  }
}
