/** An order for recorded edges, which, unlike an assembly's, may form circles. */
import { compareText } from "../base/diagnostics.js";

/**
 * Keys so that each comes after what it needs; an edge that closes a circle is left out. Deterministic, linear, without recursion.
 * `needs` may name keys that are not among `keys`: they are left out too.
 */
export function forgivingOrder(keys: Iterable<string>, needs: (key: string) => readonly string[]): string[] {
  const all = new Set(keys);
  const order: string[] = [];
  const entered = new Set<string>();
  const enter = (key: string): { key: string; rest: string[] } => {
    entered.add(key);
    const rest = [...new Set(needs(key))].filter((n) => all.has(n) && n !== key).sort(compareText);
    return { key, rest: rest.reverse() };
  };
  for (const root of [...all].sort(compareText)) {
    if (entered.has(root)) continue;
    const stack = [enter(root)];
    for (let top = stack[stack.length - 1]; top; top = stack[stack.length - 1]) {
      const next = top.rest.pop();
      if (next === undefined) {
        order.push(top.key);
        stack.pop();
      } else if (!entered.has(next)) stack.push(enter(next));
    }
  }
  return order;
}
