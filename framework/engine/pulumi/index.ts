/**
 * The Pulumi engine: the same plan and the same steps as the embedded one, with Pulumi making every change. The planner asks Pulumi's
 * preview, the executor registers with its `up`; state, journal, lock and recovery are Panka's own, and the checkpoint is written from the state.
 */
import type { Json } from "../../base/json.js";
import type { Random } from "../../base/clock.js";
import { PankaError } from "../../base/errors.js";
import { componentOf } from "../../base/names.js";
import type { Assembly } from "../../model/assembly.js";
import type { Engine, ExecuteRequest, ExecuteResult, PlanningRequest } from "../../model/engine.js";
import { isOwnToken } from "../../model/images.js";
import type { Plan } from "../../model/plan.js";
import type { PlanPort, Provider } from "../../model/provider.js";
import type { SchemaIndex } from "../../model/provider-schema.js";
import type { StateFile } from "../../model/state-file.js";
import { urnOfKey } from "../../plan/selection.js";
import { execute, withAliases } from "../execute.js";
import { resolveOutputs } from "../outputs.js";
import type { CliWorld } from "./cli.js";
import { splitDeletesFirst } from "./deletes-first.js";
import { type DeploymentParts, deploymentOf, type PulumiPackage } from "./deployment.js";
import { ofPulumi } from "./own-types.js";
import { PreviewPort } from "./preview-port.js";
import { loadSdk, type PulumiSdk } from "./sdk.js";
import { Session } from "./session.js";
import { UpPort } from "./up-port.js";
import { toPulumiUrn } from "./urns.js";
import { type CheckpointPlace, openWorkspace, type Workspace, type WorkspaceOptions } from "./workspace.js";

/** Where a run keeps Pulumi's checkpoint. */
export interface PulumiPlace {
  /** A place of this fence's own, and the prefix that the state names; makes what must be there. */
  open(fence: number): Promise<CheckpointPlace & { prefix: string }>;
  /** Removes the prefixes that no run needs any more: all but those given. Best effort. */
  tidy(keep: readonly string[]): Promise<void>;
}

/** What the engine is made of. */
export interface PulumiEngineOptions extends CliWorld {
  stack: string;
  environment: string;
  package: PulumiPackage;
  schemas: SchemaIndex;
  /** For what Pulumi has no call for: look-ups, reads, probes. */
  provider: Provider;
  random: Random;
  /** Absent where nothing is going to be run. */
  place?: PulumiPlace;
  /** Path of an asset. */
  assetPath(sha: string): string;
  /** From where relative paths of files count: the project's root. */
  root: string;
}

/** Operations at once, and the CLI's own width: hooks hold some of its workers while they wait. */
const PARALLEL = 32;

/** Makes the engine. Nothing is loaded or started before it is asked for something. */
export function pulumiEngine(options: PulumiEngineOptions): Engine {
  return {
    name: "pulumi",
    planning: (request, body) => planning(options, request, body),
    execute: (request) => runPlan(options, request),
    takeOver: (state, fence) => takeOver(options, state, fence),
  };
}

/** Writes the checkpoint of a state without hooks, so that Pulumi alone can go on with it. */
async function takeOver(options: PulumiEngineOptions, state: StateFile, fence: number): Promise<StateFile> {
  const { prefix, ...checkpoint } = await placeOf(options).open(fence);
  const workspace = await openWorkspace({ ...nameOf(options), checkpoint, sdk: await loadSdk() });
  try {
    await workspace.write(deploymentOf(partsOf(options, state, { hooks: false })));
    return named(state, prefix);
  } finally {
    await workspace.close();
  }
}

function placeOf({ place }: PulumiEngineOptions): PulumiPlace {
  if (!place) throw new TypeError("an engine without a place can only plan");
  return place;
}

async function planning<T>(options: PulumiEngineOptions, request: PlanningRequest, body: (port: PlanPort) => Promise<T>): Promise<T> {
  const { assembly } = request;
  const specs = new Map(assembly.resources.map((r) => [r.urn, r]));
  const recorded = request.state ? ofPulumi(request.state).resources : {};
  let workspace: Workspace | undefined;
  const port: PreviewPort = new PreviewPort({
    root: options.root,
    spec: (urn) => specs.get(urn),
    lookup: (token, args) => options.provider.lookup(token, args),
    start: async () => {
      const sdk = await loadSdk();
      workspace = await openWorkspace({
        ...nameOf(options),
        sdk,
        checkpoint: { url: undefined, secrets: { passphrase: options.random.uuid() } },
      });
      const superseded = new Set(Object.keys(recorded).filter((key) => key !== urnOfKey(key)));
      await workspace.write(
        deploymentOf(partsOf(options, request.state, { hooks: true, without: superseded, unprotected: all(recorded) })),
      );
      const aliased = new Set(assembly.resources.flatMap((r) => r.options.aliases ?? []));
      const keep = new Set(Object.keys(recorded).filter((key) => key === urnOfKey(key) && !aliased.has(key)));
      const hooks = { before: async () => {}, after: (_op: string, call: Parameters<typeof port.after>[0]) => port.after(call) };
      const session = new Session({
        sdk,
        workspace,
        mode: "preview",
        hooks,
        parallel: PARALLEL,
        registrar: { ...options, recorded, keep },
      });
      return { session, core: sdk.core };
    },
  });
  try {
    const result = await body({
      plan: (call) => (isOwnToken(call.type) ? options.provider.plan(call) : port.plan(call)),
      lookup: port.lookup,
    });
    const text = await port.close();
    if (text !== undefined) throw new PankaError("pulumi-failed", `Pulumi's preview failed: ${text}`);
    return result;
  } finally {
    await port.close();
    await workspace?.close();
  }
}

