/**
 * kill -9 without a process: whole runs (lock, barrier, recovery, plan, execution, commit, release) of the production code on stores and a
 * cloud in memory. A kill throws away all that is in memory and keeps what is durable, so a copy of what is durable at a fault point
 * IS the world after a kill there: one run gives a world for each point that it passes.
 */
import type { Diagnostic } from "../../framework/base/diagnostics.js";
import type { Clock } from "../../framework/base/clock.js";
import { hashJson } from "../../framework/base/json.js";
import { embeddedEngine } from "../../framework/engine/embedded.js";
import { localLocker } from "../../framework/lock/local.js";
import { memoryLocker, type MemoryLockTable, memoryLockTable } from "../../framework/lock/memory.js";
import type { Assembly } from "../../framework/model/assembly.js";
import { type FaultHook, type FaultPoint, noFault } from "../../framework/model/faults.js";
import type { EventSink } from "../../framework/model/events.js";
import type { Plan } from "../../framework/model/plan.js";
import { STACK_SCOPE } from "../../framework/model/scopes.js";
import type { StateFile } from "../../framework/model/state-file.js";
import type { StoredObject } from "../../framework/model/state-store.js";
import type { Backend } from "../../framework/operations/backend.js";
import { neverStop, type OperationContext } from "../../framework/operations/context.js";
import type { Target } from "../../framework/operations/locked-job.js";
import { lockedRun } from "../../framework/operations/locked-run.js";
import type { RunResult } from "../../framework/operations/run-result.js";
import { makePlan } from "../../framework/plan/make-plan.js";
import type { Selection } from "../../framework/plan/selection.js";
import type { Cipher } from "../../framework/model/cipher.js";
import { aesCipher, singleKey } from "../../framework/state/cipher.js";
import { localStore } from "../../framework/state/local.js";
import { memoryStore } from "../../framework/state/memory.js";
import { readState } from "../../framework/state/read.js";
import { type MemoryProvider, MemoryProvider as Memory, memorySchemas } from "./memory-provider.js";
import { realRandom } from "./world.js";

/** All that survives a kill. */
export interface Durable {
  objects: Map<string, StoredObject>;
  table: MemoryLockTable;
  cloud: MemoryProvider;
  /** Runs so far: each is a process of its own, and all but the last are dead. */
  pid: number;
  /** State, journal and locks lie below this folder, as the local back end keeps them; default: in `objects` and `table`. */
  folder?: string;
}

/** Nothing deployed. */
export function emptyWorld(): Durable {
  return { objects: new Map(), table: memoryLockTable(), cloud: new Memory(), pid: 0 };
}

/** A copy that shares nothing that changes. */
export function fork(world: Durable): Durable {
  const { table } = world;
  const locks = new Map([...table.locks].map(([scope, lock]) => [scope, { ...lock }]));
  const copied = { fence: table.fence, locks, head: table.head ? { ...table.head } : null };
  return { objects: new Map(world.objects), table: copied, cloud: world.cloud.fork(), pid: world.pid };
}

/** Long waits (the heartbeat's) end only when they are aborted; short ones at once. */
const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const stop = () => reject(signal?.reason);
      signal?.addEventListener("abort", stop, { once: true });
      if (ms >= 10_000) return;
      setImmediate(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      });
    }),
};

const cipher = aesCipher(
  "file:test",
  singleKey("file:test", async () => new Uint8Array(32).fill(1)),
  realRandom,
);

/** What a run does. */
export interface CrashJob {
  operation: "deploy" | "destroy";
  assembly: Assembly;
  /** Default: nobody listens. */
  emit?: EventSink;
  planned?: (plan: Plan) => void;
  /** Look-ups are asked anew. */
  refresh?: true;
  /** The part of the stack that it is of; default: all. */
  selection?: Selection;
  /** What the verification finds; default: there is none. */
  verify?: () => Diagnostic[];
  /** Default: one whose key is at hand. */
  cipher?: Cipher;
}

