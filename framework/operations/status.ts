/** Status: what stands in an environment, as recorded, and who holds its lock. */
import { compareText, DiagnosticBag } from "../base/diagnostics.js";
import { componentOf } from "../base/names.js";
import type { Json } from "../base/json.js";
import type { ProviderIdentity, ResourceState, StateFile } from "../model/state-file.js";
import { isSealed } from "../state/journal-reader.js";
import { readState } from "../state/read.js";
import { getRelease, listReleases } from "../state/releases.js";
import { withBackend } from "./access.js";
import type { Backend } from "./backend.js";
import { readStack } from "./compile.js";
import type { OperationContext } from "./context.js";
import { stackId } from "./stack-id.js";

/** One component of a status. */
export interface ComponentStatus {
  component: string;
  resources: number;
  /** `ok`, `partial`, `deleting`: the worst of its resources. */
  status: ResourceState["status"];
  protected: boolean;
}

/** What stands. */
export interface StackStatus {
  stack: string;
  environment: string;
  deployed: boolean;
  /** Where the state is. */
  location: string;
  serial: number;
  /** The last run did everything that the whole stack asks for. */
  complete: boolean;
  /** What came of the newest release, where that is not good: what stands was not seen to work. */
  unverified: { serial: number; status: "verifying" | "failed" } | null;
  provider: ProviderIdentity;
  owner: string | null;
  components: ComponentStatus[];
  locks: { scope: string; lockId: string; who: string; operation: string; since: string; lastBeat: string }[];
}

/** One component as it stands. */
export interface ComponentView {
  component: string;
  resources: { urn: string; type: string; role: string | null; id: string; status: string; protected: boolean }[];
  needs: string[];
  outputs: { [name: string]: Json };
}

/** The recorded state, secrets left out. */
export interface StateView {
  location: string;
  state: { serial: number; fence: number; lineage: string; resources: { [key: string]: { type: string; id: string; status: string } } };
}

/** The status of the stack in the run's environment. */
export async function status(context: OperationContext): Promise<StackStatus> {
  const id = await stackId(context);
  return withBackend(context, id, async (backend) => {
    const state = (await readState(backend))?.state ?? null;
    const { locks } = await backend.locker.list();
    return {
      stack: id.stack,
      environment: context.settings.environment,
      deployed: state !== null && Object.keys(state.resources).length > 0,
      location: backend.store.location,
      serial: state?.serial ?? 0,
      complete: state !== null && isSealed(state) && state.assemblyHash !== null,
      unverified: state ? await unverifiedRelease(backend, state) : null,
      provider: state?.provider ?? { name: context.settings.provider, account: "", region: "", endpoint: "" },
      owner: await ownerOf(context),
      components: state ? componentsOf(state) : [],
      locks: locks.map((l) => ({
        scope: l.scope,
        lockId: l.lockId,
        who: `${l.metadata.user}@${l.metadata.host}`,
        operation: l.metadata.operation,
        since: l.lockedAt,
        lastBeat: l.lastHeartbeat,
      })),
    };
  });
}

/** The newest release, where it is not good; null also where it can't be read. */
export async function unverifiedRelease(backend: Backend, state: StateFile): Promise<StackStatus["unverified"]> {
  const serial = (await listReleases(backend.store)).at(-1);
  const release = serial === undefined ? null : await getRelease(backend, state, serial).catch(() => null);
  return release && release.status !== "good" ? { serial: release.serial, status: release.status } : null;
}

/** Components of a state, sorted. */
export function componentsOf(state: StateFile): ComponentStatus[] {
  const found = new Map<string, ComponentStatus>();
  for (const [key, resource] of Object.entries(state.resources)) {
    const component = componentOf(key.split("#")[0] ?? key);
    const own = found.get(component) ?? { component, resources: 0, status: "ok" as const, protected: false };
    found.set(component, {
      component,
      resources: own.resources + 1,
      status: resource.status === "ok" ? own.status : resource.status,
      protected: own.protected || resource.protect,
    });
  }
  return [...found.values()].sort((a, b) => compareText(a.component, b.component));
}

/** Team and contact of the Stack document, where its files are here. */
async function ownerOf(context: OperationContext): Promise<string | null> {
  if (!context.stackEntry) return null;
  const input = await readStack(context, new DiagnosticBag());
  const owner = input?.documents.find((d) => d.kind === "Stack")?.spec["owner"] as { [key: string]: unknown } | undefined;
  if (!owner) return null;
  return ["team", "email", "slack"].flatMap((k) => (typeof owner[k] === "string" ? [owner[k] as string] : [])).join(", ") || null;
}