/** Pulumi's project is Panka's stack, its stack Panka's environment. */
function nameOf({ env, home, random, stack, environment }: PulumiEngineOptions): Omit<WorkspaceOptions, "checkpoint" | "sdk"> {
  return { env, home, random, project: stack, stack: environment };
}

function all(resources: StateFile["resources"]): Set<string> {
  return new Set(Object.keys(resources));
}

function partsOf(
  options: PulumiEngineOptions,
  state: StateFile | null,
  more: Pick<DeploymentParts, "hooks" | "without" | "unprotected">,
): DeploymentParts {
  const { environment, stack, package: of, assetPath } = options;
  return { environment, stack, state: state && ofPulumi(state), package: of, assetPath, ...more };
}

/** Runs a plan: first what must go before its successor, then the rest, each in one `up`. */
async function runPlan(options: PulumiEngineOptions, request: ExecuteRequest): Promise<ExecuteResult> {
  const place = placeOf(options);
  const sdk = await loadSdk();
  const { prefix, ...checkpoint } = await place.open(request.journal.fence);
  const workspace = await openWorkspace({ ...nameOf(options), checkpoint, sdk });
  try {
    const { first, rest } = splitDeletesFirst(request.plan);
    const state = withAliases(request.state, request.plan);
    const begun = first && (await up(options, { ...request, plan: first, state }, { sdk, workspace }));
    if (begun && !begun.ok) return { ...begun, state: named(begun.state, prefix), skipped: [...begun.skipped, ...unbegun(rest)] };
    const result = await up(options, { ...request, plan: rest, state: begun?.state ?? state }, { sdk, workspace });
    await place.tidy([prefix, ...(request.state.pulumiPrefix ? [request.state.pulumiPrefix] : [])]);
    return { ...result, state: named(result.state, prefix) };
  } finally {
    await workspace.close();
  }
}

function named(state: StateFile, prefix: string): StateFile {
  return { ...state, pulumiPrefix: prefix };
}

function unbegun(plan: Plan): ExecuteResult["skipped"] {
  return plan.steps.map(({ key, change }) => {
    const urn = urnOfKey(key);
    return { urn, component: componentOf(urn), type: change.type, action: change.action, message: "what had to be deleted first was not" };
  });
}

async function up(
  options: PulumiEngineOptions,
  request: ExecuteRequest,
  pulumi: { sdk: PulumiSdk; workspace: Workspace },
): Promise<ExecuteResult> {
  const { plan, state, gate } = request;
  const steps = new Map(plan.steps.map((step) => [step.key, step]));
  const deleted = new Set(plan.steps.filter((s) => !s.spec).map((s) => s.key));
  const replaced = plan.steps.filter((s) => s.change.action === "replace" && s.spec && state.resources[s.key]);
  const superseded = Object.keys(state.resources).filter((key) => key !== urnOfKey(key) && !deleted.has(key));
  const unprotected = new Set([...deleted, ...replaced.map((s) => s.key)]);
  await pulumi.workspace.write(deploymentOf(partsOf(options, state, { hooks: true, without: new Set(superseded), unprotected })));

  const known = ofPulumi(state).resources;
  const keep = new Set(Object.keys(known).filter((key) => key === urnOfKey(key) && !deleted.has(key)));
  const port = new UpPort({
    base: request.provider,
    core: pulumi.sdk.core,
    gate,
    root: options.root,
    spec: (urn) => steps.get(urn)?.spec,
    retained: (urn) => state.resources[urn]?.retainOnDelete === true && deleted.has(urn),
  });
  const session = new Session({
    ...pulumi,
    mode: "up",
    hooks: port,
    parallel: PARALLEL * 2,
    signal: request.signal,
    registrar: { ...options, recorded: known, keep },
    replace: replaced.filter((s) => !s.tentative).map((s) => toPulumiUrn(s.key)),
  });
  const registrar = await session.ready.catch((error: unknown) => {
    throw new PankaError("pulumi-failed", `Pulumi could not be started: ${error instanceof Error ? error.message : String(error)}`);
  });
  const applied = async (now: StateFile): Promise<void> => {
    registrar.keepRest();
    session.finish(stackOutputs(pulumi.sdk, request.assembly, now));
  };
  try {
    return await execute({ ...request, provider: port.provider(session), applied, parallel: request.parallel ?? PARALLEL });
  } finally {
    port.close();
    session.finish({});
    if (!request.signal?.aborted) await warn(request, session);
  }
}

/** The components' outputs as the Pulumi stack's own, for other Pulumi programs. */
function stackOutputs(sdk: PulumiSdk, assembly: Assembly, state: StateFile): { [key: string]: unknown } {
  const { outputs, secretOutputs } = resolveOutputs(assembly, state);
  const secret = new Set(secretOutputs);
  const mark = (address: string, values: { [name: string]: Json }) =>
    Object.fromEntries(Object.entries(values).map(([name, v]) => [name, secret.has(`${address}.${name}`) ? sdk.core.secret(v) : v]));
  return Object.fromEntries(Object.entries(outputs).map(([address, values]) => [address, mark(address, values)]));
}

/** Waits for the CLI's end. What it says about no resource in particular is told: the steps themselves have been. */
async function warn(request: ExecuteRequest, session: Session): Promise<void> {
  const text = await session.ended;
  const general = session.said("");
  if (text === undefined || general === "") return;
  request.events({ type: "diagnostic", diagnostic: { severity: "warning", code: "pulumi", message: `Pulumi says: ${general}` } });
}
