/** A linter for the policies of an assembly: what they allow is named, action by action and ARN by ARN. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Assembly, ResourceSpec, Value } from "../../framework/model/index.js";
import { tagOf } from "../../framework/model/index.js";
import { ROOT } from "./source-tree.js";

/** Actions that know no resource. */
const WITHOUT_RESOURCES = new Set(
  (JSON.parse(readFileSync(join(ROOT, "test/support/data/iam-actions-without-resources.json"), "utf8")) as { actions: string[] }).actions,
);

/** Actions whose resource can't be named in some of their uses, with the condition key that narrows them instead. */
const BY_CONDITION: { [action: string]: string } = { "ecs:ListTasks": "ecs:cluster" };

/** A statement as it stands in a policy. */
interface Statement {
  Effect: string;
  Action?: Value;
  NotAction?: Value;
  Resource?: Value;
  Principal?: Value;
  Condition?: Value;
}

const KEY = "aws:kms/key:Key";

/** What is wrong with the policies of an assembly, `<urn> <path>: <what>` each. */
export function lintPolicies(assembly: Pick<Assembly, "resources">): string[] {
  return assembly.resources.flatMap((resource) =>
    policiesIn(resource.props).flatMap(({ path, statements }) =>
      statements.flatMap((s, i) => lintStatement(s, resource).map((what) => `${resource.urn} ${path}[${i}]: ${what}`)),
    ),
  );
}

/** How many policies an assembly has. */
export function countPolicies(assembly: Pick<Assembly, "resources">): number {
  return assembly.resources.reduce((sum, r) => sum + policiesIn(r.props).length, 0);
}

/** Everything with a Version and statements, as structure or as text. */
function policiesIn(value: unknown, path = ""): { path: string; statements: Statement[] }[] {
  if (typeof value === "string" && value.startsWith('{"') && value.includes('"Statement"')) return policiesIn(JSON.parse(value), path);
  if (Array.isArray(value)) return value.flatMap((v, i) => policiesIn(v, `${path}[${i}]`));
  if (typeof value !== "object" || value === null) return [];
  const { Version, Statement } = value as { Version?: unknown; Statement?: Statement | Statement[] };
  if (Version !== undefined && Statement !== undefined) return [{ path, statements: [Statement].flat() }];
  return Object.entries(value).flatMap(([key, v]) => policiesIn(v, path ? `${path}.${key}` : key));
}

function lintStatement(statement: Statement, resource: ResourceSpec): string[] {
  if (statement.Effect === "Deny") return [];
  // A key without its account as administrator is a key that nobody can ever change (KMS Developer Guide, "Default key policy").
  if (resource.type === KEY && /:root"/.test(JSON.stringify(statement.Principal))) return [];
  const problems: string[] = [];
  const actions = list(statement.Action);
  if (statement.NotAction !== undefined) problems.push("NotAction allows what nobody named");
  if (actions.length === 0) problems.push("no action");
  for (const action of actions) {
    if (typeof action !== "string") problems.push(`the action ${JSON.stringify(action)} is no text`);
    else if (action.includes("*")) problems.push(`the action ${action} has a wildcard`);
    else if (!/^[A-Za-z0-9-]+:[A-Za-z0-9]+$/.test(action)) problems.push(`"${action}" is no action`);
  }
  // A trust policy names no resource; the resource of a key's policy is the key itself, which it calls "*".
  if (statement.Principal !== undefined) return [...problems, ...principalProblems(statement)];
  if (resource.type === KEY) return problems;
  const resources = list(statement.Resource);
  if (resources.length === 0) problems.push("no resource");
  for (const r of resources) {
    const needy = actions.filter((a) => !WITHOUT_RESOURCES.has(a as string) && !narrowed(a as string, statement));
    if (r === "*" && needy.length > 0) problems.push(`${needy.join(", ")} on every resource`);
    else if (typeof r === "string" && r !== "*" && !r.startsWith("arn:")) problems.push(`"${r}" is no ARN`);
    else if (typeof r !== "string" && tagOf(r) === undefined) problems.push(`the resource ${JSON.stringify(r)} is no text`);
  }
  return problems;
}

function narrowed(action: string, { Condition }: Statement): boolean {
  const key = BY_CONDITION[action];
  return key !== undefined && JSON.stringify(Condition ?? {}).includes(`"${key}"`);
}

/** Everybody may do something only under a condition, but read the files of a bucket that its owner opened. */
function principalProblems({ Principal, Condition, Action }: Statement): string[] {
  const everybody = Principal === "*" || (Principal as { AWS?: unknown }).AWS === "*";
  return everybody && Condition === undefined && Action !== "s3:GetObject" ? ["everybody is allowed, without a condition"] : [];
}

function list(value: Value | undefined): Value[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
