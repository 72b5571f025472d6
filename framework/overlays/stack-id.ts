/** Which stack documents are about: name, tenant and, where it has several, region. Pure. */
import type { DiagnosticBag } from "../base/diagnostics.js";
import { usageError } from "../base/errors.js";
import { isPlainObject } from "../base/json.js";
import { nearest } from "../base/nearest.js";
import type { ModelDocument, ModelInput, StackId } from "../model/stack-model.js";

/** The base Stack document. */
export function stackDocument(input: ModelInput): ModelDocument | undefined {
  return input.documents.find((d) => d.kind === "Stack");
}

/**
 * `provider.regions` in an environment, each once: the stack's own (`provider.region`) first, the others sorted; the last that says it counts.
 * Fewer than two: the stack has one region.
 */
export function stackRegions(input: ModelInput, environment: string): string[] {
  const providers = [
    ...input.documents.filter((d) => d.kind === "Stack").map((d) => d.spec),
    ...input.overlays.filter((d) => d.kind === "Stack" && d.environment === environment).map((d) => d.spec),
    ...input.patches.filter((p) => p.address === "" && p.environment === environment).map((p) => p.patch),
  ].flatMap((spec) => (isPlainObject(spec["provider"]) ? [spec["provider"]] : []));
  const last: unknown[] =
    providers
      .map((p) => p["regions"])
      .filter(Array.isArray)
      .at(-1) ?? [];
  const home = providers
    .map((p) => p["region"])
    .filter((r) => typeof r === "string")
    .at(-1);
  const regions = [...new Set(last.filter((r): r is string => typeof r === "string"))].sort();
  return home !== undefined && regions.includes(home) ? [home, ...regions.filter((r) => r !== home)] : regions;
}

/** Puts an error into the bag where the run's region is none of those that the stack lists. */
export function checkListed(region: string, input: ModelInput, environment: string, bag: DiagnosticBag): void {
  const regions = stackRegions(input, environment);
  if (regions.length === 0 || regions.includes(region)) return;
  bag.error("region-not-listed", `${region || "no region"} is not one of provider.regions`, {
    ...stackDocument(input)?.source("provider.regions"),
    path: "provider.regions",
    expected: regions.join(", "),
  });
}

/** The stack; with several regions the one of `region`. `tenant`: as its base document says. */
export function stackIdOf(input: ModelInput, at: { environment: string; region?: string | undefined }): StackId {
  const tenant = stackDocument(input)?.tenant;
  const several = stackRegions(input, at.environment).length > 1;
  return {
    stack: input.stack,
    ...(tenant === undefined ? {} : { tenant }),
    ...(several && at.region !== undefined ? { regional: at.region } : {}),
  };
}

/** Throws a usage error for a `--region` that is none of the stack's several. */
export function checkRegion(region: string | undefined, regions: readonly string[]): void {
  if (region === undefined || (regions.length > 1 && regions.includes(region))) return;
  if (regions.length < 2)
    throw usageError("one-region", "--region is for stacks in several regions, and this one names no provider.regions", {
      next: "leave --region out, or list all regions in spec.provider.regions",
    });
  const guess = nearest(region, regions);
  throw usageError("not-a-region", `the stack is not in ${region}, but in ${regions.join(", ")}${guess ? `; did you mean ${guess}?` : ""}`);
}
