/** Smoke tests of components, services and the stack: from what is written to what is run. */
import type { SourceMap } from "../model/stack-model.js";
import { type ComponentNames, oneOf } from "../model/component-names.js";
import type { CheckGroup, HttpTest, Reach, ResolvedModel, SmokeTest, TaskTest, Value } from "../model/index.js";
import { SMOKE_INTERVAL_SECONDS, SMOKE_RETRIES, SMOKE_TIMEOUT_SECONDS } from "../model/smoke-test.js";
import type { SynthRun } from "./run.js";
import { cleanValue } from "./values.js";

/** A test as written; of components without `component`. */
interface WrittenTest {
  name?: string;
  http?: Partial<Omit<HttpTest, "url">> & { path: string };
  command?: string[];
  retries?: number;
  intervalSeconds?: number;
  component?: string;
}

/** Who says tests: a component by its address, a service by its name, the stack by `""`. */
interface Sayer {
  name: string;
  tests: WrittenTest[];
  /** For names of components: the service they are looked for in first. */
  service: string | undefined;
  /** The component itself. */
  own?: string;
  source: SourceMap;
}

/** Addresses that a test is about: they must be ready when they are made. */
export function testedComponents({ model, names }: Pick<SynthRun, "model" | "names">): Set<string> {
  const found = sayers(model).flatMap(({ tests, own, service }) =>
    tests.flatMap((t) => {
      const about = own === undefined ? t.component && names.find(t.component, service) : { address: own };
      return about && "address" in about ? [about.address] : [];
    }),
  );
  return new Set(found);
}

/** All tests, components' first, then services', then the stack's; undefined where there are none. Problems go to the run's bag. */
export function checksOf(run: SynthRun): CheckGroup[] | undefined {
  const groups = sayers(run.model).map((sayer) => groupOf(run, sayer));
  return groups.length === 0 ? undefined : groups;
}

function sayers(model: ResolvedModel): Sayer[] {
  const testsOf = (spec: { [key: string]: unknown }): WrittenTest[] => (spec["smokeTests"] ?? []) as WrittenTest[];
  const all: Sayer[] = [
    ...model.components.map((c) => ({ name: c.address, own: c.address, service: c.service, tests: testsOf(c.props), source: c.source })),
    ...model.services.map((s) => ({ name: s.name, service: s.name, tests: testsOf(s.spec), source: s.source })),
    { name: "", service: undefined, tests: testsOf(model.spec), source: model.source },
  ];
  return all.filter((s) => s.tests.length > 0);
}

function groupOf(run: SynthRun, sayer: Sayer): CheckGroup {
  const seen = new Set<string>();
  const tests = sayer.tests.map((written, i): SmokeTest => {
    const problem: Report = (path, code, message, more = {}) =>
      run.options.bag.error(code, message, {
        path: `${sayer.name || run.model.stack}.spec.smokeTests[${i}]${path ? `.${path}` : ""}`,
        ...(sayer.source(`smokeTests[${i}]${path ? `.${path}` : ""}`) ?? sayer.source(`smokeTests[${i}]`) ?? sayer.source("")),
        ...more,
      });
    const name = written.name ?? written.http?.path ?? written.command?.join(" ") ?? "";
    if (seen.has(name))
      problem("name", "smoke-test-twice", `two smoke tests are named "${name}"`, { expected: "a name of its own for each" });
    seen.add(name);
    return {
      name,
      retries: written.retries ?? SMOKE_RETRIES,
      intervalSeconds: written.intervalSeconds ?? SMOKE_INTERVAL_SECONDS,
      ...bodyOf(run, written, aboutOf(written, sayer, run.names, problem), problem),
    };
  });
  return { component: sayer.name, tests };
}

type Report = (path: string, code: string, message: string, more?: { expected?: string; suggestion?: string; next?: string }) => void;

/** The component that a test is about, or undefined. */
function aboutOf(written: WrittenTest, { own, service }: Sayer, names: ComponentNames, problem: Report): string | undefined {
  if (own !== undefined || written.component === undefined) return own;
  const found = names.find(written.component, service);
  if ("address" in found) return found.address;
  if ("candidates" in found) {
    problem("component", "ambiguous-component", `"${written.component}" is in several services`, { expected: oneOf(found.candidates) });
    return undefined;
  }
  problem("component", "unknown-component", `there is no component "${written.component}"`, {
    expected: oneOf(names.addresses),
    ...(found.nearest ? { suggestion: found.nearest } : {}),
  });
  return undefined;
}

function bodyOf(run: SynthRun, written: WrittenTest, about: string | undefined, problem: Report): Pick<SmokeTest, "http" | "task"> {
  const { http, command } = written;
  if ((http === undefined) === (command === undefined)) {
    problem("", "smoke-test-what", "it has neither or both of http and command", { expected: "http, or command" });
    return {};
  }
  if (http) return { http: httpOf(run, http, { about, named: written.component !== undefined }, problem) };
  const { task, noTask } = about === undefined ? {} : reachOf(run, about);
  if (command?.length === 0) problem("command", "smoke-test-what", "the command is empty", { expected: "at least one word" });
  if (about === undefined && written.component === undefined)
    problem("", "smoke-test-where", "a command runs in a task of a component, and none is named", { expected: "component" });
  else if (about !== undefined && !task)
    problem(
      "command",
      "smoke-test-where",
      `no command can be run in a task of "${about}": ${noTask ?? `${kindOf(run, about)} runs none`}`,
      {
        expected: "http, or a command of another component",
      },
    );
  return task ? { task: cleanValue({ ...task, command }) as unknown as TaskTest } : {};
}

function httpOf(
  run: SynthRun,
  http: NonNullable<WrittenTest["http"]>,
  { about, named }: { about: string | undefined; named: boolean },
  problem: Report,
): HttpTest {
  const { path, headers, bodyContains } = http;
  for (const name of Object.keys(headers ?? {}))
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
      problem("http.headers", "bad-header", `"${name}" can't name a header`, { expected: "letters, digits and hyphens" });
  return {
    ...(path.startsWith("/") ? { url: baseOf(run, about, named, problem), path } : { url: path }),
    method: http.method ?? "GET",
    status: http.status ?? 200,
    timeoutSeconds: http.timeoutSeconds ?? SMOKE_TIMEOUT_SECONDS,
    ...(bodyContains === undefined ? {} : { bodyContains }),
    ...(headers && Object.keys(headers).length > 0 ? { headers } : {}),
  };
}

/** The URL that paths are below. `named`: a component is named, and if there is none of it that has been reported. */
function baseOf(run: SynthRun, about: string | undefined, named: boolean, problem: Report): Value {
  if (about === undefined) {
    if (!named)
      problem("http.path", "smoke-test-where", "a path is below the URL of a component, and none is named", {
        expected: "component, or a whole URL",
      });
    return "";
  }
  const { url, noUrl } = reachOf(run, about);
  if (url !== undefined) return url;
  problem("http.path", "smoke-test-where", `"${about}" can't be asked by path: ${noUrl ?? `${kindOf(run, about)} has no url here`}`, {
    expected: "a whole URL, or command",
  });
  return "";
}

function reachOf(run: SynthRun, address: string): Reach {
  const { reach, outputs } = run.expanded.get(address) ?? {};
  return reach ?? (outputs?.["url"] === undefined ? {} : { url: outputs["url"] });
}

function kindOf(run: SynthRun, address: string): string {
  return run.byAddress.get(address)?.kind ?? "it";
}
