/** Deletion protection of the cloud itself, turned off for what was named: the name that Panka's own guard asks for is enough. */
import { isProviderError, type PriorResource, type Provider, type ResourceCall } from "../model/provider.js";
import { type Allowed, isNamed } from "../plan/guards.js";

/** Properties that make AWS refuse a delete (RDS, DocumentDB; DynamoDB; load balancers: the API references of their delete calls). */
const GUARDS = ["deletionProtection", "deletionProtectionEnabled", "enableDeletionProtection"];

/**
 * The provider that, before it deletes what was named, changes it in place so that the cloud lets it go. What was not named is refused by
 * the cloud as before. `named` is read at each delete: a name may be typed after the provider was opened.
 */
export function withGuardsOff(base: Provider, named: Allowed): Provider {
  const may = (urn: string): boolean => isNamed(named.allowDelete, urn) || isNamed(named.allowReplace, urn);
  return {
    ...base,
    delete: async (call) => base.delete(may(call.urn) ? await unguarded(base, call) : call),
  };
}

/** The call for the resource without its guards, which are off when this returns; the same call if it has none or is gone. */
async function unguarded<C extends ResourceCall & { prior: PriorResource }>(base: Provider, call: C): Promise<C> {
  const on = GUARDS.filter((name) => call.prior.inputs[name] === true);
  if (on.length === 0) return call;
  const inputs = { ...call.inputs, ...Object.fromEntries(on.map((name) => [name, false])) };
  try {
    const { id, outputs, private: kept, schemaVersion } = await base.update({ ...call, inputs });
    return { ...call, inputs, prior: { id, inputs, outputs, private: kept, schemaVersion } };
  } catch (error) {
    if (isProviderError(error) && (await base.read(call)) === null) return call;
    throw error;
  }
}
