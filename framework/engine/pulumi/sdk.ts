/** Pulumi's Node SDK, an optional peer: loaded only when this engine runs. */
import { PankaError } from "../../base/errors.js";
import { PULUMI_VERSION } from "./versions.js";

/** `@pulumi/pulumi`. */
export type PulumiCore = typeof import("@pulumi/pulumi");
/** `@pulumi/pulumi/automation`. */
export type PulumiAutomation = typeof import("@pulumi/pulumi/automation/index.js");

/** Both parts of the SDK. */
export interface PulumiSdk {
  core: PulumiCore;
  automation: PulumiAutomation;
}

/** Loads it. Throws PankaError `no-pulumi-sdk` where it is not installed. */
export async function loadSdk(): Promise<PulumiSdk> {
  try {
    const [core, automation] = await Promise.all([import("@pulumi/pulumi"), import("@pulumi/pulumi/automation/index.js")]);
    return { core: bare(core), automation: bare(automation) };
  } catch (error) {
    throw new PankaError("no-pulumi-sdk", "engine: pulumi needs the npm package @pulumi/pulumi, which is not installed", {
      next: `npm install @pulumi/pulumi@${PULUMI_VERSION}, or set engine: embedded, which needs neither it nor the Pulumi CLI`,
      cause: error,
    });
  }
}

/** A CommonJS module as `import()` gives it: all of it is `default`. */
function bare<T>(module: T): T {
  return (module as { default?: T }).default ?? module;
}
