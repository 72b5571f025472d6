/** Tenants in the back end: `tenants/<name>/tenant.yaml`, written under a condition, so that of two writers one learns of the other. */
import type { DiagnosticBag } from "../base/diagnostics.js";
import { PankaError, usageError } from "../base/errors.js";
import { nearest } from "../base/nearest.js";
import { LABEL } from "../base/names.js";
import { isStoreError, type StateStore } from "../model/state-store.js";
import type { Tenant } from "../model/tenant.js";
import { parseTenant } from "../yaml/tenant.js";
import { requireBackend } from "./required-backend.js";
import { storeAt } from "./backend.js";
import { tenantFolders } from "./backend-folders.js";
import type { OperationContext } from "./context.js";

/** The object that holds the document. */
const KEY = "tenant.yaml";

/** A tenant as it is kept. */
export interface StoredTenant {
  tenant: Tenant;
  /** The document as it was written. */
  text: string;
  /** Version of the object, for a change. */
  tag: string;
  /** For messages. */
  location: string;
}

/** The tenant of a name, or null where none is set up. Throws usage errors: `bad-tenant`, `no-backend`. */
export function readTenant(context: OperationContext, name: string): Promise<StoredTenant | null> {
  return withStore(context, name, async (store) => {
    const stored = await store.get(KEY);
    if (!stored) return null;
    const text = Buffer.from(stored.bytes).toString("utf8");
    const location = `${store.location}/${KEY}`;
    return { tenant: parseTenant(text, location), text, tag: stored.tag, location };
  });
}

/** Like {@link readTenant}; throws usage error `unknown-tenant` with the nearest name. */
export async function requireTenant(context: OperationContext, name: string): Promise<StoredTenant> {
  const found = await readTenant(context, name);
  if (found) return found;
  const others = (await tenantFolders(context)).filter((other) => other !== name);
  const suggestion = nearest(name, others);
  throw usageError("unknown-tenant", `no tenant ${name} is set up${suggestion ? `; did you mean ${suggestion}?` : ""}`, {
    next: suggestion ? `panka tenant show ${suggestion}` : `panka tenant init ${name}`,
  });
}

/**
 * Writes a tenant's document: a new one, or with `over` in the place of the version that was read. Returns where it is.
 * Throws PankaError `tenant-exists` or `tenant-changed` (exit 1) when somebody else was there first; nothing is written then.
 */
export function writeTenant(context: OperationContext, name: string, text: string, over?: StoredTenant): Promise<string> {
  return withStore(context, name, async (store) => {
    try {
      await store.put(KEY, Buffer.from(text), over ? { ifMatch: over.tag } : { ifNoneMatch: true });
    } catch (error) {
      if (!isStoreError(error, "refused") && !isStoreError(error, "missing")) throw error;
      if (!over) throw new PankaError("tenant-exists", `the tenant ${name} is set up already`, { next: `panka tenant show ${name}` });
      throw new PankaError("tenant-changed", `somebody has changed the tenant ${name} meanwhile`, { next: `panka tenant show ${name}` });
    }
    return `${store.location}/${KEY}`;
  });
}

/** What a stack's tenant sets; undefined where none of that name is set up, of which a notice tells. Problems go to the bag. */
export async function tenantOf(context: OperationContext, name: string, bag: DiagnosticBag): Promise<Tenant | undefined> {
  if (!LABEL.test(name)) {
    bag.error("bad-name", `"${name}" can't name a tenant`, { path: "metadata.tenant", expected: "lower-case letters, digits and hyphens" });
    return undefined;
  }
  const found = context.settings.backend ? await readTenant(context, name) : null;
  if (found) return found.tenant;
  const message = `no tenant ${name} is set up in the back end, so the stack's own network and rules apply`;
  bag.notice("no-such-tenant", message, { next: `panka tenant init ${name}` });
  return undefined;
}

async function withStore<T>(context: OperationContext, name: string, body: (store: StateStore) => Promise<T>): Promise<T> {
  requireBackend(context.settings);
  checkTenantName(name);
  const store = storeAt(context, `tenants/${name}`);
  try {
    return await body(store);
  } finally {
    await store.close();
  }
}

/** Throws usage error `bad-name` for what can't name a tenant. */
export function checkTenantName(name: string): void {
  if (!LABEL.test(name)) throw usageError("bad-name", `"${name}" can't name a tenant; expected lower-case letters, digits and hyphens`);
}
