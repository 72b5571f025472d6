import { test } from "uvu";
import * as assert from "uvu/assert";
import { band, conditions, conflicts, pathPatterns, priority, type Route } from "../../../constructs/shared/listener-rules.js";

const route = (path: string, ...hosts: string[]): Route => ({ path, hosts });

test("a path matches itself and what is below it", () => {
  assert.equal(pathPatterns("/"), ["/*"]);
  assert.equal(pathPatterns("/api/"), ["/api", "/api/*"]);
  assert.equal(pathPatterns("api"), ["/api", "/api/*"]);
  assert.equal(pathPatterns("/a*/b"), ["/a*/b"]);
});

test("what is more specific is tried first, so that / never hides /api", () => {
  const order = [route("/a/b", "x.com"), route("/a", "x.com"), route("/", "x.com"), route("/a/b/c"), route("/a"), route("/")];
  const bands = order.map(band);
  assert.equal(
    bands,
    [...bands].sort((a, b) => a - b),
  );
  assert.is(new Set(bands).size, bands.length);
});

test("a priority is allotted within 1 to 49,000", () => {
  for (const r of [route("/"), route("/a/b/c/d/e", "x.com")]) {
    const { $allot } = priority("s/api", r) as { $allot: { pool: string; min: number; max: number } };
    assert.is($allot.pool, "listener");
    assert.ok($allot.min >= 1 && $allot.max <= 49_000 && $allot.min < $allot.max);
  }
});

test("one host and one path are a conflict; different ones are none", () => {
  const found = conflicts([
    { from: "s/a", route: route("/api") },
    { from: "s/b", route: route("/api/") },
    { from: "s/c", route: route("/api", "x.com") },
    { from: "s/d", route: route("/api", "y.com", "X.com") },
  ]);
  assert.equal(
    found.map((f) => [f.first, f.second]),
    [
      ["s/a", "s/b"],
      ["s/c", "s/d"],
    ],
  );
});

test("conditions hold hosts, paths and sources", () => {
  assert.equal(conditions(route("/", "x.com"), ["10.0.0.0/8"]), [
    { hostHeader: { values: ["x.com"] } },
    { pathPattern: { values: ["/*"] } },
    { sourceIp: { values: ["10.0.0.0/8"] } },
  ]);
});

test.run();
