/** The plan, for people (grouped by component) and as JSON. */
import type { Json } from "../../framework/base/json.js";
import type { Change, ChangeAction, PropertyChange, ShownPlan } from "../../framework/model/plan.js";
import type { SavedPlan } from "../../framework/model/saved-plan.js";
import { shownPlan } from "../../framework/plan/shown-plan.js";
import type { Settings } from "../../framework/operations/context.js";
import { type Output, type Paint, plainText, resourceName, wrap } from "./output.js";

const SYMBOLS: Record<ChangeAction, string> = { create: "+", update: "~", replace: "±", delete: "-", same: " " };
const VERBS: Record<ChangeAction, string> = { create: "create", update: "change", replace: "replace", delete: "delete", same: "keep" };
/** How many properties of one change are shown without --verbose. */
const SHOWN = 12;

/** The plan's document, exactly as documented; `saved`: where it was saved. */
export function planJson(plan: ShownPlan, saved?: { file: string; id: string }): { [key: string]: unknown } {
  return { ...shownPlan(plan), ...(saved ? { saved } : {}) };
}

/** True if anything would be done. */
export function hasChanges(plan: ShownPlan): boolean {
  return plan.summary.create + plan.summary.update + plan.summary.replace + plan.summary.delete > 0;
}

/** Prints a plan for people on stdout. */
export function printPlan(plan: ShownPlan, settings: Settings, output: Output): void {
  const { paint } = output;
  const where = settings.provider === "local" ? "a model of AWS on this machine; nothing real is made" : "AWS";
  output.out(paint.bold(`Plan for ${plan.stack} in ${plan.environment} (${settings.environmentClass}, ${where})`));
  output.out();
  for (const [component, changes] of byComponent(plan.changes)) {
    output.out(`  ${paint.bold(component)}`);
    for (const change of changes) printChange(change, output);
    output.out();
  }
  if (!hasChanges(plan)) output.out("  Nothing to change.\n");
  printGrants(plan, output);
  const left = plan.leftOut.length > 0 ? [`left out by the selection: ${plan.leftOut.join(", ")}`] : [];
  for (const notice of [...plan.notices, ...left]) {
    const [first = "", ...rest] = wrap(plainText(notice.replaceAll("_stack/", "shared ")), Math.max(output.columns, 40) - 9, "        ");
    output.out(`  ${paint.blue("note")}  ${first}`);
    for (const line of rest) output.out(line);
  }
  if (plan.notices.length + plan.leftOut.length > 0) output.out();
  output.out(summaryLine(plan.summary, paint));
}

/** Where a plan was saved, and what to do with it. */
export function printKept(
  { file, id }: { file: string; id: string },
  { approval, operation }: Pick<SavedPlan, "approval" | "operation">,
  output: Output,
): void {
  const run = `panka ${operation} --plan ${file}`;
  const next = approval.length > 0 ? `another person: panka approve ${file}, then ${run}` : run;
  output.out(`\nSaved in ${file}, plan ${id.slice(0, 12)}.\n${output.paint.dim("Next:")} ${next}`);
}

/** What the roles of changed components may do (with --verbose: of all), a line per statement; the user's own are marked. */
function printGrants(plan: ShownPlan, output: Output): void {
  const { paint } = output;
  const changed = new Set(plan.changes.filter((c) => c.action !== "same").map((c) => c.component));
  const shown = (plan.grants ?? []).filter((g) => output.verbose || changed.has(g.component));
  if (shown.length === 0) return;
  output.out(`  ${paint.bold("permissions")}`);
  for (const { component, to, actions, resources } of shown) {
    const why = to === null ? paint.yellow("by its own permissions") : `for ${to}`;
    const [first = "", ...rest] = wrap(`${actions.join(", ")} on ${resources.join(", ")}`, Math.max(output.columns, 40) - 8, "        ");
    output.out(`    ${plainText(component)} ${why}`);
    for (const line of [first, ...rest]) output.out(paint.dim(`        ${line.trimStart()}`));
  }
  output.out();
}

/** `3 to create, 1 to change, 12 unchanged.` */
export function summaryLine(summary: Record<ChangeAction, number>, paint: Paint): string {
  const parts: string[] = [];
  if (summary.create) parts.push(paint.green(`${summary.create} to create`));
  if (summary.update) parts.push(paint.yellow(`${summary.update} to change`));
  if (summary.replace) parts.push(paint.magenta(`${summary.replace} to replace`));
  if (summary.delete) parts.push(paint.red(`${summary.delete} to delete`));
  if (summary.same || parts.length === 0) parts.push(`${summary.same} unchanged`);
  return `${parts.join(", ")}.`;
}

/** Changes that do something, by component, in the plan's order. */
function byComponent(changes: readonly Change[]): Map<string, Change[]> {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    if (change.action === "same") continue;
    const name = change.component.startsWith("_stack/") ? `shared ${change.component.slice(7)}` : change.component;
    groups.set(name, [...(groups.get(name) ?? []), change]);
  }
  return groups;
}

/** One change with its reasons and properties; `before` comes before the verb. */
export function printChange(change: Change, output: Output, before = ""): void {
  const { paint } = output;
  const color = { create: paint.green, update: paint.yellow, replace: paint.magenta, delete: paint.red, same: paint.dim }[change.action];
  const what = resourceName(change.urn, change.type);
  output.out(`    ${color(`${SYMBOLS[change.action]} ${before}${VERBS[change.action]}`)} ${what}`);
  for (const reason of change.reasons) output.out(`        ${paint.dim("because")} ${plainText(reason)}`);
  const wanted = change.action === "update" || change.action === "replace" || output.verbose ? change.properties : [];
  const shown = output.verbose ? wanted : wanted.slice(0, SHOWN);
  for (const property of shown) output.out(`        ${propertyLine(property, paint)}`);
  if (wanted.length > shown.length) output.out(paint.dim(`        and ${wanted.length - shown.length} more (--verbose shows them)`));
}

function propertyLine(p: PropertyChange, paint: Paint): string {
  const before = p.before === undefined ? "(not set)" : show(p.before);
  const after = p.unknown ? "(known after it is made)" : p.after === undefined ? "(not set)" : show(p.after);
  const values = p.secret ? "(secret)" : `${before} -> ${after}`;
  return `${p.path}: ${values}${p.replaces ? paint.magenta("  forces a replacement") : ""}`;
}

function show(value: Json): string {
  const text = plainText(typeof value === "string" ? `"${value}"` : JSON.stringify(value));
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
