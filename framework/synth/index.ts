/** Synth: from the resolved model to the assembly. */
export * from "./assets.js";
export type { SynthOptions } from "./run.js";
export * from "./synthesize.js";
