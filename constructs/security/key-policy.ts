/**
 * Policies of keys. What a service of AWS does in its own name (a topic sends to a queue, a rule to a topic) it does with no role, so the
 * key must let the service use it: IAM policies, which AWS's own policy of a key leaves all to, say nothing of it.
 */
import { canonicalJson, isPlainObject } from "../../framework/base/json.js";
import { type ExpandContext, tagOf, type Told, type Value } from "../../framework/model/index.js";
import { valueText } from "../../framework/synth/grants.js";
import { type Statement, statementValue } from "../iam.js";

/** What those that are encrypted with a key tell it: statements that its policy must have. */
export interface KeyNotice {
  statements: readonly Statement[];
}

/**
 * Tells a key who must be able to use it; gives the URNs that must stand before they do. A key that is not of the stack is its owner's to
 * open: the reader of the plan is told how.
 */
export function openKey(ctx: ExpandContext, key: Value | undefined, statements: readonly Statement[]): string[] {
  if (key === undefined || statements.length === 0) return [];
  const meant = canonicalJson(key);
  const own = ctx.targets.find((t) => t.bindings?.key && canonicalJson(t.bindings.key.arn) === meant);
  if (own?.bindings?.key) {
    ctx.tell(own.address, { statements } satisfies KeyNotice);
    return [own.bindings.key.policy];
  }
  for (const s of statements) ctx.notice(`the policy of its key ${keyName(key)}, which is not of this stack, must have ${asText(s)}`);
  return [];
}

/** The account's IAM policies decide, as with a key that says nothing (KMS Developer Guide, "Default key policy"). */
export function accountStatement(accountId: Value): Statement {
  return {
    sid: "Account",
    principals: { AWS: { $text: ["arn:aws:iam::", accountId, ":root"] } },
    actions: ["kms:*"],
    resources: ["*"],
  };
}

/** What a key was told, each once, by content; a policy takes no statement id twice. */
export function toldStatements(told: readonly Told[]): Statement[] {
  const all = told.flatMap((t) => (t.request as Partial<KeyNotice>).statements ?? []);
  const distinct = new Map(all.map((s) => [canonicalJson(s as unknown as Value), s]));
  const taken = new Set<string | undefined>();
  return [...distinct]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { sid, ...rest }]) => {
      const free = !taken.has(sid);
      taken.add(sid);
      return free && sid !== undefined ? { sid, ...rest } : rest;
    });
}

/** Notices of what a policy that the user wrote lacks. Conditions of its statements are not judged. */
export function noticeGaps(ctx: ExpandContext, policy: unknown, needed: readonly Statement[]): void {
  const allowing = list((policy as { Statement?: unknown }).Statement).filter((s): s is WrittenStatement => isPlainObject(s));
  for (const need of needed)
    if (!allowing.some((s) => s.Effect === "Allow" && names(s.Principal, need) && need.actions.every((a) => allows(s.Action, a))))
      ctx.notice(`its own policy lacks ${asText(need)}`);
}

interface WrittenStatement {
  Effect?: unknown;
  Principal?: unknown;
  Action?: unknown;
}

function names(principal: unknown, { principals }: Statement): boolean {
  const { Service } = (isPlainObject(principal) ? principal : {}) as { Service?: unknown };
  return list(Service).includes(principals?.Service);
}

/** True if one of the written actions is, or covers by wildcards, the action. */
function allows(written: unknown, action: string): boolean {
  const pattern = (text: string) =>
    new RegExp(
      `^${text
        .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
        .replaceAll("*", ".*")
        .replaceAll("?", ".")}$`,
      "i",
    );
  return list(written).some((w) => typeof w === "string" && pattern(w).test(action));
}

function list(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** A statement as it would be typed into a policy, what is known only later as `${...}`. */
function asText(statement: Statement): string {
  const plain = (value: Value): Value => {
    if (tagOf(value) !== undefined) return valueText(value);
    if (Array.isArray(value)) return value.map(plain);
    if (!isPlainObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v as Value)]));
  };
  return JSON.stringify(plain(statementValue(statement)));
}

/** The key as its reader knows it: an alias rather than its look-up. */
function keyName(key: Value): string {
  const { args } = (key as { $lookup?: { args?: { keyId?: Value } } }).$lookup ?? {};
  return valueText(args?.keyId ?? key);
}
