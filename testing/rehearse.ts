/** Rehearsals: the stack deployed to the local model of the cloud, in a folder of its own that goes away. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT, PankaError } from "../framework/base/errors.js";
import type { Random } from "../framework/base/clock.js";
import { compileOnly } from "../framework/operations/compile.js";
import type { OperationContext } from "../framework/operations/context.js";
import { deployCompiled, type DeployOptions } from "../framework/operations/deploy.js";
import { destroy } from "../framework/operations/destroy.js";
import type { RunHooks, RunResult } from "../framework/operations/run-result.js";
import { shownResource } from "../framework/operations/secrets-out.js";
import { openBackend } from "../framework/operations/backend.js";
import type { Plan } from "../framework/model/plan.js";
import type { StackId } from "../framework/model/stack-model.js";
import type { ResourceState } from "../framework/model/state-file.js";
import type { LocalFault } from "../framework/providers/local/faults.js";
import { readState } from "../framework/state/read.js";
import { explained, openSource, problemLines } from "./context.js";
import type { StackSource, SynthOptions } from "./source.js";

/** How a rehearsal is run. */
export interface RehearseOptions extends SynthOptions {
  /** Faults of the local cloud, such as `{ op: "create", type: "aws:sqs/queue:Queue", fail: "denied" }`. Default none. */
  faults?: readonly LocalFault[];
}

/** What may be deleted or replaced although it is protected: components or URNs. */
export interface Allowed {
  allowDelete?: string[];
  allowReplace?: string[];
}

/** What a run of a rehearsal did. */
export type RehearsedRun = Pick<RunResult, "kind" | "summary" | "outputs" | "kept"> & {
  /** The plan that was carried out; undefined where nothing was to be done. */
  plan: Plan | undefined;
};

/** A stack that is deployed to a cloud of its own. */
export interface Rehearsal {
  /** What the last run did. */
  readonly last: RehearsedRun;
  /** Output values by component, secrets as `[secret]`. */
  readonly outputs: RunResult["outputs"];
  /** What the state records, by URN, without secrets. */
  resources(): Promise<{ [urn: string]: Omit<ResourceState, "private"> }>;
  /** Deploys the stack again, or another version of it. Throws PankaError where it fails. */
  deploy(source?: StackSource, allowed?: Allowed): Promise<RehearsedRun>;
  /** Deletes what it made; `kept` names what is protected and not allowed. */
  destroy(allowed?: Allowed): Promise<RehearsedRun>;
  /** Removes the rehearsal's folder. */
  close(): Promise<void>;
}

/**
 * Deploys a stack to the local provider, as `panka deploy` does, plan, journal and state included. Throws PankaError where the stack has
 * problems or the deploy fails; its folder is removed then. The same stack gives the same ids.
 */
export async function rehearse(source: StackSource, options: RehearseOptions = {}): Promise<Rehearsal> {
  const rehearsal = new LocalRehearsal(source, options, mkdtempSync(join(tmpdir(), "panka-rehearsal-")));
  try {
    await rehearsal.deploy();
  } catch (error) {
    await rehearsal.close();
    throw error;
  }
  return rehearsal;
}

class LocalRehearsal implements Rehearsal {
  last: RehearsedRun = {
    kind: "no-changes",
    summary: { create: 0, update: 0, replace: 0, delete: 0, same: 0 },
    outputs: {},
    kept: [],
    plan: undefined,
  };
  private id: StackId = { stack: "" };
  private readonly random = seededRandom("rehearsal");

  constructor(
    private source: StackSource,
    private readonly options: RehearseOptions,
    private readonly folder: string,
  ) {}

  get outputs(): RunResult["outputs"] {
    return this.last.outputs;
  }

  async deploy(source: StackSource = this.source, allowed: Allowed = {}): Promise<RehearsedRun> {
    this.source = source;
    return explained(async () => {
      const own = await openSource(source, this.options);
      const compiled = await compileOnly(own, this.folder);
      this.id = compiled.model;
      return this.done(await this.watched((hooks) => deployCompiled(this.here(own), compiled, runOptions(allowed), hooks)));
    });
  }

  async destroy(allowed: Allowed = {}): Promise<RehearsedRun> {
    return explained(async () => {
      const { program: _, ...context } = this.here(await openSource(this.source, this.options));
      const { tenant, stack } = this.id;
      const alone = { ...context, stackEntry: undefined, stackName: tenant === undefined ? stack : `${tenant}/${stack}` };
      return this.done(await this.watched((hooks) => destroy(alone, runOptions(allowed), hooks)));
    });
  }

  async resources(): Promise<{ [urn: string]: Omit<ResourceState, "private"> }> {
    const backend = await openBackend(this.here(await openSource(this.source, this.options)), this.id);
    try {
      const state = (await readState(backend))?.state;
      return Object.fromEntries(Object.entries(state?.resources ?? {}).map(([urn, r]) => [urn, shownResource(r)]));
    } finally {
      await backend.close();
    }
  }

  async close(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The context, moved to the rehearsal's own folder, cloud and state. */
  private here(context: OperationContext): OperationContext {
    const { faults } = this.options;
    return {
      ...context,
      stackName: this.id.stack,
      home: this.folder,
      random: this.random,
      env: faults ? { PANKA_LOCAL_FAULTS: JSON.stringify(faults) } : {},
      connect: { heartbeat: { type: "inline" } },
      settings: {
        ...context.settings,
        projectRoot: this.folder,
        provider: "local",
        engine: "embedded",
        backend: { type: "local" },
        locks: { type: "local" },
      },
    };
  }

  private async watched(run: (hooks: RunHooks) => Promise<RunResult>): Promise<{ result: RunResult; plan: Plan | undefined }> {
    let plan: Plan | undefined;
    const hooks: RunHooks = {
      planned: (made) => {
        plan = made;
      },
      approve: async () => "yes",
    };
    return { result: await run(hooks), plan };
  }

  private done({ result, plan }: { result: RunResult; plan: Plan | undefined }): RehearsedRun {
    const { kind, summary, outputs, kept, exitCode, message, diagnostics } = result;
    if (exitCode !== EXIT.ok)
      throw new PankaError("rehearsal-failed", [message ?? "the run failed", ...problemLines(diagnostics)].join("\n"), { diagnostics: [] });
    this.last = { kind, summary, outputs, kept, plan };
    return this.last;
  }
}

/** Nobody outside is asked: smoke tests of a rehearsal would be answered by what really stands. */
function runOptions({ allowDelete = [], allowReplace = [] }: Allowed): DeployOptions {
  const selection = { services: [], components: [], withDependencies: false };
  return { selection, yes: true, allowDelete, allowReplace, wait: undefined, forget: [], refresh: false, tests: false };
}

/** Chance that is the same in every run. */
function seededRandom(seed: string): Random {
  let count = 0;
  const block = (): Uint8Array => createHash("sha256").update(`${seed} ${count++}`).digest();
  const bytes = (n: number): Uint8Array => {
    const out = new Uint8Array(n);
    for (let at = 0; at < n; at += 32) out.set(block().subarray(0, Math.min(32, n - at)), at);
    return out;
  };
  const uuid = (): string => {
    const hex = Buffer.from(bytes(16)).toString("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
  return { bytes, uuid };
}
