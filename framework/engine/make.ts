/** Creating: a new resource or a new generation, and what to do when the reply is lost. */
import { messageOf } from "../base/errors.js";
import type { Json } from "../base/json.js";
import type { Done, Intent } from "../model/journal.js";
import type { Step } from "../model/plan.js";
import { isProviderError, ProviderError, type ProviderResult } from "../model/provider.js";
import type { ResourceSpec } from "../model/resource.js";
import type { ResourceState } from "../model/state-file.js";
import { refsIn, type Value } from "../model/values.js";
import { needsOf, type ResolvedInputs } from "../plan/candidate.js";
import { resolveValue } from "../plan/resolve.js";
import { journaled } from "./journaled.js";
import { LostCalls } from "./lost-calls.js";
import { probe } from "./probe.js";
import { assetPaths, runSource, sent, type Run } from "./run.js";
import { inputsHash, makeEntry, recordedOptions } from "./run-state.js";

/** Longest wait until an adopted resource is ready, seconds, where its timeouts don't say. */
export const READY_TIMEOUT_SECONDS = 1800;

/** The intent of a step, ready for the journal. */
export function intentOf(
  run: Run,
  spec: ResourceSpec,
  step: Step,
  op: "create" | "update",
  resolved: ResolvedInputs,
): Omit<Intent, "seq" | "at"> {
  const timeout = spec.options.timeouts?.[op];
  return {
    urn: spec.urn,
    key: spec.urn,
    op,
    type: spec.type,
    generation: step.generation,
    probe: probeOf(run, spec, resolved),
    inputsHash: inputsHash(resolved.inputs, resolved.secretPaths),
    inputs: resolved.inputs,
    secretPaths: resolved.secretPaths.map((p) => `inputs.${p}`),
    dependsOn: specNeeds(spec),
    ...recordedOptions(spec),
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
  };
}

/** URNs that a spec needs, sorted. */
export function specNeeds(spec: ResourceSpec): string[] {
  return needsOf(spec, refsIn([spec.props, spec.probe, spec.actions ?? []] as unknown as Value));
}

function probeOf(run: Run, spec: ResourceSpec, resolved: ResolvedInputs): Intent["probe"] {
  const naming = run.request.schemas.type(spec.type)?.naming;
  const name = naming ? resolved.inputs[naming.property] : undefined;
  const source = { ...runSource(run), ...(name === undefined ? {} : { name }) };
  const out: Intent["probe"] = { class: spec.probe.class };
  if (typeof name === "string") out.name = name;
  if (spec.probe.importId !== undefined) {
    const id = resolveValue(spec.probe.importId, source);
    if (typeof id.value === "string" && !id.unknown && id.secretPaths.length === 0) out.importId = id.value;
  }
  if (spec.probe.lookup) {
    const args = resolveValue(spec.probe.lookup.args, source);
    if (!args.unknown && args.secretPaths.length === 0) {
      out.lookup = { ...spec.probe.lookup, args: args.value ?? {} };
    }
  }
  return out;
}

/** What the journal keeps of a result; `secretPaths` are those of the entry. */
export function doneOf(result: ProviderResult, entry: ResourceState): Omit<Done, "of"> {
  return {
    id: result.id,
    outputs: result.outputs as { [key: string]: Json },
    secretPaths: entry.secretPaths.filter((p) => p.startsWith("outputs")),
    private: result.private,
    schemaVersion: result.schemaVersion,
  };
}

/** What came of a create. `adopted`: found after a lost reply, so it may not be whole. */
export interface Made {
  entry: ResourceState;
  adopted: boolean;
}

/**
 * Creates the resource and records it. A lost reply is probed at once; found: adopted; not found: created once more.
 * Throws what the provider threw, with whatever was half-made recorded.
 */
