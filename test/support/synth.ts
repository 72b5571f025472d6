/** From a stack of constructs to its assembly, in memory: overlays, graph and synth as the CLI runs them. */
import { join } from "node:path";
import type { Stack } from "../../constructs/index.js";
import { registry } from "../../constructs/registry.js";
import { type Diagnostic, DiagnosticBag } from "../../framework/base/diagnostics.js";
import type { EnvironmentClass, ResourceSpec, SynthResult } from "../../framework/model/index.js";
import { resolveModel } from "../../framework/overlays/resolve.js";
import { loadSchemaIndex } from "../../framework/providers/aws/schema-index.js";
import type { ModelInput, ResolvedModel } from "../../framework/model/stack-model.js";
import { synthesize } from "../../framework/synth/index.js";
import { ROOT } from "./source-tree.js";
import { resolveYaml } from "./yaml-stack.js";

const schemas = loadSchemaIndex(join(ROOT, "framework/providers/aws/data"));

/** What came of a synthesis. */
export interface Synthesis {
  result: SynthResult | undefined;
  diagnostics: Diagnostic[];
  /** Codes of the errors, in file order. */
  codes: string[];
  /** A resource by `service/component` or `service/component/role`. Throws if there is none. */
  at(address: string): ResourceSpec & { props: { [key: string]: any } };
}

/** Synthesizes in the environment named after its class. */
export async function synthOf(stack: Stack, environmentClass: EnvironmentClass = "development"): Promise<Synthesis> {
  return synthInput(stack.toModel(ROOT), environmentClass, new DiagnosticBag());
}

/** The same of what a front end read; `bag`: what it had to say. */
export async function synthInput(
  input: ModelInput | undefined,
  environmentClass: EnvironmentClass,
  bag: DiagnosticBag,
): Promise<Synthesis> {
  const options = { environment: environmentClass, environmentClass, vars: {}, configVariables: {}, envVariables: {}, git: {} };
  return synthesis(input && resolveModel(input, options, registry, bag), bag);
}

/** The same of a stack in YAML, `text`: all its documents. */
export async function synthYaml(text: string, environmentClass: EnvironmentClass = "development"): Promise<Synthesis> {
  const bag = new DiagnosticBag();
  const { model, problems } = await resolveYaml({ "stack.yaml": text }, { environment: environmentClass, environmentClass });
  bag.add(problems);
  return synthesis(model, bag);
}

async function synthesis(model: ResolvedModel | undefined, bag: DiagnosticBag): Promise<Synthesis> {
  const result = model && synthesize(model, { registry, schemas: await schemas, bag });
  const diagnostics = bag.sorted();
  return {
    result,
    diagnostics,
    codes: diagnostics.filter((d) => d.severity === "error").map((d) => d.code),
    at(address) {
      const found = result?.assembly.resources.find((r) => r.urn.endsWith(`::${address}`));
      if (!found) throw new Error(`no resource ${address}; ${JSON.stringify(diagnostics)}`);
      return found;
    },
  };
}
