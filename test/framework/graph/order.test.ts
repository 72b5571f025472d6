import { test } from "uvu";
import * as assert from "uvu/assert";
import { cycles, reverseOrder, topologicalOrder, usersOf, waves } from "../../../framework/graph/index.js";

const graph = (edges: { [id: string]: string[] }) => new Map(Object.entries(edges));

test("a wave holds, sorted, what needs only earlier waves", () => {
  const needs = graph({ web: ["db", "queue"], db: ["net"], queue: [], net: [], cron: ["web"] });
  assert.equal(waves(needs), [["net", "queue"], ["db"], ["web"], ["cron"]]);
});

test("the order of insertion does not change the order that comes out", () => {
  const edges: [string, string[]][] = [
    ["c", ["a"]],
    ["b", ["a"]],
    ["a", []],
  ];
  assert.equal(topologicalOrder(new Map(edges)), topologicalOrder(new Map([...edges].reverse())));
  assert.equal(topologicalOrder(new Map(edges)), ["a", "b", "c"]);
});

test("the reverse order has each before what it needs", () => {
  assert.equal(reverseOrder(graph({ b: ["a"], a: [], c: ["b"] })), ["c", "b", "a"]);
});

test("what needs an id is listed for every id", () => {
  assert.equal(
    [...usersOf(graph({ b: ["a"], c: ["a"], a: [] }))],
    [
      ["a", ["b", "c"]],
      ["b", []],
      ["c", []],
    ],
  );
});

test("a need that is no member of the graph is ignored", () => {
  assert.equal(topologicalOrder(graph({ a: ["elsewhere"] })), ["a"]);
});

test("every set of ids that need each other gives one cycle that really is one", () => {
  const needs = graph({ a: ["b"], b: ["c", "d"], c: ["a"], d: [], e: ["f"], f: ["e"], g: ["g"], h: ["a"] });
  const found = cycles(needs);
  assert.equal(found, [
    ["a", "b", "c", "a"],
    ["e", "f", "e"],
    ["g", "g"],
  ]);
});

test("a graph without a cycle has none, and one with a cycle has no order", () => {
  assert.equal(cycles(graph({ a: [], b: ["a"], c: ["a", "b"] })), []);
  assert.throws(() => topologicalOrder(graph({ a: ["b"], b: ["a"] })), /a -> b -> a/);
});

/** A seeded generator of numbers in 0..below-1. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("a hundred thousand nodes and three hundred thousand edges are ordered rightly, without recursion", () => {
  const roll = dice(7);
  const count = 100_000;
  const needs = new Map<string, string[]>();
  for (let i = 0; i < count; i++) {
    const list = i === 0 ? [] : [0, 1, 2].map(() => `n${roll(i)}`);
    if (i > 0) list.push(`n${i - 1}`);
    needs.set(`n${i}`, list.slice(0, i % 3 === 0 ? 4 : 3));
  }
  const order = topologicalOrder(needs);
  assert.equal(cycles(needs), []);
  const place = new Map(order.map((id, i) => [id, i]));
  assert.is(order.length, count);
  for (const [id, list] of needs)
    for (const need of list)
      if ((place.get(need) as number) >= (place.get(id) as number)) assert.unreachable(`${id} stands before ${need}`);
});

test("one chain as long as the graph does not overflow the stack, and its one cycle is found", () => {
  const needs = new Map(Array.from({ length: 50_000 }, (_, i) => [`n${i}`, [`n${(i + 1) % 50_000}`]]));
  const [cycle] = cycles(needs);
  assert.is(cycle?.length, 50_001);
  assert.is(cycle?.[0], cycle?.at(-1));
});

test.run();
