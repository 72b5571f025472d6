/** What doctor found: checks with their next step, then which setting came from where. */
import type { DoctorReport } from "../../framework/operations/doctor.js";
import { envelope } from "./document.js";
import { type Output, table } from "./output.js";

/** Prints the report; returns the exit code: 1 if a check failed. */
export function printDoctor(report: DoctorReport, output: Output): number {
  const ok = report.checks.every((c) => c.status !== "failed");
  if (output.json) {
    output.document(envelope(ok, report));
    return ok ? 0 : 1;
  }
  const { paint } = output;
  const marks = { ok: paint.green("ok    "), failed: paint.red("failed"), warning: paint.yellow("note  "), skipped: paint.dim("-     ") };
  for (const check of report.checks) {
    output.out(`${marks[check.status]}  ${check.name}: ${check.message}`);
    if (check.next) output.out(`        ${paint.dim("next:")} ${check.next}`);
  }
  output.out("\nSettings:");
  for (const row of table(report.settings.map((s) => [`  ${s.name}`, s.value, `from ${s.origin}`]))) output.out(row);
  return ok ? 0 : 1;
}
