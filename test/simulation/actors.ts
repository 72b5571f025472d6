/** People and machines that use the stack: each starts one command after the other, and does what the messages tell it to. */
import type { PankaError } from "../../framework/base/errors.js";
import type { Diagnostic } from "../../framework/base/diagnostics.js";
import type { Assembly } from "../../framework/model/assembly.js";
import { LEAF } from "../support/memory-provider.js";
import type { LockScope } from "../../framework/model/locker.js";
import { STACK_SCOPE } from "../../framework/model/scopes.js";
import { type Ending, inTurn, read, run, type RunRequest, unlock } from "./commands.js";
import type { Chance } from "./chance.js";
import type { Host, SimProcess } from "./process.js";
import { drawScope } from "./scopes.js";
import { type Site, SimulationFailure, type World } from "./world.js";

/** Endings that the protocol allows for a command, with faults about. */
const ALLOWED = new Set(
  "done no-changes nothing-to-destroy failed rolled-back stopped interrupted lock-held lock-lost commit-unknown gate-shut recovery-stopped plan-failed read unlocked not-locked declined holder-alive lock-moved other-lock no-lock journal-unavailable state-not-saved store-unavailable outside-scope other-scope-journal other-scope-recovery".split(
    " ",
  ),
);

/** How a command ended, and on which site. */
export type Ended = Ending & { site: Site };

/** What an actor knows. */
export interface Actor {
  world: World;
  chance: Chance;
  versions: Assembly[];
  /** Narrows its runs to services and components. */
  scoped: boolean;
  /** Whose stack: one site, or one per region. */
  sites: readonly Site[];
  /** Steps that it has looked after by hand. */
  forget: { site: Site; step: string }[];
}

/** A run in each region. Takes what the actor has looked after. */
export function runs(actor: Actor, process: SimProcess, request: RunRequest): Promise<Ending> {
  const { world, sites } = actor;
  const forget = actor.forget.splice(0);
  const own = (site: Site) => ({ ...request, forget: forget.filter((f) => f.site === site).map((f) => f.step) });
  return inTurn(world, process, sites, (site) => run(world, process, own(site)));
}

/** A command on one region. */
export function at(actor: Actor, process: SimProcess, body: () => Promise<Ending>): Promise<Ending> {
  process.place = actor.chance.pick(actor.sites).place;
  return body();
}

/** Runs a command as a process and waits for its end; undefined: it was killed. */
export async function command(
  actor: Actor,
  host: Host,
  what: string,
  body: (process: SimProcess) => Promise<Ending>,
): Promise<Ended | undefined> {
  let end: Ending | undefined;
  const process = actor.world.start(host, what, async (p) => {
    end = await body(p);
  });
  await process.gone;
  if (!end) return undefined;
  const { world } = actor;
  world.counts.add(`ending: ${what.split(" ")[0]} ${end.kind.startsWith("bug") ? "bug" : end.kind}`);
  world.trace?.(`${world.at()} ${process.name} ends: ${end.kind} ${end.error ? (end.error as Error).message : ""}`);
  if (!ALLOWED.has(end.kind) && !end.kind.startsWith("store: "))
    throw new SimulationFailure(`ending: ${process.name} ended with ${end.kind}`);
  judge(world, process, end);
  return { ...end, site: world.siteOf(process) };
}

/** Verdicts must be true. */
function judge(world: World, process: SimProcess, end: Ending): void {
  const { checker } = world.siteOf(process);
  const grant = checker.grantOf(process);
  if (end.kind === "lock-lost" && grant && !grant.displaced)
    throw new SimulationFailure(`verdict: ${process.name} says lost, but nobody took its lock`);
  if (end.kind === "lock-held") {
    const { next = "" } = end.error as PankaError;
    const mine = [...checker.grants.values()].filter((g) => g.by === process && !g.released && !g.displaced);
    const alone = mine.length > 0 && !checker.heldByAnother(process, process.scope ?? STACK_SCOPE);
    if (alone || mine.some(({ lockId }) => next.includes(lockId)))
      throw new SimulationFailure(`verdict: ${process.name} says that another holds the lock, but holds it itself`);
  }
  if ((end.kind !== "done" && end.kind !== "rolled-back") || !end.result || !grant) return;
  const stored = checker.serials.get(end.result.serial ?? -1);
  if (stored?.fence !== grant.fence) {
    throw new SimulationFailure(
      `verdict: ${process.name} says ${end.kind} with serial ${String(end.result.serial)}, which fence ${String(stored?.fence)} wrote`,
    );
  }
}

