import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll } from "../../support/expand.js";

const board = (props: object) =>
  expandAll([
    { address: "users/jobs", kind: "SQS", props: {} },
    { address: "users/token", kind: "Secret", props: {} },
    { address: "users/overview", kind: "Dashboard", props: props as Record<string, unknown> },
  ]);

test("a dashboard has a row of graphs per component, one per metric", () => {
  const { widgets } = board({ components: ["jobs"] }).props("users/overview").dashboardBody.$json;
  assert.is(widgets.length, 4);
  assert.equal(
    widgets.map((w: { x: number; width: number }) => [w.x, w.width]),
    [
      [0, 6],
      [6, 6],
      [12, 6],
      [18, 6],
    ],
  );
  assert.is(widgets[0].properties.title, "users/jobs ApproximateNumberOfMessagesVisible");
});

test("a body of one's own is taken as it is", () => {
  const body = { widgets: [{ type: "text", width: 3, height: 3, properties: { markdown: "hello" } }] };
  assert.equal(board({ body }).props("users/overview").dashboardBody, { $json: body });
});

test("neither components nor body, or both, is refused; so is a component without metrics", () => {
  assert.equal(
    [board({}), board({ components: ["jobs"], body: {} }), board({ components: ["token"] })].map((b) => b.errors.map((e) => e.code)),
    [["dashboard-empty"], ["dashboard-empty"], ["no-metrics"]],
  );
});

test.run();
