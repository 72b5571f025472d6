/** Parsed YAML documents to documents of the model: envelope checked, kind found, stack and service filled in. */
import type { DiagnosticBag, SourcePosition } from "../base/diagnostics.js";
import { isPlainObject } from "../base/json.js";
import { LABEL } from "../base/names.js";
import { nearest } from "../base/nearest.js";
import { apiVersionsOf } from "../model/api-version.js";
import type { Kind, Registry } from "../model/kind.js";
import type { ModelDocument } from "../model/stack-model.js";
import type { FoundFile } from "./discover.js";
import type { ParsedDocument } from "./parse.js";

/** A document with what its place said. */
export interface ReadDocument extends ModelDocument {
  /** metadata.stack, to be compared with the Stack document. */
  stack?: string;
  start: SourcePosition;
  /** The service was named by the folder. */
  serviceFromFolder: boolean;
}

const ENVELOPE = ["apiVersion", "kind", "metadata", "spec"];
const METADATA = ["name", "description", "labels", "annotations", "tenant", "stack", "service", "environment"];
const GROUPS = ["core", "infra", "components"] as const;

/** All documents of one file that are Panka's. Others are skipped and listed in `skipped` as `file:line`. */
export function readDocuments(
  parsed: readonly ParsedDocument[],
  file: FoundFile,
  registry: Registry,
  bag: DiagnosticBag,
  skipped: string[],
): ReadDocument[] {
  const out: ReadDocument[] = [];
  let preceding: string | undefined;
  for (const document of parsed) {
    const kind = kindOf(document, registry, bag, skipped);
    if (!kind) continue;
    const read = readOne(document, kind, file, preceding, bag);
    if (!read) continue;
    if (read.kind === "Service") preceding = read.name;
    out.push(read);
  }
  return out;
}

/** The kind of a document; undefined if it is skipped or wrong. */
function kindOf(document: ParsedDocument, registry: Registry, bag: DiagnosticBag, skipped: string[]): Kind | undefined {
  const value = document.value;
  if (value === undefined || value === null) return undefined;
  const skip = (): undefined => {
    skipped.push(`${document.start.file}:${document.start.line}`);
    return undefined;
  };
  if (!isPlainObject(value)) return skip();
  const version = value["apiVersion"];
  const name = value["kind"];
  const known = typeof name === "string" ? registry.find(name) : undefined;
  if (version === undefined) {
    if (!known) return skip();
    bag.error("no-api-version", `the ${known.name} document has no apiVersion`, {
      ...document.position("kind"),
      expected: `apiVersion: ${apiVersionsOf(known)[0]}`,
    });
    return undefined;
  }
  const at = document.position("apiVersion");
  const own = registry.kinds.filter((k) => k.apiGroup !== undefined && String(version).startsWith(`${k.apiGroup}/`));
  if (own.length > 0) return ownKind(document, own, bag);
  const match = /^(?:([a-z0-9-]+)\.)?panka\.io\/(.+)$/.exec(String(version));
  if (!match) return skip();
  const [, group, revision] = match;
  if (revision !== "v1" || (group !== undefined && !(GROUPS as readonly string[]).includes(group))) {
    bag.error("unknown-api-version", `the apiVersion "${String(version)}" is not known`, {
      ...at,
      expected: GROUPS.map((g) => `${g}.panka.io/v1`).join(", "),
    });
    return undefined;
  }
  if (typeof name !== "string" || name === "") {
    bag.error("no-kind", "the document has no kind", { ...(document.position("kind") ?? at), expected: "kind: <Kind>" });
    return undefined;
  }
  if (!known) {
    const names = registry.kinds.filter((k) => group === undefined || k.group === group).flatMap((k) => [k.name, ...(k.aliases ?? [])]);
    const suggestion =
      nearest(name, names) ??
      nearest(
        name,
        registry.kinds.map((k) => k.name),
      );
    bag.error("unknown-kind", `the kind "${name}" is not known`, {
      ...document.position("kind"),
      expected: `one of ${names.join(", ")}`,
      ...(suggestion ? { suggestion } : {}),
    });
    return undefined;
  }
  if ((group !== undefined && group !== known.group) || known.apiGroup !== undefined) {
    bag.error("wrong-group", `${known.name} is not a kind of ${String(version)}`, {
      ...at,
      expected: `apiVersion: ${apiVersionsOf(known)[0]}`,
    });
    return undefined;
  }
  return known;
}

/** The kind of a document of a team's own API group. */
function ownKind(document: ParsedDocument, own: readonly Kind[], bag: DiagnosticBag): Kind | undefined {
  const { kind: name, apiVersion } = document.value as Record<string, unknown>;
  const found = own.find((k) => k.name === name || k.aliases?.includes(String(name)));
  const names = own.flatMap((k) => [k.name, ...(k.aliases ?? [])]);
  if (!found) {
    const suggestion = typeof name === "string" ? nearest(name, names) : undefined;
    bag.error("unknown-kind", `the kind "${String(name ?? "")}" is not known in ${String(apiVersion)}`, {
      ...(document.position("kind") ?? document.start),
      expected: `one of ${names.join(", ")}`,
      ...(suggestion ? { suggestion } : {}),
    });
  } else if (!apiVersionsOf(found).includes(String(apiVersion))) {
    const expected = apiVersionsOf(found).join(", ");
    bag.error("unknown-api-version", `the apiVersion "${String(apiVersion)}" is not known`, {
      ...document.position("apiVersion"),
      expected,
    });
    return undefined;
  }
  return found;
}

