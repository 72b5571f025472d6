/** When a resource can be used by what depends on it. Most creates wait on their own; these types need a look of ours. */
import type { Clock } from "../../base/clock.js";
import { getPath } from "../../base/property-path.js";
import { type PriorResource, ProviderError, type ProviderResult, type TypeSchema } from "../../model/index.js";

/** Between two looks, ms: short at first, then longer. */
const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/** Ready rules by token; values are those of the AWS API's status fields. */
export const READY_RULES: { readonly [token: string]: NonNullable<TypeSchema["ready"]> } = {
  "aws:cloudfront/distribution:Distribution": { attribute: "status", ready: ["Deployed"], pending: ["InProgress"], failed: [] },
  "aws:eks/addon:Addon": {
    attribute: "status",
    ready: ["ACTIVE"],
    pending: ["CREATING", "UPDATING"],
    failed: ["CREATE_FAILED", "DEGRADED"],
  },
  "aws:eks/cluster:Cluster": { attribute: "status", ready: ["ACTIVE"], pending: ["CREATING", "UPDATING", "PENDING"], failed: ["FAILED"] },
  "aws:eks/nodeGroup:NodeGroup": {
    attribute: "status",
    ready: ["ACTIVE"],
    pending: ["CREATING", "UPDATING"],
    failed: ["CREATE_FAILED", "DEGRADED"],
  },
  "aws:rds/instance:Instance": {
    attribute: "status",
    ready: ["available", "storage-optimization"],
    pending: ["creating", "backing-up", "modifying", "configuring-enhanced-monitoring", "configuring-log-exports", "rebooting", "starting"],
    failed: ["failed", "incompatible-parameters", "incompatible-network", "inaccessible-encryption-credentials", "storage-full"],
  },
  "aws:ec2/instance:Instance": {
    attribute: "instanceState",
    ready: ["running"],
    pending: ["pending"],
    failed: ["terminated", "shutting-down"],
  },
};

/**
 * Reads until the type's rule is met. Types without a rule are read once.
 * @throws ProviderError `failed` on a failed status or when the time is over
 */
export async function waitUntilReady(
  schema: TypeSchema,
  call: { urn: string; prior: PriorResource; timeoutSeconds: number },
  clock: Clock,
  read: (prior: PriorResource) => Promise<ProviderResult | null>,
): Promise<ProviderResult | null> {
  const until = clock.monotonic() + call.timeoutSeconds * 1000;
  const rule = schema.ready ?? READY_RULES[schema.token];
  for (let pause = FIRST_MS; ; pause = Math.min(pause * 2, LONGEST_MS)) {
    const found = await read(call.prior);
    if (!found || !rule) return found;
    const status = String(getPath(found.outputs, rule.attribute) ?? "");
    if (rule.ready.includes(status)) return found;
    if (rule.failed.includes(status)) throw new ProviderError("failed", `${call.urn} has ${rule.attribute} "${status}"`);
    if (clock.monotonic() + pause > until) {
      throw new ProviderError(
        "failed",
        `${call.urn} still has ${rule.attribute} "${status}" after ${call.timeoutSeconds} s; expected ${rule.ready.join(" or ")}`,
      );
    }
    await clock.sleep(pause);
  }
}
