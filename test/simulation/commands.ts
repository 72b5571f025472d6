/** What people and machines run: deploy, destroy, unlock, read. Each is a process that runs the production code. */
import { EXIT, isPankaError } from "../../framework/base/errors.js";
import { hashJson } from "../../framework/base/json.js";
import { embeddedEngine } from "../../framework/engine/embedded.js";
import { heartbeatLoop } from "../../framework/lock/heartbeat-loop.js";
import type { StartThread } from "../../framework/lock/heartbeat.js";
import { openLocker } from "../../framework/lock/open-locker.js";
import type { Assembly } from "../../framework/model/assembly.js";
import type { RunEvent } from "../../framework/model/events.js";
import { noFault } from "../../framework/model/faults.js";
import type { LockScope } from "../../framework/model/locker.js";
import { openBackend } from "../../framework/operations/backend.js";
import type { OperationContext } from "../../framework/operations/context.js";
import { withinScope } from "../../framework/operations/lock-scope.js";
import { lockedRun } from "../../framework/operations/locked-run.js";
import type { Planned } from "../../framework/operations/locked-job.js";
import type { RunResult } from "../../framework/operations/run-result.js";
import { unlockStack } from "../../framework/operations/unlock-stack.js";
import { makePlan } from "../../framework/plan/make-plan.js";
import type { StateFile } from "../../framework/model/state-file.js";
import { readState } from "../../framework/state/read.js";
import { memorySchemas } from "../support/memory-provider.js";
import { bucketClientOf } from "./bucket.js";
import { providerOf } from "./cloud.js";
import { BUCKET, TABLE } from "./place.js";
import type { SimProcess } from "./process.js";
import { selectionOf } from "./scopes.js";
import { tableClientOf } from "./table.js";
import type { Site, World } from "./world.js";

/** The key of the simulated back end. */
export const KEY = Buffer.alloc(32, 7).toString("base64");

/** The world as a process of the simulation sees it. */
function contextOf(world: World, process: SimProcess, emit: (event: RunEvent) => void): OperationContext {
  const { main, chance, place } = process;
  const settings: OperationContext["settings"] = {
    projectRoot: "/nowhere",
    entry: "/nowhere",
    environment: "dev",
    environmentClass: "development",
    provider: "aws",
    engine: "embedded",
    backend: { type: "s3", bucket: BUCKET, region: "here", encryption: "env:KEY" },
    locks: { type: "dynamodb", table: TABLE, region: "here" },
    aws: {},
    exclude: [],
    kinds: [],
    support: {},
    variables: {},
    environments: [],
    origins: {},
    warnings: [],
    ...(place.region === undefined ? {} : { region: place.region }),
  };
  return {
    settings,
    stackEntry: undefined,
    noEntry: undefined,
    stackName: place.tenant === undefined ? "shop" : `${place.tenant}/shop`,
    cwd: "/nowhere",
    home: "/nowhere",
    env: { KEY },
    packageRoot: "/nowhere",
    pankaVersion: "0.0.0",
    clock: main.clock,
    random: chance,
    registry: {} as OperationContext["registry"],
    emit,
    faults: noFault,
    stop: {
      get level() {
        return process.stopLevel;
      },
      get signal() {
        return process.stopLevel > 0 ? ("SIGTERM" as const) : undefined;
      },
      onRise(listener) {
        process.onStop.push(listener);
        return () => process.onStop.splice(process.onStop.indexOf(listener), 1);
      },
    },
    ask: undefined,
    process: { user: "sim", host: process.host.name, pid: process.pid },
    reads: process.host.reads,
    vars: {},
    connect: {
      bucket: async () => bucketClientOf(world.bucket, world.network, main),
      table: async () => tableClientOf(world.table, world.network, main),
      heartbeat: { type: "thread", start: heartbeatThread(world, process) },
      dumps: process.host.dumps,
    },
  };
}

/** The heartbeat's thread: clock and connection of its own; what it says is delivered to the main thread. */
function heartbeatThread(world: World, process: SimProcess): StartThread {
  return ({ lease, shared }, report) => {
    const side = process.newSide();
    const cells = new Int32Array(shared);
    const ended = new AbortController();
    const place = { type: "dynamodb" as const, table: TABLE, region: "here", environment: "dev", bucket: BUCKET, ...process.place.id };
    const connect = async () => tableClientOf(world.table, world.network, side);
    const channel = {
      ticks: () => Atomics.load(cells, 0),
      inFlight: () => Atomics.load(cells, 1),
      report: (r: Parameters<typeof report>[0]) => void process.main.post(0, () => report(r)),
      signal: ended.signal,
    };
    void openLocker(place, { clock: side.clock, random: process.chance, connect }).then((locker) =>
      heartbeatLoop(side.clock, locker, lease, channel),
    );
    return async () => {
      ended.abort();
      side.stopped = true;
    };
  };
}

