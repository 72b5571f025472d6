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

/** A region's part that was checked. */
export interface CheckedRegion extends RegionFindings {
  /** An error that is no refusal of a policy is among them. */
  mistaken: boolean;
  /** Absent where it could not be made. */
  synth?: RegionPart["synth"] | undefined;
}

/** What all regions say together. */
export interface RegionReport {
  diagnostics: Diagnostic[];
  hasErrors: boolean;
  /** An error that is no refusal of a policy is among them. */
  mistaken: boolean;
}

/**
 * Compiles each run of a command that has several; writes nothing. Throws PankaError `invalid-stack` (exit 1; 5 where all are refusals of
 * policies) with the problems of all regions. One run alone is checked when it is made.
 */
export async function checkRuns(runs: readonly RegionRun[]): Promise<void> {
  const [first, second] = runs;
  if (!first || !second) return;
  const checked: CheckedRegion[] = [];
  for (const { region = "", context } of runs) {
    try {
      checked.push({ region, diagnostics: [], mistaken: false, synth: (await compileOnly(context)).synth });
    } catch (error) {
      if (!isPankaError(error) || error.code !== "invalid-stack") throw error;
      checked.push({ region, diagnostics: error.diagnostics, mistaken: error.exitCode !== EXIT.refused });
    }
  }
  const { diagnostics, hasErrors, mistaken } = reportOf(checked, first.context.registry);
  if (!hasErrors) return;
  const exitCode = mistaken ? EXIT.failed : EXIT.refused;
  throw new PankaError("invalid-stack", problemsOf(diagnostics), { diagnostics, exitCode });
}

/** One report of all regions. Names that are one for all of them are compared where nothing else is wrong. */
export function reportOf(checked: readonly CheckedRegion[], registry: Pick<Registry, "globalNames">): RegionReport {
  const bag = new DiagnosticBag();
  bag.add(inAllRegions(checked));
  let mistaken = checked.some((c) => c.mistaken);
  if (!bag.hasErrors) {
    const parts = checked.flatMap(({ region, synth }) => (synth ? [{ region, synth }] : []));
    checkGlobalNames(parts, registry, bag);
    mistaken = bag.hasErrors;
  }
  return { diagnostics: bag.sorted(), hasErrors: bag.hasErrors, mistaken };
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
export function checkGlobalNames(parts: readonly RegionPart[], registry: Pick<Registry, "globalNames">, bag: DiagnosticBag): void {
  const byType = new Map((registry.globalNames ?? []).map((rule) => [rule.type, rule]));
  const first = new Map<string, string>();
  for (const { region, synth } of parts) {
    for (const { urn, type, props } of synth.assembly.resources) {
      const rule = byType.get(type);
      if (!rule) continue;
      for (const name of namesOf(rule, props)) {
        const key = canonicalJson([type, name]);
        const other = first.get(key) ?? region;
        first.set(key, other);
        if (other === region) continue;
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
