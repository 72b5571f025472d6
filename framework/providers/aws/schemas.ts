/** Schemas of all types: those that ship, and the others from the plugin's own, fetched once and kept in the cache folder. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nearest } from "../../base/nearest.js";
import { type LookupSchema, type PropertySchema, ProviderError, type TypeSchema } from "../../model/index.js";
import type { TypeExceptions } from "./bridge/exceptions.js";
import { lookupTree, typeTree } from "./bridge/tree.js";
import type { WireSchema } from "./bridge/wire-schema.js";
import { withNaming } from "./naming.js";
import { parseSchema } from "./protocol/client.js";
import { type AwsSchemaIndex, LineFile } from "./schema-index.js";
import type { Session } from "./session.js";

/** Where schemas come from. */
export interface Schemas {
  type(token: string): Promise<TypeSchema>;
  lookup(token: string): Promise<LookupSchema>;
  /** Schema of the provider block. */
  config(): { [name: string]: PropertySchema };
}

/**
 * @param index the shipped part
 * @param cacheDir folder for the full schema (some 12 MB, one file per plugin version); absent: kept in memory only
 */
export function makeSchemas(index: AwsSchemaIndex, session: () => Session, cacheDir: string | undefined): Schemas {
  let exceptions: { [token: string]: TypeExceptions } | undefined;
  let full: Promise<FullSchema> | undefined;
  const made = new Map<string, TypeSchema | LookupSchema>();
  const wireSchema = async (kind: "type" | "lookup", wire: string): Promise<WireSchema> => {
    full ??= loadFull(index.version, session, cacheDir);
    const found = (await full).find(kind, wire);
    if (!found) throw new ProviderError("invalid", `the provider plugin has no ${kind} ${wire}`);
    return found;
  };
  const onDemand = async <T extends TypeSchema | LookupSchema>(kind: "type" | "lookup", token: string): Promise<T> => {
    const known = made.get(`${kind} ${token}`);
    if (known) return known as T;
    const table = kind === "type" ? index.tokenTable().types : index.tokenTable().lookups;
    const wire = table[token];
    if (wire === undefined) throw unknownToken(kind, token, Object.keys(table));
    exceptions ??= index.exceptions();
    const schema = await wireSchema(kind, wire);
    const tree =
      kind === "type" ? withNaming(typeTree(token, wire, schema, exceptions[token])) : lookupTree(token, wire, schema, exceptions[token]);
    made.set(`${kind} ${token}`, tree);
    return tree as T;
  };
  return {
    type: async (token) => index.type(token) ?? (await onDemand<TypeSchema>("type", token)),
    lookup: async (token) => index.lookup(token) ?? (await onDemand<LookupSchema>("lookup", token)),
    config: () => index.config(),
  };
}

function unknownToken(kind: string, token: string, tokens: string[]): ProviderError {
  const near = nearest(token, tokens);
  const what = kind === "type" ? "resource type" : "data source";
  return new ProviderError("invalid", `no such ${what}: ${token}${near ? `; did you mean ${near}?` : ""}`);
}

/** The whole schema as the plugin gives it. */
interface FullSchema {
  find(kind: "type" | "lookup", wire: string): WireSchema | undefined;
}

async function loadFull(version: string, session: () => Session, cacheDir: string | undefined): Promise<FullSchema> {
  const file = cacheDir === undefined ? undefined : join(cacheDir, `aws-schema-${version}.json`);
  const cached = file === undefined ? undefined : tryRead(file);
  const text = cached ?? (await fetchFull(session()));
  if (file !== undefined && cached === undefined) tryWrite(cacheDir as string, file, text);
  const lines = LineFile.of(text);
  return { find: (kind, wire) => lines.entry<WireSchema>(kind, wire) };
}

async function fetchFull(session: Session): Promise<string> {
  const answer = await session.call("GetSchema", {});
  const lines = [`{"head":{"full":true}`];
  for (const [name, raw] of Object.entries(answer.resource_schemas)) lines.push(`"type ${name}":${JSON.stringify(parseSchema(raw))}`);
  for (const [name, raw] of Object.entries(answer.data_source_schemas)) lines.push(`"lookup ${name}":${JSON.stringify(parseSchema(raw))}`);
  return `${lines.join(",\n")}\n}\n`;
}

/** A cache that was cut short is as good as none. */
function tryRead(file: string): string | undefined {
  try {
    const text = readFileSync(file, "utf8");
    return text.endsWith("\n}\n") ? text : undefined;
  } catch {
    return undefined;
  }
}

/** A cache that can't be written costs time later, nothing else. */
function tryWrite(folder: string, file: string, text: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch {
    // Read-only home folders are common in CI.
  }
}
