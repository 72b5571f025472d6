/** What happens to hosts, processes, the network and the table while the actors work. */
import type { Chance } from "./chance.js";
import { CALM, type FaultRates, type Partition, type Service } from "./network.js";
import type { SimProcess } from "./process.js";
import { later } from "./actors.js";
import type { World } from "./world.js";

const MINUTE = 60_000;
const SERVICES: Service[] = ["s3", "dynamodb", "cloud"];

/** Rates of faults of the network, by name. */
const WEATHER: { [name: string]: FaultRates } = {
  calm: CALM,
  flaky: { lostRequest: 0.005, lostReply: 0.01, late: 0.005, error500: 0.01, error503: 0.01, throttled: 0.02, conflict: 0.02, slow: 0.03 },
  stormy: { lostRequest: 0.02, lostReply: 0.05, late: 0.02, error500: 0.15, error503: 0.15, throttled: 0.02, conflict: 0.1, slow: 0.1 },
};

/** Draws the network's faults. */
export function drawWeather(world: World, chance: Chance): void {
  for (const service of SERVICES) {
    const name = chance.pick(["calm", "flaky", "flaky", "stormy"]);
    world.network.rates[service] =
      service === "cloud" && name === "stormy" ? (WEATHER["flaky"] as FaultRates) : (WEATHER[name] as FaultRates);
  }
  const trouble = chance.is(0.3) ? 0.02 : 0;
  for (const { cloud } of world.sites) cloud.trouble = trouble;
  if (chance.is(0.4)) killInFlight(world, chance.fork(), chance.pick([0.02, 0.05]));
}

/** Kills processes while a call of theirs is on its way to the cloud. */
function killInFlight(world: World, chance: Chance, rate: number): void {
  world.network.onSend = ({ service, write, thread, what }) => {
    if (world.calm || service !== "cloud" || !write || !chance.is(rate)) return;
    world.incident("process: kill with a call in flight", `${thread.process.name}: ${what}`);
    thread.process.kill();
  };
}

/** Ends all faults of the network, and tests that fail by chance. */
export function clearWeather(world: World): void {
  world.calm = true;
  for (const service of SERVICES) world.network.rates[service] = CALM;
  world.network.partitions.clear();
  for (const { cloud, verifications } of world.sites) {
    cloud.trouble = 0;
    if (verifications) verifications.flaky = 0;
  }
}

/** One thing after the other, until `over`. */
export async function chaos(world: World, chance: Chance, over: () => boolean): Promise<void> {
  const pace = chance.pick([8_000, 20_000, 60_000]);
  const outages = chance.is(0.3);
  while (!over()) {
    await later(world, chance.int(300, pace));
    if (over()) return;
    const running = world.hosts.flatMap((h) => [...h.running.values()]);
    const process = running.length > 0 ? chance.pick(running) : undefined;
    const roll = chance.int(0, 15);
    if (roll < 8 && process) harm(world, chance, process, roll);
    else if (roll === 8) tilt(world, chance);
    else if (roll === 9) expire(world, chance);
    else if (roll < 12) cut(world, chance, process);
    else if (roll === 13 && process && outages) strand(world, chance, process);
    else if (roll === 12 && outages) outage(world, chance);
  }
}

function harm(world: World, chance: Chance, process: SimProcess, roll: number): void {
  if (roll < 3) {
    world.incident("process: kill", process.name);
    process.kill();
  } else if (roll === 3) {
    const ms = chance.is(0.6) ? chance.int(100, 50_000) : chance.int(MINUTE, 40 * MINUTE);
    world.incident(ms > 12 * MINUTE ? "process: stopped past its lease" : "process: stopped", process.name);
    process.pause(ms, false);
  } else if (roll === 4) {
    world.incident("process: host asleep", process.name);
    process.pause(chance.int(MINUTE, 60 * MINUTE), true);
  } else if (roll === 5) {
    world.incident("process: main thread blocked", process.name);
    process.block(chance.int(1_000, 11 * MINUTE));
  } else {
    world.incident(`process: signal ${process.stopLevel + 1}`, process.name);
    process.signal();
  }
}

/** A clock is wrong, or jumps: most by minutes, some by a day. */
function tilt(world: World, chance: Chance): void {
  const host = chance.pick(world.hosts);
  const most = chance.is(0.2) ? 24 * 60 * MINUTE : 10 * MINUTE;
  host.skew = chance.int(-most, most);
  world.incident(most > 10 * MINUTE ? "clock: jumps by hours" : "clock: jumps by minutes", `${host.name} ${host.skew}`);
}

/** TTL deletes a lock item: an expired one, or, at the worst time, a live one. */
function expire(world: World, chance: Chance): void {
  const keys = [...world.table.items.keys()].filter((k) => k.startsWith("stack:"));
  if (keys.length === 0) return;
  if (world.table.expire(chance.pick(keys))) world.incident("ttl: lock item deleted");
}

function cut(world: World, chance: Chance, process: SimProcess | undefined): void {
  const service = chance.pick(SERVICES);
  const direction = chance.is(0.5) ? "request" : "reply";
  const partition: Partition = { service, direction, ...(process ? { process } : {}) };
  // A call whose reply is lost may be carried out later than any settle time only if the partition outlasts it; the cloud's are short.
  const ms = chance.int(1_000, service === "cloud" ? 20_000 : chance.is(0.2) ? 14 * MINUTE : 60_000);
  world.incident(`partition: ${service} ${direction}`, process?.name ?? "all");
  world.network.partitions.add(partition);
  world.scheduler.after(ms, () => world.network.partitions.delete(partition));
}

/** A process can't reach the store any more, and is told to stop: what it did stays on its machine. */
function strand(world: World, chance: Chance, process: SimProcess): void {
  const partition: Partition = { service: "s3", direction: "request", process };
  world.incident("partition: s3 for good", process.name);
  world.network.partitions.add(partition);
  world.scheduler.after(40 * MINUTE, () => world.network.partitions.delete(partition));
  if (chance.is(0.5)) return;
  for (const ms of [chance.int(1_000, 20_000), chance.int(20_000, 40_000)]) {
    process.main.post(ms, () => {
      world.incident(`process: signal ${process.stopLevel + 1}`, process.name);
      process.signal();
    });
  }
}

/** A service throttles or is down for minutes. */
function outage(world: World, chance: Chance): void {
  const service = chance.pick(["s3", "dynamodb"] as const);
  const before = world.network.rates[service];
  const throttled = chance.is(0.5);
  const ms = chance.pick([1, 8, 15]) * MINUTE;
  world.incident(`outage: ${service} ${throttled ? "throttled" : "down"} ${ms / MINUTE} min`);
  world.network.rates[service] = throttled ? { ...CALM, throttled: 0.97 } : { ...CALM, error503: 0.9, lostRequest: 0.1 };
  world.scheduler.after(ms, () => {
    if (!world.calm) world.network.rates[service] = before;
  });
}
