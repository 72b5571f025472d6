/** The first value of a generated secret: made by Secrets Manager, put only where there is no version yet. Never in assembly, state or journal. */
import { isPlainObject } from "../base/json.js";
import type { ActionCall } from "../model/engine.js";
import { noSecretId } from "./actions.js";
import type { OperationContext } from "./context.js";

/**
 * Puts a generated value into the secret, unless it has one. `args`: `length` (default 32), `excludeChars`, `template` (an object: the
 * value is made under the key `password` and the whole is stored as JSON). Throws what the AWS SDK throws.
 */
export async function generateSecret(context: OperationContext, call: ActionCall): Promise<void> {
  const id = call.resource.id;
  if (!id) throw noSecretId(call.urn);
  const { SecretsManagerClient, DescribeSecretCommand, GetRandomPasswordCommand, PutSecretValueCommand } = await import(
    "@aws-sdk/client-secrets-manager"
  );
  const { aws } = context.settings;
  const region = /^arn:[^:]*:secretsmanager:([^:]+):/.exec(id)?.[1] ?? aws.environmentRegion ?? aws.fallbackRegion;
  const client = new SecretsManagerClient({
    ...(region ? { region } : {}),
    ...(aws.endpoint ? { endpoint: aws.endpoint } : {}),
    ...(aws.profile ? { profile: aws.profile } : {}),
  });
  try {
    const signal = call.signal ? { abortSignal: call.signal } : {};
    const found = await client.send(new DescribeSecretCommand({ SecretId: id }), signal);
    if (Object.keys(found.VersionIdsToStages ?? {}).length > 0) return;
    const { length, excludeChars, template } = call.args;
    const made = await client.send(
      new GetRandomPasswordCommand({
        PasswordLength: typeof length === "number" ? length : 32,
        ...(typeof excludeChars === "string" ? { ExcludeCharacters: excludeChars } : {}),
      }),
      signal,
    );
    const value = isPlainObject(template) ? JSON.stringify({ ...template, password: made.RandomPassword }) : made.RandomPassword;
    await client.send(
      new PutSecretValueCommand({ SecretId: id, SecretString: value ?? "", ClientRequestToken: context.random.uuid() }),
      signal,
    );
  } finally {
    client.destroy();
  }
}
