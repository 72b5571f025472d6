/** Rollback: deploys the assembly of an earlier release again, as a new serial. Needs none of the stack's files. */
import { PankaError, usageError } from "../base/errors.js";
import type { Assembly } from "../model/assembly.js";
import type { ReleaseRecord, StateFile } from "../model/state-file.js";
import { readState } from "../state/read.js";
import { getRelease } from "../state/releases.js";
import { withBackend } from "./access.js";
import type { Backend } from "./backend.js";
import { type Deployable, placeOf, schemaIndex } from "./compile.js";
import type { OperationContext } from "./context.js";
import { deployCompiled, type DeployOptions } from "./deploy.js";
import { imagesOf, pinned } from "./images.js";
import { refuseOverImports } from "./imported-since.js";
import { newestFirst, sameVersion, standsForAll } from "./last-good.js";
import type { RunHooks, RunResult } from "./run-result.js";
import { stackId } from "./stack-id.js";

/** Rolls back to the release of `serial`; without one to the last good release that differs from what stands. Throws like deploy; usage errors for a serial that is no whole release. */
export async function rollback(
  context: OperationContext,
  serial: number | undefined,
  options: DeployOptions,
  hooks: RunHooks,
): Promise<RunResult> {
  const id = await stackId(context);
  const release = await withBackend(context, id, (backend) => chosen(context, backend, serial, options.allowDelete));
  ofThisStack(release, { ...id, environment: context.settings.environment });
  const place = await placeOf(context);
  const { assembly, hash } = pinned(release);
  const compiled: Deployable = {
    model: { ...id, environment: context.settings.environment, region: assembly.region, spec: place.spec },
    synth: {
      assembly,
      hash,
      sources: { version: 1, components: {} },
      notices: [],
      grants: [],
      graph: { nodes: [], edges: [] },
    },
    schemas: schemaIndex(context),
    diagnostics: [],
  };
  context.emit({ type: "waiting", message: `Rolling back to serial ${release.serial}, released ${release.at} by ${release.by}` });
  return deployCompiled(context, compiled, { ...options, recordAs: "rollback" }, hooks);
}

/** In clear a record that was put here from elsewhere says so itself; sealed it does not open. */
function ofThisStack(release: ReleaseRecord, here: { stack: string; environment: string }): void {
  const { stack, environment } = release.assembly as Assembly;
  if (stack === here.stack && environment === here.environment) return;
  throw new PankaError(
    "damaged-release",
    `the release of serial ${release.serial} is of ${stack} in ${environment}, not of ${here.stack} in ${here.environment}. Nothing was touched`,
    { next: "panka history, then panka rollback SERIAL with another release" },
  );
}

async function chosen(
  context: OperationContext,
  backend: Backend,
  serial: number | undefined,
  allowed: readonly string[],
): Promise<ReleaseRecord> {
  const state = (await readState(backend))?.state;
  const release = await (serial === undefined ? previous(backend, state) : named(backend, state, serial));
  if (state) await refuseOverImports(context, backend, { release, state, allowed });
  return release;
}

async function named(backend: Backend, state: StateFile | undefined, serial: number): Promise<ReleaseRecord> {
  const release = state && (await getRelease(backend, state, serial));
  if (release && standsForAll(release)) return release;
  const why = !release
    ? "there is no release of it"
    : release.operation === "import"
      ? "it was an import"
      : release.partial
        ? "it was of a part of the stack only"
        : release.operation === "destroy"
          ? "it was a destroy"
          : `it is ${release.status}`;
  throw usageError("no-release", `serial ${serial} can't be rolled back to: ${why}`, { next: "panka history" });
}

async function previous(backend: Backend, state: StateFile | undefined): Promise<ReleaseRecord> {
  let newest: ReleaseRecord | undefined;
  for await (const release of state ? newestFirst(backend, state) : []) {
    if (!standsForAll(release)) continue;
    // What failed after the newest good release is not what stands: then that one is the way back.
    const stands = newest ?? { assemblyHash: state?.assemblyHash ?? null, images: state && imagesOf(state) };
    if (!sameVersion(stands, release)) return release;
    newest ??= release;
  }
  throw new PankaError("no-release", `${backend.path} has no earlier good release to go back to`, { next: "panka history" });
}
