/**
 * The entry point `panka/testing`: a stack's own unit tests. Nothing real is made and nothing is written into the project.
 *
 *   const app = await synth(stack, { environment: "production" });
 *   app.hasResource("aws:sqs/queue:Queue", { visibilityTimeoutSeconds: 60 });
 *
 *   const rehearsal = await rehearse(stack);
 *   rehearsal.outputs["orders/jobs"].queueUrl;
 */
export { match, type Matcher } from "./match.js";
export { type Allowed, type Rehearsal, type RehearsedRun, rehearse, type RehearseOptions } from "./rehearse.js";
export { type StackSource, synth, type SynthOptions } from "./source.js";
export type { LocalFault } from "../framework/providers/local/faults.js";
export type { ResourceSet, SynthesizedComponent, SynthesizedStack } from "./synthesized.js";
