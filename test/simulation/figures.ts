/** Figures in virtual time: the production code of lock, state and engine with nothing but the network's latency in the way. */
import { dynamodbLocker } from "../../framework/lock/dynamodb.js";
import type { Lease, Locker } from "../../framework/model/locker.js";
import { STACK_SCOPE } from "../../framework/model/scopes.js";
import { assembly, resource } from "../support/engine-world.js";
import { metadata } from "../support/world.js";
import { type Actor, command } from "./actors.js";
import { type RunRequest, run } from "./commands.js";
import { BUCKET, TABLE } from "./place.js";
import type { SimProcess } from "./process.js";
import { settle } from "./scheduler.js";
import { tableClientOf } from "./table.js";
import { SimulationFailure, World } from "./world.js";

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** Hosts of contenders are off by up to so much, ms. */
const SKEW_MS = 10 * MINUTE;

/** What came of rounds of contention. */
export interface Rounds {
  rounds: number;
  contenders: number;
  /** Attempts at the lock. */
  attempts: number;
  /** Calls that arrived at the table, or back. */
  messages: number;
}

/**
 * Contenders whose clocks are off, all at one lock at once, round after round. Each round has one winner, whom the table's own record knows
 * too, and a fence above all before. Throws SimulationFailure where that does not hold.
 */
export async function contend(rounds: number, contenders: number, seed = 1): Promise<Rounds> {
  const world = new World(seed, contenders);
  for (const host of world.hosts) host.skew = world.chance.int(-SKEW_MS, SKEW_MS);
  const lockers = world.hosts.map((host) => lockerOf(world, host.start("contender", world.chance.fork())));
  let last = 0;
  let attempts = 0;
  for (let round = 1; round <= rounds; round++) {
    const won = await finished(world, contest(lockers));
    attempts += contenders;
    if (won.length !== 1) throw new SimulationFailure(`round ${round}: ${won.length} of ${contenders} hold the lock`);
    const [{ locker, lease }] = won as [Won];
    if (lease.fence <= last) throw new SimulationFailure(`round ${round}: fence ${lease.fence} after ${last}`);
    last = lease.fence;
    await finished(world, locker.release(lease));
    world.checker.grants.clear();
  }
  return { rounds, contenders, attempts, messages: world.network.messages };
}

interface Won {
  locker: Locker;
  lease: Lease;
}

/** All try until one has it. */
async function contest(lockers: readonly Locker[]): Promise<Won[]> {
  const won: Won[] = [];
  while (won.length === 0) {
    const results = await Promise.all(lockers.map((locker) => locker.acquire(STACK_SCOPE, metadata({ host: locker.location }))));
    results.forEach((result, i) => {
      if (result.ok) won.push({ locker: lockers[i] as Locker, lease: result.lease });
    });
  }
  return won;
}

function lockerOf(world: World, process: SimProcess): Locker {
  const place = { table: TABLE, region: "here", stack: "shop", environment: "dev", bucket: BUCKET };
  const connect = async () => tableClientOf(world.table, world.network, process.main);
  return dynamodbLocker({ ...place, clock: process.main.clock, random: process.chance, connect });
}

/** How long deployers took from start to end, virtual ms, rising. */
export interface Contention {
  sameStack: number[];
  sameStackByService: number[];
}

/** Ten deployers at once: of one stack, which queue for its lock, and of one service each under locks of their own. */
export async function deployers(count: number, seed = 1): Promise<Contention> {
  const target = assembly(Array.from({ length: count }, (_, i) => resource(`s${i}/thing`, { size: i })));
  const versions = Array.from({ length: count }, (_, i) =>
    assembly([...target.resources.slice(1), resource("s0/thing", { size: 100 + i })]),
  );
  const times = async (requests: RunRequest[]): Promise<number[]> => {
    const world = new World(seed, count);
    const ends = requests.map((request, i) => deployed(world, i, { ...request, wait: "60m" }));
    return (await finished(world, Promise.all(ends))).sort((a, b) => a - b);
  };
  const request = { operation: "deploy" as const, scope: STACK_SCOPE };
  return {
    sameStack: await times(versions.map((version) => ({ ...request, assembly: version }))),
    sameStackByService: await times(versions.map((_, i) => ({ ...request, assembly: target, scope: `s${i}` }))),
  };
}

/** How long after a kill -9 on another machine, in the middle of a create, the next run has committed, virtual ms. */
export async function recoveryTimes(seed = 1): Promise<{ automatic: number; takeover: number }> {
  const after = async (takeover: RunRequest["takeover"]): Promise<number> => {
    const world = new World(seed, 2);
    const request: RunRequest = { assembly: assembly([resource("s/a")]), operation: "deploy", scope: STACK_SCOPE, wait: "60m", takeover };
    let killed: number | undefined;
    world.network.onSend = ({ service, write, thread }) => {
      if (killed !== undefined || service !== "cloud" || !write) return;
      killed = world.scheduler.time;
      thread.process.kill();
    };
    await finished(
      world,
      command(actorOf(world), host(world, 0), "deploy", (p) => run(world, p, request)),
    );
    await finished(world, deployed(world, 1, request));
    return world.scheduler.time - (killed as number);
  };
  return { automatic: await after(undefined), takeover: await after({ force: false }) };
}

const host = (world: World, i: number) => world.hosts[i] as World["hosts"][number];

/** Somebody who uses the world's own stack. */
export function actorOf(world: World): Actor {
  return { world, chance: world.chance.fork(), versions: [], scoped: false, sites: world.own, forget: [] };
}

/** Deploys on a host; how long it took. Throws SimulationFailure when it did not succeed. */
export async function deployed(world: World, i: number, request: RunRequest): Promise<number> {
  const began = world.scheduler.time;
  const end = await command(actorOf(world), host(world, i), "deploy", (p) => run(world, p, request));
  if (end?.kind !== "done" && end?.kind !== "no-changes") throw new SimulationFailure(`a deploy ended with ${String(end?.kind)}`);
  return world.scheduler.time - began;
}

/** Lets virtual time pass until `work` is over. */
export async function finished<T>(world: World, work: Promise<T>): Promise<T> {
  let over = false;
  const end = (): void => {
    over = true;
  };
  work.then(end, end);
  await settle();
  await world.until(() => over, "a figure", 100 * HOUR);
  return work;
}
