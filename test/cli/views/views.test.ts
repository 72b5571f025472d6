import { PassThrough } from "node:stream";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { makePaint, type Output, wrap } from "../../../cli/views/output.js";
import { makeProgress } from "../../../cli/views/progress.js";
import { diagnosticLines } from "../../../cli/views/diagnostics.js";
import { renderGraph } from "../../../cli/views/graph.js";

const test = suite("views");

/** An output that keeps what was written. */
function output(more: Partial<Output>): Output & { text(): string } {
  let text = "";
  const stderr = new PassThrough();
  const write = (line = "") => {
    text += `${line}\n`;
  };
  stderr.on("data", (d) => {
    text += d;
  });
  const paint = makePaint(false);
  const plain = { json: false, verbose: false, live: false, columns: 60, paint, paintErr: paint, stderr };
  return { ...plain, out: write, err: write, document: () => {}, ...more, text: () => text };
}

const step = {
  urn: "urn:pulumi:e::s::aws:sqs/queue:Queue::a/b",
  component: "a/b",
  resourceType: "aws:sqs/queue:Queue",
  action: "create" as const,
};

test("without a terminal progress is plain lines, one for each finished step", () => {
  const o = output({});
  const progress = makeProgress(o, () => 0);
  progress.emit({ type: "step-started", ...step, at: 0 });
  progress.emit({ type: "step-done", ...step, durationMs: 1500, at: 1500 });
  assert.is(o.text(), "  ✓ created a/b SQS queue (1.5 s)\n");
});

test("on a terminal what runs is drawn in place, also after a question", () => {
  const o = output({ live: true });
  const progress = makeProgress(o, () => 0);
  progress.pause();
  progress.emit({ type: "step-started", ...step, at: 0 });
  assert.match(o.text(), /creating a\/b SQS queue/);
  progress.emit({ type: "step-done", ...step, durationMs: 5, at: 5 });
  assert.match(o.text(), /\[1A/);
  progress.stop();
  const end = o.text();
  progress.emit({ type: "step-started", ...step, at: 9 });
  assert.is(o.text(), end);
});

test("on a terminal what is waited for and watched is drawn without control characters", () => {
  const o = output({ live: true });
  const progress = makeProgress(o, () => 0);
  progress.emit({ type: "waiting", message: "Waiting for the lock of a\u0007b" });
  progress.emit({ type: "bake", components: ["a/b"], message: "watched", remainingSeconds: 290, totalSeconds: 300 });
  progress.stop();
  assert.match(o.text(), /⠋ Waiting for the lock of ab\n/);
  assert.match(o.text(), /⠋ a\/b: watched, 4:50 left\n/);
  assert.not.ok(o.text().includes("\u0007"));
});

test("without a terminal a countdown says its beginning and each minute, also where the looks take time", () => {
  const o = output({});
  const progress = makeProgress(o, () => 0);
  const bake = { type: "bake" as const, components: ["a/b"], message: "watched" };
  for (const seconds of [
    [120, 110, 100, 90, 80, 70, 60, 50, 0],
    [120, 109, 98, 87, 76, 65, 54, 43, 0],
    [60, 0],
  ]) {
    const totalSeconds = seconds[0] as number;
    for (const remainingSeconds of seconds) progress.emit({ ...bake, remainingSeconds, totalSeconds });
  }
  assert.equal(o.text().match(/\d:\d\d/g), ["2:00", "1:00", "2:00", "0:54", "1:00"]);
});

test("with json each event is a line of its own", () => {
  const o = output({ json: true });
  makeProgress(o, () => 0).emit({ type: "step-started", ...step, at: 3 });
  assert.equal(JSON.parse(o.text()), { type: "step-started", ...step, at: 3 });
});

test("a message of the cloud can't redraw the terminal or look like a trace", () => {
  const lines = diagnosticLines({ severity: "error", code: "x", message: "bad\u0007 \u009b2J\n    at f (a.js:1)" }, makePaint(false));
  assert.not.ok(["\u0007", "\u009b"].some((c) => lines.join("\n").includes(c)));
  assert.not.match(lines.join("\n"), /^\s*at /m);
});

test("a problem names place, path, expectation, suggestion and the next step", () => {
  const d = { severity: "error", code: "c", message: "unknown field", file: "a.yaml", line: 2, column: 3, path: "s/c", expected: "x or y", suggestion: "x", next: "panka schema" } as const; // biome-ignore format: one value
  assert.equal(diagnosticLines(d, makePaint(false)), [
    "a.yaml:2:3  error  s/c: unknown field; expected x or y; did you mean x?",
    "  next: panka schema",
  ]);
});

test("long notes are broken between words and indented", () => {
  assert.equal(wrap("one two three four", 9, "  "), ["one two", "  three", "  four"]);
});

test("a graph is drawn in every format", () => {
  const graph = {
    nodes: [
      { address: "a/x", kind: "SQS", service: "a" },
      { address: "a/y", kind: "Worker", service: "a" },
    ],
    edges: [{ from: "a/y", to: "a/x", reason: "reference" as const }],
  };
  const waves = [["a/x"], ["a/y"]];
  assert.match(renderGraph(graph, waves, "text", "s"), /└── y {2}Worker\n {8}└── needs a\/x \(reference\)/);
  assert.match(renderGraph(graph, waves, "dot", "s"), /"a\/y" -> "a\/x";/);
  assert.match(renderGraph(graph, waves, "mermaid", "s"), /n1 --> n0/);
  assert.equal(Object.keys(JSON.parse(renderGraph(graph, waves, "json", "s"))), ["version", "stack", "nodes", "edges", "waves"]);
});

test.run();
