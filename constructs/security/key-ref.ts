/** Fields that name a key: a KMSKey component, an ARN, an id of this account and region, or an alias. */
import { canonicalJson } from "../../framework/base/json.js";
import { type BoundTarget, type ExpandContext, isRef, type Link, type Value } from "../../framework/model/index.js";

/** What such a field takes, for its description. */
export const KEY_FORMS = "a KMSKey component, or the ARN, id or alias of a key";

/**
 * Links of a field that names a key. `opened`: what is encrypted with it tells the key who must be able to use it, so that the key's
 * policy refers back.
 */
export function keyLinks(key: unknown, path: string, opened = false): Link[] {
  const late = opened ? { late: "back" as const } : {};
  if (typeof key === "string") return [{ component: key, path, optional: true, orderOnly: true, ...late }];
  return opened && isRef(key) ? [{ component: key.component, path, orderOnly: true, ...late }] : [];
}

const ARN = /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:(key\/[A-Za-z0-9-]+|alias\/[A-Za-z0-9/_-]+)$/;
/** A key's id, or that of a key for several regions (KMS Developer Guide, "Key identifiers"). */
const ID = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const ALIAS = /^alias\/[A-Za-z0-9/_-]+$/;

/** The ARN of the key that a field means: policies name keys by it alone. An alias is looked up. Reports what names no key. */
export function keyArn(ctx: ExpandContext, written: Value | undefined, path: string): Value | undefined {
  if (written === undefined) return undefined;
  const target = keyTarget(ctx, written);
  if (target?.bindings?.key) return target.bindings.key.arn;
  if (typeof written !== "string") return written;
  if (/^(arn:.*:)?alias\/aws\//.test(written)) {
    ctx.error("aws-key", `${written} is a key of AWS's own, which nobody else can be let use`, path, {
      expected: KEY_FORMS,
      next: "leave the field out: the service's own key is taken",
    });
    return undefined;
  }
  if (ALIAS.test(written) || (ARN.test(written) && written.includes(":alias/")))
    return { $lookup: { token: "aws:kms/getKey:getKey", args: { keyId: written }, output: "arn" } };
  if (ARN.test(written)) return written;
  if (ID.test(written)) return { $text: ["arn:aws:kms:", ctx.regionValue, ":", ctx.accountId, `:key/${written}`] };
  const what = target ? `"${target.address}", a ${target.kind}, is no key` : `${JSON.stringify(written)} names no key`;
  ctx.error("no-key", what, path, { expected: `${KEY_FORMS}: a name of this stack, arn:aws:kms:..., or alias/...` });
  return undefined;
}

/** The component that a field means: by its name, or by a reference to its ARN or id. */
function keyTarget(ctx: ExpandContext, written: Value): BoundTarget | undefined {
  if (typeof written === "string") return ctx.target(written);
  const meant = canonicalJson(written);
  return ctx.targets.find(({ bindings }) =>
    [bindings?.key?.arn, bindings?.key?.id].some((v) => v !== undefined && canonicalJson(v) === meant),
  );
}
