/**
 * Import: takes what exists in the cloud into the state, as the resources that the stack describes. Shown first, with what the next
 * deploy would then change; written under the lock, in one commit: all of it or nothing. Nothing in the cloud is touched.
 */
import { PankaError, usageError } from "../base/errors.js";
import { adopt, type AdoptResult } from "../engine/adopt.js";
import type { Engine } from "../model/engine.js";
import type { Plan } from "../model/plan.js";
import type { Provider } from "../model/provider.js";
import type { StateFile } from "../model/state-file.js";
import { NEW_LINEAGE } from "../plan/identity.js";
import { emptyState } from "../state/codec.js";
import { readState } from "../state/read.js";
import { mustBeSettled, whileSettled } from "./as-deployed.js";
import { assetFile } from "./assets.js";
import { type Backend, openBackend } from "./backend.js";
import { compile, type Compiled } from "./compile.js";
import type { OperationContext } from "./context.js";
import { readNamedFile } from "./named-file.js";
import { checkEngine, openEngine } from "./engine.js";
import { importForm, importTargets, type ImportWish, parseWishes } from "./import-targets.js";
import { lockMetadata } from "./lock-metadata.js";
import { accountIdOf, makeStackPlan } from "./plan.js";
import { checkAccount, checkIdentity, openProvider, wantedIdentity } from "./provider.js";
import { releaseRecord } from "./release-record.js";
import { requireBackend } from "./required-backend.js";
import { openSession } from "./session.js";

/** What is asked for. */
export interface ImportRequest {
  wishes: ImportWish[];
  /** A file with more wishes. */
  from?: string | undefined;
  /** Only show. */
  dryRun: boolean;
  /** Also take what carries the tags of another stack. */
  force: boolean;
}

/** One resource that is taken in. */
export interface ImportedResource {
  urn: string;
  component: string;
  type: string;
  id: string;
  importId: string;
  /** `given` on the command line or in the file; `computed` from what is known. */
  by: "given" | "computed";
}

/** One that is not: the next deploy makes it, unless an id is given. */
export interface LeftResource {
  urn: string;
  component: string;
  type: string;
  /** It was looked for by this and is not there; null: no id is known. */
  importId: string | null;
  /** What its import id looks like, for people. */
  form: string;
}

/** What an import comes to. */
export interface Import {
  stack: string;
  environment: string;
  /** Written into the state. */
  done: boolean;
  /** The new serial; null where nothing was written. */
  serial: number | null;
  imported: ImportedResource[];
  left: LeftResource[];
  /** What the next deploy would do. */
  plan: Plan;
}

/** Shows an import and asks; false: not confirmed. */
export type ConfirmImport = (shown: Import) => Promise<boolean>;

/** Imports. Throws PankaError: usage errors, `cannot-import` with all problems, `not-settled`, `lock-held` (exit 4), with nothing written. */
export async function importResources(context: OperationContext, request: ImportRequest, confirm: ConfirmImport): Promise<Import> {
  requireBackend(context.settings);
  const wishes = [...request.wishes, ...(request.from === undefined ? [] : await readWishes(context, request.from))];
  if (wishes.length === 0)
    throw usageError("no-target", "nothing to import was named", { next: "panka import SERVICE/COMPONENT ID, or --from FILE" });
  const compiled = await compile(context);
  const where = `${compiled.model.stack} in ${compiled.model.environment}`;
  const backend = await openBackend(context, compiled.model);
  try {
    const recorded = (await readState(backend))?.state ?? null;
    checkIdentity(recorded?.provider, wantedIdentity(context, compiled.model), where);
    checkEngine(recorded, context, where);
    if (recorded) await mustBeSettled(backend, recorded, where);
    importTargets(compiled.synth.assembly, recorded, wishes);
    const provider = await openProvider(context, compiled.schemas, compiled.model);
    try {
      const { account } = await provider.identity();
      checkAccount(account, recorded?.provider, accountIdOf(compiled), where);
      const engine = await openEngine(context, { ...compiled, stack: compiled.model.stack, provider, backend });
      const parts: Parts = { compiled, wishes, backend, provider, engine, account, where, force: request.force };
      const state = recorded ?? emptyState(NEW_LINEAGE, engine.name, wantedIdentity(context, compiled.model));
      const { shown } = await prepared(context, parts, state);
      if (request.dryRun || !(await confirm(shown))) return shown;
      return await written(context, parts);
    } finally {
      await provider.close();
    }
  } finally {
    await backend.close();
  }
}

