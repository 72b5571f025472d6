/** From the entry to the assembly: front end, overlays, assets, synth. Writes panka.out/<stack>/<environment>/{assembly,sources}.json. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { type Diagnostic, DiagnosticBag } from "../base/diagnostics.js";
import { EXIT, PankaError } from "../base/errors.js";
import { canonicalJson } from "../base/json.js";
import { environmentClass } from "../model/config.js";
import type { ImageBuild } from "../model/images.js";
import type { SynthResult } from "../model/assembly.js";
import type { SchemaIndex } from "../model/provider-schema.js";
import type { EnvironmentClass, ModelInput, ResolvedModel } from "../model/stack-model.js";
import { resolveModel } from "../overlays/resolve.js";
import { checkRegion, stackDocument, stackRegions } from "../overlays/stack-id.js";
import { withTenant } from "../overlays/tenant.js";
import { loadSchemaIndex } from "../providers/aws/schema-index.js";
import { fileFailure } from "../state/durable-files.js";
import { assemblyText, requestedAssets, synthesize } from "../synth/index.js";
import { readYamlStack, type StackEntry } from "../yaml/read.js";
import { buildAssets } from "./assets.js";
import type { OperationContext } from "./context.js";
import { checkResources } from "./engine-check.js";
import { gitFacts } from "./git.js";
import { imageBuilds } from "./image-builds.js";
import { exportedModel, loadProgram } from "./load-program.js";

/** A stack in one environment, ready to plan. */
export interface Compiled {
  input: ModelInput;
  model: ResolvedModel;
  synth: SynthResult;
  /** The bytes of assembly.json. */
  text: string;
  /** Relative to the project root. */
  assemblyFile: string;
  schemas: SchemaIndex;
  /** Warnings and notices. */
  diagnostics: Diagnostic[];
  /** Images that are built from files here, by content hash. */
  builds: ReadonlyMap<string, ImageBuild>;
}

/** What a deployment needs of a compiled stack; a recorded release gives as much. */
export interface Deployable extends Pick<Compiled, "synth" | "schemas" | "diagnostics"> {
  model: Pick<ResolvedModel, "stack" | "tenant" | "regional" | "inherits" | "environment" | "region" | "spec"> &
    Partial<Pick<ResolvedModel, "regions">>;
  /** Absent: nothing can be built. */
  builds?: Compiled["builds"];
}

/** Reads the stack and lays its environment over it. Throws PankaError `invalid-stack` (exit 1) with all problems. */
export async function readModel(
  context: OperationContext,
  bag = new DiagnosticBag(),
): Promise<{ input: ModelInput; model: ResolvedModel }> {
  const input = await readStack(context, bag);
  const model = input ? resolve(context, input, context.settings, bag) : undefined;
  if (!input || !model || bag.hasErrors) throw invalid(bag);
  return { input, model };
}

/** Compiles. Throws PankaError `invalid-stack` (exit 1) with all problems. */
export async function compile(context: OperationContext): Promise<Compiled> {
  const compiled = await compileOnly(context, context.settings.projectRoot);
  return { ...compiled, assemblyFile: writeOut(context, compiled.model, compiled.synth, compiled.text) };
}

/**
 * Compiles and writes no assembly. `assetRoot`: the folder below whose panka.out/ the assets are put; without one none is made, and
 * the assembly holds zeros for each. Throws like {@link compile}.
 */
export async function compileOnly(context: OperationContext, assetRoot?: string): Promise<Omit<Compiled, "assemblyFile">> {
  const bag = new DiagnosticBag();
  const { input, model } = await readModel(context, bag);
  const schemas = schemaIndex(context);
  const { projectRoot } = context.settings;
  const wanted = assetRoot === undefined ? [] : wantedAssets(context, model);
  const files = wanted.filter((asset) => asset.how !== "image");
  const assets = assetRoot === undefined ? undefined : await buildAssets(files, projectRoot, bag, assetRoot);
  const builds = imageBuilds(wanted, projectRoot, bag, assets ?? new Map());
  const synth = synthesize(model, { registry: context.registry, schemas, ...(assets ? { assets } : {}), bag });
  if (synth) checkResources(synth, context.settings, bag);
  if (!synth || bag.hasErrors) throw invalid(bag);
  return { input, model, synth, text: assemblyText(synth.assembly), schemas, diagnostics: bag.sorted(), builds };
}

/** All problems of a bag as one error: exit 5 where all of them are refusals of policies, else 1. */
export function invalid(bag: DiagnosticBag): PankaError {
  const diagnostics = bag.sorted();
  return new PankaError("invalid-stack", problemsOf(diagnostics), { diagnostics, exitCode: bag.isRefusal ? EXIT.refused : EXIT.failed });
}

/** `the stack has N problems`. */
export function problemsOf(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((d) => d.severity === "error").length;
  return `the stack has ${errors} ${errors === 1 ? "problem" : "problems"}`;
}

/** Where the stack is written. Throws the usage error of the search where nothing was found. */
export function requireEntry(context: OperationContext): StackEntry {
  if (context.stackEntry) return context.stackEntry;
  throw context.noEntry ?? new PankaError("no-stack-here", "there is no stack here", { exitCode: 2, next: "panka init" });
}

