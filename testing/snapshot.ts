/** Snapshots of assemblies: files that are recorded once and compared ever after. */
import { AssertionError } from "node:assert";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { processWorld } from "../cli/context.js";
import { parseUrn } from "../framework/base/names.js";
import type { Assembly, ResourceSpec } from "../framework/model/index.js";
import { assemblyText } from "../framework/synth/index.js";
import { mismatches } from "./match.js";

/** How many differences a message shows. */
const SHOWN = 20;

/** Compares an assembly with the one recorded. Throws an AssertionError with what differs, property by property. */
export function compareSnapshot(assembly: Assembly, file: string): void {
  const { env, cwd } = processWorld();
  const path = resolve(cwd, file);
  const name = relative(cwd, path);
  const text = assemblyText(assembly);
  const there = existsSync(path);
  if (!there && env.CI)
    throw new AssertionError({ message: `the snapshot ${name} is not there, and in CI none is recorded`, stackStartFn: compareSnapshot });
  if (!there || env.PANKA_UPDATE_SNAPSHOTS === "1") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  const recorded = readFileSync(path, "utf8");
  if (recorded === text) return;
  const lines = differences(JSON.parse(recorded) as Assembly, assembly);
  const more = lines.length > SHOWN ? [`  and ${lines.length - SHOWN} more`] : [];
  const message = [
    `the assembly is not as recorded in ${name}:`,
    ...lines.slice(0, SHOWN),
    ...more,
    "record it again with PANKA_UPDATE_SNAPSHOTS=1",
  ];
  throw new AssertionError({ message: message.join("\n"), stackStartFn: compareSnapshot });
}

function differences(before: Assembly, after: Assembly): string[] {
  const old = byUrn(before);
  const now = byUrn(after);
  const lines: string[] = [];
  for (const urn of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [was, is] = [old.get(urn), now.get(urn)];
    const { service, component, role, type } = parseUrn(urn);
    const name = `${service}/${component}${role ? `/${role}` : ""} (${type})`;
    if (!was) lines.push(`  + ${name}`);
    else if (!is) lines.push(`  - ${name}`);
    else for (const path of changedPaths(was, is)) lines.push(`  ~ ${name}: ${path}`);
  }
  if (lines.length === 0) lines.push("  outputs, region or format differ");
  return lines;
}

function byUrn(assembly: Assembly): Map<string, ResourceSpec> {
  return new Map(assembly.resources.map((r) => [r.urn, r]));
}

function changedPaths(was: ResourceSpec, is: ResourceSpec): string[] {
  const found = new Map(mismatches(was, is as never).map((m) => [m.path, `${m.path}: ${m.what}`]));
  for (const { path } of mismatches(is, was as never)) if (!found.has(path)) found.set(path, `${path}: is new`);
  return [...found.values()];
}
