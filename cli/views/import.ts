/** What an import finds, what the next deploy would change on it, and what it leaves. */
import type { Import } from "../../framework/operations/import.js";
import { envelope } from "./document.js";
import { type Output, plainText, resourceName } from "./output.js";
import { printChange, summaryLine } from "./plan.js";

/** The document: what was found with what would change on it, and what is left. */
export function importJson(shown: Import, dryRun: boolean): unknown {
  const { plan, imported, ...rest } = shown;
  const changes = new Map(plan.changes.map((c) => [c.urn, c]));
  const found = imported.map((i) => ({ ...i, change: changes.get(i.urn) ?? null }));
  return envelope(shown.done || dryRun, { ...rest, imported: found, next: plan.summary });
}

/** Shows it before it is done. */
export function printImport({ stack, environment, imported, left, plan }: Import, output: Output): void {
  const { paint } = output;
  const changes = new Map(plan.changes.map((c) => [c.urn, c]));
  output.out(paint.bold(`Import into ${stack} in ${environment}`));
  for (const component of new Set([...imported, ...left].map((r) => r.component))) {
    output.out(`\n  ${paint.bold(component)}`);
    for (const { urn, type, importId, by } of imported.filter((r) => r.component === component)) {
      output.out(
        `    ${paint.green("= import")} ${resourceName(urn, type)}: ${plainText(importId)}${by === "computed" ? " (found by itself)" : ""}`,
      );
      const change = changes.get(urn);
      if (change && change.action !== "same") printChange(change, output, "the next deploy would ");
    }
    for (const { urn, type, importId, form } of left.filter((r) => r.component === component)) {
      const why = importId === null ? `its id is not known: ${form}` : `there is none: ${importId}`;
      output.out(`    ${paint.dim("· leave")}  ${resourceName(urn, type)}, ${plainText(why)}`);
    }
  }
  output.out(`\nThe next deploy of the whole stack: ${summaryLine(plan.summary, paint)}`);
}

/** Says what was done. */
export function printImported({ done, stack, environment, serial, imported, left, plan }: Import, output: Output): void {
  if (!done) {
    output.err("Not confirmed; nothing was changed. In CI: --yes");
    return;
  }
  const of = imported.length === 1 ? "1 resource" : `${imported.length} resources`;
  output.out(output.paint.green(`Imported ${of} into ${stack} in ${environment}; its state is at serial ${serial}.`));
  if (left.length > 0) output.out(`Left: ${left.length}, which the next deploy makes. With an id: panka import URN ID`);
  if (plan.summary.replace > 0) output.err("The next deploy would replace some of it: look at the plan first.");
  output.out("\nNext: panka plan");
}
