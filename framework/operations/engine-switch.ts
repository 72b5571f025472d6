/**
 * Engine switch: hands a deployed stack to the other engine, under the lock, and proves it: the new engine is asked about every
 * resource, and the switch counts only if it would change nothing. Reversible; nothing in the cloud is touched.
 */
import { EXIT, PankaError } from "../base/errors.js";
import type { Engine } from "../model/engine.js";
import type { Plan } from "../model/plan.js";
import type { Provider } from "../model/provider.js";
import type { StateFile } from "../model/state-file.js";
import { makePlan } from "../plan/make-plan.js";
import { readState } from "../state/read.js";
import { mustBeAsDeployed, mustBeSettled, whileSettled } from "./as-deployed.js";
import { type Backend, openBackend } from "./backend.js";
import { changesAnything } from "./carry-out.js";
import { compile, type Compiled } from "./compile.js";
import type { OperationContext } from "./context.js";
import { openEngine } from "./engine.js";
import { lockMetadata } from "./lock-metadata.js";
import { checkIdentity, openProvider, wantedIdentity } from "./provider.js";
import { requireBackend } from "./required-backend.js";
import { openSession } from "./session.js";

/** What came of it. */
export interface EngineSwitch {
  stack: string;
  environment: string;
  from: StateFile["engine"];
  to: StateFile["engine"];
  /** False: it was that engine's already. */
  switched: boolean;
  /** Resources that the new engine was asked about. */
  resources: number;
  serial: number;
}

/** Switches. Throws PankaError `not-deployed`, `pending-changes`, `not-settled`, `not-the-same`, `lock-held` (exit 4), with nothing switched. */
export async function switchEngine(context: OperationContext, to: StateFile["engine"]): Promise<EngineSwitch> {
  requireBackend(context.settings);
  const compiled = await compile(context);
  const { stack, environment } = compiled.model;
  const where = `${stack} in ${environment}`;
  const backend = await openBackend(context, compiled.model);
  try {
    const recorded = (await readState(backend))?.state;
    if (!recorded) {
      throw new PankaError("not-deployed", `${where} is not deployed; its first deploy takes the engine of panka.config.yaml`, {
        next: `set engine: ${to} in panka.config.yaml, then panka deploy -e ${environment}`,
      });
    }
    checkIdentity(recorded.provider, wantedIdentity(context, compiled.model), where);
    const result = { stack, environment, from: recorded.engine, to, resources: Object.keys(recorded.resources).length };
    if (recorded.engine === to) return { ...result, switched: false, serial: recorded.serial };
    await mustBeSettled(backend, recorded, where);
    mustBeAsDeployed(recorded, compiled, where);
    const provider = await openProvider(context, compiled.schemas, compiled.model);
    try {
      const serial = await underLock(context, { compiled, backend, provider, to, where });
      return { ...result, switched: true, serial };
    } finally {
      await provider.close();
    }
  } finally {
    await backend.close();
  }
}

interface Parts {
  compiled: Compiled;
  backend: Backend;
  provider: Provider;
  to: StateFile["engine"];
  where: string;
}

async function underLock(context: OperationContext, parts: Parts): Promise<number> {
  const { compiled, backend, provider, to, where } = parts;
  const { model, schemas } = compiled;
  const engine = await openEngine(context, { stack: model.stack, model, schemas, provider, backend, name: to });
  const session = await openSession({
    ...backend,
    clock: context.clock,
    random: context.random,
    fault: context.faults,
    metadata: lockMetadata(context, "engine switch"),
    waitMs: 0,
    emit: context.emit,
    provider: wantedIdentity(context, model),
    engine: to,
    reads: context.reads,
  });
  return whileSettled(session, where, async () => {
    mustBeAsDeployed(session.state, compiled, where);
    const handed = await engine.takeOver(session.state, session.lease.fence);
    const plan = await ask(engine, compiled, handed);
    if (changesAnything(plan)) throw notTheSame(plan, to);
    return (await session.commit({ ...handed, engine: to }, { sealed: true, assemblyHash: compiled.synth.hash })).serial;
  });
}

/** Asks the engine about every resource, also about those whose inputs are as recorded. */
function ask(engine: Engine, compiled: Compiled, state: StateFile): Promise<Plan> {
  const { assembly, hash } = compiled.synth;
  const refreshed = { changed: Object.keys(state.resources), gone: [] };
  return engine.planning({ state, assembly }, (port) =>
    makePlan({ assembly, assemblyHash: hash, state, schemas: compiled.schemas, port, refreshed }),
  );
}

function notTheSame(plan: Plan, to: string): PankaError {
  const changes = plan.changes.filter((c) => c.action !== "same");
  return new PankaError("not-the-same", `the engine ${to} would change something, so nothing was switched`, {
    exitCode: EXIT.failed,
    diagnostics: changes.map((c) => ({
      severity: "error",
      code: "not-the-same",
      message: `${c.type} would be ${c.action === "create" ? "created" : `${c.action}d`}: ${c.reasons.join("; ") || c.properties.map((p) => p.path).join(", ")}`,
      path: c.component,
    })),
  });
}
