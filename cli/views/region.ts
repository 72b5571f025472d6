/** The heading of one region's part, of stacks in several. */
import type { Output } from "./output.js";

/** Prints it; as a line of JSON where lines are printed. */
export function sayRegion(region: string, output: Output): void {
  if (output.json) output.out(JSON.stringify({ type: "region", region }));
  else output.out(`\n${output.paint.bold(`Region ${region}`)}`);
}
