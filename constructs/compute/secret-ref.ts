/** `secretRef`: a Secret component, an ARN (a `:jsonKey` allowed behind it), or the name of a secret that exists already. */
import type { BoundTarget, ExpandContext, Grant, Value } from "../../framework/model/index.js";
import { targetOf } from "../base/target-of.js";

/** A secret by its ARN, and the key of its JSON if only one is meant. */
export interface SecretSource {
  arn: Value;
  jsonKey?: string;
  /** A Systems Manager parameter rather than a Secrets Manager secret. */
  parameter: boolean;
  /** What reading it takes besides: decrypting with a key of its own. */
  further?: readonly Grant[];
}

const SECRET_ARN = /^(arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+)(?::([^:]*))?/;

/**
 * What a `secretRef` means. Text that is neither component nor ARN is looked up by name. With `path`, where it stands in the props, a
 * component that keeps no secret is reported.
 */
export function secretSource(ctx: ExpandContext, ref: Value, path?: string): SecretSource {
  if (typeof ref !== "string") return { arn: ref, parameter: false, ...keyGrants(targetOf(ctx, ref, "secretArn")) };
  const match = SECRET_ARN.exec(ref);
  if (match) return { arn: match[1] as string, parameter: false, ...(match[2] ? { jsonKey: match[2] } : {}) };
  if (/^arn:[^:]+:ssm:/.test(ref)) return { arn: ref, parameter: true };
  const target = ctx.target(ref);
  const arn = target?.outputs.secretArn;
  if (arn !== undefined) return { arn, parameter: false, ...keyGrants(target) };
  if (target && path !== undefined)
    ctx.error("no-secret", `${target.address} is a component that keeps no secret`, path, {
      expected: "a Secret, or a database; a secret of that name that exists already is said by its ARN",
    });
  return { arn: { $lookup: { token: "aws:secretsmanager/getSecret:getSecret", args: { name: ref }, output: "arn" } }, parameter: false };
}

/** What its kind grants to readers beside reading the secret itself. */
function keyGrants(target: BoundTarget | undefined): Pick<SecretSource, "further"> {
  const further = (target?.bindings?.grants.read ?? []).filter((g) => g.actions.every((a) => a.startsWith("kms:")));
  return further.length > 0 ? { further } : {};
}

/**
 * The secret's whole value, read at apply and kept encrypted: for a password of one's own. Reports a JSON key and a Systems Manager
 * parameter; `path`: where the secretRef stands in the props.
 */
export function secretValue(ctx: ExpandContext, ref: Value, path: string) {
  const source = secretSource(ctx, ref, path);
  if (source.jsonKey || source.parameter)
    ctx.error("whole-secret", "the password must be the secret's whole value", path, {
      expected: "a Secrets Manager secret without a JSON key",
    });
  const args = { secretId: source.arn };
  return { $secret: { $lookup: { token: "aws:secretsmanager/getSecretVersion:getSecretVersion", args, output: "secretString" } } };
}

/** The `valueFrom` of a container's secret: the ARN, with `:<key>::` for one key of its JSON. */
export function secretValueFrom(source: { arn: Value; jsonKey?: string | undefined }): Value {
  if (!source.jsonKey) return source.arn;
  return typeof source.arn === "string" ? `${source.arn}:${source.jsonKey}::` : { $text: [source.arn, `:${source.jsonKey}::`] };
}

/** The action that reads it. */
export function readAction(source: SecretSource): string {
  return source.parameter ? "ssm:GetParameters" : "secretsmanager:GetSecretValue";
}
