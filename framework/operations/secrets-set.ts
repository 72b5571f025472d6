/** Secrets of a deployed stack: which there are, and the setting of a value. The value goes to Secrets Manager and nowhere else. */
import { compareText } from "../base/diagnostics.js";
import { messageOf, PankaError } from "../base/errors.js";
import { componentOf, meansComponent, parseUrn } from "../base/names.js";
import { nearest } from "../base/nearest.js";
import { requireState } from "./access.js";
import { readModel } from "./compile.js";
import type { OperationContext } from "./context.js";
import { awsSettings } from "./provider.js";
import { withSecretsManager } from "./secrets-manager.js";

const SECRET = "aws:secretsmanager/secret:Secret";
/** The longest value that Secrets Manager takes, bytes (PutSecretValue, SecretString). */
const LONGEST = 65_536;

/** A secret that a component made. */
export interface SecretView {
  /** `service/component`. */
  component: string;
  arn: string;
}

/** The secrets of the stack, by component. Throws where nothing is deployed. */
export async function listSecrets(context: OperationContext): Promise<SecretView[]> {
  const { state } = await requireState(context);
  return Object.entries(state.resources)
    .filter(([key, r]) => r.type === SECRET && r.id !== "" && !key.includes("#") && parseUrn(key).role === undefined)
    .map(([key, r]) => ({ component: componentOf(key), arn: r.id }))
    .sort((a, b) => compareText(a.component, b.component));
}

/** Finds the secret of a name, `service/component` or the bare component. Throws a usage error with the nearest name. */
async function findSecret(context: OperationContext, name: string): Promise<SecretView> {
  const all = await listSecrets(context);
  const found = all.filter((s) => meansComponent(name, s.component));
  if (found.length === 1 && found[0]) return found[0];
  const names = all.map((s) => s.component);
  const guess = nearest(name, names);
  const there = names.length > 0 ? `; there are ${names.join(", ")}` : "; this stack has none";
  const why =
    found.length > 1 ? `is in several services${there}` : `is no deployed secret${there}${guess ? `; did you mean ${guess}?` : ""}`;
  throw new PankaError("unknown-secret", `${name} ${why}`, { exitCode: 2, next: "panka secret list" });
}

/**
 * Puts a new value into a deployed secret. Throws usage errors (`unknown-secret`, `empty-secret`, `long-secret`, `local-secret`), and
 * `secret-not-set` for what Secrets Manager refused. No message holds the value.
 */
export async function setSecret(context: OperationContext, name: string, value: () => Promise<string>): Promise<SecretView> {
  const secret = await findSecret(context, name);
  if (context.settings.provider === "local")
    throw new PankaError("local-secret", `the local model of AWS keeps no secret values, so ${secret.component} can't be given one here`, {
      exitCode: 2,
      next: `panka secret set ${secret.component} -e <an environment on AWS>`,
    });
  const { model } = await readModel(context);
  const text = await value();
  if (text === "") throw new PankaError("empty-secret", "no value came in; nothing was changed", { exitCode: 2 });
  if (Buffer.byteLength(text) > LONGEST)
    throw new PankaError("long-secret", `the value is longer than the ${LONGEST} bytes that Secrets Manager takes`, { exitCode: 2 });
  try {
    await withSecretsManager(awsSettings(context, model), secret.arn, (client, sdk) =>
      client.send(new sdk.PutSecretValueCommand({ SecretId: secret.arn, SecretString: text, ClientRequestToken: context.random.uuid() })),
    );
  } catch (error) {
    const said = messageOf(error).replaceAll(text, "[secret]");
    throw new PankaError("secret-not-set", `${secret.component} was not set: ${said}`, { next: "panka doctor", cause: undefined });
  }
  return secret;
}
