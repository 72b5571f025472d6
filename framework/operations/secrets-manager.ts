/** AWS Secrets Manager, for what the provider plugin must not do: a secret's value goes neither through plan, state nor journal. */
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { clientOptions } from "./account.js";
import type { OperationContext } from "./context.js";

/** Runs `body` with a client for the secret's own region; the SDK is loaded only now. Throws what the SDK throws. */
export async function withSecretsManager<T>(
  context: Pick<OperationContext, "settings">,
  secretId: string,
  body: (client: SecretsManagerClient, sdk: typeof import("@aws-sdk/client-secrets-manager")) => Promise<T>,
): Promise<T> {
  const sdk = await import("@aws-sdk/client-secrets-manager");
  const { aws } = context.settings;
  const region = /^arn:[^:]*:secretsmanager:([^:]+):/.exec(secretId)?.[1] ?? aws.environmentRegion ?? aws.fallbackRegion;
  const client = new sdk.SecretsManagerClient(clientOptions({ ...aws, region }));
  try {
    return await body(client, sdk);
  } finally {
    client.destroy();
  }
}
