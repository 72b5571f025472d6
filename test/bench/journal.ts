/** What journal and gate cost: one operation after the other, and as a part of a deploy of 200 resources. Protocol section 9, line 18. */
import { rmSync } from "node:fs";
import { hashJson } from "../../framework/base/json.js";
import { embeddedEngine } from "../../framework/engine/embedded.js";
import { leaseGate } from "../../framework/lock/gate.js";
import type { Assembly } from "../../framework/model/assembly.js";
import type { ExecuteRequest } from "../../framework/model/engine.js";
import { noFault } from "../../framework/model/faults.js";
import type { Intent } from "../../framework/model/journal.js";
import { STACK_SCOPE } from "../../framework/model/scopes.js";
import { neverStop, type OperationContext } from "../../framework/operations/context.js";
import type { LockedJob } from "../../framework/operations/locked-job.js";
import { lockedRun } from "../../framework/operations/locked-run.js";
import { makePlan } from "../../framework/plan/make-plan.js";
import { journalWriter } from "../../framework/state/journal-writer.js";
import { type Moto, onFresh } from "../support/moto.js";
import { providerOn, shippedSchema, whyNoPlugin } from "../support/plugin.js";
import { metadata, realClock as clock, realRandom as random } from "../support/world.js";
import { shareOf, type Spent, Watch } from "./journal-watch.js";
import { type Figure, onPath, percentile, show } from "./measure.js";
import { panka, project } from "./processes.js";
import { type BenchBackend, makeStores, memoryBackend, storesOn } from "./stores.js";
import { terraformApply } from "./terraform.js";

/** Resources of the deploy. */
const COUNT = 200;
/** Operations that are measured one after the other. */
const SAMPLES = 200;

/** Both figures of line 18. Stores and cloud are two emulators, as they are two services. */
export async function journal(): Promise<Figure[]> {
  const why = whyNoPlugin();
  if (why) return [{ what: "journal and gate", value: `skipped: ${why}`, target: "<= 60 ms p95, <= 3 % of a deploy", peer: "" }];
  return onFresh(async (stores) => {
    Object.assign(process.env, stores.env);
    await makeStores(stores.endpoint);
    return [await oneByOne(storesOn(stores.endpoint, "alone")), ...(await ofDeploy(stores))];
  });
}

/** Gate, durable intent, gate and outcome, as a call is journaled, with nothing else going on. */
async function oneByOne(backend: BenchBackend): Promise<Figure> {
  const got = await backend.locker.acquire(STACK_SCOPE, metadata());
  if (!got.ok) throw new Error("the lock is held");
  const gate = leaseGate(clock, backend.locker, got.lease);
  const writer = journalWriter({ ...backend, clock, random, sealed: true, lineage: random.uuid(), fence: got.lease.fence });
  const samples: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const started = performance.now();
    await gate.check();
    const of = await writer.intent(intent(i));
    await gate.check();
    writer.done({ of, id: `t${i}`, outputs: {} });
    samples.push(performance.now() - started);
  }
  await writer.flush();
  await backend.close();
  return { what: "journal and gate per operation, one at a time", value: spread(samples), target: "<= 60 ms p95", peer: "" };
}

function intent(i: number): Omit<Intent, "seq" | "at"> {
  const urn = `urn:pulumi:dev::bench::aws:sns/topic:Topic::s/t${i}`;
  const type = "aws:sns/topic:Topic";
  const probe = { class: "A" as const, name: `t${i}` };
  return { urn, key: urn, op: "create", type, generation: 0, probe, inputsHash: "0", dependsOn: [], protect: false };
}

async function ofDeploy(stores: Moto): Promise<Figure[]> {
  const assembly = assemblyOf(COUNT);
  const remote = await onFresh((cloud) => deploy(assembly, cloud, storesOn(stores.endpoint, "deploy")));
  const memory = await onFresh((cloud) => deploy(assembly, cloud, memoryBackend()));
  const peer = onPath("terraform")
    ? `terraform apply, S3 and DynamoDB: ${show(await onFresh((cloud) => terraformApply(COUNT, cloud, stores.endpoint)))}`
    : "no terraform";
  const whole = `${(remote.whole / 1000).toFixed(2)} s, stores in memory: ${(memory.whole / 1000).toFixed(2)} s`;
  const share = `${shareOf(remote).toFixed(1)} %`;
  return [
    { what: `journal and gate per operation, in a deploy of ${COUNT}`, value: spread(remote.intents), target: "none", peer: "" },
    { what: `journal and gate, of a deploy of ${COUNT}`, value: share, target: "<= 3 %", peer: "" },
    { what: `deploy of ${COUNT} topics, lock to release`, value: whole, target: "none", peer },
  ];
}

/** The stack's assembly, as `panka synth` writes it. */
function assemblyOf(count: number): Assembly {
  const folder = project(count);
  try {
    return JSON.parse(panka(folder, ["synth", "-e", "cloud", "--json"]).stdout) as Assembly;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One run under the lock, through the official provider, with its journal and gate watched. */
async function deploy(assembly: Assembly, cloud: Moto, backend: BenchBackend): Promise<Spent> {
  const provider = providerOn(cloud);
  const engine = embeddedEngine(provider);
  const watch = new Watch();
  const { account } = await provider.identity();
  const schemas = shippedSchema();
  const assemblyHash = hashJson(assembly);
  const job = {
    operation: "deploy",
    assembly,
    assemblyHash,
    scope: STACK_SCOPE,
    schemas,
    provider,
    engine: { ...engine, execute: (request: ExecuteRequest) => engine.execute(watch.watched(request)) },
    identity: { name: "aws", account, region: "us-east-1", endpoint: "" },
    accountId: undefined,
    backend,
    forget: [],
    actions: {},
    plan: async (state) => ({ plan: await makePlan({ assembly, assemblyHash, state, schemas, port: provider }), kept: [] }),
    position: () => ({}),
  } as Partial<LockedJob> as LockedJob;
  try {
    const started = performance.now();
    const done = await lockedRun(contextOf(), job, { planned: () => {}, approve: async () => "yes" });
    if (done.exitCode !== 0) throw new Error(JSON.stringify(done));
    return watch.spent(performance.now() - started, backend.lastJournalPut());
  } finally {
    await provider.close();
    await backend.close();
  }
}

function contextOf(): OperationContext {
  return {
    settings: { projectRoot: "/nowhere", environment: "cloud", entry: "/nowhere", origins: {} },
    cwd: "/nowhere",
    home: "/nowhere",
    env: {},
    clock,
    random,
    emit: () => {},
    faults: noFault,
    stop: neverStop,
    process: { user: "bench", host: "bench", pid: process.pid },
    reads: { platform: "linux", readFile: () => undefined, readLink: () => undefined, run: () => undefined, probe: () => "alive" },
  } as unknown as OperationContext;
}

function spread(samples: number[]): string {
  return `${percentile(samples, 0.5).toFixed(1)} ms p50, ${percentile(samples, 0.95).toFixed(1)} ms p95`;
}