/** What a deploy or destroy is asked for. */
export interface RunRequest {
  assembly: Assembly;
  operation: "deploy" | "destroy";
  scope: LockScope;
  wait?: string | undefined;
  takeover?: { force: boolean } | undefined;
  forget?: string[];
}

/** How a command ended. */
export interface Ending {
  /** `done`, `no-changes`, `failed`, ..., or the code of the error. */
  kind: string;
  result?: RunResult;
  error?: unknown;
}

/** Endings of a run that succeeded: the next region's begins after them only. */
export const GOOD = new Set(["done", "no-changes", "nothing-to-destroy"]);

/** Runs `body` for one region after the other, in order, and stops at the first failure, as the commands do. */
export async function inTurn(
  world: World,
  process: SimProcess,
  sites: readonly Site[],
  body: (site: Site) => Promise<Ending>,
): Promise<Ending> {
  let end: Ending | undefined;
  for (const [i, site] of sites.entries()) {
    if (i > 0) {
      world.counts.add("region: next one begun");
      process.left.push(process.place);
    }
    process.place = site.place;
    end = await body(site);
    if (GOOD.has(end.kind)) continue;
    if (i + 1 < sites.length) world.counts.add("region: stopped at the first failure");
    break;
  }
  return end as Ending;
}

/** Deploys or destroys. Never rejects. */
export async function run(world: World, process: SimProcess, request: RunRequest): Promise<Ending> {
  const context = contextOf(world, process, (event) => world.observe(process, event));
  const { cloud, checker, place, verifications } = world.siteOf(process);
  const provider = providerOf(cloud, world.network, process.main);
  const { assembly, scope } = request;
  process.scope = scope;
  process.forces = request.takeover?.force === true;
  const plan = async (state: StateFile, target: Assembly): Promise<Planned> => {
    const plan = await makePlan({
      assembly: target,
      assemblyHash: hashJson(target),
      state,
      schemas: memorySchemas,
      port: provider,
      destroy: request.operation === "destroy",
      ...selectionOf(target, scope),
    });
    return { plan: withinScope(plan, scope), kept: [] };
  };
  return ending(async () => {
    const backend = await openBackend(context, world.bugs.placeOf(place).id);
    const result = await lockedRun(
      context,
      {
        operation: request.operation,
        scope,
        assembly,
        assemblyHash: request.operation === "destroy" ? null : hashJson(assembly),
        engine: embeddedEngine(provider),
        schemas: memorySchemas,
        provider,
        identity: await provider.identity(),
        accountId: undefined,
        backend,
        wait: request.wait,
        takeover: request.takeover,
        forget: request.forget ?? [],
        plan: (state) => plan(state, assembly),
        ...(verifications && request.operation === "deploy" ? { verify: verifications.verify(process) } : {}),
        other: (assembly, assemblyHash) => ({ assembly, assemblyHash, plan: (state) => plan(state, assembly) }),
        actions: {},
        position: () => ({}),
      },
      { planned: () => {}, approve: async () => "yes" },
    );
    if (result.exitCode !== EXIT.ok && result.kind === "done") checker.fail(`verdict: done with exit code ${result.exitCode}`);
    return { kind: result.kind, result };
  });
}

/** Unlocks what is held, if anything is. */
export function unlock(world: World, process: SimProcess, request: { force: boolean; stale?: boolean }): Promise<Ending> {
  const context = contextOf(world, process, (event) => world.observe(process, event));
  process.forces = request.force;
  return ending(async () => {
    const backend = await openBackend(context, process.place.id);
    const { locks } = await backend.locker.list();
    const lockId = request.stale
      ? "00000000-0000-4000-8000-000000000000"
      : (locks.length > 1 ? process.chance.pick(locks) : locks[0])?.lockId;
    if (lockId === undefined) return { kind: "not-locked" };
    const { done } = await unlockStack(context, { lockId, force: request.force, confirm: async () => true });
    return { kind: done ? "unlocked" : "declined" };
  });
}

/** Reads the state again and again, without a lock. */
export function read(world: World, process: SimProcess, times: number): Promise<Ending> {
  const context = contextOf(world, process, () => {});
  return ending(async () => {
    const backend = await openBackend(context, process.place.id);
    let seen = 0;
    for (let i = 0; i < times; i++) {
      const stored = await readState(backend);
      const serial = stored?.state.serial ?? 0;
      if (serial < seen) world.siteOf(process).checker.fail(`reader: ${process.name} read serial ${serial} after ${seen}`);
      seen = serial;
      await context.clock.sleep(process.chance.int(100, 20_000));
    }
    return { kind: "read" };
  });
}

async function ending(body: () => Promise<Ending>): Promise<Ending> {
  try {
    return await body();
  } catch (error) {
    return { kind: codeOf(error), error };
  }
}

function codeOf(error: unknown): string {
  if (isPankaError(error)) return error.code;
  const { name, failure } = error as { name?: string; failure?: string };
  return failure ? `store: ${failure}` : `bug: ${name}: ${(error as Error)?.stack ?? String(error)}`;
}
