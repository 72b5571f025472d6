/** Where the Pulumi engine keeps its checkpoint: `pulumi/<fence>/` in the stack's back end, a prefix of each run's own. */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PulumiPlace } from "../engine/pulumi/index.js";
import { pulumiPrefix } from "../state/keys.js";
import { s3Client } from "../state/s3.js";
import { type Backend, stackPrefix } from "./backend.js";
import type { BackendSettings, OperationContext } from "./context.js";

/** The place of a stack. The passphrase of a prefix lies beside it, sealed with the back end's key, so nobody types one. */
export function pulumiPlace(context: OperationContext, backend: Backend): PulumiPlace {
  const { settings, random } = context;
  const { environment } = settings;
  const remote = settings.backend?.type === "s3" ? settings.backend : undefined;
  const folder = join(settings.projectRoot, ".panka", ...stackPrefix(undefined, backend.id, environment).split("/"));
  return {
    open: async (fence) => {
      const prefix = pulumiPrefix(fence);
      const passphrase = `${random.uuid()}${random.uuid()}`;
      const sealed = await backend.cipher.seal(passphrase, `${backend.path} ${prefix}`);
      await backend.store.put(`${prefix}/key.json`, Buffer.from(JSON.stringify(sealed)), { ifNoneMatch: true });
      if (remote)
        return { url: s3Url(context, remote, `${stackPrefix(remote.prefix, backend.id, environment)}${prefix}`), prefix, passphrase };
      await mkdir(join(folder, prefix), { recursive: true });
      return { url: `file://${join(folder, prefix)}`, prefix, passphrase };
    },
    tidy: async (keep) => {
      const removing = remote
        ? tidyBucket(context, remote, `${stackPrefix(remote.prefix, backend.id, environment)}`, keep)
        : tidyFolder(folder, keep);
      await removing.catch(() => {}); // the next run tries again
    },
  };
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
  const { endpoint, profile } = context.settings.aws;
  const client = await s3Client({ region: remote.region, endpoint, profile });
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
