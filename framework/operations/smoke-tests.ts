/** Runs the smoke tests of what was deployed: components first, then services, then the stack; what comes next only if all before it pass. */
import { abreast } from "../base/abreast.js";
import type { Diagnostic } from "../base/diagnostics.js";
import { askOnce, type KnownHttpTest } from "../health/http-test.js";
import { retried } from "../health/retried.js";
import type { CheckGroup, HttpTest, SmokeTest, TaskTest } from "../model/smoke-test.js";
import type { StateFile } from "../model/state-file.js";
import type { Value } from "../model/values.js";
import { recordedSource } from "../plan/outputs.js";
import { resolveValue } from "../plan/resolve.js";
import { proxiedFetch } from "../providers/aws/proxied-fetch.js";
import type { Call } from "../providers/aws/signed-call.js";
import { isLoopback } from "../providers/images/reference.js";
import type { Carried } from "./carry-out.js";
import type { OpenRun } from "./locked-job.js";
import { runOnce, taskOf } from "./task-test.js";

/** Tests of one level that run at the same time. */
const AT_ONCE = 8;

/** Runs those that concern what this run deployed; what is wrong, one problem for each test that failed. Ends early when the gate shuts. `call`: of the cloud, for tasks. */
export async function runSmokeTests(run: OpenRun, { plan, state }: Carried, call: Call): Promise<Diagnostic[]> {
  const { job, session } = run;
  const abort = new AbortController();
  session.gate.onShut((reason) => abort.abort(new Error(reason)));
  const groups = (job.assembly.checks ?? []).filter((g) => concerned(g.component, job.assembly.outputs, plan.leftOut));
  const real = groups.map((group) => ({ ...group, tests: group.tests.filter((test) => answers(run, test)) }));
  sayLeftOut(run, groups, real);
  const world: Testing = { run, state, call, signal: abort.signal, started: run.context.clock.monotonic() };
  for (const level of levels(real)) {
    const problems = await abreast(level, AT_ONCE, ({ component, test }) => tested(world, component, test)).catch((error) => {
      if (abort.signal.aborted) return [];
      throw error;
    });
    const wrong = problems.flatMap((p) => p ?? []);
    if (wrong.length > 0 || abort.signal.aborted) return wrong;
  }
  return [];
}

interface Testing {
  run: OpenRun;
  state: StateFile;
  call: Call;
  signal: AbortSignal;
  started: number;
}

interface Placed {
  component: string;
  test: SmokeTest;
}

/** Of a run of a part of the stack only the tests of that part: of a component in it, or of a service with none of its components left out. */
function concerned(component: string, outputs: { [component: string]: unknown }, leftOut: readonly string[]): boolean {
  if (leftOut.length === 0) return true;
  if (component === "") return false;
  if (component.includes("/")) return !leftOut.includes(component);
  const left = leftOut.some((c) => c.startsWith(`${component}/`));
  return !left && Object.keys(outputs).some((c) => c.startsWith(`${component}/`));
}

/** The local model of the cloud makes nothing that answers: only a whole URL, which is somebody else's, is asked. */
function answers({ context }: OpenRun, { http }: SmokeTest): boolean {
  return context.settings.provider !== "local" || typeof http?.url === "string";
}

function sayLeftOut({ context }: OpenRun, groups: readonly CheckGroup[], real: readonly CheckGroup[]): void {
  const count = (all: readonly CheckGroup[]): number => all.reduce((sum, g) => sum + g.tests.length, 0);
  const left = count(groups) - count(real);
  if (left === 0) return;
  const message = `${left} smoke ${left === 1 ? "test was" : "tests were"} not run: the local provider makes nothing that answers`;
  context.emit({ type: "waiting", message });
}

function levels(groups: readonly CheckGroup[]): Placed[][] {
  const levelOf = (component: string): number => (component === "" ? 2 : component.includes("/") ? 0 : 1);
  return [0, 1, 2].map((level) =>
    groups.filter((g) => levelOf(g.component) === level).flatMap(({ component, tests }) => tests.map((test) => ({ component, test }))),
  );
}

/** One test, with its retries. */
async function tested(world: Testing, component: string, test: SmokeTest): Promise<Diagnostic | undefined> {
  const { run, signal, started } = world;
  const { clock, emit } = run.context;
  const say = (outcome: "started" | "retry" | "passed" | "failed", message: string): void =>
    emit({ type: "check", component, test: test.name, outcome, message, at: Math.round(clock.monotonic() - started) });
  const asked = attemptOf(world, test);
  say("started", asked.what);
  const { wrong, tries } = await retried(asked.hopeless ? { ...test, retries: 0 } : test, asked.attempt, {
    clock,
    signal,
    failed: (why, left) => say("retry", `${why}; again in ${test.intervalSeconds} s (${left} ${left === 1 ? "try" : "tries"} left)`),
  });
  const times = tries === 1 ? "" : ` (${tries} tries)`;
  if (wrong === undefined) {
    say("passed", `${asked.passed}${times}`);
    return undefined;
  }
  say("failed", `${wrong}${times}`);
  return {
    severity: "error",
    code: "smoke-test-failed",
    message: `the smoke test "${test.name}" failed: ${asked.what} ${wrong}${times}`,
    path: component || run.job.assembly.stack,
    ...run.job.position(component),
  };
}

interface Attempt {
  /** What is done, such as `GET https://example.com/health`. */
  what: string;
  /** What it is when all is well. */
  passed: string;
  attempt(): Promise<string | undefined>;
  /** Trying again would change nothing. */
  hopeless?: true;
}

function attemptOf(world: Testing, { http, task }: SmokeTest): Attempt {
  if (http) return request(world, http);
  return task ? command(world, task) : never("it says neither http nor command");
}

function command({ run, state, call, signal }: Testing, test: TaskTest): Attempt {
  const { context } = run;
  const task = taskOf(test, state);
  const what = `its command ${JSON.stringify(test.command.join(" "))}`;
  if ("problem" in task) return never(task.problem);
  return { what, passed: `${what} ended with 0`, attempt: () => runOnce(task, context, { call, clock: context.clock, signal }) };
}

function request(world: Testing, { url: base, path, ...rest }: HttpTest): Attempt {
  const { run, state, signal } = world;
  const found = textOf(base, state);
  if ("problem" in found) return never(found.problem);
  const url = path === undefined ? found.text : `${found.text.replace(/\/+$/, "")}${path}`;
  const shown = found.secret || !URL.canParse(url) ? "its URL" : shownUrl(url);
  const test: KnownHttpTest = { ...rest, url };
  const direct = URL.canParse(url) && isLoopback(new URL(url).host);
  const send = direct ? fetch : proxiedFetch(run.context.settings.aws.proxy);
  return {
    what: `${rest.method} ${shown}`,
    passed: `${rest.method} ${shown} answered ${rest.status}`,
    attempt: () => askOnce(test, send, signal),
  };
}

/** Without name and password, and without the values of its query. */
function shownUrl(text: string): string {
  const { origin, pathname, search } = new URL(text);
  return `${origin}${pathname}${search === "" ? "" : "?…"}`;
}

function textOf(value: Value, state: StateFile): { text: string; secret: boolean } | { problem: string } {
  const { value: text, problems, secretPaths } = resolveValue(value, recordedSource(state));
  const [problem] = problems;
  if (problem !== undefined) return { problem };
  return typeof text === "string" ? { text, secret: secretPaths.length > 0 } : { problem: "its URL is not known" };
}

/** A test that can't be run. */
function never(problem: string): Attempt {
  return { what: "it", passed: "", attempt: async () => `can't be run: ${problem}`, hopeless: true };
}
