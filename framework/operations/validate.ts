/** Validate: every problem of a stack, in one or all of its environments, without writing anything. */
import { type Diagnostic, DiagnosticBag } from "../base/diagnostics.js";
import type { StackId } from "../model/stack-model.js";
import { stackIdOf } from "../overlays/stack-id.js";
import { synthesize } from "../synth/index.js";
import { classFor, readStack, requireEntry, resolve, schemaIndex } from "./compile.js";
import type { OperationContext } from "./context.js";
import { checkResources } from "./engine.js";

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
    const own = new DiagnosticBag();
    const model = resolve(context, input, { environment, environmentClass: classFor(context, environment) }, own);
    if (model && !own.hasErrors) {
      if (i === 0) components = model.components.length;
      const synth = synthesize(model, { registry: context.registry, schemas: schemaIndex(context), bag: own });
      if (synth && environment === settings.environment) checkResources(synth, settings, own);
    }
    mistakes ||= own.hasErrors && !own.isRefusal;
    bag.add(own.sorted());
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
