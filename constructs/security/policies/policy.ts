/** What a built-in policy is: a rule that a Compliance document names by its id. */
import { componentOf, SHARED_SERVICE } from "../../../framework/base/names.js";
import type { ResourceSpec, StackFacts, Verdict } from "../../../framework/model/index.js";

/** One break of a policy. */
export interface Finding {
  /** The component, or undefined for what the stack's components share. */
  address?: string;
  /** The field of the component's spec that mends it; "" where there is none. */
  path: string;
  /** What is wrong, without the policy's name. */
  message: string;
  expected?: string;
  next?: string;
}

/** A policy. */
export interface Policy {
  id: string;
  /** What it asks for, in plain words: the field's description and the page say it. */
  asks: string;
  /** Every break of it. Pure. */
  findings(stack: StackFacts): Finding[];
}

/** Findings as what Compliance says. */
export function verdictsOf(policy: Policy, stack: StackFacts): Verdict[] {
  return policy.findings(stack).map(({ message, ...finding }) => ({
    ...finding,
    code: policy.id,
    message: `${message}; the policy ${policy.id} asks: ${policy.asks}`,
  }));
}

/** Whose a resource is, as a finding says it. */
export function ownerOf(resource: ResourceSpec): Pick<Finding, "address"> {
  const address = componentOf(resource.urn);
  return address.startsWith(`${SHARED_SERVICE}/`) ? {} : { address };
}

/** One finding per resource of a type for which `wrong` says something. */
export function eachOf(
  stack: StackFacts,
  rules: { [type: string]: (props: ResourceSpec["props"], resource: ResourceSpec) => Omit<Finding, "address"> | undefined },
): Finding[] {
  return stack.resources.flatMap((resource) => {
    const found = rules[resource.type]?.(resource.props, resource);
    return found ? [{ ...ownerOf(resource), ...found }] : [];
  });
}
