/** Whether there is a back end that a run may use. */
import { usageError } from "../base/errors.js";
import type { Settings } from "./context.js";

/** Throws usage errors (exit 2) where nothing may be deployed: no back end, or a local one for real production resources. */
export function requireBackend(settings: Settings): void {
  if (!settings.backend) {
    throw usageError(
      "no-backend",
      `no back end is configured for ${settings.environment}: the state of real resources needs a place of its own`,
      {
        next: `panka backend create -e ${settings.environment}`,
      },
    );
  }
  if (settings.provider === "aws" && settings.backend.type === "local" && settings.environmentClass === "production") {
    throw usageError(
      "local-backend-in-production",
      `${settings.environment} is a production environment: its state may not be kept on one machine`,
      {
        next: `panka backend create -e ${settings.environment}`,
      },
    );
  }
}
