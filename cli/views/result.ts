/** The end of deploy and destroy: what was done, the outputs, the next command; or the last JSON line. */
import type { RunResult } from "../../framework/operations/run-result.js";
import { diagnosticJson, printDiagnostics } from "./diagnostics.js";
import { duration, type Output, plainText, table } from "./output.js";

/** The last line of a stream. */
export function resultJson(result: RunResult): { [key: string]: unknown } {
  return {
    type: "result",
    ok: result.exitCode === 0,
    exitCode: result.exitCode,
    summary: result.summary,
    outputs: result.outputs,
    serial: result.serial,
    ...(result.rolledBackTo === undefined ? {} : { rolledBackTo: result.rolledBackTo }),
    diagnostics: result.diagnostics.map(diagnosticJson),
  };
}

/** The last line of a stream that failed before it had a result. */
export function failedJson(exitCode: number, diagnostics: readonly Parameters<typeof diagnosticJson>[0][]): { [key: string]: unknown } {
  const summary = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };
  return { type: "result", ok: false, exitCode, summary, outputs: {}, serial: null, diagnostics: diagnostics.map(diagnosticJson) };
}

/** Prints how a run ended. */
export function printResult(result: RunResult, output: Output): void {
  if (output.json) {
    output.out(JSON.stringify(resultJson(result)));
    return;
  }
  const { paint } = output;
  const what = `${result.stack} in ${result.environment}`;
  if (result.kind === "no-changes") output.out(`No changes. ${what} is up to date.`);
  else if (result.kind === "nothing-to-destroy") output.out(`Nothing to destroy. ${what} has no resources.`);
  else if (result.kind === "declined") sayDeclined(result, output);
  else if (result.exitCode === 0) printDone(result, what, output);
  else printStopped(result, what, output);
  printDiagnostics(result.diagnostics, output);
  if (result.exitCode === 0 && result.operation === "deploy") printOutputs(result, output);
  for (const line of result.kept) output.out(`  ${paint.yellow("kept")} ${line}`);
  if (result.next) output.out(`\n${paint.dim("Next:")} ${result.next}`);
}

function sayDeclined(result: RunResult, output: Output): void {
  if (result.message) output.err(result.message);
}

function printDone(result: RunResult, what: string, output: Output): void {
  const { create, update, replace, delete: deleted } = result.summary;
  const parts = [
    create ? `${create} created` : "",
    update ? `${update} changed` : "",
    replace ? `${replace} replaced` : "",
    deleted ? `${deleted} deleted` : "",
  ].filter(Boolean);
  const verb = result.operation === "deploy" ? "Deployed" : "Destroyed";
  output.out(
    output.paint.green(`${verb} ${what}: ${parts.length ? parts.join(", ") : "nothing to do"} in ${duration(result.durationMs)}.`),
  );
  if (result.operation !== "deploy") return;
  const components = Object.entries(result.createdByComponent);
  if (components.length > 0) output.out("\nCreated:");
  for (const row of table(components.map(([component, types]) => [`  ${component.replace(/^_stack\//, "shared ")}`, counted(types)])))
    output.out(row);
}

/** `VPC, 4 x subnet`: equal names once, with their number. */
function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count > 1 ? `${count} x ${name}` : name)).join(", ");
}

function printStopped(result: RunResult, what: string, output: Output): void {
  const left = result.left > 0 ? `; ${result.left} ${result.left === 1 ? "change is" : "changes are"} left to do` : "";
  output.err(output.paintErr.red(`${result.message ?? `${result.operation} of ${what} failed`}${left}.`));
}

function printOutputs(result: RunResult, output: Output): void {
  const rows = Object.entries(result.outputs).flatMap(([component, values]) =>
    Object.entries(values).map(([name, value]) => [
      `  ${component}.${name}`,
      plainText(typeof value === "string" ? value : JSON.stringify(value)),
    ]),
  );
  if (rows.length === 0) return;
  output.out("\nOutputs:");
  for (const row of table(rows)) output.out(row);
}
