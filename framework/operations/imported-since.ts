/** A rollback over an import would delete what Panka did not make: it is refused until each such component is named. */
import type { Diagnostic } from "../base/diagnostics.js";
import { EXIT, isPankaError, PankaError } from "../base/errors.js";
import { componentOf } from "../base/names.js";
import type { Assembly } from "../model/assembly.js";
import type { ReleaseRecord, StateFile } from "../model/state-file.js";
import { urnOfKey } from "../plan/selection.js";
import { getRelease, listReleases } from "../state/releases.js";
import type { Backend } from "./backend.js";
import type { OperationContext } from "./context.js";

/**
 * Throws PankaError `imported-since` (exit 5) where what was imported after `release` stands and is not in its assembly, so that deploying
 * that would delete it. `allowed`: components or URNs of `--allow-delete`. A later release that can't be read is said as a warning.
 */
export async function refuseOverImports(
  context: OperationContext,
  backend: Backend,
  { release, state, allowed }: { release: ReleaseRecord; state: StateFile; allowed: readonly string[] },
): Promise<void> {
  const kept = new Set((release.assembly as Assembly).resources.map((r) => r.urn));
  const stands = new Set(Object.keys(state.resources).map(urnOfKey));
  const found = new Map<string, Diagnostic>();
  for (const serial of (await listReleases(backend.store)).filter((s) => s > release.serial)) {
    const later = await getRelease(backend, state, serial).catch((error) => said(context, error));
    for (const urn of later?.imported ?? []) {
      const component = componentOf(urn);
      if (kept.has(urn) || !stands.has(urn) || allowed.includes(component) || allowed.includes(urn)) continue;
      found.set(component, {
        severity: "error",
        code: "imported-since",
        message: `${component} was imported at serial ${serial}, and rolling back to serial ${release.serial} would delete it`,
        path: component,
        next: `panka state rm ${component}, which forgets it and leaves it in the cloud; if it shall go: --allow-delete ${component}`,
      });
    }
  }
  if (found.size === 0) return;
  throw new PankaError("imported-since", "the release is older than an import; nothing was changed", {
    exitCode: EXIT.refused,
    diagnostics: [...found.values()],
  });
}

function said(context: OperationContext, error: unknown): undefined {
  const [problem] = isPankaError(error) ? error.diagnostics : [];
  if (!problem) throw error;
  context.emit({ type: "diagnostic", diagnostic: { ...problem, severity: "warning" } });
}
