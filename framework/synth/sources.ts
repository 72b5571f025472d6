/** sources.json: where each component and each of its properties was written. Beside the assembly, outside its hash. */
import { compareText } from "../base/diagnostics.js";
import { isRef, isText, type ResolvedModel, type Sources } from "../model/index.js";
import type { SourcePosition } from "../base/diagnostics.js";
import { joinPath } from "../base/property-path.js";

/** Positions of a model; a property whose position is that of what holds it is left out. */
export function sourcesOf(model: ResolvedModel): Sources {
  const components: Sources["components"] = {};
  const add = (address: string, props: unknown, source: (path: string) => SourcePosition | undefined): void => {
    const places: { [path: string]: string } = {};
    const top = write(source(""));
    if (top !== undefined) places[""] = top;
    walk(props, "", top, source, places);
    if (Object.keys(places).length > 0) components[address] = places;
  };
  add("", model.spec, model.source);
  for (const c of [...model.components].sort((a, b) => compareText(a.address, b.address))) add(c.address, c.props, c.source);
  return { version: 1, components };
}

function walk(
  value: unknown,
  path: string,
  above: string | undefined,
  source: (path: string) => SourcePosition | undefined,
  places: { [path: string]: string },
): void {
  if (typeof value !== "object" || value === null || isRef(value) || isText(value)) return;
  for (const [key, member] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    const inner = joinPath(path, key);
    const place = write(source(inner));
    if (place !== undefined && place !== above) places[inner] = place;
    walk(member, inner, place ?? above, source, places);
  }
}

function write(at: SourcePosition | undefined): string | undefined {
  return at && `${at.file}:${at.line}:${at.column}`;
}
