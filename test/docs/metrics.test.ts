/** docs/reference/metrics.md, and that an alarm and a dashboard work with every kind of which something is measured. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { registry } from "../../constructs/registry.js";
import { measuredCases, metricsPage } from "../../scripts/measured.js";
import { ROOT } from "../support/source-tree.js";

const cases = await measuredCases();

/** Of which CloudWatch counts nothing, and why. */
const UNMEASURED: { [kind: string]: string } = {
  Alarm: "is a view of metrics itself",
  Dashboard: "is a view of metrics itself",
  KMSKey: "is counted for imported material only, which these keys have not",
  Resource: "is of any type",
  Secret: "secrets are counted by account only",
};

test("the page says what is measured", () => {
  assert.is(readFileSync(join(ROOT, "docs/reference/metrics.md"), "utf8"), metricsPage(cases), "run npm run docs");
});

test("of every kind something is measured, where CloudWatch measures it", () => {
  const kinds = registry.kinds.filter((k) => k.group === "components").map((k) => k.name);
  const measured = new Set(cases.map((c) => c.kind));
  assert.equal(kinds.filter((k) => !measured.has(k)).sort(), Object.keys(UNMEASURED).sort());
});

test("an alarm can watch each metric of each kind, by the name that the dashboard shows", () => {
  for (const { kind, metrics, alarms } of cases) {
    const watched = alarms.map(({ props }) => ({
      namespace: props.namespace,
      name: props.metricName,
      by: Object.keys(props.dimensions as object).sort(),
      statistic: props.statistic ?? props.extendedStatistic,
      period: props.period,
    }));
    assert.equal(watched, metrics, kind);
  }
});

test("a component offers one to five metrics, each name once, none without dimensions", () => {
  for (const { kind, metrics } of cases) {
    assert.ok(metrics.length <= 5, kind);
    assert.is(new Set(metrics.map((m) => m.name)).size, metrics.length, kind);
    for (const { namespace, by } of metrics) assert.ok(namespace.startsWith("AWS/") && by.length > 0, kind);
  }
});

test("what is counted once a day is watched once a day", () => {
  const bucket = cases.find((c) => c.kind === "S3");
  assert.equal(
    bucket?.alarms.map((a) => a.props.period),
    [86_400, 86_400],
  );
});

test.run();
