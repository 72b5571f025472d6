/** `secretRef`: a Secret component, an ARN (a `:jsonKey` allowed behind it), or the name of a secret that exists already. */
import type { ExpandContext, Value } from "../../framework/model/index.js";

/** A secret by its ARN, and the key of its JSON if only one is meant. */
export interface SecretSource {
  arn: Value;
  jsonKey?: string;
  /** A Systems Manager parameter rather than a Secrets Manager secret. */
  parameter: boolean;
}

const SECRET_ARN = /^(arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+)(?::([^:]*))?/;

/** What a `secretRef` means. Text that is neither component nor ARN is looked up by name. */
export function secretSource(ctx: ExpandContext, ref: Value): SecretSource {
  if (typeof ref !== "string") return { arn: ref, parameter: false };
  const match = SECRET_ARN.exec(ref);
  if (match) return { arn: match[1] as string, parameter: false, ...(match[2] ? { jsonKey: match[2] } : {}) };
  if (/^arn:[^:]+:ssm:/.test(ref)) return { arn: ref, parameter: true };
  const target = ctx.target(ref);
  const arn = target?.outputs.secretArn;
  if (arn !== undefined) return { arn, parameter: false };
  return { arn: { $lookup: { token: "aws:secretsmanager/getSecret:getSecret", args: { name: ref }, output: "arn" } }, parameter: false };
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
