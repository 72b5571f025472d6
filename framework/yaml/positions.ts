/** Where in a YAML file the value at a path was written. Looked up when asked: most paths are never asked for. */
import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from "yaml";
import type { SourcePosition } from "../base/diagnostics.js";
import { parsePath } from "../model/paths.js";

/** Position of the key (in a map) or item (in a list) at a path; "" is the document; undefined if nothing is there. */
export function positionIn(document: Document, path: string, at: (offset: number) => SourcePosition): SourcePosition | undefined {
  let node = document.contents as Node | null;
  let offset = node?.range?.[0] ?? document.range?.[0] ?? 0;
  for (const segment of parsePath(path)) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    if (isMap(node)) {
      const pair = node.items.find((p) => isScalar(p.key) && (p.key.value === segment || p.key.source === segment));
      if (!pair) return undefined;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      const item = typeof segment === "number" ? (node.items[segment] as Node | undefined) : undefined;
      if (item === undefined) return undefined;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else return undefined;
  }
  return at(offset);
}
