/** Rotation of passwords and secrets as the stack's Security document asks for it. Costs nothing beside the calls. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { securityOf } from "./settings.js";

/** Days between two rotations, or undefined where nothing is said. */
export function rotationDays(ctx: Pick<ExpandContext, "infra">): number | undefined {
  return securityOf(ctx).secrets?.rotationDays;
}

/**
 * Sets how often AWS rotates the password of a database that it manages (every 7 days unless told otherwise: RDS User Guide, "Password
 * management with Amazon RDS and AWS Secrets Manager"); role `password-rotation`. A password of one's own nobody can rotate: a notice.
 */
export function rotatePassword(ctx: ExpandContext, managed: { secretArn: Value } | undefined): void {
  const days = rotationDays(ctx);
  if (days === undefined) return;
  if (!managed) {
    ctx.notice(`its password is a secret of yours, which Security.secrets.rotationDays does not rotate`);
    return;
  }
  resource(
    ctx,
    "password-rotation",
    "aws:secretsmanager/secretRotation:SecretRotation",
    { secretId: managed.secretArn, rotationRules: { automaticallyAfterDays: days }, rotateImmediately: false },
    // The rotation of a managed secret can't be taken off; it goes with the database.
    { options: { retainOnDelete: true } },
  );
}
