/**
 * Compliance: what the platform team asks of a stack; validate, synth, plan and deploy refuse what does not keep it. Costs nothing.
 *
 *   new Compliance(stack, { requiredTags: ["team"], allowedRegions: ["eu-central-1"], allowedKinds: ["MicroService", "SQS"] });
 */
import { z } from "zod";
import { monthlyCost, standingCosts } from "../../framework/cost/notices.js";
import { APPROVERS } from "../../framework/model/config.js";
import { bool, decimal, group, listOf, oneOf, plainText } from "../../framework/model/fields.js";
import type { StackFacts, Verdict } from "../../framework/model/index.js";
import type { PropsOf } from "../base/common.js";
import { InfraConstruct } from "../base/infra.js";
import { defineKind } from "../base/kind.js";
import type { Stack } from "../base/stack.js";
import { POLICIES } from "./policies/index.js";
import { verdictsOf } from "./policies/policy.js";

/** How many resources a stack over its budget is told of. */
const NAMED_COSTS = 3;

const IDS = POLICIES.map((policy) => policy.id) as [string, ...string[]];

const schema = () =>
  z.strictObject({
    policies: listOf(
      oneOf(IDS, "The id of a policy."),
      `Rules that the stack must keep. ${POLICIES.map(({ id, asks }) => `\`${id}\`: ${asks}.`).join(" ")}`,
    ).optional(),
    requiredTags: listOf(
      plainText("A tag's key.", { min: 1, max: 128 }),
      "Tags that every component must have, by itself or from its service or stack.",
    ).optional(),
    allowedRegions: listOf(plainText("A region, such as eu-central-1."), "Regions that the stack may be in.").optional(),
    allowedKinds: listOf(
      plainText("A kind of component, such as MicroService."),
      "Kinds of which the stack may have components.",
    ).optional(),
    budget: group(
      {
        monthlyUSD: decimal("Most that the stack may cost a month while idle, as far as prices are known.", 0, undefined, {
          unit: "US dollars",
        }),
        enforce: bool("Whether a dearer stack is refused; else it is warned of.", { default: false }).optional(),
      },
      "Budget of the stack in one environment and region.",
    ).optional(),
    approval: group(
      {
        required: bool("Whether deployments need an approved plan.", { default: true }).optional(),
        environments: listOf(plainText("An environment's name."), "Where; default: environments whose class is production.").optional(),
        by: listOf(plainText("An identity, or a pattern of it.", { min: 1 }), APPROVERS).optional(),
      },
      "Who must agree to a deployment: `panka plan --out`, `panka approve` by another person, `panka deploy --plan`.",
    ).optional(),
    separation: oneOf(
      ["off", "warn", "enforce"],
      "Whether components may say themselves how they are run (resources, scaling, networking, storage, capacity, deployment), or only the platform team's ComponentInfra and InfraDefaults documents.",
      { default: "off" },
    ).optional(),
  });

/** Props of {@link Compliance}. */
export interface ComplianceProps extends PropsOf<ReturnType<typeof schema>> {}

/** What the platform team asks of a stack. */
export class Compliance extends InfraConstruct {
  constructor(stack: Stack, props: ComplianceProps) {
    super("Compliance", stack, props);
  }
}

type Spec = z.output<ReturnType<typeof schema>>;

/** Kind `Compliance`. */
export const complianceKind = defineKind({
  name: "Compliance",
  group: "infra",
  summary: "What the platform team asks of a stack: policies, tags, regions, kinds, a budget, approvals.",
  schema,
  infra: [],
  outputs: {},
  stateful: false,
  judge: (spec: Spec, stack): Verdict[] => RULES.flatMap((rule) => rule(spec, stack)),
  approval: ({ approval }: Spec, environment) => {
    if (!approval || approval.required === false) return undefined;
    const { environments } = approval;
    const here = environments ? environments.includes(environment.name) : environment.class === "production";
    return here ? { by: approval.by ?? [] } : undefined;
  },
});

const RULES: ((spec: Spec, stack: StackFacts) => Verdict[])[] = [region, kinds, tags, policies, budget, separation];

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

function policies({ policies: ids }: Spec, stack: StackFacts): Verdict[] {
  return POLICIES.filter((policy) => ids?.includes(policy.id)).flatMap((policy) => verdictsOf(policy, stack));
}

function budget({ budget: allowed }: Spec, stack: StackFacts): Verdict[] {
  const cost = allowed ? Math.round(monthlyCost(stack)) : 0;
  if (!allowed || cost <= allowed.monthlyUSD) return [];
  const dearest = standingCosts(stack)
    .slice(0, NAMED_COSTS)
    .map(({ text }) => text.replace("_stack/", "shared "));
  return [
    {
      path: "",
      code: "over-budget",
      ...(allowed.enforce ? {} : { severity: "warning" }),
      message: `the stack would cost about $${cost} a month while idle; its budget is $${allowed.monthlyUSD}`,
      next: `make do with less of what costs most: ${dearest.join("; ")}`,
    },
  ];
}

function separation({ separation: mode = "off" }: Spec, stack: StackFacts): Verdict[] {
  if (mode === "off") return [];
  return stack.components.flatMap(({ address, sections }) =>
    sections.map(({ section, at }) => {
      const [service, name] = address.split("/");
      return {
        address,
        path: section,
        ...(mode === "warn" ? { severity: "warning" as const } : {}),
        code: "infra-in-component",
        message: `${section} says how the component is run, which the platform team's documents do`,
        expected: `a ComponentInfra document named ${name}`,
        next: `move it to services/${service}/components/${name}/infra.yaml`,
        ...(at ? { at } : {}),
      };
    }),
  );
}