/** Runs the front end, and lays the stack over what its tenant sets. Problems go to the bag. */
export async function readStack(
  context: OperationContext,
  bag: DiagnosticBag,
  environment = context.settings.environment,
): Promise<ModelInput | undefined> {
  const input = await readDocuments(context, bag, environment);
  const name = input && stackDocument(input)?.tenant;
  if (!input || name === undefined) return input;
  const { tenantOf } = await import("./tenant-store.js");
  const tenant = await tenantOf(context, name, bag);
  return tenant ? withTenant(input, tenant, context.registry, bag) : input;
}

/** The context with the documents of its environment, which are then read no more. Throws like {@link readDocuments}. */
export async function withDocuments(context: OperationContext): Promise<OperationContext> {
  const { environment } = context.settings;
  const bag = new DiagnosticBag();
  const input = await readDocuments(context, bag);
  return { ...context, documents: { environment, input, diagnostics: bag.sorted() } };
}

/** Runs the front end, unless the context holds what it gave. Problems go to the bag. Throws a usage error for a `--region` that the stack is not in. */
export async function readDocuments(
  context: OperationContext,
  bag: DiagnosticBag,
  environment = context.settings.environment,
): Promise<ModelInput | undefined> {
  const { documents } = context;
  if (documents?.environment === environment) {
    bag.add(documents.diagnostics);
    return documents.input;
  }
  const input = await runFrontEnd(context, bag, environment);
  if (input) checkRegion(context.settings.region, stackRegions(input, environment));
  return input;
}

async function runFrontEnd(context: OperationContext, bag: DiagnosticBag, environment: string): Promise<ModelInput | undefined> {
  const { program, stackName, settings } = context;
  if (program !== undefined) return exportedModel(program, { root: settings.projectRoot, stack: stackName }, bag);
  const entry = requireEntry(context);
  const options = { registry: context.registry, exclude: settings.exclude };
  if (entry.kind === "yaml") return readYamlStack(entry, options, bag);
  // `--stack NAME` that named the folder need not be the stack's own name.
  const stack = stackName === basename(entry.folder) ? undefined : stackName;
  return loadProgram(entry, { ...options, environment, vars: context.vars, stack, packageRoot: context.packageRoot }, bag);
}

/** The stack in an environment; undefined if problems stand in the way. */
export function resolve(
  context: OperationContext,
  input: ModelInput,
  target: { environment: string; environmentClass: EnvironmentClass },
  bag: DiagnosticBag,
): ResolvedModel | undefined {
  const { settings, env } = context;
  const envVariables: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(env))
    if (name.startsWith("PANKA_VAR_") && value !== undefined) envVariables[name.slice(10)] = value;
  const run = (region: string | undefined, into: DiagnosticBag) =>
    resolveModel(
      input,
      {
        environment: target.environment,
        environmentClass: target.environmentClass,
        vars: context.vars,
        configVariables: settings.variables,
        envVariables,
        git: gitFacts(settings.projectRoot),
        ...(context.images ? { images: context.images } : {}),
        ...(region ? { region } : {}),
      },
      context.registry,
      into,
    );
  // The stack's own region wins over aws.region and AWS_REGION, so these are given only where it has none.
  const first = new DiagnosticBag();
  const model = run(settings.aws.environmentRegion, first);
  if (settings.aws.environmentRegion || !settings.aws.fallbackRegion || (model && model.region !== "")) {
    bag.add(first.sorted());
    return model;
  }
  return run(settings.aws.fallbackRegion, bag);
}

/** Region, profile, role and infra documents as a deploy takes them; without a readable stack the region of the settings, else us-east-1. */
export async function placeOf(context: OperationContext): Promise<Pick<ResolvedModel, "region" | "spec" | "infra">> {
  const fallback = { region: context.settings.aws.fallbackRegion ?? "us-east-1", spec: {}, infra: {} };
  if (!context.stackEntry) return fallback;
  const bag = new DiagnosticBag();
  const input = await readStack(context, bag);
  return (input && resolve(context, input, context.settings, bag)) ?? fallback;
}

/** The class of an environment other than the run's own. */
export function classFor(context: OperationContext, environment: string): EnvironmentClass {
  return environment === context.settings.environment ? context.settings.environmentClass : environmentClass(environment, {});
}

/** The schema of the resource types, from the package's data. */
export function schemaIndex(context: Pick<OperationContext, "packageRoot">): SchemaIndex {
  return loadSchemaIndex(join(context.packageRoot, "framework", "providers", "aws", "data"));
}

function wantedAssets(context: OperationContext, model: ResolvedModel) {
  return requestedAssets(model, context.registry).map((request) => ({
    ...request,
    folder: request.source ? dirname(join(context.settings.projectRoot, request.source.file)) : context.settings.projectRoot,
    at: request.source,
  }));
}

function writeOut(context: OperationContext, { stack, environment, regional }: ResolvedModel, synth: SynthResult, text: string): string {
  const { projectRoot } = context.settings;
  const folder = join(projectRoot, "panka.out", stack, environment, regional ?? "");
  const file = join(folder, "assembly.json");
  for (const [path, content] of [
    [file, text],
    [join(folder, "sources.json"), `${canonicalJson(synth.sources, 2)}\n`],
  ] as const) {
    const temporary = `${path}.${context.process.pid}.tmp`;
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(temporary, content);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw fileFailure(error, `write ${relative(projectRoot, path)}`);
    }
  }
  return relative(projectRoot, file);
}
