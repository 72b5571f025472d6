/** Limits of a tenant that only the back end and the assembly tell: how many stacks, and what they cost. */
import { EXIT, PankaError } from "../base/errors.js";
import { monthlyCost } from "../cost/notices.js";
import { stacksOfTenant } from "./backend-folders.js";
import type { Deployable } from "./compile.js";
import type { OperationContext } from "./context.js";

/** Throws PankaError `over-limit` (exit 5) for a stack that goes beyond what its tenant allows. `deployed`: it has a state already. */
export async function checkTenantLimits(context: OperationContext, compiled: Deployable, deployed: boolean): Promise<void> {
  const { inherits, stack } = compiled.model;
  const { stacks, monthlyUSD } = inherits?.spec.limits ?? {};
  if (!inherits) return;
  const refuse = (message: string): PankaError =>
    new PankaError("over-limit", message, {
      exitCode: EXIT.refused,
      next: `panka tenant show ${inherits.name}, or ask the platform team for a higher limit`,
    });
  if (monthlyUSD !== undefined) {
    const cost = Math.round(monthlyCost(compiled.synth.assembly));
    if (cost > monthlyUSD)
      throw refuse(`${stack} would cost about $${cost} a month while idle; the tenant ${inherits.name} allows $${monthlyUSD}`);
  }
  if (stacks === undefined || deployed) return;
  const others = (await stacksOfTenant(context, inherits.name)).filter((name) => name !== stack);
  if (others.length >= stacks)
    throw refuse(`the tenant ${inherits.name} has ${others.length} stacks (${others.join(", ")}) and may have ${stacks}`);
}
