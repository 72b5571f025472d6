/** One seed: actors and faults by chance; then all faults end, and everything must come right. */
import { hashJson, jsonEqual } from "../../framework/base/json.js";
import type { Assembly } from "../../framework/model/assembly.js";
import { isUnsealed } from "../../framework/state/journal-reader.js";
import { STACK_SCOPE } from "../../framework/model/scopes.js";
import { type Actor, act, command, type Ended, later, lookAfter, runs, STUCK, unlockThere } from "./actors.js";
import { chaos, clearWeather, drawWeather } from "./chaos.js";
import { GOOD } from "./commands.js";
import { Place } from "./place.js";
import type { Chance } from "./chance.js";
import { drawStack } from "./stack.js";
import type { Verifications } from "./verification.js";
import { type Layout, type Site, SimulationFailure, World } from "./world.js";

/** What came of a seed. */
export interface SeedResult {
  seed: number;
  events: number;
  /** Virtual time, ms. */
  time: number;
  counts: [string, number][];
  /** Undefined: all promises were kept. */
  failure?: string;
}

/** How a seed is run. */
export interface SeedOptions {
  trace?: (line: string) => void;
  /** Plants a bug. */
  plant?: (world: World) => void;
  /** Whose stacks there are; default by the seed, one stack alone where a bug is planted. */
  layout?: Layout;
}

/** Of eight seeds one has a stack in two regions, one two tenants with a stack of the same name each, one both, and one has its deploys verified. */
export function layoutOf(seed: number): Layout {
  if (seed % 8 === 2) return { own: [new Place(undefined, "r1"), new Place(undefined, "r2")] };
  if (seed % 8 === 4) return { own: [new Place("payments")], beside: new Place("search") };
  if (seed % 8 === 6) return { own: [new Place("payments", "r1"), new Place("payments", "r2")], beside: new Place() };
  if (seed % 8 === 7) return { own: [new Place()], verified: true };
  return { own: [new Place()] };
}

/** Which versions don't work: at least one does. */
function drawBroken(verifications: Verifications, versions: readonly Assembly[], chance: Chance): void {
  for (const version of versions.slice(1)) if (chance.is(0.4)) verifications.broken.add(hashJson(version));
  verifications.broken.delete(hashJson(versions[0] as Assembly));
  verifications.flaky = chance.pick([0, 0.2]);
}

const HOUR = 3_600_000;
/** Messages and incidents that a seed must have. */
const LEAST_EVENTS = 200;

/** Runs a seed. Never rejects. */
export async function runSeed(seed: number, options: SeedOptions = {}): Promise<SeedResult> {
  const world = new World(seed, 3, options.layout ?? (options.plant ? undefined : layoutOf(seed)));
  world.trace = options.trace;
  options.plant?.(world);
  let failure: string | undefined;
  try {
    await play(world);
    if (!options.plant && world.events < LEAST_EVENTS)
      throw new SimulationFailure(`only ${world.events} events: too few to prove anything`);
  } catch (error) {
    failure = error instanceof SimulationFailure ? error.message : `bug in the simulation: ${(error as Error).stack}`;
    options.trace?.(`FAILURE ${failure}`);
  }
  const result = { seed, events: world.events, time: world.scheduler.time, counts: [...world.counts.all] };
  return failure === undefined ? result : { ...result, failure };
}

async function play(world: World): Promise<void> {
  const chance = world.chance.fork();
  const shape = { resources: chance.int(4, 12), versions: chance.int(2, 4), leaf: chance.is(0.25), shared: chance.is(0.4) };
  const scoped = chance.is(0.5);
  const { versions } = drawStack(chance.fork(), shape);
  for (const host of world.hosts) host.skew = chance.int(-600_000, 600_000);
  drawWeather(world, chance);
  for (const { verifications } of world.own) if (verifications) drawBroken(verifications, versions, chance);
  const actors = Array.from({ length: chance.int(3, 6) }, () => ({
    world,
    chance: chance.fork(),
    versions,
    scoped,
    sites: world.own,
    forget: [] as Actor["forget"],
  }));
  const { beside } = world;
  if (beside) actors.push({ world, chance: chance.fork(), versions, scoped: false, sites: [beside], forget: [] });
  let failure: unknown;
  let left = actors.length;
  for (const actor of actors) {
    act(actor, chance.int(2, 5)).then(
      () => left--,
      (error) => {
        failure ??= error;
      },
    );
  }
  const over = (): boolean => left === 0 || failure !== undefined;
  void chaos(world, chance.fork(), over);
  await world.until(over, "the actors' work", 100 * HOUR);
  if (failure !== undefined) throw failure;
  clearWeather(world);
  for (const sites of [world.own, ...(beside ? [[beside]] : [])]) {
    world.counts.add(`place: ${sites.length} region${sites.length > 1 ? "s" : ""}${beside ? ", another tenant beside" : ""}`);
    await ending(world, { world, chance: chance.fork(), versions, scoped: false, sites, forget: actors.flatMap((a) => a.forget) });
  }
}

