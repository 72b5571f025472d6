/** YAML nodes to plain data: aliases expanded and counted, source spelling kept where a number or boolean would lose it. */
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from "yaml";
import type { DiagnosticBag, SourcePosition } from "../base/diagnostics.js";

type At = (offset: number) => SourcePosition;

interface Conversion {
  document: Document;
  /** Values that aliases may still add; shared by the documents of a file. */
  budget: { left: number };
  at: At;
  bag: DiagnosticBag;
  /** Anchors being expanded: an alias to one of them would never end. */
  open: Set<Node>;
  failed: boolean;
}

/** The data of a document, or `ok: false` after a problem was put into the bag. */
export function convertNode(document: Document, budget: { left: number }, at: At, bag: DiagnosticBag): { ok: boolean; value: unknown } {
  const conversion: Conversion = { document, budget, at, bag, open: new Set(), failed: false };
  const contents = document.contents as Node | null;
  const value = contents === null ? undefined : convert(contents, conversion, false);
  return { ok: !conversion.failed, value };
}

function convert(node: Node | null, c: Conversion, aliased: boolean): unknown {
  if (node === null || c.failed) return null;
  if (aliased && --c.budget.left < 0) {
    return fail(c, node, "too-many-aliases", "aliases (*name) expand to too much data", "at most 10000 values from aliases in one file");
  }
  if (isAlias(node)) {
    const target = node.resolve(c.document);
    if (!target) return fail(c, node, "unknown-alias", `the alias *${node.source} has no anchor before it`, `&${node.source} before it`);
    if (c.open.has(target)) return fail(c, node, "endless-alias", `the alias *${node.source} contains itself`, "an alias of another value");
    return convert(target, c, true);
  }
  if (hasExplicitTag(node)) {
    return fail(c, node, "yaml-tag", `the YAML tag ${node.tag} is not supported`, "a plain value");
  }
  if (isScalar(node)) return scalarValue(node);
  c.open.add(node);
  const value = isMap(node) ? convertMap(node, c, aliased) : isSeq(node) ? node.items.map((i) => convert(i as Node, c, aliased)) : null;
  c.open.delete(node);
  return value;
}

function convertMap(node: Node & { items: { key: unknown; value: unknown }[] }, c: Conversion, aliased: boolean): unknown {
  const out = Object.create(null) as Record<string, unknown>;
  for (const pair of node.items) {
    const key = pair.key as Node | null;
    if (!isScalar(key)) {
      return fail(c, key ?? node, "map-key", "a key of a map is not plain text", "text before the colon");
    }
    const name = typeof key.value === "string" ? key.value : (key.source ?? String(key.value));
    if (name === "<<" && key.type === "PLAIN") {
      return fail(c, key, "merge-key", "the merge key << is not supported", "the fields written out, or InfraDefaults");
    }
    out[name] = convert(pair.value as Node | null, c, aliased);
  }
  return out;
}

/** A number or boolean whose text would not come back from its value (`1.10`, `0x10`, `TRUE`) stays text; the check makes it a number where one is due. */
function scalarValue(node: Scalar): unknown {
  const value = node.value;
  if (value === null || typeof value === "string") return value;
  if ((typeof value === "number" || typeof value === "boolean") && node.source !== undefined && String(value) !== node.source)
    return node.source;
  if (typeof value === "number" || typeof value === "boolean") return value;
  return node.source ?? String(value);
}

/** `!!map` and `!!seq` say what is plain anyway, and the composer sets them by itself. */
function hasExplicitTag(node: Node): boolean {
  const tag = node.tag;
  return tag !== undefined && tag !== "tag:yaml.org,2002:map" && tag !== "tag:yaml.org,2002:seq";
}

function fail(c: Conversion, node: Node, code: string, message: string, expected: string): undefined {
  c.failed = true;
  c.bag.error(code, message, { ...c.at(node.range?.[0] ?? 0), expected });
  return undefined;
}
