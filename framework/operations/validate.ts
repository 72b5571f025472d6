/** Validate: every problem of a stack, in one or all of its environments, without writing anything. */
import { type Diagnostic, DiagnosticBag } from "../base/diagnostics.js";
import type { SynthResult } from "../model/assembly.js";
import type { ModelInput, StackId } from "../model/stack-model.js";
import { stackIdOf, stackRegions } from "../overlays/stack-id.js";
import { synthesize } from "../synth/index.js";
import { classFor, readStack, requireEntry, resolve, schemaIndex } from "./compile.js";
import type { OperationContext } from "./context.js";
import { checkResources } from "./engine-check.js";
import { type CheckedRegion, type RegionReport, reportOf } from "./region-checks.js";
import { inRegion } from "./regions.js";

/** What validate found. */
export interface Validation {
  ok: boolean;
  /** All of its errors are refusals of policies. */
  refused: boolean;
  stack: string;
  /** Which stack; undefined where its files can't be read. */
  id: StackId | undefined;
  environments: string[];
  /** Number of components, in the first environment. */
  components: number;
  diagnostics: Diagnostic[];
}

/** Checks the run's environment, or with `allEnvironments` every one that is named. Throws usage errors only. */
export async function validate(context: OperationContext, options: { allEnvironments: boolean }): Promise<Validation> {
  const bag = new DiagnosticBag();
  const entry = requireEntry(context);
  const { settings } = context;
  let input = await readStack(context, bag);
  let components = 0;
  let mistakes = bag.hasErrors;
  const environments = [settings.environment];
  if (options.allEnvironments) {
    for (const name of [...(input?.environments ?? []), ...settings.environments])
      if (!environments.includes(name)) environments.push(name);
  }
  for (const [i, environment] of environments.entries()) {
    if (i > 0 && entry.kind === "typescript") input = await readStack(context, bag, environment);
    if (!input) break;
    const found = checkEnvironment(context, input, environment);
    if (i === 0) components = found.components;
    mistakes ||= found.mistaken;
    bag.add(found.diagnostics);
  }
  return {
    ok: !bag.hasErrors,
    refused: bag.hasErrors && !mistakes,
    stack: input?.stack ?? "the stack",
    id: input && stackIdOf(input, settings),
    environments: environments.sort(),
    components,
    diagnostics: bag.sorted(),
  };
}

/** Checks an environment, in each of its regions or in that of `--region` alone; `components`: their number. */
function checkEnvironment(context: OperationContext, input: ModelInput, environment: string): RegionReport & { components: number } {
  const regions = stackRegions(input, environment);
  const several = context.settings.region === undefined && regions.length > 1;
  const checked: CheckedRegion[] = [];
  let components = 0;
  for (const region of several ? regions : [""]) {
    const bag = new DiagnosticBag();
    const own = several ? inRegion(context, region) : context;
    const model = resolve(own, input, { environment, environmentClass: classFor(context, environment) }, bag);
    let synth: SynthResult | undefined;
    if (model && !bag.hasErrors) {
      components = model.components.length;
      synth = synthesize(model, { registry: context.registry, schemas: schemaIndex(context), bag });
      if (synth && environment === context.settings.environment) checkResources(synth, context.settings, bag);
    }
    const mistaken = bag.hasErrors && !bag.isRefusal;
    checked.push({ region, diagnostics: bag.sorted(), mistaken, synth });
  }
  return { ...reportOf(checked, context.registry), components };
}
