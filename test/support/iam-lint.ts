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

const KEYS: readonly string[] = ["aws:kms/key:Key", "aws:kms/keyPolicy:KeyPolicy"];

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
  if (KEYS.includes(resource.type) && /:root"/.test(JSON.stringify(statement.Principal))) return [];
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
  if (statement.Principal !== undefined)
    return [...problems, ...principalProblems(statement), ...sources(statement).flatMap((s) => arnProblems(s))];
  if (KEYS.includes(resource.type)) return problems;
  const resources = list(statement.Resource);
  if (resources.length === 0) problems.push("no resource");
  for (const r of resources) {
    const needy = actions.filter((a) => !WITHOUT_RESOURCES.has(a as string) && !narrowed(a as string, statement));
    if (r === "*" && needy.length > 0) problems.push(`${needy.join(", ")} on every resource`);
    else if (r !== "*") problems.push(...arnProblems(r));
  }
  return problems;
}

/** ARNs whose last part nobody knows when the policy is written, with why. `$` is a value that is known at apply. */
const OPEN_ARNS: { [arn: string]: string } = {
  "arn:aws:ec2:$::snapshot/*": "snapshots get their ids when they are taken, and no account",
  "arn:aws:ec2:$:$:*/*": "Lambda makes network interfaces in subnets and security groups that it is given",
  "arn:aws:lambda:$:$:function:*": "functions are made after the repository that they come from",
  "arn:aws:logs:$:$:*": "one role delivers the logs of all log groups of a stack",
};

/** What is wrong with an ARN: parts that are missing, and wildcards where there is an exact value. */
function arnProblems(value: Value): string[] {
  const tag = tagOf(value);
  if (tag === "$ref" || tag === "$lookup") {
    const { output } = (value as { [tag: string]: { output: string } })[tag] as { output: string };
    return /arn/i.test(output) ? [] : [`the output ${output} is no ARN`];
  }
  if (tag === "$text") {
    const [first, ...rest] = (value as { $text: Value[] }).$text;
    if (typeof first !== "string" && first !== undefined) return arnProblems(first);
    return exactness([first, ...rest].map((part) => (typeof part === "string" ? part : "$")).join(""));
  }
  return typeof value === "string" ? exactness(value) : [`the resource ${JSON.stringify(value)} is no text`];
}

function exactness(arn: string): string[] {
  const [, partition, service, region, account, id] = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/.exec(arn) ?? [];
  if (id === undefined) return [`"${arn}" is no ARN`];
  if (OPEN_ARNS[arn.replaceAll(/\b(us|eu)-[a-z]+-\d\b|\b\d{12}\b/g, "$$")] !== undefined) return [];
  return [
    ...Object.entries({ partition, region, account }).flatMap(([part, text]) => (text?.includes("*") ? [`${arn} names no ${part}`] : [])),
    // Of a bucket's objects the bucket is the name.
    ...((service === "s3" ? /^\*/ : /^([a-zA-Z-]+[:/])?\*/).test(id) ? [`${arn} names no resource`] : []),
  ];
}

/** For what a service acts: `aws:SourceArn` of a statement's condition. */
function sources({ Condition }: Statement): Value[] {
  return Object.values((Condition ?? {}) as { [operator: string]: { [key: string]: Value } }).flatMap((keys) =>
    Object.entries(keys).flatMap(([key, value]) => (key.toLowerCase() === "aws:sourcearn" ? list(value) : [])),
  );
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
