/** How long what was deleted can be restored. */
import type { ExpandContext } from "../../framework/model/index.js";

/** Days in which a deleted key or secret can be restored: 30 in production, else 7, the most and the least that KMS and Secrets Manager allow. */
export function recoveryDays(ctx: Pick<ExpandContext, "environmentClass">): number {
  return ctx.environmentClass === "production" ? 30 : 7;
}
