/** What ECS refuses of a task's containers, said before anything is made: names, ports, shares, and who waits for whom. */
import { LABEL } from "../../framework/base/names.js";
import { nearest } from "../../framework/base/nearest.js";
import { cycles } from "../../framework/graph/index.js";
import type { ExpandContext } from "../../framework/model/index.js";
import { WRITER } from "./config-files.js";
import type { PortSpec } from "./container.js";
import { type FargateSize, parseCpu, parseMemory } from "./fargate-sizes.js";
import { containerProbe, type HealthCheck } from "./health-check.js";
import { ROUTER } from "./log-router.js";
import { named, type Sidecars } from "./sidecars.js";
import { LIMITER } from "./time-limit.js";
import { COLLECTOR } from "./tracing.js";

/** Containers that a task may get besides those of its user. */
const OWN_NAMES = [COLLECTOR, LIMITER, ROUTER, WRITER];

/** Props of a task that the checks read. */
export interface CheckedTask {
  ports?: PortSpec[] | undefined;
  healthCheck?: HealthCheck | undefined;
  sidecars?: Sidecars | undefined;
}

/** Reports all of it. */
export function checkSidecars(ctx: ExpandContext, task: CheckedTask, size: FargateSize): void {
  for (const [name] of named(task.sidecars)) checkName(ctx, name);
  checkPorts(ctx, task);
  checkShares(ctx, task.sidecars, size);
  checkWaits(ctx, task);
}

function checkName(ctx: ExpandContext, name: string): void {
  const taken = name === ctx.component || OWN_NAMES.includes(name);
  if (taken || !LABEL.test(name))
    ctx.error("sidecar-name", `a sidecar can't be called "${name}"`, `sidecars.${name}`, {
      expected: taken ? "another name: a container of the task is called so" : "lower case, digits and hyphens",
    });
}

/** The containers of a task share one network. */
function checkPorts(ctx: ExpandContext, task: CheckedTask): void {
  const taken = new Map<string, string>();
  const all = [
    [ctx.component, "", task.ports ?? []] as const,
    ...named(task.sidecars).map(([n, s]) => [n, `sidecars.${n}.`, s.ports ?? []] as const),
  ];
  for (const [name, at, ports] of all)
    for (const [i, port] of ports.entries())
      for (const key of keysOf(port)) {
        const other = taken.get(key);
        if (other === undefined) taken.set(key, name);
        else
          ctx.error("port-taken", `the port ${key} is the container "${other}"'s`, `${at}ports[${i}]`, {
            expected: "another one: the containers of a task share one network",
          });
      }
}

function keysOf(port: PortSpec): string[] {
  return [`${port.port}/${(port.protocol ?? "tcp").toLowerCase()}`, `"${port.name}"`];
}

function checkShares(ctx: ExpandContext, sidecars: Sidecars | undefined, size: FargateSize): void {
  for (const [field, unit, parse] of [
    ["cpu", "CPU units", parseCpu],
    ["memory", "MiB", parseMemory],
  ] as const) {
    const sum = named(sidecars).reduce((total, [, spec]) => total + (parse(spec[field] ?? 0) ?? 0), 0);
    if (sum >= size[field])
      ctx.error("no-share-left", `the sidecars take ${sum} of the task's ${size[field]} ${unit}`, "sidecars", {
        expected: `less, or a larger resources.${field}: the main container needs some, too`,
      });
  }
}

interface Wait {
  from: string;
  on: string;
  condition: string;
  path: string;
}

function checkWaits(ctx: ExpandContext, task: CheckedTask): void {
  const all = new Map(named(task.sidecars));
  const waits = named(task.sidecars).flatMap(([name, spec]): Wait[] => [
    ...(spec.mainWaitsFor ? [{ from: ctx.component, on: name, condition: spec.mainWaitsFor, path: `sidecars.${name}.mainWaitsFor` }] : []),
    ...(spec.dependsOn ?? []).map((d, i) => ({
      from: name,
      on: d.container,
      condition: d.condition ?? "start",
      path: `sidecars.${name}.dependsOn[${i}]`,
    })),
  ]);
  const needs = new Map<string, Set<string>>([ctx.component, ...all.keys()].map((name) => [name, new Set()]));
  for (const wait of waits) {
    const other = all.get(wait.on);
    if (!other && wait.on !== ctx.component) {
      const suggestion = nearest(wait.on, needs.keys());
      ctx.error("unknown-container", `the task has no container "${wait.on}"`, `${wait.path}.container`, {
        expected: [...needs.keys()].join(", "),
        ...(suggestion ? { suggestion } : {}),
      });
      continue;
    }
    needs.get(wait.from)?.add(wait.on);
    const checked = other ? other.healthCheck !== undefined : containerProbe(task.healthCheck) !== undefined;
    if (wait.condition === "healthy" && !checked)
      ctx.error("not-checked", `whether "${wait.on}" is healthy is not known`, wait.path, {
        expected: `a healthCheck of "${wait.on}" that is a command`,
      });
    if ((wait.condition === "success" || wait.condition === "complete") && (other?.essential ?? true))
      ctx.error("never-ends", `the task ends when "${wait.on}" ends, so nothing can wait for that`, wait.path, {
        expected: `essential: false for "${wait.on}"`,
      });
  }
  for (const path of cycles(needs))
    ctx.error("container-cycle", `containers wait for each other: ${path.join(" -> ")}`, "sidecars", {
      expected: "an order in which they can start",
    });
}
