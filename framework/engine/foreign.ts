/** Resources of other Pulumi packages beside the provider's own: only Pulumi can do anything with them, so the provider is not asked. */
import { packageOf } from "../base/names.js";
import { type Provider, ProviderError } from "../model/provider.js";

/**
 * The provider with answers for types of other packages: they are as they were recorded, nothing is found of a lost create, and whether
 * a change fits in place is left to Pulumi. Throws ProviderError for creates, updates and deletes of them: Pulumi does those.
 */
export function withForeign(base: Provider, own: string): Provider {
  const foreign = (call: { type: string }): boolean => packageOf(call.type) !== own;
  const asRecorded = <P extends object>(prior: P) => ({ ...prior, secretPaths: [], diagnostics: [] });
  const refuse = (type: string): never => {
    throw new ProviderError("failed", `${type} is of another package than ${own}; only Pulumi can change it`);
  };
  return {
    ...base,
    validate: async (call) => (foreign(call) ? [] : base.validate(call)),
    plan: async (call) =>
      foreign(call)
        ? { action: call.prior ? "update" : "create", replacePaths: [], changedPaths: [], outputs: call.inputs, diagnostics: [] }
        : base.plan(call),
    create: async (call) => (foreign(call) ? refuse(call.type) : base.create(call)),
    update: async (call) => (foreign(call) ? refuse(call.type) : base.update(call)),
    delete: async (call) => (foreign(call) ? refuse(call.type) : base.delete(call)),
    read: async (call) => (foreign(call) ? asRecorded(call.prior) : base.read(call)),
    import: async (call) => (foreign(call) ? null : base.import(call)),
    findByTags: async (type, tags) => (foreign({ type }) ? [] : base.findByTags(type, tags)),
    waitReady: async (call) => (foreign(call) ? asRecorded(call.prior) : base.waitReady(call)),
  };
}
