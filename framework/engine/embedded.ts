/** The embedded engine: this process plans and runs, through the provider. Nothing to install but the provider's plugin. */
import type { Engine } from "../model/engine.js";
import type { Provider } from "../model/provider.js";
import { execute } from "./execute.js";

/** Makes it. `provider` answers what changes would do. */
export function embeddedEngine(provider: Provider): Engine {
  return {
    name: "embedded",
    planning: (_request, body) => body(provider),
    execute,
    takeOver: async ({ pulumiPrefix: _prefix, ...state }) => state,
  };
}
