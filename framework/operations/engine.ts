/** The engine of a run, and whether it is the one that the stack was deployed with. */
import { usageError } from "../base/errors.js";
import { embeddedEngine } from "../engine/embedded.js";
import type { Engine } from "../model/engine.js";
import type { Provider } from "../model/provider.js";
import type { StateFile } from "../model/state-file.js";
import type { OperationContext } from "./context.js";

/** Throws a usage error (exit 2) where the state is another engine's. */
export function checkEngine(recorded: StateFile | null, context: OperationContext, where: string): void {
  const { engine, environment, origins } = context.settings;
  if (!recorded || recorded.engine === engine) return;
  const message = `${where} was deployed with the engine ${recorded.engine}, this run has ${engine} (${origins.engine ?? "default"})`;
  throw usageError("other-engine", message, {
    next: `panka engine switch ${engine} -e ${environment}, or set engine: ${recorded.engine} in panka.config.yaml`,
  });
}

/** Makes the engine. */
export function openEngine(_context: OperationContext, parts: { provider: Provider }): Engine {
  return embeddedEngine(parts.provider);
}