/** Resolves after virtual time. */
export function later(world: World, ms: number): Promise<void> {
  return new Promise((resolve) => void world.scheduler.after(ms, resolve));
}

/** One actor: some commands, with pauses. */
export async function act(actor: Actor, commands: number): Promise<void> {
  const { world, chance } = actor;
  for (let i = 0; i < commands; i++) {
    await later(world, chance.int(0, 40_000));
    const host = chance.pick(world.hosts);
    const kind = chance.next();
    if (kind < 0.72) await deploy(actor, host);
    else if (kind < 0.78) await destroy(actor, host);
    else if (kind < 0.88) await command(actor, host, "read", (p) => at(actor, p, () => read(world, p, chance.int(3, 12))));
    else {
      const request = { force: chance.is(0.5), stale: chance.is(0.2) };
      await command(actor, host, "unlock", (p) => at(actor, p, () => unlock(world, p, request)));
    }
  }
}

function scopeOf({ scoped, chance }: Actor, assembly: Assembly): LockScope {
  return scoped ? drawScope(chance, assembly) : STACK_SCOPE;
}

async function destroy(actor: Actor, host: Host): Promise<void> {
  const assembly = actor.chance.pick(actor.versions);
  const scope = scopeOf(actor, assembly);
  await command(actor, host, `destroy ${scope}`, (p) => runs(actor, p, { assembly, operation: "destroy", scope }));
}

/** Endings after which people run the same command again where they are. */
const AGAIN = new Set(["state-not-saved", "journal-unavailable", "interrupted", "stopped"]);

async function deploy(actor: Actor, host: Host, again = true): Promise<void> {
  const { world, chance, versions } = actor;
  const wait = chance.is(0.5) ? chance.pick(["30s", "5m", "20m"]) : undefined;
  const assembly = chance.pick(versions);
  const takeover = chance.is(0.2) ? { force: chance.is(0.4) } : undefined;
  const scope = scopeOf(actor, assembly);
  const request = { assembly, operation: "deploy" as const, scope, wait, takeover };
  const end = await command(actor, host, `deploy ${scope}`, (p) => runs(actor, p, request));
  if (end && STUCK.has(end.kind)) lookAfter(actor, end);
  if (again && AGAIN.has(end?.kind ?? "") && chance.is(0.7)) {
    await later(world, chance.int(0, 60_000));
    await deploy(actor, host, false);
  }
  if (end?.kind === "lock-held" && chance.is(0.3)) {
    const force = chance.is(0.3);
    await unlockThere(actor, host, end, force);
  }
}

/** Unlocks where a command ended. */
export async function unlockThere(actor: Actor, host: Host, { site }: Ended, force: boolean): Promise<void> {
  await command(actor, host, "unlock", (p) => {
    p.place = site.place;
    return unlock(actor.world, p, { force });
  });
}

/** Endings that ask for a look at the cloud. */
export const STUCK = new Set(["recovery-stopped", "other-scope-recovery"]);

/** Does by hand what `recovery-stopped` asks for: deletes all but one of several, or what can't be looked for. */
export function lookAfter(actor: Actor, end: Ended): void {
  const { hosts } = actor.world;
  const { cloud, checker } = end.site;
  // As long as another run is at work its journal may still say what it made.
  if (hosts.some((h) => h.running.size > 0)) return;
  const recorded = Object.values(checker.state?.resources ?? {}).map((r) => r.id);
  for (const { code, message, next } of (end.error as { diagnostics: Diagnostic[] }).diagnostics) {
    actor.world.counts.add(`recovery: ${code}`);
    if (code === "several-found") {
      const ids = [...message.matchAll(/id-\d+/g)].map((m) => m[0]);
      for (const id of ids.slice(1)) cloud.memory.things.delete(id);
    }
    if (code !== "unprobeable") continue;
    const [, step = "", fence = "0", seq = "0"] = /'(.*@(\d+)\.(\d+))'/.exec(next ?? "") ?? [];
    // What a journal tells of is not what the message asks for, unless it is that very attempt's.
    const journaled = [...checker.journals].flatMap(([f, intents]) =>
      [...intents].flatMap(([s, intent]) => (f === Number(fence) && s === Number(seq) ? [] : (intent.id ?? []))),
    );
    const known = new Set([...recorded, ...journaled]);
    for (const [id, thing] of cloud.memory.things) if (thing.type === LEAF && !known.has(id)) cloud.memory.things.delete(id);
    actor.forget.push({ site: end.site, step });
  }
}
