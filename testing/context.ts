/** The context of a test's runs. Nothing of it shows in the package's types: they must not need those of the SDKs behind it. */
import { type App, isApp, isStack, type Stack, type StackProgram } from "../constructs/index.js";
import { PankaError } from "../framework/base/errors.js";
import type { OperationContext } from "../framework/operations/context.js";
import { processWorld } from "../cli/context.js";
import { openContext } from "../cli/open-context.js";
import { diagnosticLines } from "../cli/views/diagnostics.js";
import { makePaint } from "../cli/views/output.js";

type Source = Stack | App | StackProgram | string;

/** What a source is opened for. */
export interface OpenOptions {
  environment?: string;
  vars?: { [name: string]: string };
  stack?: string;
}

/** The context of a run about a source, in the folder that the process stands in. Of the machine's own settings none counts. */
export async function openSource(source: Source, options: OpenOptions): Promise<OperationContext> {
  const { environment, vars = {}, stack } = options;
  const world = processWorld();
  const context = await openContext(
    { ...world, env: {}, home: world.packageRoot, interactive: false, onSignal: () => () => {} },
    {
      ...(typeof source === "string" ? { path: source } : {}),
      ...(stack === undefined ? {} : { stack }),
      ...(environment === undefined ? {} : { environment }),
      vars,
      emit: () => {},
      ask: false,
      say: () => {},
    },
  );
  if (typeof source === "string") return context;
  return { ...context, program: await exported(source, context.settings.environment, vars) };
}

async function exported(source: Exclude<Source, string>, environment: string, vars: { [name: string]: string }): Promise<Stack | App> {
  if (typeof source === "function") return source({ environment, vars: { ...vars } });
  if (isStack(source) || isApp(source)) return source;
  throw new TypeError("expected a Stack, an App, a function that returns one, or a path");
}

/** Runs `body`; a PankaError's message then holds all its problems, as the command line prints them. */
export async function explained<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof PankaError)) throw error;
    const { code, message, diagnostics, exitCode } = error;
    throw new PankaError(code, [message, ...problemLines(diagnostics)].join("\n"), { diagnostics, exitCode, cause: error });
  }
}

/** Problems as the command line prints them. */
export function problemLines(diagnostics: PankaError["diagnostics"]): string[] {
  return diagnostics.filter((d) => d.severity === "error").flatMap((d) => diagnosticLines(d, makePaint(false)));
}
