/** Allotted numbers (`$allot`): kept once given, so that nothing is ever renumbered. */
import { createHash } from "node:crypto";
import { compareText } from "../base/diagnostics.js";
import type { AllotValue, Value } from "../model/values.js";
import { walkTags } from "../model/values.js";

/** Pool -> key -> number. */
export type Allotments = { [pool: string]: { [key: string]: number } };

/** What {@link allot} found out. */
export interface AllotResult {
  allotments: Allotments;
  /** Pools that are full, in plain words. */
  problems: string[];
}

/**
 * Gives every `$allot` in `values` its number: the recorded one; else `min` + hash(key), and from there the next that is free.
 * Numbers of keys that are gone stay taken in this run (their resources are deleted last) and are kept when `keep` is true.
 */
export function allot(values: Iterable<Value>, recorded: Allotments, keep: boolean): AllotResult {
  const asked = new Map<string, AllotValue["$allot"]>();
  for (const value of values) {
    walkTags(value, (v, tag) => {
      if (tag !== "$allot") return;
      const ask = v["$allot"] as AllotValue["$allot"];
      asked.set(`${ask.pool}\n${ask.key}`, ask);
    });
  }
  const allotments: Allotments = keep ? structuredClone(recorded) : {};
  const problems: string[] = [];
  const taken = new Map<string, Set<number>>();
  for (const [pool, keys] of Object.entries(recorded)) taken.set(pool, new Set(Object.values(keys)));
  for (const ask of [...asked.values()].sort((a, b) => compareText(`${a.pool}\n${a.key}`, `${b.pool}\n${b.key}`))) {
    const used = taken.get(ask.pool) ?? new Set<number>();
    taken.set(ask.pool, used);
    const old = recorded[ask.pool]?.[ask.key];
    const number = old !== undefined && old >= ask.min && old <= ask.max ? old : firstFree(ask, used);
    if (number === undefined) {
      problems.push(`no number from ${ask.min} to ${ask.max} is free in "${ask.pool}" for ${ask.key}`);
      continue;
    }
    used.add(number);
    const pool = allotments[ask.pool] ?? {};
    pool[ask.key] = number;
    allotments[ask.pool] = pool;
  }
  return { allotments, problems };
}

function firstFree(ask: AllotValue["$allot"], used: ReadonlySet<number>): number | undefined {
  const size = ask.max - ask.min + 1;
  const start = createHash("sha256").update(ask.key).digest().readUInt32BE(0) % size;
  for (let i = 0; i < size; i++) {
    const number = ask.min + ((start + i) % size);
    if (!used.has(number)) return number;
  }
  return undefined;
}