export async function createResource(run: Run, spec: ResourceSpec, step: Step, resolved: ResolvedInputs): Promise<Made> {
  const schema = run.request.schemas.type(spec.type);
  const entryOf = (result: ProviderResult, status: ResourceState["status"]): ResourceState =>
    makeEntry(
      {
        type: spec.type,
        generation: step.generation,
        inputs: resolved.inputs,
        secretInputs: resolved.secretPaths,
        dependsOn: specNeeds(spec),
        ...recordedOptions(spec),
        result,
        status,
      },
      schema,
    );
  const paths = await assetPaths(run, resolved.inputs);
  const intent = intentOf(run, spec, step, "create", resolved);
  const lost = new LostCalls(run);
  const adopt = (found: ProviderResult): Made => {
    const entry = entryOf(found, "partial");
    place(run, spec.urn, entry);
    lost.answered({ ...doneOf(found, entry), status: "partial" });
    lost.sentAgain();
    return { entry, adopted: true };
  };
  for (let tried = 1; ; tried++) {
    try {
      let entry: ResourceState | undefined;
      await journaled(run, {
        intent,
        send: () =>
          run.request.provider.create({
            urn: spec.urn,
            type: spec.type,
            inputs: sent(resolved.inputs, paths),
            secretPaths: resolved.secretPaths,
            ...(spec.options.timeouts ? { timeouts: spec.options.timeouts } : {}),
          }),
        done: (result) => {
          entry = entryOf(result, "ok");
          place(run, spec.urn, entry);
          return doneOf(result, entry);
        },
        failed: (error) => {
          if (!isProviderError(error)) return undefined;
          if (error.partial) {
            const half = entryOf(error.partial, "partial");
            place(run, spec.urn, half);
            return { ...doneOf(error.partial, half), status: "partial", error: "half-made" };
          }
          return error.outcome === "none" && !isTaken(error, intent) ? { error: error.code } : undefined;
        },
        leftOpen: (of) => lost.add(of),
      });
      lost.sentAgain();
      return { entry: entry as ResourceState, adopted: false };
    } catch (error) {
      if (!isProviderError(error) || (error.outcome !== "unknown" && !isTaken(error, intent))) throw error;
      const found = await findLost(run, intent, error);
      if (found) return adopt(found);
      if (isTaken(error, intent)) lost.answered({ error: error.code });
      if (tried >= 2 || isTaken(error, intent)) throw error;
    }
  }
}

/** True where the name that only this resource may have is taken: it may be our own, made by a call whose reply never came. */
function isTaken(error: ProviderError, intent: Pick<Intent, "probe">): boolean {
  return error.code === "conflict" && intent.probe.class === "A";
}

/** Puts a new entry in its place; what stood there in an older generation becomes a superseded one. */
export function place(run: Run, key: string, entry: ResourceState): void {
  const old = run.state.resources[key];
  const superseded: { [key: string]: ResourceState } = {};
  if (old && old.generation < entry.generation && old.id !== "")
    superseded[`${key}#${old.generation}`] = { ...old, status: "deleting", protect: false };
  // A state with the old one in both places would have the next run delete what it takes for standing.
  run.state.set(key, entry, superseded);
}

/** Probes for what a lost create made, as long as it may stay invisible. Throws ProviderError when that can't be told. */
async function findLost(run: Run, intent: Omit<Intent, "seq" | "at">, lost: ProviderError): Promise<ProviderResult | undefined> {
  const { provider, clock } = run.request;
  const context = { provider, schemas: run.request.schemas, lineage: run.request.state.lineage, resources: run.state.resources };
  const until = clock.monotonic() + (intent.probe.class === "A" || intent.probe.class === "E" ? 0 : provider.settleMs);
  for (;;) {
    const answer = await probe(intent, context);
    if (answer.found === "one") return awaitReady(run, intent, answer.finding);
    if (answer.found !== "none") {
      const why = answer.found === "several" ? `several were found: ${answer.ids.join(", ")}` : "this type can't be looked for";
      throw new ProviderError("failed", `${messageOf(lost)}; whether it was made is not known: ${why}`, {
        outcome: "unknown",
        cause: lost,
      });
    }
    if (clock.monotonic() >= until) return undefined;
    await clock.sleep(Math.min(5000, Math.max(until - clock.monotonic(), 1)), run.request.signal);
  }
}

async function awaitReady(run: Run, intent: Omit<Intent, "seq" | "at">, found: ProviderResult): Promise<ProviderResult | undefined> {
  const prior = { ...found, inputs: {} };
  const timeoutSeconds = intent.timeoutSeconds ?? READY_TIMEOUT_SECONDS;
  return (await run.request.provider.waitReady({ urn: intent.urn, type: intent.type, prior, timeoutSeconds })) ?? undefined;
}
