/**
 * The shipped schema as a value. data/schema.json holds one line per type; a line is parsed when its type is first asked for,
 * so start-up costs one read of the file. data/tokens.json holds every token that exists.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PankaError } from "../../base/errors.js";
import { OWN_TYPES } from "../../model/images.js";
import type { LookupSchema, PropertySchema, SchemaIndex, TypeSchema } from "../../model/index.js";
import type { TypeExceptions } from "./bridge/exceptions.js";

/** Tokens of all types and data sources: Pulumi token -> the provider's type name. */
export interface TokenTable {
  types: { [token: string]: string };
  lookups: { [token: string]: string };
}

/** A {@link SchemaIndex} that also gives the token table. */
export interface AwsSchemaIndex extends SchemaIndex {
  tokenTable(): TokenTable;
  /** Tokens of types whose schema ships, sorted. */
  shipped(): string[];
  /** Schema of the provider's own configuration. */
  config(): { [name: string]: PropertySchema };
  /** Where names and shapes leave the rules, by token, of all types. */
  exceptions(): { [token: string]: TypeExceptions };
}

/** The head line of data/schema.json. */
interface Head {
  provider: string;
  version: string;
}

/**
 * Reads the index of a data folder.
 * @param dataDir the folder that holds schema.json and tokens.json (`framework/providers/aws/data` of the package)
 * @throws PankaError `schema-missing` when the file can't be read
 */
export function loadSchemaIndex(dataDir: string): AwsSchemaIndex {
  const lines = LineFile.of(read(join(dataDir, "schema.json")));
  const head = lines.head();
  const types = new Map<string, TypeSchema | undefined>();
  const lookups = new Map<string, LookupSchema | undefined>();
  let table: TokenTable | undefined;
  const tokenTable = (): TokenTable => {
    table ??= JSON.parse(read(join(dataDir, "tokens.json"))) as TokenTable;
    return table;
  };
  return {
    provider: head.provider,
    version: head.version,
    type: (token) => OWN_TYPES[token] ?? remember(types, token, () => lines.entry<TypeSchema>("type", token)),
    lookup: (token) => remember(lookups, token, () => lines.entry<LookupSchema>("lookup", token)),
    tokens: () => Object.keys(tokenTable().types).sort(),
    tokenTable,
    shipped: () => lines.names("type"),
    config: () => lines.entry<LookupSchema>("provider", "aws")?.properties ?? {},
    exceptions: () => JSON.parse(read(join(dataDir, "exceptions.json"))) as { [token: string]: TypeExceptions },
  };
}

/** The facts about the SDK that a data folder holds: all tokens, and where names and shapes leave the rules. */
export function dataFacts(dataDir: string): { tokens: TokenTable; exceptions: { [token: string]: TypeExceptions } } {
  return {
    tokens: JSON.parse(read(join(dataDir, "tokens.json"))) as TokenTable,
    exceptions: JSON.parse(read(join(dataDir, "exceptions.json"))) as { [token: string]: TypeExceptions },
  };
}

function remember<T>(map: Map<string, T>, key: string, make: () => T): T {
  if (!map.has(key)) map.set(key, make());
  return map.get(key) as T;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new PankaError("schema-missing", `the provider's schema data can't be read: ${file}`, {
      cause,
      next: "reinstall panka; its package is incomplete",
    });
  }
}

/** A JSON file whose entries stand one on a line: `"type aws:sqs/queue:Queue":{...},`. */
export class LineFile {
  private constructor(private readonly text: string) {}

  /** Where the text of each entry begins, by `kind token`. */
  private starts: Map<string, number> | undefined;

  /** Of the file's text; nothing is parsed yet. */
  static of(text: string): LineFile {
    return new LineFile(text);
  }

  /** The first line: `{"head":{...},`. */
  head(): Head {
    const line = this.text.slice(0, this.text.indexOf("\n"));
    return (JSON.parse(`${line.replace(/,$/, "")}}`) as { head: Head }).head;
  }

  /** The entry of one line, or undefined. */
  entry<T>(kind: string, token: string): T | undefined {
    const at = this.entries().get(`${kind} ${token}`);
    if (at === undefined) return undefined;
    const line = this.text.slice(at, this.text.indexOf("\n", at));
    return JSON.parse(line.replace(/,$/, "")) as T;
  }

  private entries(): Map<string, number> {
    if (this.starts) return this.starts;
    const starts = new Map<string, number>();
    for (let at = this.text.indexOf("\n") + 1; at > 0; at = this.text.indexOf("\n", at) + 1) {
      const end = this.text.indexOf('":', at);
      if (this.text[at] === '"') starts.set(this.text.slice(at + 1, end), end + 2);
    }
    this.starts = starts;
    return starts;
  }

  /** Tokens of all entries of a kind, in the file's order. */
  names(kind: string): string[] {
    const of = `${kind} `;
    return [...this.entries().keys()].filter((key) => key.startsWith(of)).map((key) => key.slice(of.length));
  }
}
