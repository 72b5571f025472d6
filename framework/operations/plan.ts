/** Plan: what a deploy would do. Takes no lock, writes nothing but panka.out/. */
import type { Diagnostic } from "../base/diagnostics.js";
import { usageError } from "../base/errors.js";
import { nearest } from "../base/nearest.js";
import { costNotices } from "../cost/notices.js";
import { refreshState } from "../engine/refresh.js";
import { select } from "../graph/index.js";
import type { ComponentGraph } from "../model/assembly.js";
import type { Engine } from "../model/engine.js";
import type { Plan } from "../model/plan.js";
import type { Provider } from "../model/provider.js";
import type { StateFile } from "../model/state-file.js";
import { makePlan, type PlanRequest } from "../plan/make-plan.js";
import { recordedState } from "./access.js";
import { compile, type Compiled } from "./compile.js";
import type { OperationContext } from "./context.js";
import { checkEngine, openEngine } from "./engine.js";
import { checkAccount, checkIdentity, openProvider, wantedIdentity } from "./provider.js";
import { isNarrowed, type SelectionOptions } from "./selection.js";

/** What plan is asked for. */
export interface PlanOptions {
  selection: SelectionOptions;
  refresh: boolean;
}

/** Plans the stack. Throws PankaError `invalid-stack`, `plan-failed`, usage errors. */
export async function planStack(context: OperationContext, options: PlanOptions): Promise<{ plan: Plan; diagnostics: Diagnostic[] }> {
  const compiled = await compile(context);
  const where = `${compiled.model.stack} in ${compiled.model.environment}`;
  const state = await recordedState(context, compiled.model.stack);
  const identity = wantedIdentity(context, compiled.model);
  checkIdentity(state?.provider, identity, where);
  checkEngine(state, context, where);
  const provider = await openProvider(context, compiled.schemas, compiled.model);
  try {
    if (context.settings.provider === "aws") {
      const { account } = await provider.identity();
      checkAccount(account, state?.provider, accountIdOf(compiled), where);
    }
    const { plan } = await makeStackPlan(compiled, state, { provider, engine: openEngine(context, { provider }) }, options);
    return { plan, diagnostics: compiled.diagnostics };
  } finally {
    await provider.close();
  }
}

/** `provider.accountId` of the Stack document. */
export function accountIdOf(compiled: Pick<Compiled, "model">): unknown {
  return (compiled.model.spec["provider"] as { accountId?: unknown } | undefined)?.accountId;
}

/** A plan of a compiled stack against a state; with `refresh` the state as the cloud has it comes back, too. */
export async function makeStackPlan(
  compiled: Compiled,
  recorded: StateFile | null,
  { provider, engine }: { provider: Provider; engine: Engine },
  options: PlanOptions,
): Promise<{ plan: Plan; state?: StateFile }> {
  const { synth, schemas } = compiled;
  const refreshed = options.refresh && recorded ? await refreshState(recorded, provider, schemas) : undefined;
  const request: Omit<PlanRequest, "port"> = {
    assembly: synth.assembly,
    assemblyHash: synth.hash,
    state: refreshed?.state ?? recorded,
    schemas,
    ...(refreshed ? { refreshed: refreshed.refreshed } : {}),
    ...(isNarrowed(options.selection) ? { selection: planSelection(synth.graph, options.selection) } : {}),
  };
  const plan = await engine.planning({ state: request.state, assembly: synth.assembly }, (port) => makePlan({ ...request, port }));
  const notices = [...new Set([...synth.notices, ...costNotices(plan, synth.assembly), ...plan.notices])];
  return { plan: { ...plan, notices }, ...(refreshed ? { state: refreshed.state } : {}) };
}

/** Checks the names of a selection and turns it into what the plan takes. Throws a usage error with the nearest name. */
export function planSelection(graph: ComponentGraph, selection: SelectionOptions): { components: string[]; services?: string[] } {
  const addresses = chosen(graph, selection);
  const withShared = selection.withDependencies ? { services: [...selection.services, "_stack"] } : { services: selection.services };
  return { components: addresses, ...withShared };
}

/** Addresses that a selection means. */
export function chosen(graph: ComponentGraph, selection: SelectionOptions): string[] {
  const { withDependencies } = selection;
  const services = [...new Set(graph.nodes.map((n) => n.service))];
  const found = new Set<string>();
  for (const service of selection.services) {
    if (!services.includes(service)) throw unknown("--service", service, services);
    if (selection.components.length > 0) continue;
    for (const address of select(graph, { service, withDependencies })) found.add(address);
  }
  for (const component of selection.components) {
    const [service] = selection.services.length === 1 ? selection.services : [];
    const hits = select(graph, { component, ...(service ? { service } : {}), withDependencies });
    if (hits.length === 0)
      throw unknown(
        "--component",
        component,
        graph.nodes.map((n) => n.address),
      );
    for (const address of hits) found.add(address);
  }
  return [...found].sort();
}

function unknown(flag: string, name: string, known: readonly string[]): Error {
  const guess = nearest(name, known);
  return usageError("unknown-selection", `${flag} ${name}: the stack has none of that name${guess ? `; did you mean ${guess}?` : ""}`, {
    next: `one of ${known.join(", ")}`,
  });
}
