/** Resources of a type of Panka's own beside those of a provider: no cloud has such a type, so it is planned and made in this process. */
import { componentOf } from "../base/names.js";
import type { Clock } from "../model/clock.js";
import type { EventSink } from "../model/events.js";
import type { PriorResource, Props, Provider, ProviderPlan, ProviderResult, ResourceCall } from "../model/provider.js";

/** What such a type does. Nothing refuses its inputs, nothing takes one in or finds it by tags, and deleting one does nothing. */
export interface OwnType {
  plan(call: ResourceCall & { prior: PriorResource | null }): Promise<ProviderPlan>;
  /** Creates or updates it. Throws ProviderError. */
  make(call: ResourceCall, op: "create" | "update"): Promise<ProviderResult>;
  /** What stands, or null if it is gone. */
  read(prior: PriorResource): Promise<ProviderResult | null>;
}

/** The provider, and the type `token` besides. */
export function withOwnType(base: Provider, token: string, type: OwnType): Provider {
  const own = (call: { type: string }): boolean => call.type === token;
  return {
    name: base.name,
    settleMs: base.settleMs,
    identity: () => base.identity(),
    tagged: (tags) => base.tagged(tags),
    prepare: async () => base.prepare?.(),
    lookup: (lookup, args) => base.lookup(lookup, args),
    validate: async (call) => (own(call) ? [] : base.validate(call)),
    plan: async (call) => (own(call) ? type.plan(call) : base.plan(call)),
    create: async (call) => (own(call) ? type.make(call, "create") : base.create(call)),
    update: async (call) => (own(call) ? type.make(call, "update") : base.update(call)),
    delete: async (call) => (own(call) ? undefined : base.delete(call)),
    read: async (call) => (own(call) ? type.read(call.prior) : base.read(call)),
    import: async (call) => (own(call) ? null : base.import(call)),
    findByTags: async (wanted, tags) => (own({ type: wanted }) ? [] : base.findByTags(wanted, tags)),
    waitReady: async (call) => (own(call) ? type.read(call.prior) : base.waitReady(call)),
    close: () => base.close(),
  };
}

/** A plan of one that is never replaced: nothing changes where it is the `same`, else it is made and `changedPaths` change. */
export function ownPlan(prior: PriorResource | null, same: boolean, outputs: Props, changedPaths: string[]): ProviderPlan {
  const action = same ? "same" : prior ? "update" : "create";
  return { action, replacePaths: [], outputs, changedPaths: same ? [] : changedPaths, diagnostics: [] };
}

/** One that stands. */
export function ownResult(id: string, outputs: Props): ProviderResult {
  return { id, outputs, private: "", schemaVersion: 0, secretPaths: [], diagnostics: [] };
}

/** Tells of the progress of making the resource `urn`. */
export function progressOf({ clock, emit }: { clock: Clock; emit: EventSink }, urn: string): (message: string) => void {
  const component = componentOf(urn);
  return (message) => emit({ type: "step-progress", urn, component, message, at: Math.round(clock.monotonic()) });
}
