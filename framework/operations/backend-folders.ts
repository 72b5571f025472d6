/** What the back end holds, by its folders: stacks, environments, tenants. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { compareText } from "../base/diagnostics.js";
import { usageError } from "../base/errors.js";
import type { StackId } from "../model/stack-model.js";
import { s3Client } from "../state/s3.js";
import { backendPrefix } from "./backend.js";
import { reachOf } from "./account.js";
import type { OperationContext } from "./context.js";

/** What an AWS region is called, such as eu-central-1; no other folder of a state is called so. */
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** Names of the folders below a path of the back end (`stacks`, `tenants/payments/stacks`). */
type Folders = (path: string) => Promise<string[]>;

/** A stack in one of its environments. */
export interface StackPlace extends StackId {
  environment: string;
}

/** Where stacks may have a state: every environment and each of its regions, those of tenants included. Throws a usage error where no back end is configured. */
export function stacksOf(context: OperationContext): Promise<StackPlace[]> {
  return withFolders(context, async (folders) => {
    const environments = async (front: string, stack: string, tenant: { tenant?: string }): Promise<StackPlace[]> => {
      const names = await folders(`${front}stacks/${stack}`);
      const places = names.map(async (environment) => {
        const regions = (await folders(`${front}stacks/${stack}/${environment}`)).filter((name) => REGION.test(name));
        const one = { stack, environment, ...tenant };
        return [one, ...regions.map((regional) => ({ ...one, regional }))];
      });
      return (await Promise.all(places)).flat();
    };
    const below = async (front: string, tenant?: string): Promise<StackPlace[]> => {
      const stacks = await folders(`${front}stacks`);
      return (await Promise.all(stacks.map((stack) => environments(front, stack, tenant === undefined ? {} : { tenant })))).flat();
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
  const client = await s3Client({ ...reachOf(context.settings), region: backend.region });
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
