/** Where a component is written, from what synth noted beside the assembly. */
import type { Diagnostic } from "../base/diagnostics.js";
import type { Sources } from "../model/assembly.js";

/** File, line and column of a component; nothing where that is not known. */
export function positionIn(sources: Sources, component: string): Partial<Diagnostic> {
  const text = sources.components[component]?.[""];
  const match = text ? /^(.*):(\d+):(\d+)$/.exec(text) : null;
  return match ? { file: match[1] as string, line: Number(match[2]), column: Number(match[3]) } : {};
}