async function readWishes(context: OperationContext, file: string): Promise<ImportWish[]> {
  return parseWishes(await readNamedFile(context.cwd, file, { code: "no-file" }), file);
}

interface Parts {
  compiled: Compiled;
  wishes: ImportWish[];
  backend: Backend;
  provider: Provider;
  engine: Engine;
  account: string;
  where: string;
  force: boolean;
}

/** Finds everything and plans what comes next. Throws PankaError `cannot-import` with all problems. */
async function prepared(context: OperationContext, parts: Parts, state: StateFile): Promise<{ shown: Import; state: StateFile }> {
  const { compiled, provider, engine } = parts;
  const { schemas, synth } = compiled;
  const { assembly } = synth;
  const wanted = importTargets(assembly, state, parts.wishes);
  const assetPath = (sha: string): string => assetFile(context.settings.projectRoot, sha);
  const result = await adopt({ state, assembly, schemas, provider, wanted, force: parts.force, assetPath });
  const { imported, left } = outcome(compiled, result);
  refuse(parts, result, { imported, left });
  const selection = { services: [], components: [], withDependencies: false };
  const { plan } = await makeStackPlan(compiled, result.state, { provider, engine }, { selection, refresh: false });
  const { stack, environment } = compiled.model;
  return { shown: { stack, environment, done: false, serial: null, imported, left, plan }, state: result.state };
}

function outcome({ schemas, synth }: Compiled, { adoptions }: AdoptResult): Pick<Import, "imported" | "left"> {
  const specs = new Map(synth.assembly.resources.map((r) => [r.urn, r]));
  const imported: ImportedResource[] = [];
  const left: LeftResource[] = [];
  for (const { urn, component, type, id, importId, given } of adoptions) {
    const spec = specs.get(urn);
    if (id !== undefined && importId !== undefined) imported.push({ urn, component, type, id, importId, by: given ? "given" : "computed" });
    else if (spec) left.push({ urn, component, type, importId: importId ?? null, form: importForm(spec, schemas) });
  }
  return { imported, left };
}

function refuse({ where }: Parts, { problems }: AdoptResult, { imported, left }: Pick<Import, "imported" | "left">): void {
  if (problems.length > 0) {
    throw new PankaError("cannot-import", `nothing was imported into ${where}`, { diagnostics: problems });
  }
  if (imported.length > 0) return;
  // What follows from another of them is found by itself once that one is imported.
  const first = left.filter(({ form }) => !/<\S+ of /.test(form));
  throw usageError("needs-id", "nothing was found by what is known; an id is needed", {
    diagnostics: (first.length > 0 ? first : left).map(({ urn, component, type, importId, form }) => ({
      severity: "error",
      code: importId === null ? "needs-id" : "not-found",
      message: importId === null ? `${type} can be imported by its id: ${form}` : `there is no ${type} with the import id ${importId}`,
      path: component,
      next: `panka import '${urn}' ID`,
    })),
  });
}

/** Writes it, under the lock, on the state as it is then. */
async function written(context: OperationContext, parts: Parts): Promise<Import> {
  const { compiled, backend, engine, account, where } = parts;
  const identity = { ...wantedIdentity(context, compiled.model), account };
  const session = await openSession({
    ...backend,
    clock: context.clock,
    random: context.random,
    fault: context.faults,
    metadata: lockMetadata(context, "import"),
    emit: context.emit,
    provider: identity,
    engine: engine.name,
    reads: context.reads,
  });
  return whileSettled(session, where, async () => {
    const { shown, state } = await prepared(context, parts, session.state);
    const handed = await engine.takeOver(state, session.lease.fence);
    const provider = { ...handed.provider, ...identity, account: account || handed.provider.account };
    const final = await session.commit({ ...handed, provider }, { sealed: true, assemblyHash: null });
    await session.writeRelease(
      releaseRecord(context, backend, final, {
        operation: "import",
        assemblyHash: compiled.synth.hash,
        assembly: compiled.synth.assembly,
        summary: { create: 0, update: 0, replace: 0, delete: 0, same: shown.imported.length },
        partial: true,
        imported: shown.imported.map((r) => r.urn).sort(),
      }),
    );
    return { ...shown, done: true, serial: final.serial };
  });
}
