/** Tenants of a back end: listing, and putting a changed document in the place of the old one. */
import { parseTenant } from "../yaml/tenant.js";
import { stacksOfTenant, tenantFolders } from "./backend-folders.js";
import type { OperationContext } from "./context.js";
import { readNamedFile } from "./named-file.js";
import { readTenant, writeTenant } from "./tenant-store.js";

/** One row. */
export interface ListedTenant {
  name: string;
  /** False: stacks say that they belong to it, but no tenant of that name is set up. */
  setUp: boolean;
  stacks: string[];
  /** Most stacks that it may have; null where nothing is said. */
  mostStacks: number | null;
}

/** All tenants, by name. Throws a usage error where no back end is configured. */
export async function listTenants(context: OperationContext): Promise<ListedTenant[]> {
  const names = await tenantFolders(context);
  return Promise.all(
    names.map(async (name) => {
      const found = await readTenant(context, name);
      const mostStacks = found?.tenant.spec.limits?.stacks ?? null;
      return { name, setUp: found !== null, stacks: await stacksOfTenant(context, name), mostStacks };
    }),
  );
}

/** What became of {@link applyTenant}. */
export interface AppliedTenant {
  tenant: string;
  location: string;
  change: "created" | "changed" | "same" | "declined";
}

/** Writes a tenant's document from a file. `confirm` is asked before another one is replaced. Throws usage errors `unreadable-file`, `bad-tenant`. */
export async function applyTenant(
  context: OperationContext,
  file: string,
  confirm: (question: string) => Promise<boolean>,
): Promise<AppliedTenant> {
  const text = await readNamedFile(context.cwd, file, { code: "unreadable-file" });
  const { name } = parseTenant(text, file);
  const stored = await readTenant(context, name);
  if (stored?.text === text) return { tenant: name, location: stored.location, change: "same" };
  const question = `Put ${file} in the place of the document of ${name}? Its stacks get what it says with their next deploy.`;
  if (stored && !(await confirm(question))) return { tenant: name, location: stored.location, change: "declined" };
  const location = await writeTenant(context, name, text, stored ?? undefined);
  return { tenant: name, location, change: stored ? "changed" : "created" };
}
