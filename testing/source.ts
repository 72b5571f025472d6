/** Where the stack under test comes from, and what it comes to in an environment. */
import type { App, Stack, StackProgram } from "../constructs/index.js";
import { compileOnly } from "../framework/operations/compile.js";
import { explained, openSource } from "./context.js";
import { SynthesizedStack } from "./synthesized.js";

/**
 * A Stack, an App, a function as a program exports it, or the path of a stack's file or folder, as the command line takes it. Only by
 * its path a stack is read with the documents of its folder: infra files and environments/.
 */
export type StackSource = Stack | App | StackProgram | string;

/** In which environment a stack is synthesized. */
export interface SynthOptions {
  /** Default: as on the command line, `development` where nothing says otherwise. */
  environment?: string;
  /** Variables, as `--var` gives them. */
  vars?: { [name: string]: string };
  /** Which of an App's stacks. */
  stack?: string;
}

/**
 * Synthesizes a stack: a pure function of the sources, no cloud, no state, nothing written. Files that it ships are not packed; they
 * count as zeros. Throws PankaError with all problems of the stack in its message.
 */
export async function synth(source: StackSource, options: SynthOptions = {}): Promise<SynthesizedStack> {
  return explained(async () => {
    const { synth: result } = await compileOnly(await openSource(source, options));
    return new SynthesizedStack(result);
  });
}
