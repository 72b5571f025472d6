/**
 * Orders of a directed graph of ids: waves, topological order, cycles. Linear in nodes and edges, without recursion, and
 * deterministic: ids are taken in code unit order. An edge goes from the one that needs to the one that is needed.
 */
import { compareText } from "../base/diagnostics.js";

/** Ids and what each needs. Needs that are not keys are ignored; so are repeats. */
export type Needs = ReadonlyMap<string, Iterable<string>>;

/** A graph by numbers: nodes sorted by id, targets of node i at `targets[start[i]]..targets[start[i + 1] - 1]`. */
interface Indexed {
  ids: string[];
  start: Int32Array;
  targets: Int32Array;
}

function index(needs: Needs): Indexed {
  const ids = [...needs.keys()].sort(compareText);
  const number = new Map<string, number>();
  for (let i = 0; i < ids.length; i++) number.set(ids[i] as string, i);
  const start = new Int32Array(ids.length + 1);
  const targets: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    for (const need of needs.get(ids[i] as string) ?? []) {
      const target = number.get(need);
      if (target !== undefined) targets.push(target);
    }
    start[i + 1] = targets.length;
  }
  return { ids, start, targets: Int32Array.from(targets) };
}

/** The same graph with every edge turned round. */
function turned({ ids, start, targets }: Indexed): Indexed {
  const count = ids.length;
  const back = new Int32Array(count + 1);
  for (let e = 0; e < targets.length; e++) {
    const t = targets[e] as number;
    back[t + 1] = (back[t + 1] as number) + 1;
  }
  for (let i = 0; i < count; i++) back[i + 1] = (back[i + 1] as number) + (back[i] as number);
  const next = back.slice();
  const sources = new Int32Array(targets.length);
  for (let i = 0; i < count; i++) {
    for (let e = start[i] as number; e < (start[i + 1] as number); e++) {
      const t = targets[e] as number;
      sources[next[t] as number] = i;
      next[t] = (next[t] as number) + 1;
    }
  }
  return { ids, start: back, targets: sources };
}

/** Waves: each holds, sorted, the ids whose needs all stand in earlier waves. Members of cycles, and what needs them, are left out. */
export function waves(needs: Needs): string[][] {
  const graph = index(needs);
  const users = turned(graph);
  const open = new Int32Array(graph.ids.length);
  let wave: number[] = [];
  for (let i = 0; i < open.length; i++) {
    open[i] = (graph.start[i + 1] as number) - (graph.start[i] as number);
    if (open[i] === 0) wave.push(i);
  }
  const out: string[][] = [];
  while (wave.length > 0) {
    out.push(wave.map((i) => graph.ids[i] as string));
    const next: number[] = [];
    for (const i of wave) {
      for (let e = users.start[i] as number; e < (users.start[i + 1] as number); e++) {
        const user = users.targets[e] as number;
        open[user] = (open[user] as number) - 1;
        if (open[user] === 0) next.push(user);
      }
    }
    wave = next.sort((a, b) => a - b);
  }
  return out;
}

/** Ids so that each comes after all it needs; wave by wave, sorted in each. Throws RangeError if there is a cycle. */
export function topologicalOrder(needs: Needs): string[] {
  const order = waves(needs).flat();
  if (order.length < needs.size) throw new RangeError(`the graph has a cycle: ${(cycles(needs)[0] ?? []).join(" -> ")}`);
  return order;
}

/** {@link topologicalOrder} backwards: each comes before all it needs. For deleting. */
export function reverseOrder(needs: Needs): string[] {
  return topologicalOrder(needs).reverse();
}

/** What needs each id, in the order of the users' ids; every id of `needs` is a key. */
export function usersOf(needs: Needs): Map<string, string[]> {
  const { ids, start, targets } = turned(index(needs));
  return new Map(ids.map((id, i) => [id, [...targets.subarray(start[i], start[i + 1])].map((t) => ids[t] as string)]));
}

/**
 * One shortest cycle through the first member of each strongly connected set (Tarjan 1972), as a path whose last id is its first:
 * `[a, b, a]`; `[a, a]` for what needs itself. Sorted by first id.
 */
export function cycles(needs: Needs): string[][] {
  const graph = index(needs);
  const sets = connectedSets(graph);
  const out: string[][] = [];
  for (let set = 0; set < sets.sizes.length; set++) {
    const first = sets.first[set] as number;
    const single = sets.sizes[set] === 1;
    const path = cycleThrough(graph, first, sets.of, set, single);
    if (path) out.push(path.map((i) => graph.ids[i] as string));
  }
  return out.sort((a, b) => compareText(a[0] ?? "", b[0] ?? ""));
}

/** Tarjan's sets: node -> set number, and per set its size and smallest node. */
function connectedSets({ ids, start, targets }: Indexed) {
  const count = ids.length;
  const seen = new Int32Array(count);
  const low = new Int32Array(count);
  const of = new Int32Array(count).fill(-1);
  const at = start.slice(0, count);
  const stack: number[] = [];
  const sizes: number[] = [];
  const first: number[] = [];
  let counter = 0;
  for (let root = 0; root < count; root++) {
    if (seen[root] !== 0) continue;
    const path = [root];
    seen[root] = low[root] = ++counter;
    stack.push(root);
    while (path.length > 0) {
      const node = path[path.length - 1] as number;
      const edge = at[node] as number;
      if (edge < (start[node + 1] as number)) {
        at[node] = edge + 1;
        const target = targets[edge] as number;
        if (seen[target] === 0) {
          seen[target] = low[target] = ++counter;
          stack.push(target);
          path.push(target);
        } else if (of[target] === -1) low[node] = Math.min(low[node] as number, seen[target] as number);
        continue;
      }
      path.pop();
      const parent = path[path.length - 1];
      if (parent !== undefined) low[parent] = Math.min(low[parent] as number, low[node] as number);
      if (low[node] !== seen[node]) continue;
      let size = 0;
      let smallest = node;
      for (let member = -1; member !== node; size++) {
        member = stack.pop() as number;
        of[member] = sizes.length;
        if (member < smallest) smallest = member;
      }
      sizes.push(size);
      first.push(smallest);
    }
  }
  return { of, sizes, first };
}

/** Breadth first from `from` back to itself within its set. */
function cycleThrough({ start, targets }: Indexed, from: number, of: Int32Array, set: number, single: boolean): number[] | undefined {
  const cameFrom = new Map<number, number>();
  const queue = [from];
  for (let i = 0; i < queue.length; i++) {
    const node = queue[i] as number;
    for (let e = start[node] as number; e < (start[node + 1] as number); e++) {
      const target = targets[e] as number;
      if (target === from) {
        const path = [from];
        for (let back: number | undefined = node; back !== undefined && back !== from; back = cameFrom.get(back)) path.push(back);
        return [from, ...path.reverse()];
      }
      if (single || of[target] !== set || cameFrom.has(target)) continue;
      cameFrom.set(target, node);
      queue.push(target);
    }
  }
  return undefined;
}
