/** What the commands about engines did. */
import type { Ejected } from "../../framework/operations/eject.js";
import type { EngineSwitch } from "../../framework/operations/engine-switch.js";
import { envelope } from "./document.js";
import type { Output } from "./output.js";

/** Prints it; returns the exit code. */
export function printSwitch(done: EngineSwitch, output: Output): number {
  const where = `${done.stack} in ${done.environment}`;
  if (output.json) output.document(envelope(true, done));
  else if (!done.switched) output.out(`${where} has the engine ${done.to} already.`);
  else {
    output.out(`${where} has the engine ${done.to} now; it was asked about ${done.resources} resources and would change none.`);
    output.out(`Next: set engine: ${done.to} in panka.config.yaml. Back again: panka engine switch ${done.from} -e ${done.environment}`);
  }
  return 0;
}

/** Prints what was ejected; returns the exit code. */
export function printEjected(done: Ejected, output: Output): number {
  if (output.json) {
    output.document(envelope(true, done));
    return 0;
  }
  output.out(`${done.stack} in ${done.environment} is in ${done.folder} as a Pulumi project of ${done.resources} resources.`);
  output.out("From its first update on only Pulumi may deploy it.");
  output.out(`Next: ${done.next}`);
  return 0;
}

/** Prints where the CLI is; returns the exit code. */
export function printInstalled(done: { version: string; root: string }, output: Output): number {
  if (output.json) output.document(envelope(true, done));
  else output.out(`The Pulumi CLI ${done.version} is in ${done.root}.`);
  return 0;
}
