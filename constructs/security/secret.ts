/**
 * Secret: a secret in Secrets Manager. Its value is generated once, or set by `panka secret set`; it is never in a file, an assembly or a state.
 * $0.40 a month (us-east-1, 2026-11).
 *
 *   const token = new Secret(service, "token", { generate: { length: 40 } });
 *   new Worker(service, "mailer", { image, secrets: [{ name: "TOKEN", secretRef: token.secretArn }] });
 */
import { z } from "zod";
import { group, int, mapOf, plainText, text } from "../../framework/model/fields.js";
import type { ExpandContext, Ref, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { calledFunction, permitCall } from "../compute/lambda-permission.js";
import { resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { stackKey } from "./default-key.js";
import { KEY_FORMS, keyArn, keyLinks } from "./key-ref.js";
import { recoveryDays } from "./recovery.js";
import { rotationDays } from "./rotation.js";

const schema = () =>
  z.strictObject({
    name: plainText("The secret's physical name.", { min: 1, max: 512, default: "generated" }).optional(),
    generate: group(
      {
        length: int("Characters.", 1, 4096, { default: 32 }).optional(),
        excludeChars: plainText("Characters that must not occur.", { max: 4096 }).optional(),
        template: mapOf(
          plainText("The value."),
          "Makes the secret a JSON object with these members and the generated value as `password`.",
        ).optional(),
      },
      "Generates the first value; one that exists is kept. Without this the value is set by `panka secret set`.",
    ).optional(),
    rotation: group(
      {
        days: int("Days between two rotations.", 1, 1000, { unit: "days", default: "Security.secrets.rotationDays" }).optional(),
        lambda: text("The function that rotates: a Lambda component or an ARN."),
      },
      "Rotation by a function.",
    ).optional(),
    kmsKey: text(`Key: ${KEY_FORMS}.`, { default: "aws/secretsmanager" }).optional(),
    ...commonFields,
  });

/** Props of {@link Secret}. */
export interface SecretProps extends PropsOf<ReturnType<typeof schema>> {}

/** A secret. */
export class Secret extends Component {
  constructor(service: Service, name: string, props: SecretProps = {}) {
    super("Secret", service, name, props);
  }

  /** The ARN: what `secretRef` takes. */
  get secretArn(): Ref {
    return this.output("secretArn");
  }

  get secretName(): Ref {
    return this.output("secretName");
  }

  /** Lets the user read the value. */
  read(): Use {
    return this.use("read");
  }
}

type Props = Expanded<z.output<ReturnType<typeof schema>>>;

/** Kind `Secret`. */
export const secretKind = defineKind({
  name: "Secret",
  group: "components",
  summary: "A secret in Secrets Manager.",
  schema,
  infra: [],
  outputs: { secretArn: "The secret's ARN.", secretName: "The secret's physical name." },
  stateful: true,
  links: ({ rotation, kmsKey }) => [
    ...(typeof rotation?.lambda === "string" ? [{ component: rotation.lambda, path: "rotation.lambda", optional: true }] : []),
    ...keyLinks(kmsKey, "kmsKey"),
  ],
  expand(props, ctx) {
    const { generate } = props;
    const kmsKey = keyArn(ctx, props.kmsKey, "kmsKey") ?? stackKey(ctx);
    const args: { [key: string]: Value } = {};
    if (generate?.length !== undefined) args.length = generate.length;
    if (generate?.excludeChars !== undefined) args.excludeChars = generate.excludeChars;
    if (generate?.template !== undefined) args.template = generate.template;
    const secret = resource(
      ctx,
      undefined,
      "aws:secretsmanager/secret:Secret",
      {
        name: props.name,
        kmsKeyId: kmsKey,
        recoveryWindowInDays: recoveryDays(ctx),
        tags: ctx.tags,
      },
      generate ? { actions: [{ name: "generate-secret", args }] } : {},
    );
    const arn = secret.out("arn");
    if (props.rotation) rotate(props.rotation, arn, ctx);
    else if (rotationDays(ctx) !== undefined) ctx.notice("it has no rotation.lambda, so Security.secrets.rotationDays does not rotate it");
    const key = kmsKey === undefined ? [] : [{ actions: ["kms:Decrypt"], resources: [kmsKey] }];
    return {
      outputs: { secretArn: arn, secretName: secret.out("name") },
      bindings: {
        grants: { read: [{ actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], resources: [arn] }, ...key] },
        defaultAccess: "read",
        inject: { _SECRET_ARN: { value: arn } },
      },
    };
  },
});

function rotate(rotation: NonNullable<Props["rotation"]>, secretId: Value, ctx: ExpandContext): void {
  const days = rotation.days ?? rotationDays(ctx);
  if (days === undefined)
    ctx.error("rotation-days", "nothing says how often the secret is rotated", "rotation.days", { expected: "1 to 1000" });
  const written = rotation.lambda;
  const target = typeof written === "string" ? ctx.target(written) : undefined;
  const lambda = target ? target.outputs.functionArn : written;
  if (lambda === undefined || (typeof lambda === "string" && !lambda.startsWith("arn:"))) {
    ctx.error("rotation-lambda", `${JSON.stringify(written)} is neither a Lambda component nor an ARN`, "rotation.lambda");
    return;
  }
  const qualifier = target && calledFunction(target)?.qualifier;
  const called = qualifier === undefined ? { name: lambda } : { name: target?.outputs.functionName ?? "", qualifier };
  const permission = permitCall(ctx, "rotation-permission", called, {
    principal: "secretsmanager.amazonaws.com",
    sourceAccount: ctx.accountId,
    statementId: `secret-${ctx.service}-${ctx.component}`,
  });
  resource(
    ctx,
    "rotation",
    "aws:secretsmanager/secretRotation:SecretRotation",
    { secretId, rotationLambdaArn: lambda, rotationRules: { automaticallyAfterDays: days } },
    { dependsOn: [permission] },
  );
}
