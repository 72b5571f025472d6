/** The table of journaled steps that resources ask for after create or update, each idempotent. */
import { PankaError } from "../base/errors.js";
import type { ActionFunction } from "../model/engine.js";
import type { ResolvedModel } from "../model/stack-model.js";
import type { OperationContext } from "./context.js";
import { awsSettings } from "./provider.js";

/** Actions by name, for the run's provider. */
export function ACTIONS(context: OperationContext, model: Pick<ResolvedModel, "region" | "spec">): Record<string, ActionFunction> {
  return {
    "generate-secret": async (call) => {
      // The local model has no secret values, so there is nothing to generate.
      if (context.settings.provider === "local") return;
      const { generateSecret } = await import("./generate-secret.js");
      await generateSecret(awsSettings(context, model), call, context.random.uuid());
    },
  };
}

/** A secret's id is not known: the resource was not made. */
export function noSecretId(urn: string): PankaError {
  return new PankaError("no-secret-id", `${urn} has no id, so its first value can't be made`);
}
