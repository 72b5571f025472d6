/**
 * Compliance: what the platform team asks of a stack; validate, synth, plan and deploy refuse what does not keep it. Costs nothing.
 *
 *   new Compliance(stack, { requiredTags: ["team"], allowedRegions: ["eu-central-1"], allowedKinds: ["MicroService", "SQS"] });
 */
import { z } from "zod";
import { listOf, notYet, plainText } from "../../framework/model/fields.js";
import type { StackFacts, Verdict } from "../../framework/model/index.js";
import type { PropsOf } from "../base/common.js";
import { InfraConstruct } from "../base/infra.js";
import { defineKind } from "../base/kind.js";
import type { Stack } from "../base/stack.js";

const schema = z.strictObject({
  policies: notYet("Policies by their ids."),
  requiredTags: listOf(
    plainText("A tag's key.", { min: 1, max: 128 }),
    "Tags that every component must have, by itself or from its service or stack.",
  ).optional(),
  allowedRegions: listOf(plainText("A region, such as eu-central-1."), "Regions that the stack may be in.").optional(),
  allowedKinds: listOf(plainText("A kind of component, such as MicroService."), "Kinds of which the stack may have components.").optional(),
  budget: notYet("Most that the stack may cost."),
  approval: notYet("Who must agree to a deployment."),
  separation: notYet("Whether fields of infra documents are refused in component documents."),
});

/** Props of {@link Compliance}. */
export interface ComplianceProps extends PropsOf<typeof schema> {}

/** What the platform team asks of a stack. */
export class Compliance extends InfraConstruct {
  constructor(stack: Stack, props: ComplianceProps) {
    super("Compliance", stack, props);
  }
}

type Spec = z.output<typeof schema>;

/** Kind `Compliance`. */
export const complianceKind = defineKind({
  name: "Compliance",
  group: "infra",
  summary: "What the platform team asks of a stack: tags, regions, kinds.",
  schema,
  infra: [],
  outputs: {},
  stateful: false,
  judge: (spec: Spec, stack): Verdict[] => [...region(spec, stack), ...kinds(spec, stack), ...tags(spec, stack)],
});

function region({ allowedRegions }: Spec, stack: StackFacts): Verdict[] {
  if (!allowedRegions || allowedRegions.includes(stack.region)) return [];
  const message = stack.region === "" ? "the stack names no region, and not all are allowed" : `the region ${stack.region} is not allowed`;
  return [{ path: "provider.region", code: "region-not-allowed", message, expected: allowedRegions.join(", ") || "no region at all" }];
}

function kinds({ allowedKinds }: Spec, stack: StackFacts): Verdict[] {
  if (!allowedKinds) return [];
  return stack.components
    .filter((c) => !allowedKinds.includes(c.kind))
    .map((c) => ({
      address: c.address,
      path: "",
      code: "kind-not-allowed",
      message: `components of kind ${c.kind} are not allowed in this stack`,
      expected: allowedKinds.join(", ") || "no components at all",
    }));
}

function tags({ requiredTags }: Spec, stack: StackFacts): Verdict[] {
  return stack.components.flatMap((c) =>
    (requiredTags ?? [])
      .filter((key) => c.tags[key] === undefined)
      .map((key) => ({
        address: c.address,
        path: "tags",
        code: "tag-missing",
        message: `the tag "${key}" is required`,
        expected: `tags.${key}`,
        next: "set it in the component, or once in its service or stack",
      })),
  );
}
