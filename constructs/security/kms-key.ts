/**
 * KMSKey: an encryption key of your own, with an alias. Rotated every year; a deleted one can be restored for 30 days in production.
 * $1 a month, and $0.03 per 10,000 requests (us-east-1, 2026-11).
 *
 *   const key = new KMSKey(service, "key");
 *   new SQS(service, "jobs", { encryption: { kmsKey: key.keyArn } });   // or "key": its name
 *   new Worker(service, "mailer", { image, uses: [key.read()] });      // may decrypt
 */
import { z } from "zod";
import { anything, bool, int, plainText } from "../../framework/model/fields.js";
import type { Bindings, ExpandContext, Ref, Told, Value } from "../../framework/model/index.js";
import { isPlainObject } from "../../framework/base/json.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { declared, resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { policyDocument } from "../iam.js";
import { accountStatement, noticeGaps, toldStatements } from "./key-policy.js";
import { recoveryDays } from "./recovery.js";

const schema = () =>
  z.strictObject({
    alias: plainText("The alias, with or without `alias/` before it.", {
      pattern: /^(?!(alias\/)?aws\/)(alias\/)?[A-Za-z0-9/_-]{1,250}$/,
      expected: "letters, digits, /, _ and -, not beginning with aws/",
      default: "generated",
    }).optional(),
    rotation: bool("A new key material every year; old data stays readable.", { default: true }).optional(),
    policy: anything("The key policy, a JSON object. It must let the account administer the key.", {
      default: "the account's IAM policies decide; other services may use it as those need that are encrypted with it",
    }).optional(),
    deletionWindowDays: int("How long a deleted key can be restored.", 7, 30, {
      unit: "days",
      default: "30 in production, else 7",
    }).optional(),
    ...commonFields,
  });

/** Props of {@link KMSKey}. */
export interface KMSKeyProps extends PropsOf<ReturnType<typeof schema>> {}

/** An encryption key. */
export class KMSKey extends Component {
  constructor(service: Service, name: string, props: KMSKeyProps = {}) {
    super("KMSKey", service, name, props);
  }

  /** The ARN: what every `kmsKey` field takes. */
  get keyArn(): Ref {
    return this.output("keyArn");
  }

  get keyId(): Ref {
    return this.output("keyId");
  }

  /** Lets the user decrypt. */
  read(): Use {
    return this.use("read");
  }

  /** Lets the user encrypt. */
  write(): Use {
    return this.use("write");
  }

  /** Both. */
  readWrite(): Use {
    return this.use("readWrite");
  }
}

type Props = Expanded<z.output<ReturnType<typeof schema>>>;

/** Kind `KMSKey`. */
export const kmsKeyKind = defineKind({
  name: "KMSKey",
  group: "components",
  summary: "An encryption key with an alias.",
  schema,
  infra: [],
  outputs: { keyArn: "The key's ARN.", keyId: "The key's id." },
  stateful: true,
  expand(props, ctx) {
    const key = resource(ctx, undefined, "aws:kms/key:Key", {
      description: `Key ${ctx.address} of ${ctx.stack} in ${ctx.environment}`,
      enableKeyRotation: props.rotation ?? true,
      deletionWindowInDays: props.deletionWindowDays ?? recoveryDays(ctx),
      policy: policy(props, ctx),
      tags: ctx.tags,
    });
    const alias = props.alias?.replace(/^alias\//, "");
    resource(ctx, "alias", "aws:kms/alias:Alias", { name: alias && `alias/${alias}`, targetKeyId: key.out("keyId") });
    const [arn, id] = [key.out("arn"), key.out("keyId")];
    return { outputs: { keyArn: arn, keyId: id }, bindings: { ...bindings(arn), key: { arn, id, policy: ctx.urn("policy", KEY_POLICY) } } };
  },
  finish: keyPolicy,
});

const KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy";

/**
 * Declares the policy (role `policy`): what was written, else the account and the services that those under the key need. A written one
 * is given to the key itself, too, so that it is there from the first. A policy that is deleted is not put back to another.
 */
function keyPolicy(props: Props, told: readonly Told[], ctx: ExpandContext): void {
  const needed = toldStatements(told);
  const written = props.policy as Value | undefined;
  if (written !== undefined) noticeGaps(ctx, written, needed);
  const keyId = declared(ctx, undefined, "aws:kms/key:Key").out("keyId");
  const policy = written === undefined ? policyDocument([accountStatement(ctx.accountId), ...needed]) : { $json: written };
  resource(ctx, "policy", KEY_POLICY, { keyId, policy });
}

function policy(props: Props, ctx: ExpandContext): Value | undefined {
  const written = props.policy as Value | undefined;
  if (written === undefined) return undefined;
  if (!isPlainObject(written) || !Array.isArray((written as { Statement?: unknown }).Statement)) {
    ctx.error("bad-policy", "the key policy is no policy document", "policy", { expected: "an object with Version and Statement[]" });
    return undefined;
  }
  return { $json: written as Value };
}

/** Actions per access: AWS KMS developer guide, "Permissions reference"; none that changes the key. */
function bindings(arn: Value): Bindings {
  const grant = (...actions: string[]) => [{ actions: [...actions, "kms:DescribeKey"].sort(), resources: [arn] }];
  const write = ["kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"];
  return {
    grants: { read: grant("kms:Decrypt"), write: grant(...write), readWrite: grant("kms:Decrypt", ...write) },
    defaultAccess: "readWrite",
    inject: { _KEY_ARN: { value: arn } },
  };
}