/** No more faults: a run must succeed, and leave nothing to do. */
async function ending(world: World, actor: Actor): Promise<void> {
  const { broken } = actor.sites[0]?.verifications ?? {};
  const target = actor.chance.pick(actor.versions.filter((v) => !broken?.has(hashJson(v))));
  await finish(world, () => converge(actor, target), "a run after the faults");
  await world.until(() => running(world) === 0, "what was still running", 4 * HOUR);
  // What a zombie did meanwhile is found by the next run.
  await finish(world, () => converge(actor, target), "a second run after the faults");
  for (const site of actor.sites) audit(site, target);
  await finish(world, () => expectNothing(actor, target), "a run with nothing to do");
  if (broken && broken.size > 0) await finish(world, () => takenBack(actor, target), "a version that does not work");
  if (!actor.chance.is(0.3)) return;
  await finish(world, () => converge(actor, target, "destroy"), "a destroy");
  const rest = actor.sites.flatMap(({ cloud }) => [...cloud.memory.things.keys()]);
  if (rest.length > 0) throw new SimulationFailure(`destroy: left ${rest.join(", ")}`);
}

function running(world: World): number {
  return world.hosts.reduce((sum, host) => sum + host.running.size, 0);
}

/** Lets `body` go on to its end. */
async function finish(world: World, body: () => Promise<void>, what: string): Promise<void> {
  let ended = false;
  let failure: unknown;
  body().then(
    () => {
      ended = true;
    },
    (error) => {
      failure = error;
      ended = true;
    },
  );
  await world.until(() => ended, what, 6 * HOUR);
  if (failure !== undefined) throw failure;
}

/** Runs until it is done, doing what each refusal asks for. */
async function converge(actor: Actor, target: Assembly, operation: "deploy" | "destroy" = "deploy"): Promise<void> {
  const host = actor.world.hosts[0] as World["hosts"][number];
  for (let tried = 0; tried < 8; tried++) {
    const end = await command(actor, host, operation, (p) =>
      runs(actor, p, { assembly: target, operation, scope: STACK_SCOPE, wait: "2m" }),
    );
    if (end && GOOD.has(end.kind)) return;
    if (end && STUCK.has(end.kind)) await lookLater(actor, end);
    if (end?.kind === "lock-held") await unlockThere(actor, host, end, true);
  }
  throw new SimulationFailure(`liveness: eight runs without faults did not ${operation} the stack`);
}

async function lookLater(actor: Actor, end: Ended): Promise<void> {
  for (let waited = 0; running(actor.world) > 0 && waited < 8; waited++) await later(actor.world, HOUR / 2);
  lookAfter(actor, end);
}

/** How one deploy of one site ends. */
async function deployOnce(actor: Actor, site: Site, assembly: Assembly): Promise<string> {
  const request = { assembly, operation: "deploy" as const, scope: STACK_SCOPE, wait: "2m" };
  const host = actor.world.hosts[0] as World["hosts"][number];
  return String((await command(actor, host, "deploy", (p) => runs({ ...actor, sites: [site] }, p, request)))?.kind);
}

async function expectNothing(actor: Actor, target: Assembly): Promise<void> {
  for (const site of actor.sites) {
    const end = await deployOnce(actor, site, target);
    if (end !== "no-changes") throw new SimulationFailure(`liveness: a second run over the same stack ended with ${end}`);
  }
}

/** What does not work is taken back to what stood before. */
async function takenBack(actor: Actor, target: Assembly): Promise<void> {
  for (const site of actor.sites) {
    const assembly = actor.versions.find((v) => site.verifications?.broken.has(hashJson(v)));
    if (!assembly) continue;
    const end = await deployOnce(actor, site, assembly);
    if (end !== "rolled-back") throw new SimulationFailure(`rollback: what does not work ended with ${end}`);
    audit(site, target);
  }
}

/** State, journal and cloud say the same. */
function audit({ checker, cloud }: Site, target: Assembly): void {
  const { state, journals } = checker;
  if (!state) throw new SimulationFailure("audit: there is no state");
  if (state.assemblyHash !== hashJson(target)) throw new SimulationFailure("audit: the state is not that of the last run");
  const { things } = cloud.memory;
  const recorded = new Map<string, string>();
  for (const [key, resource] of Object.entries(state.resources)) {
    if (recorded.has(resource.id)) throw new SimulationFailure(`audit: ${resource.id} is recorded twice`);
    recorded.set(resource.id, key);
    const thing = things.get(resource.id);
    if (!thing) throw new SimulationFailure(`audit: ${key} (${resource.id}) is lost`);
    if (!jsonEqual(thing.inputs, resource.inputs)) throw new SimulationFailure(`audit: ${key} is not as recorded`);
    if (resource.status !== "ok") throw new SimulationFailure(`audit: ${key} is ${resource.status}`);
  }
  for (const id of things.keys()) if (!recorded.has(id)) throw new SimulationFailure(`audit: ${id} is an orphan`);
  for (const [fence, intents] of journals) {
    for (const seq of intents.keys())
      if (isUnsealed(state, fence, seq)) throw new SimulationFailure(`audit: journal ${fence}/${seq} is not settled`);
  }
}
