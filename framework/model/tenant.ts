/** A tenant: what a platform team sets for the stacks of one team. Its document lies in the back end, under `tenants/<name>/tenant.yaml`. */
import { z } from "zod";
import { anything, group, int, listOf, mapOf, plainText } from "./fields.js";
import { ownerFields } from "./owner.js";

/** `apiVersion` of a tenant's document. */
export const TENANT_API = "tenants.panka.io/v1";
/** `kind` of a tenant's document. */
export const TENANT_KIND = "Tenant";

/** Spec of a tenant. */
const tenantSpecSchema = z.strictObject({
  owner: group(ownerFields, "Who works in it; stands in for stacks that name no owner.").optional(),
  accountId: plainText("The only account that its stacks may be deployed to.", { pattern: /^\d{12}$/, expected: "12 digits" }).optional(),
  assumeRoleArn: plainText("The role that its deployments take.", { pattern: /^arn:/, expected: "the ARN of a role" }).optional(),
  tags: mapOf(plainText("The value."), "Tags of everything in its stacks; a stack's own tag of the same key wins.").optional(),
  allowedKinds: listOf(
    plainText("A kind, such as MicroService."),
    "Kinds of which its stacks may have components; default all.",
  ).optional(),
  allowedRegions: listOf(plainText("A region, such as eu-central-1."), "Regions that its stacks may be in; default all.").optional(),
  limits: group(
    {
      stacks: int("Most stacks, each counted once whatever its environments.", 1, 10_000).optional(),
      componentsPerStack: int("Most components of a stack.", 1, 10_000).optional(),
      monthlyUSD: int(
        "Most that a stack in one environment may cost a month by the estimate of its standing prices, US dollars.",
        0,
      ).optional(),
    },
    "What its stacks may not go beyond.",
  ).optional(),
  infrastructure: mapOf(
    anything("The spec of that kind."),
    "Infra documents that its stacks inherit: kind to spec, such as Networking or Security. A stack's own document of the kind takes its place.",
  ).optional(),
});

/** A tenant's document. */
export const tenantSchema = z.strictObject({
  apiVersion: z.literal(TENANT_API).describe(`${TENANT_API}.`),
  kind: z.literal(TENANT_KIND).describe(`${TENANT_KIND}.`),
  metadata: group(
    { name: plainText("Its name, as `metadata.tenant` of a Stack gives it."), description: plainText("For people.").optional() },
    "Which tenant.",
  ),
  spec: tenantSpecSchema.optional(),
});

/** Spec of a tenant, checked. */
export type TenantSpec = z.output<typeof tenantSpecSchema>;

/** A tenant. */
export interface Tenant {
  name: string;
  description?: string;
  spec: TenantSpec;
}
