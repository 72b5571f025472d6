/** Encryption at rest as a field: always on; a key of one's own where asked for. */
import { bool, group, text } from "../../framework/model/fields.js";
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { KEY_FORMS, keyArn } from "../security/key-ref.js";

/** The field `encryption{enabled, kmsKey}` of what can't be without. `fallback`: whose key it is without one. */
export function encryptionField(fallback: string) {
  return group(
    {
      enabled: bool("Encryption at rest; can't be off.", { default: true }).optional(),
      kmsKey: text(`Key: ${KEY_FORMS}.`, { default: fallback }).optional(),
    },
    "Encryption at rest.",
  ).optional();
}

/** The key, if one is given. Reports `enabled: false`; `what`: "a file system", for the message. */
export function encryptionKey(
  encryption: { enabled?: boolean | undefined; kmsKey?: Value | undefined } | undefined,
  ctx: ExpandContext,
  what: string,
): Value | undefined {
  refuseUnencrypted(encryption, ctx, what);
  return keyArn(ctx, encryption?.kmsKey, "encryption.kmsKey");
}

/** Reports `enabled: false` of what can't be without encryption; `what`: `a queue`. */
export function refuseUnencrypted(encryption: { enabled?: boolean | undefined } | undefined, ctx: ExpandContext, what: string): void {
  if (encryption?.enabled === false)
    ctx.error("encryption-off", `${what} can't be without encryption at rest`, "encryption.enabled", { expected: "true" });
}
