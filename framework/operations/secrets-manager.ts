/** AWS Secrets Manager, for what the provider plugin must not do: a secret's value goes neither through plan, state nor journal. */
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { clientOptions } from "../model/client-options.js";
import { assumedRole, type StackReach } from "./account.js";

/** Runs `body` with a client for the secret's own region, in the stack's role if it has one; the SDK is loaded only now. Throws what the SDK throws. */
export async function withSecretsManager<T>(
  reach: StackReach,
  secretId: string,
  body: (client: SecretsManagerClient, sdk: typeof import("@aws-sdk/client-secrets-manager")) => Promise<T>,
): Promise<T> {
  const sdk = await import("@aws-sdk/client-secrets-manager");
  const region = /^arn:[^:]*:secretsmanager:([^:]+):/.exec(secretId)?.[1] ?? reach.region;
  const credentials = reach.assumeRoleArn ? { credentials: await assumedRole(reach, reach.assumeRoleArn) } : {};
  const client = new sdk.SecretsManagerClient({ ...(await clientOptions({ ...reach, region })), ...credentials });
  try {
    return await body(client, sdk);
  } finally {
    client.destroy();
  }
}
