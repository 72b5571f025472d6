/** Stacks in several regions: all of them are checked before the first is touched, and what they say is one report. */
import type { Diagnostic } from "../base/diagnostics.js";
import { DiagnosticBag } from "../base/diagnostics.js";
import { EXIT, isPankaError, PankaError } from "../base/errors.js";
import { canonicalJson } from "../base/json.js";
import { componentOf } from "../base/names.js";
import type { SynthResult } from "../model/assembly.js";
import type { GlobalName, Registry } from "../model/kind.js";
import { refsIn, type Value } from "../model/values.js";
import { compileOnly, problemsOf } from "./compile.js";
import { positionIn } from "./positions.js";
import type { RegionRun } from "./regions.js";

/** What a region's part said when it was checked. */
export interface RegionFindings {
  region: string;
  diagnostics: readonly Diagnostic[];
}

/** A region's part of the stack. */
export interface RegionPart {
  region: string;
  synth: Pick<SynthResult, "assembly" | "sources">;
}

/**
 * Compiles each run of a command that has several; writes nothing. Throws PankaError `invalid-stack` (exit 1; 5 where all are refusals of
 * policies) with the problems of all regions. One run alone is checked when it is made.
 */
export async function checkRuns(runs: readonly RegionRun[]): Promise<void> {
  if (runs.length < 2) return;
  const found: RegionFindings[] = [];
  const parts: RegionPart[] = [];
  let mistakes = false;
  for (const { region = "", context } of runs) {
    try {
      parts.push({ region, synth: (await compileOnly(context)).synth });
      found.push({ region, diagnostics: [] });
    } catch (error) {
      if (!isPankaError(error) || error.code !== "invalid-stack") throw error;
      mistakes ||= error.exitCode !== EXIT.refused;
      found.push({ region, diagnostics: error.diagnostics });
    }
  }
  const bag = new DiagnosticBag();
  bag.add(inAllRegions(found));
  if (parts.length === runs.length) checkGlobalNames(parts, runs[0]?.context.registry, bag);
  if (!bag.hasErrors) return;
  const diagnostics = bag.sorted();
  const refused = !mistakes && parts.length < runs.length;
  throw new PankaError("invalid-stack", problemsOf(diagnostics), { diagnostics, exitCode: refused ? EXIT.refused : EXIT.failed });
}

/** What all regions say, once; what only some say, with their names. */
export function inAllRegions(found: readonly RegionFindings[]): Diagnostic[] {
  const said = new Map<string, { diagnostic: Diagnostic; regions: string[] }>();
  for (const { region, diagnostics } of found)
    for (const diagnostic of diagnostics) {
      const key = canonicalJson({ ...diagnostic });
      const known = said.get(key);
      if (!known) said.set(key, { diagnostic, regions: [region] });
      else if (!known.regions.includes(region)) known.regions.push(region);
    }
  return [...said.values()].map(({ diagnostic, regions }) =>
    regions.length === found.length ? diagnostic : { ...diagnostic, message: `${diagnostic.message} (in ${regions.join(", ")})` },
  );
}

/** Puts an error into the bag for each name that is one for all regions and that two regions' parts give. */
export function checkGlobalNames(
  parts: readonly RegionPart[],
  registry: Pick<Registry, "globalNames"> | undefined,
  bag: DiagnosticBag,
): void {
  const byType = new Map((registry?.globalNames ?? []).map((rule) => [rule.type, rule]));
  const first = new Map<string, string>();
  for (const { region, synth } of parts) {
    for (const { urn, type, props } of synth.assembly.resources) {
      const rule = byType.get(type);
      for (const name of rule ? namesOf(rule, props) : []) {
        const key = canonicalJson([type, name]);
        const other = first.get(key) ?? region;
        first.set(key, other);
        if (!rule || other === region) continue;
        const path = componentOf(urn);
        bag.error(
          "name-in-two-regions",
          `${other} and ${region} would both make ${rule.what} ${shown(name)}: there is one for all regions`,
          {
            ...positionIn(synth.sources, path),
            path,
            next: rule.instead,
          },
        );
      }
    }
  }
}

/** The names that a resource gives; none where the first property is not given, or is another resource's to say. */
function namesOf(rule: GlobalName, props: { [name: string]: Value }): Value[][] {
  const [first = "", ...rest] = rule.by;
  const value = props[first];
  if (value === undefined || value === null || refsIn(value).length > 0) return [];
  return (Array.isArray(value) ? value : [value]).map((item) => [item, ...rest.map((name) => props[name] ?? null)]);
}

function shown([name, ...rest]: readonly Value[]): string {
  const text = typeof name === "string" ? `"${name}"` : "of one name";
  return [text, ...rest.filter((part) => typeof part === "string")].join(" ");
}
