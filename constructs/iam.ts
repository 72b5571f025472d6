/** IAM documents as structure: made strings at apply, compared as structure by plan. */
import type { Grant, Value } from "../framework/model/index.js";

/** Version of the policy language (IAM User Guide, "IAM JSON policy elements: Version"). */
export const POLICY_VERSION = "2012-10-17";

/** One statement of a policy. */
export interface Statement {
  sid?: string;
  /** Default Allow. */
  effect?: "Allow" | "Deny";
  actions: readonly string[];
  resources?: readonly Value[];
  principals?: { [type: string]: Value };
  conditions?: { [operator: string]: { [key: string]: Value } };
}

/** A policy document as `{"$json": ...}`. Order of statements, actions and resources is kept as given. */
export function policyDocument(statements: readonly Statement[]): Value {
  return { $json: { Version: POLICY_VERSION, Statement: statements.map(statementValue) } };
}

/** Grants as allowing statements. */
export function statementsOf(grants: readonly Grant[]): Statement[] {
  return grants.map((g) => ({ actions: g.actions, resources: g.resources }));
}

/** Who may take a role: an AWS service, such as `ecs-tasks.amazonaws.com`; `conditions` against the confused deputy. */
export function assumeRolePolicy(service: string, conditions?: Statement["conditions"]): Value {
  return policyDocument([{ actions: ["sts:AssumeRole"], principals: { Service: service }, ...(conditions ? { conditions } : {}) }]);
}

/** A statement as it stands in a document. */
export function statementValue(s: Statement): Value {
  return {
    ...(s.sid ? { Sid: s.sid } : {}),
    Effect: s.effect ?? "Allow",
    ...(s.principals ? { Principal: s.principals } : {}),
    Action: single(s.actions),
    ...(s.resources ? { Resource: single(s.resources) } : {}),
    ...(s.conditions ? { Condition: s.conditions } : {}),
  };
}

/** AWS stores a list of one as the bare value; writing it so keeps a read-back equal. */
function single(list: readonly Value[]): Value {
  return list.length === 1 ? (list[0] as Value) : [...list];
}
