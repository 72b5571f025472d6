/** Property paths with `[*]`, which means each element of a list. */
import type { Json } from "../../base/json.js";
import { getPath } from "../../base/property-path.js";

/** All values at a path such as `subnets[*]` or `rule[0].name`; undefined ones are left out. */
export function valuesAt(value: unknown, path: string): Json[] {
  const [first, ...rest] = path.split("[*]");
  let found: unknown[] = [first === "" ? value : getPath(value, first as string)];
  for (const part of rest) {
    const tail = part.replace(/^\./, "");
    found = found.flatMap((v) => (Array.isArray(v) ? v : [])).map((v) => (tail === "" ? v : getPath(v, tail)));
  }
  return found.filter((v) => v !== undefined && v !== null) as Json[];
}

/** The first value at a path, or undefined. */
export function valueAt(value: unknown, path: string): Json | undefined {
  return valuesAt(value, path)[0];
}
