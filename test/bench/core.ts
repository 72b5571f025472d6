/** Benchmarks of single parts, in this process. */
import { topologicalOrder } from "../../framework/graph/order.js";
import { noFault } from "../../framework/model/faults.js";
import type { StateFile } from "../../framework/model/state-file.js";
import { barrier } from "../../framework/state/barrier.js";
import { emptyState } from "../../framework/state/codec.js";
import { commit } from "../../framework/state/commit.js";
import { readState } from "../../framework/state/read.js";
import { hasMoto, startMoto } from "../support/moto.js";
import { metadata, realRandom as random } from "../support/world.js";
import type { Figure } from "./measure.js";
import { type BenchBackend, makeStores, memoryBackend, storesOn } from "./stores.js";

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

/** Load and commit of a state of 10,000 resources, encrypted: Panka's own part with stores in memory, and with those of the emulator. */
export async function state(): Promise<Figure[]> {
  const own = await commitAndLoad(memoryBackend());
  const target = "<= 0.3 s";
  const figures = (where: string, seconds: { commit: number; load: number }, goal: string): Figure[] => [
    { what: `state of 10,000 resources: commit, ${where}`, value: `${seconds.commit.toFixed(2)} s`, target: goal, peer: "" },
    { what: `state of 10,000 resources: load, ${where}`, value: `${seconds.load.toFixed(2)} s`, target: goal, peer: "" },
  ];
  const inMemory = figures("in memory", own, target);
  if (!hasMoto())
    return [...inMemory, { what: "state of 10,000 resources, S3", value: "skipped: no moto_server", target: "none", peer: "" }];
  const moto = await startMoto();
  try {
    Object.assign(process.env, moto.env);
    await makeStores(moto.endpoint);
    return [...inMemory, ...figures("S3 and DynamoDB", await commitAndLoad(storesOn(moto.endpoint, "large")), "none")];
  } finally {
    await moto.stop();
  }
}

/** Seconds of one sealed commit with its history, and of reading it again. */
async function commitAndLoad(backend: BenchBackend): Promise<{ commit: number; load: number }> {
  const deps = { ...backend, random, fault: noFault };
  const got = await deps.locker.acquire("*", metadata());
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
  await backend.close();
  return { commit: commitSeconds, load: loadSeconds };
}
