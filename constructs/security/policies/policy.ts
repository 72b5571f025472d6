/** What a built-in policy is: a rule that a Compliance document names by its id. */
import { componentOf, SHARED_SERVICE } from "../../../framework/base/names.js";
import type { ResourceSpec, StackFacts, Verdict } from "../../../framework/model/index.js";

/** What is wrong with a resource. */
export interface Fault {
  /** The field of the component's spec that mends it; "" where there is none. */
  path: string;
  /** What is wrong, without the policy's name. */
  message: string;
  expected?: string;
  next?: string;
}

/** One break of a policy. */
export interface Finding extends Fault {
  /** The component, or undefined for what the stack's components share. */
  address?: string;
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

/** What is wrong with a resource, by its type. */
export type Checks = { [type: string]: (props: ResourceSpec["props"], resource: ResourceSpec) => Fault | undefined };

/** One finding per resource of a type for which its check says something. */
export function eachOf(stack: StackFacts, checks: Checks): Finding[] {
  return findingsOf(stack, (resource) => checks[resource.type]?.(resource.props, resource));
}

/** One finding per resource for which `wrong` says something. */
export function findingsOf(stack: StackFacts, wrong: (resource: ResourceSpec) => Fault | undefined): Finding[] {
  return stack.resources.flatMap((resource) => {
    const fault = wrong(resource);
    return fault ? [{ ...ownerOf(resource), ...fault }] : [];
  });
}

function ownerOf(resource: ResourceSpec): Pick<Finding, "address"> {
  const address = componentOf(resource.urn);
  return address.startsWith(`${SHARED_SERVICE}/`) ? {} : { address };
}
