/** The first value of a generated secret: made by Secrets Manager, put only where there is no version yet. Never in assembly, state or journal. */
import { isPlainObject } from "../base/json.js";
import type { ActionCall } from "../model/engine.js";
import type { StackReach } from "./account.js";
import { noSecretId } from "./actions.js";
import { withSecretsManager } from "./secrets-manager.js";

/**
 * Puts a generated value into the secret, unless it has one. `args`: `length` (default 32), `excludeChars`, `template` (an object: the
 * value is made under the key `password` and the whole is stored as JSON). `token` makes one of two equal requests nothing. Throws what the AWS SDK throws.
 */
export async function generateSecret(reach: StackReach, call: ActionCall, token: string): Promise<void> {
  const id = call.resource.id;
  if (!id) throw noSecretId(call.urn);
  const signal = call.signal ? { abortSignal: call.signal } : {};
  await withSecretsManager(reach, id, async (client, sdk) => {
    const found = await client.send(new sdk.DescribeSecretCommand({ SecretId: id }), signal);
    if (Object.keys(found.VersionIdsToStages ?? {}).length > 0) return;
    const { length, excludeChars, template } = call.args;
    const made = await client.send(
      new sdk.GetRandomPasswordCommand({
        PasswordLength: typeof length === "number" ? length : 32,
        ...(typeof excludeChars === "string" ? { ExcludeCharacters: excludeChars } : {}),
      }),
      signal,
    );
    const value = isPlainObject(template) ? JSON.stringify({ ...template, password: made.RandomPassword }) : made.RandomPassword;
    await client.send(new sdk.PutSecretValueCommand({ SecretId: id, SecretString: value ?? "", ClientRequestToken: token }), signal);
  });
}
