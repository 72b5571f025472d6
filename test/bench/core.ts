/** Benchmarks of single parts, in this process. */
import { randomBytes, randomUUID } from "node:crypto";
import { topologicalOrder } from "../../framework/graph/order.js";
import type { StateFile } from "../../framework/model/state-file.js";
import { noFault } from "../../framework/model/faults.js";
import { cipherFrom } from "../../framework/state/cipher-source.js";
import { emptyState } from "../../framework/state/codec.js";
import { barrier } from "../../framework/state/barrier.js";
import { commit } from "../../framework/state/commit.js";
import { journalWriter } from "../../framework/state/journal-writer.js";
import { memoryStore } from "../../framework/state/memory.js";
import { readState } from "../../framework/state/read.js";
import { s3Store } from "../../framework/state/s3.js";
import { memoryLocker, memoryLockTable } from "../../framework/lock/memory.js";
import { aws, hasMoto, startMoto } from "../support/moto.js";
import { type Figure, percentile } from "./measure.js";

const clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};
const random = { bytes: (n: number) => new Uint8Array(randomBytes(n)), uuid: () => randomUUID() };
const metadata = {
  user: "bench",
  host: "bench",
  pid: 1,
  startTime: "",
  bootId: "",
  pidNamespace: "",
  deploymentId: "bench",
  operation: "bench",
};

/** Topological order of 100,000 nodes with 300,000 edges. */
export function graph(): Figure[] {
  const nodes = 100_000;
  const needs = new Map<string, string[]>();
  for (let i = 0; i < nodes; i++) needs.set(`n${i}`, i === 0 ? [] : [`n${Math.floor(i / 2)}`, `n${(i * 7919) % i}`, `n${i - 1}`]);
  const started = performance.now();
  const order = topologicalOrder(needs);
  const seconds = (performance.now() - started) / 1000;
  if (order.length !== nodes) throw new Error("the order is not whole");
  return [{ what: "graph of 100,000 nodes, 300,000 edges: order, cycles", value: `${seconds.toFixed(2)} s`, target: "<= 0.5 s", peer: "" }];
}

/** A state of that many resources. */
function stateOf(count: number): StateFile {
  const state = emptyState("11111111-1111-4111-8111-111111111111", "embedded", {
    name: "local",
    account: "",
    region: "us-east-1",
    endpoint: "",
  });
  for (let i = 0; i < count; i++) {
    const urn = `urn:pulumi:dev::bench::aws:sns/topic:Topic::s${i % 100}/t${i}`;
    const props = {
      name: `bench-dev-s${i % 100}-t${i}-abcdefgh`,
      displayName: `Topic ${i}`,
      tags: { "panka:urn": urn, "panka:lineage": state.lineage },
    };
    state.resources[urn] = {
      type: "aws:sns/topic:Topic",
      id: `arn:aws:sns:us-east-1:000000000000:t${i}`,
      generation: 0,
      inputs: props,
      outputs: { ...props, arn: `arn:aws:sns:us-east-1:000000000000:t${i}`, owner: "000000000000", tagsAll: props.tags },
      schemaVersion: 0,
      private: "",
      dependsOn: [],
      protect: false,
      secretPaths: [],
      status: "ok",
    };
  }
  return state;
}

/** Load and commit of a state of 10,000 resources on the memory store: Panka's own part. */
export async function state(): Promise<Figure[]> {
  const deps = {
    store: memoryStore(),
    locker: memoryLocker({ table: memoryLockTable(), clock, random }),
    clock,
    random,
    fault: noFault,
    path: "bench/dev",
  };
  const got = await deps.locker.acquire("*", metadata);
  if (!got.ok) throw new Error("lock");
  const passed = await barrier(deps, got.lease, {
    engine: "embedded",
    provider: { name: "local", account: "", region: "us-east-1", endpoint: "" },
  });
  if (passed.outcome !== "passed") throw new Error("barrier");
  const mine = { ...stateOf(10_000), lineage: passed.stored.state.lineage };
  let started = performance.now();
  const done = await commit(deps, { lease: got.lease, base: passed.stored, mine, history: true });
  const commitSeconds = (performance.now() - started) / 1000;
  if (done.outcome !== "committed") throw new Error(done.outcome);
  started = performance.now();
  const loaded = await readState(deps);
  const loadSeconds = (performance.now() - started) / 1000;
  if (Object.keys(loaded?.state.resources ?? {}).length !== 10_000) throw new Error("the state is not whole");
  return [
    { what: "state of 10,000 resources: commit", value: `${commitSeconds.toFixed(2)} s`, target: "<= 0.3 s", peer: "" },
    { what: "state of 10,000 resources: load", value: `${loadSeconds.toFixed(2)} s`, target: "<= 0.3 s", peer: "" },
  ];
}

/** Journal per operation against the emulator's S3, one operation at a time. */
export async function journal(): Promise<Figure[]> {
  if (!hasMoto())
    return [{ what: "journal per operation, S3 emulator", value: "skipped: no moto_server", target: "<= 60 ms p95", peer: "" }];
  const moto = await startMoto();
  try {
    Object.assign(process.env, moto.env);
    aws(moto.endpoint, ["s3api", "create-bucket", "--bucket", "bench"]);
    const store = s3Store({ bucket: "bench", region: "us-east-1", prefix: "stacks/bench/dev/", endpoint: moto.endpoint, random });
    const key = Buffer.alloc(32, 7).toString("base64");
    const cipher = cipherFrom("env:KEY", { home: "/", projectRoot: "/", env: { KEY: key }, random, aws: { region: "us-east-1" } });
    const writer = journalWriter({ store, clock, random, cipher, sealed: true, path: "bench/dev", lineage: random.uuid(), fence: 1 });
    const samples: number[] = [];
    for (let i = 0; i < 200; i++) {
      const urn = `urn:pulumi:dev::bench::aws:sns/topic:Topic::s/t${i}`;
      const started = performance.now();
      const of = await writer.intent({
        urn,
        key: urn,
        op: "create",
        type: "aws:sns/topic:Topic",
        generation: 0,
        probe: { class: "A", name: `t${i}` },
        inputsHash: "0",
        dependsOn: [],
        protect: false,
      });
      writer.done({ of, id: `t${i}`, outputs: {} });
      samples.push(performance.now() - started);
    }
    await writer.flush();
    await store.close();
    const shown = `${percentile(samples, 0.5).toFixed(1)} ms p50, ${percentile(samples, 0.95).toFixed(1)} ms p95`;
    return [{ what: "journal per operation, S3 emulator", value: shown, target: "<= 60 ms p95", peer: "" }];
  } finally {
    await moto.stop();
  }
}