/** One run, as a process of its own that finds all earlier ones dead. `seen` is called at each fault point that it passes. */
export function runIn(world: Durable, job: CrashJob, seen?: FaultHook): Promise<RunResult> {
  world.pid += 1;
  const { cloud, pid } = world;
  const { operation, assembly } = job;
  const context = {
    settings: { projectRoot: "/nowhere", environment: "dev", entry: "/nowhere", origins: {} },
    stackEntry: undefined,
    stackName: "shop",
    cwd: "/nowhere",
    home: "/nowhere",
    env: {},
    clock,
    random: realRandom,
    emit: job.emit ?? (() => {}),
    faults: seen ?? noFault,
    stop: neverStop,
    process: { user: "u", host: "h", pid },
    reads: readsOf(pid),
  } as unknown as OperationContext;
  const target = (own: Assembly, assemblyHash: string | null): Target => ({
    assembly: own,
    assemblyHash,
    plan: async (state) => ({
      plan: await makePlan({
        assembly: own,
        assemblyHash: hashJson(own),
        state,
        schemas: memorySchemas,
        port: cloud,
        destroy: operation === "destroy",
        ...(job.selection ? { selection: job.selection } : {}),
        ...(job.refresh ? { refreshed: { changed: [], gone: [] } } : {}),
      }),
      kept: [],
    }),
  });
  const { verify } = job;
  return lockedRun(
    context,
    {
      ...target(assembly, operation === "deploy" ? hashJson(assembly) : null),
      operation,
      scope: STACK_SCOPE,
      schemas: memorySchemas,
      provider: cloud,
      engine: embeddedEngine(cloud),
      identity: { name: "memory", account: "1", region: "here", endpoint: "" },
      accountId: undefined,
      backend: { ...backendOf(world), ...(job.cipher ? { cipher: job.cipher } : {}) },
      wait: undefined,
      takeover: undefined,
      forget: [],
      ...(verify ? { other: target, verify: async () => verify() } : {}),
      actions: {},
      position: () => ({}),
    },
    { planned: job.planned ?? (() => {}), approve: async () => "yes" },
  );
}

/** The back end of a world, as a run sees it. */
export function backendOf(world: Durable): Backend {
  const { folder } = world;
  return {
    id: { stack: "shop" },
    store: folder === undefined ? memoryStore(world.objects) : localStore({ folder, random: realRandom }),
    locker:
      folder === undefined
        ? memoryLocker({ table: world.table, clock, random: realRandom })
        : localLocker({ folder, clock, random: realRandom }),
    cipher,
    clock,
    path: "shop/dev",
    heartbeat: { type: "inline" },
    close: async () => {},
  } as unknown as Backend;
}

function readsOf(pid: number): OperationContext["reads"] {
  return {
    platform: "linux",
    readFile: (path) => (path.endsWith("boot_id") ? "boot\n" : `${pid} (panka) S ${"0 ".repeat(18)}7 0`),
    readLink: () => "pid:[1]",
    run: () => undefined,
    probe: (other) => (other === pid ? "alive" : "gone"),
  };
}

/** The state as it is recorded. */
export async function stateOf(world: Durable): Promise<StateFile | undefined> {
  return (await readState({ ...backendOf(world) }))?.state;
}

/** A world in which a run was killed, and where. */
export interface Crash {
  point: FaultPoint;
  detail: string;
  world: Durable;
}

/** Runs to the end, and gives a killed world for each fault point passed that `take` chooses. `passed` counts all points. */
export async function crashesOf(
  world: Durable,
  job: CrashJob,
  take: (index: number) => boolean,
): Promise<{ crashes: Crash[]; passed: Map<FaultPoint, number>; result: RunResult }> {
  const crashes: Crash[] = [];
  const passed = new Map<FaultPoint, number>();
  let index = 0;
  const result = await runIn(world, job, (point, detail = "") => {
    passed.set(point, (passed.get(point) ?? 0) + 1);
    if (take(index++)) crashes.push({ point, detail, world: fork(world) });
  });
  return { crashes, passed, result };
}

/** What is wrong after a run that should have left exactly `wanted`: orphans, losses, doubles, things that are not as the assembly says. */
export async function audit(world: Durable, wanted: Assembly | undefined): Promise<string[]> {
  const state = await stateOf(world);
  const problems: string[] = [];
  const known = new Map(Object.entries(state?.resources ?? {}).map(([key, r]) => [r.id, key]));
  for (const [id, thing] of world.cloud.things) if (!known.has(id)) problems.push(`orphan ${id} (${String(thing.inputs["name"])})`);
  for (const [id, key] of known) if (!world.cloud.things.has(id)) problems.push(`lost ${key}`);
  const expected = wanted?.resources.length ?? 0;
  if (known.size !== expected) problems.push(`${known.size} recorded, expected ${expected}`);
  for (const spec of wanted?.resources ?? []) {
    const entry = state?.resources[spec.urn];
    const real = entry && world.cloud.things.get(entry.id);
    if (entry?.status !== "ok" || !real) problems.push(`${spec.urn} is ${entry?.status ?? "absent"}`);
    else if (spec.props["size"] !== real.inputs["size"] || spec.props["kind"] !== real.inputs["kind"])
      problems.push(`${spec.urn} is not as wanted`);
  }
  if (wanted && state?.assemblyHash !== hashJson(wanted)) problems.push("not recorded as complete");
  if ((await backendOf(world).locker.list()).locks.length > 0) problems.push("the lock is held");
  return problems;
}
