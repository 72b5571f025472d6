/** The engine of a run, and whether it is the one that the stack was deployed with. */
import { usageError } from "../base/errors.js";
import { embeddedEngine } from "../engine/embedded.js";
import type { Engine } from "../model/engine.js";
import type { Provider } from "../model/provider.js";
import type { SchemaIndex } from "../model/provider-schema.js";
import type { ResolvedModel } from "../model/stack-model.js";
import type { StateFile } from "../model/state-file.js";
import { assetFile } from "./assets.js";
import type { Backend } from "./backend.js";
import type { OperationContext } from "./context.js";
import { awsSettings } from "./provider.js";

/** Throws a usage error (exit 2) where the state is another engine's. */
export function checkEngine(recorded: StateFile | null, context: OperationContext, where: string): void {
  const { engine, environment, origins } = context.settings;
  if (!recorded || recorded.engine === engine) return;
  const message = `${where} was deployed with the engine ${recorded.engine}, this run has ${engine} (${origins.engine ?? "default"})`;
  throw usageError("other-engine", message, {
    next: `panka engine switch ${engine} -e ${environment}, or set engine: ${recorded.engine} in panka.config.yaml`,
  });
}

/** What an engine is opened with. */
export interface EngineParts {
  stack: string;
  model: Pick<ResolvedModel, "region" | "spec">;
  schemas: SchemaIndex;
  provider: Provider;
  /** Absent where nothing is going to be run. */
  backend?: Backend;
  /** Default: the settings' engine. */
  name?: StateFile["engine"];
}

/** Opens the engine. Pulumi's SDK and CLI are looked for only when it is asked for something. */
export async function openEngine(context: OperationContext, parts: EngineParts): Promise<Engine> {
  const { settings, env, home, random } = context;
  const { provider, schemas, stack, backend } = parts;
  if ((parts.name ?? settings.engine) === "embedded") return embeddedEngine(provider);
  if (settings.provider !== "aws") {
    throw usageError(
      "no-pulumi-here",
      `engine: pulumi makes real resources; ${settings.environment} has the provider ${settings.provider}`,
      {
        next: "set engine: embedded for this environment, or provider: aws",
      },
    );
  }
  const [{ pulumiEngine }, { pulumiPackage }] = await Promise.all([
    import("../engine/pulumi/index.js"),
    import("../providers/aws/pulumi.js"),
  ]);
  const place = backend && (await import("./pulumi-place.js")).pulumiPlace(context, backend);
  return pulumiEngine({
    stack,
    environment: settings.environment,
    package: pulumiPackage(schemas, awsSettings(context, parts.model)),
    schemas,
    provider,
    random,
    env,
    home,
    root: settings.projectRoot,
    assetPath: (sha) => assetFile(settings.projectRoot, sha),
    ...(place ? { place } : {}),
  });
}
