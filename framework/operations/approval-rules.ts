/** What asks for an approval of deployments to an environment, and whose: the configuration, and infra documents of the stack. */
import type { ApprovalRule } from "../model/approval.js";
import type { ResolvedModel } from "../model/stack-model.js";
import type { OperationContext } from "./context.js";

/** The rules of this run's environment; none: no approval is needed. `model` undefined: the stack's files are not here. */
export function approvalRules(context: OperationContext, model: Pick<ResolvedModel, "infra"> | undefined): ApprovalRule[] {
  const { settings, registry } = context;
  const environment = { name: settings.environment, class: settings.environmentClass };
  const rules: ApprovalRule[] = settings.approval ? [{ asked: settings.configFile ?? "the configuration", by: settings.approval.by }] : [];
  for (const kind of registry.kinds) {
    const spec = model?.infra[kind.name];
    const rule = spec && kind.approval?.(spec, environment);
    if (rule) rules.push({ asked: kind.name, by: rule.by });
  }
  return rules;
}

/** The first rule that does not let this identity approve; undefined: it may. */
export function refusedBy(rules: readonly ApprovalRule[], identity: string): ApprovalRule | undefined {
  return rules.find(({ by }) => by.length > 0 && !by.some((pattern) => matchesIdentity(pattern, identity)));
}

/** True where a pattern means an identity: the same text with `*` for any, or, without `:` in it, its last part: `alice` is `arn:aws:iam::1:user/team/alice`, and `alice@host`. */
export function matchesIdentity(pattern: string, identity: string): boolean {
  const name = identity.startsWith("arn:") ? identity.slice(identity.lastIndexOf("/") + 1) : identity.replace(/@[^@]*$/, "");
  return like(pattern, identity) || (!pattern.includes(":") && like(pattern, name));
}

/** `*` stands for any text. Compared part by part, so that no pattern takes long. */
function like(pattern: string, text: string): boolean {
  const parts = pattern.split("*");
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > text.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}
