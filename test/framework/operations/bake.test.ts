import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../../../framework/base/diagnostics.js";
import { isPankaError } from "../../../framework/base/errors.js";
import type { RunEvent } from "../../../framework/model/events.js";
import { ProviderError } from "../../../framework/model/provider.js";
import type { StateFile } from "../../../framework/model/state-file.js";
import { raisedBefore } from "../../../framework/operations/bake.js";
import type { OpenRun } from "../../../framework/operations/locked-job.js";

const NOTHING = { resources: {} } as unknown as StateFile;
const ROLLOUT = { component: "app/api", when: { urn: "u" }, watch: { alarms: ["pager", "siren", "bell"], minutes: 5 } };

/** What is said of alarms before anything has begun, in an account that answers so. */
async function before(lookup: () => Promise<unknown>): Promise<{ error: any; raised: string[]; said: Diagnostic[] }> {
  const said: Diagnostic[] = [];
  const emit = (event: RunEvent): void => void (event.type === "diagnostic" && said.push(event.diagnostic));
  const job = { assembly: { stack: "shop" }, provider: { lookup }, position: () => ({ file: "stack.yaml", line: 7 }) };
  try {
    const raised = await raisedBefore({ context: { emit }, job } as unknown as OpenRun, NOTHING, [ROLLOUT]);
    return { error: undefined, raised: [...raised], said };
  } catch (error) {
    return { error, raised: [], said };
  }
}

test("an alarm that is raised already is left aside with a warning", async () => {
  const { raised, said } = await before(async () => ({ states: { pager: "quiet", siren: "raised", bell: "quiet" } }));
  assert.equal(raised, ["siren"]);
  assert.equal(
    said.map((d) => [d.severity, d.code, d.path]),
    [["warning", "alarm-raised-before", "app/api"]],
  );
});

test("alarms that there are not stop the run, each named where it is written", async () => {
  const { error } = await before(async () => ({ states: { siren: "quiet" } }));
  assert.ok(isPankaError(error) && error.code === "no-alarm", String(error));
  assert.match(error.message, /that shop is to be watched by are not there; nothing was changed/);
  assert.equal(
    error.diagnostics.map((d) => [d.severity, d.path, d.message, d.file, d.line]),
    ["pager", "bell"].map((name) => ["error", "app/api", `there is no alarm "${name}"`, "stack.yaml", 7]),
  );
});

test("the alarms of all components are read by one question, each once", async () => {
  const asked: unknown[] = [];
  const lookup = async (_: string, args: unknown) => {
    asked.push(args);
    return { states: { pager: "quiet", siren: "quiet", bell: "quiet" } };
  };
  const run = { context: { emit: () => {} }, job: { assembly: { stack: "shop" }, provider: { lookup }, position: () => ({}) } };
  await raisedBefore(run as unknown as OpenRun, NOTHING, [ROLLOUT, { ...ROLLOUT, component: "app/web" }]);
  assert.equal(asked, [{ names: ["pager", "siren", "bell"] }]);
});

test("alarms that can't be read stop the run and say what to allow", async () => {
  const { error } = await before(() => Promise.reject(new ProviderError("denied", "no")));
  assert.ok(isPankaError(error) && error.code === "alarms-unread", String(error));
  assert.match(error.diagnostics[0]?.next ?? "", /cloudwatch:DescribeAlarms/);
});

test.run();
