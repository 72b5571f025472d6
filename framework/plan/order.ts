/** Orders resources so that each comes after what it needs. Deterministic, linear, without recursion. */
import { compareText } from "../base/diagnostics.js";
import { PankaError } from "../base/errors.js";

/**
 * Keys in dependency order; among those that are free, in text order of a depth-first walk. `needs` may name keys that are not
 * among `keys`: they are left out. Throws PankaError `cycle` that names the path, unless circles are to be cut.
 */
export function dependencyOrder(
  keys: Iterable<string>,
  needs: (key: string) => readonly string[],
  options: { cutCircles?: boolean } = {},
): string[] {
  const all = new Set(keys);
  const order: string[] = [];
  const state = new Map<string, "open" | "done">();
  for (const root of [...all].sort(compareText)) {
    if (state.has(root)) continue;
    const stack = [enter(root)];
    for (let top = stack[stack.length - 1]; top; top = stack[stack.length - 1]) {
      const next = top.rest.pop();
      if (next === undefined) {
        state.set(top.key, "done");
        order.push(top.key);
        stack.pop();
      } else if (state.get(next) === "open") {
        if (!options.cutCircles) throw cycle([...stack.map((s) => s.key), next]);
      } else if (!state.has(next)) stack.push(enter(next));
    }
  }
  return order;

  function enter(key: string): { key: string; rest: string[] } {
    state.set(key, "open");
    const rest = [...new Set(needs(key))].filter((n) => all.has(n) && n !== key).sort(compareText);
    return { key, rest: rest.reverse() };
  }
}

function cycle(path: string[]): PankaError {
  const from = path.indexOf(path[path.length - 1] as string);
  return new PankaError("cycle", `resources need each other in a circle: ${path.slice(from).join(" -> ")}`);
}

/** For each key, who needs it. */
export function reverse(keys: Iterable<string>, needs: (key: string) => readonly string[]): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const key of keys) {
    for (const need of needs(key)) {
      const list = users.get(need);
      if (list) list.push(key);
      else users.set(need, [key]);
    }
  }
  return users;
}
