/** Look-ups: read through the provider once, kept in the state, read again when their arguments change or on a refresh. */
import type { Json } from "../base/json.js";
import type { Props } from "../model/provider.js";
import type { SchemaIndex } from "../model/provider-schema.js";
import { isUnknown, type Value } from "../model/values.js";
import { lookupKey, lookupsIn, providerInputs, resolveValue, type LookupResult, type ResolveSource } from "./resolve.js";

/** A recorded look-up. */
export interface RecordedLookup {
  token: string;
  args: Json;
  result: Json;
}

/** The look-ups of one run. */
export class Lookups {
  private readonly used = new Map<string, RecordedLookup>();
  private readonly secrets = new Set<string>();
  private readonly asked = new Map<string, Promise<void>>();

  /**
   * @param recorded results that may be used without asking, by key
   * @param ask reads a data source; UNKNOWN for what is not there yet, which is never at hand
   */
  constructor(
    private readonly recorded: { [key: string]: RecordedLookup },
    private readonly schemas: SchemaIndex,
    private readonly ask: (token: string, args: Props) => Promise<Props>,
  ) {}

  /** A result that is at hand. */
  find(key: string): LookupResult {
    const found = this.used.get(key);
    return found && { result: found.result, secret: this.secrets.has(key) };
  }

  /**
   * Gets ready every look-up in `value` whose arguments are known. Returns undefined when all were at hand, else a promise.
   * The promise rejects with what the provider threw.
   */
  prepare(value: Value, source: ResolveSource): Promise<void> | undefined {
    const all = lookupsIn(value);
    for (const [i, lookup] of all.entries()) {
      const waiting = this.one(lookup, source);
      if (waiting) return waiting.then(() => this.rest(all.slice(i + 1), source));
    }
    return undefined;
  }

  private async rest(lookups: ReturnType<typeof lookupsIn>, source: ResolveSource): Promise<void> {
    for (const lookup of lookups) await this.one(lookup, source);
  }

  private one(lookup: ReturnType<typeof lookupsIn>[number], source: ResolveSource): Promise<void> | undefined {
    const args = resolveValue(lookup.args, source);
    if (args.unknown || args.problems.length > 0) return undefined;
    const known = args.value ?? {};
    const key = lookupKey(lookup.token, known);
    const top = /^[^.[]+/.exec(lookup.output)?.[0] ?? lookup.output;
    const sensitive = this.schemas.lookup(lookup.token)?.properties[top]?.sensitive === true;
    if (lookup.secret || sensitive || args.secretPaths.length > 0) this.secrets.add(key);
    if (this.used.has(key)) return undefined;
    const recorded = this.recorded[key];
    if (recorded) {
      this.used.set(key, recorded);
      return undefined;
    }
    let asking = this.asked.get(key);
    if (!asking) {
      asking = this.ask(lookup.token, providerInputs(known, String) as Props).then((result) => {
        if (!isUnknown(result)) this.used.set(key, { token: lookup.token, args: known, result });
      });
      this.asked.set(key, asking);
    }
    return asking;
  }

  /** What may be recorded, and what must not be. */
  results(): { lookups: { [key: string]: RecordedLookup }; secretLookups: { [key: string]: RecordedLookup } } {
    const lookups: { [key: string]: RecordedLookup } = {};
    const secretLookups: { [key: string]: RecordedLookup } = {};
    for (const key of [...this.used.keys()].sort()) {
      (this.secrets.has(key) ? secretLookups : lookups)[key] = this.used.get(key) as RecordedLookup;
    }
    return { lookups, secretLookups };
  }
}
