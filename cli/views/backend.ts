/** What was made of a back end, and what is there of it. */
import type { BackendPart } from "../../framework/operations/backend-check.js";
import type { BackendPlace, BackendStep } from "../../framework/operations/backend-create.js";
import { envelope } from "./document.js";
import type { Output } from "./output.js";

/** The names of a back end, without how it is reached. */
function names(place: BackendPlace): { bucket: string; table: string; region: string; key: string | null } {
  return { bucket: place.bucket, table: place.table, region: place.region, key: place.keyAlias ?? null };
}

/** The question before anything is made. */
export function backendQuestion(place: BackendPlace): string {
  const key = place.keyAlias ? `, the key ${place.keyAlias} ($1 a month)` : "";
  return `Make (or complete) the bucket ${place.bucket}, the table ${place.table}${key} in ${place.region}? [y/N] `;
}

/** Prints what create did; returns exit code 0. */
export function printBackendCreate(place: BackendPlace, steps: BackendStep[], written: string | undefined, output: Output): number {
  if (output.json) {
    output.document(envelope(true, { ...names(place), steps, configFile: written ?? null }));
    return 0;
  }
  for (const step of steps) output.out(`${step.action.padEnd(8)} ${step.part}`);
  if (written) output.out(`\nWrote backend and locks into ${written}; commit it, so that your team uses the same.`);
  else {
    output.out("\nYour configuration is left as it is; it should say");
    output.out(`  backend: { type: s3, bucket: ${place.bucket}, region: ${place.region} }`);
    output.out(`  locks: { type: dynamodb, region: ${place.region}, table: ${place.table} }`);
  }
  output.out("\nNext: panka deploy");
  return 0;
}

/** Prints what is there; returns 0 if all is, else 1. */
export function printBackendCheck(place: BackendPlace, parts: BackendPart[], output: Output): number {
  const ok = parts.every((p) => p.ok);
  if (output.json) {
    output.document(envelope(ok, { ...names(place), parts }));
    return ok ? 0 : 1;
  }
  for (const part of parts) output.out(`${part.ok ? "ok     " : "missing"} ${part.part}`);
  output.out(ok ? "\nThe back end is whole." : "\nNext: panka backend create");
  return ok ? 0 : 1;
}