function readOne(
  document: ParsedDocument,
  kind: Kind,
  file: FoundFile,
  preceding: string | undefined,
  bag: DiagnosticBag,
): ReadDocument | undefined {
  const value = document.value as Record<string, unknown>;
  const at = (path: string): SourcePosition => document.position(path) ?? document.start;
  unknownKeys(value, ENVELOPE, "", at, bag);
  const metadata = value["metadata"];
  if (!isPlainObject(metadata)) {
    bag.error("no-metadata", `the ${kind.name} document has no metadata`, { ...at("metadata"), expected: "metadata: { name: ... }" });
    return undefined;
  }
  unknownKeys(metadata, METADATA, "metadata", at, bag);
  const text = (key: string): string | undefined => textOf(metadata, key, at, bag);
  const name = text("name");
  if (name === undefined || !LABEL.test(name)) {
    const said = name === undefined ? "has no metadata.name" : `is named "${name}", which is not a name`;
    bag.error(name === undefined ? "no-name" : "bad-name", `the ${kind.name} document ${said}`, {
      ...(document.position("metadata.name") ?? at("metadata")),
      expected: "lower-case letters, digits and hyphens, at most 63, first and last a letter or digit",
    });
    return undefined;
  }
  const spec = value["spec"] ?? {};
  if (!isPlainObject(spec)) {
    bag.error("bad-spec", `the spec of ${name} is not a map`, { ...at("spec"), path: name, expected: "fields, one per line" });
    return undefined;
  }
  const service = serviceOf(kind, name, text("service"), file, preceding, at, bag);
  const environment = agree("environment", text("environment"), file.environment, name, at, bag);
  const stack = text("stack");
  const description = text("description");
  const tenant = text("tenant");
  if (tenant !== undefined && kind.name !== "Stack")
    bag.error("tenant-of-a-stack", "a tenant is given to a whole stack", {
      ...at("metadata.tenant"),
      path: name,
      expected: "metadata.tenant of the Stack document",
    });
  return {
    apiVersion: `${kind.group}.panka.io/v1`,
    kind: kind.name,
    name,
    ...(service !== undefined ? { service } : {}),
    labels: textMap(metadata, "labels", at, bag),
    annotations: textMap(metadata, "annotations", at, bag),
    ...(description !== undefined ? { description } : {}),
    ...(tenant !== undefined ? { tenant } : {}),
    ...(environment !== undefined ? { environment } : {}),
    ...(stack !== undefined ? { stack } : {}),
    spec,
    literal: false,
    source: (path) => (path === "" ? document.start : document.position(path.startsWith("[") ? `spec${path}` : `spec.${path}`)),
    start: document.start,
    serviceFromFolder: service !== undefined && file.service === service,
  };
}

/** The service of a document: metadata, else folder, else the Service document before it in the file. */
function serviceOf(
  kind: Kind,
  name: string,
  said: string | undefined,
  file: FoundFile,
  preceding: string | undefined,
  at: (path: string) => SourcePosition,
  bag: DiagnosticBag,
): string | undefined {
  if (kind.name === "Service") {
    agree("service", name, file.service, name, () => at("metadata.name"), bag);
    return undefined;
  }
  const ofService = kind.group === "components" || kind.name === "ComponentInfra" || kind.name === "ServiceInfraDefaults";
  if (!ofService) return undefined;
  return agree("service", said, file.service, name, at, bag) ?? preceding;
}

function agree(
  key: "service" | "environment",
  said: string | undefined,
  folder: string | undefined,
  name: string,
  at: (path: string) => SourcePosition,
  bag: DiagnosticBag,
): string | undefined {
  if (said !== undefined && folder !== undefined && said !== folder) {
    bag.error(`${key}-disagrees`, `${name} says ${key} "${said}", but its folder says "${folder}"`, {
      ...at(`metadata.${key}`),
      expected: `${key} ${folder}, or another folder`,
    });
  }
  return said ?? folder;
}

function unknownKeys(
  map: Record<string, unknown>,
  known: string[],
  base: string,
  at: (path: string) => SourcePosition,
  bag: DiagnosticBag,
): void {
  for (const key of Object.keys(map)) {
    if (known.includes(key)) continue;
    const suggestion = nearest(key, known);
    const path = base === "" ? key : `${base}.${key}`;
    bag.error("unknown-field", `unknown field "${key}"${base ? ` in ${base}` : ""}`, {
      ...at(path),
      path,
      expected: `one of ${known.join(", ")}`,
      ...(suggestion ? { suggestion } : {}),
    });
  }
}

function textOf(map: Record<string, unknown>, key: string, at: (path: string) => SourcePosition, bag: DiagnosticBag): string | undefined {
  const value = map[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "object") {
    bag.error("wrong-type", `metadata.${key} is not text`, { ...at(`metadata.${key}`), expected: "text" });
    return undefined;
  }
  return String(value);
}

function textMap(
  metadata: Record<string, unknown>,
  key: string,
  at: (path: string) => SourcePosition,
  bag: DiagnosticBag,
): Record<string, string> {
  const out: Record<string, string> = Object.create(null) as Record<string, string>;
  const value = metadata[key];
  if (value === undefined || value === null) return out;
  if (!isPlainObject(value) || Object.values(value).some((v) => typeof v === "object")) {
    bag.error("wrong-type", `metadata.${key} is not a map of text`, { ...at(`metadata.${key}`), expected: "name: text" });
    return out;
  }
  for (const [k, v] of Object.entries(value)) out[k] = String(v);
  return out;
}
