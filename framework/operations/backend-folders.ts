/** What the back end holds, by its folders: stacks, environments, tenants. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { compareText } from "../base/diagnostics.js";
import { usageError } from "../base/errors.js";
import type { StackId } from "../model/stack-model.js";
import { s3Client } from "../state/s3.js";
import { backendPrefix } from "./backend.js";
import type { OperationContext } from "./context.js";

/** Names of the folders below a path of the back end (`stacks`, `tenants/payments/stacks`). */
type Folders = (path: string) => Promise<string[]>;

/** A stack in one of its environments. */
export interface StackPlace extends StackId {
  environment: string;
}

/** All stacks, those of tenants included, in every environment; sorted. Throws a usage error where no back end is configured. */
export function stacksOf(context: OperationContext): Promise<StackPlace[]> {
  return withFolders(context, async (folders) => {
    const below = async (front: string, tenant?: string): Promise<StackPlace[]> => {
      const lists = (await folders(`${front}stacks`)).map(async (stack) =>
        (await folders(`${front}stacks/${stack}`)).map((environment) => ({
          stack,
          environment,
          ...(tenant === undefined ? {} : { tenant }),
        })),
      );
      return (await Promise.all(lists)).flat();
    };
    const tenants = await folders("tenants");
    return (await Promise.all([below(""), ...tenants.map((t) => below(`tenants/${t}/`, t))])).flat();
  });
}

/** Names of the tenants that have a folder, sorted. Throws a usage error where no back end is configured. */
export function tenantFolders(context: OperationContext): Promise<string[]> {
  return withFolders(context, async (folders) => (await folders("tenants")).sort(compareText));
}

/** Names of the stacks of a tenant that have ever been deployed, sorted. */
export function stacksOfTenant(context: OperationContext, tenant: string): Promise<string[]> {
  return withFolders(context, async (folders) => (await folders(`tenants/${tenant}/stacks`)).sort(compareText));
}

async function withFolders<T>(context: OperationContext, body: (folders: Folders) => Promise<T>): Promise<T> {
  const { backend, environment, projectRoot } = context.settings;
  if (!backend) throw usageError("no-backend", `no back end is configured for ${environment}`, { next: "panka backend create" });
  if (backend.type === "local") return body(async (path) => localFolders(join(projectRoot, ".panka", ...path.split("/"))));
  const { endpoint, profile } = context.settings.aws;
  const client = await s3Client({ region: backend.region, endpoint, profile });
  const { ListObjectsV2Command } = await import("@aws-sdk/client-s3");
  try {
    return await body(async (path) => {
      const found: string[] = [];
      const prefix = `${backendPrefix(backend.prefix)}${path}/`;
      let token: string | undefined;
      do {
        const more = token ? { ContinuationToken: token } : {};
        const page = await client.send(new ListObjectsV2Command({ Bucket: backend.bucket, Prefix: prefix, Delimiter: "/", ...more }));
        for (const p of page.CommonPrefixes ?? []) if (p.Prefix) found.push(p.Prefix.slice(prefix.length, -1));
        token = page.NextContinuationToken;
      } while (token);
      return found;
    });
  } finally {
    client.destroy();
  }
}

function localFolders(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((e) => e.isDirectory())
    .map((e) => e.name);
}
