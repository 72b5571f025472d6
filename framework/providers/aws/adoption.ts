/**
 * Inputs of a resource that is adopted: what was found, less what the provider refuses side by side. Which properties
 * exclude each other is not on the wire, so the provider's own check is asked and its complaints are followed.
 */
import type { Diagnostic } from "../../base/diagnostics.js";
import { parsePath } from "../../base/property-path.js";
import type { Props, TypeSchema } from "../../model/index.js";
import { inputsFrom } from "./bridge/imported.js";

/** How often the check is asked at most; each time takes one kind of complaint away. */
const ROUNDS = 4;

/**
 * Derives inputs from outputs.
 * @param validate the provider's check of inputs
 */
export async function adoptedInputs(
  schema: TypeSchema,
  outputs: Props,
  validate: (inputs: Props) => Promise<Diagnostic[]>,
): Promise<Props> {
  let inputs = inputsFrom(schema.properties, outputs);
  for (let round = 0; round < ROUNDS; round++) {
    const errors = (await validate(inputs)).filter((d) => d.severity === "error" && d.path);
    const drop = new Set(errors.flatMap((d) => toDrop(schema, inputs, d)));
    if (drop.size === 0) break;
    inputs = Object.fromEntries(Object.entries(inputs).filter(([name]) => !drop.has(name)));
  }
  return inputs;
}

/** Which top-level property a complaint costs: of two that conflict the longer name, which is the narrower or older one. */
function toDrop(schema: TypeSchema, inputs: Props, error: Diagnostic): string[] {
  const top = String(parsePath(error.path as string)[0]);
  if (!(top in inputs) || schema.properties[top]?.required) return [];
  const other = /"([a-z0-9_]+)": conflicts with ([a-z0-9_]+)/.exec(error.message);
  if (other) {
    const rival = Object.entries(schema.properties).find(([, p]) => p.wire === other[2])?.[0];
    if (rival === undefined || !(rival in inputs)) return [];
    return [top.length > rival.length || (top.length === rival.length && top > rival) ? top : rival];
  }
  const inBlock = schema.properties[top]?.block !== undefined;
  return inBlock && /required/i.test(error.message) ? [top] : [];
}
