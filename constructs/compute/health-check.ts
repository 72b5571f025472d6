/** Health checks: one description, mapped to what a load balancer asks and to what ECS runs inside the container. */

/** One probe as written. Times in seconds. */
export interface Probe {
  http?: { path: string; port?: number | undefined; scheme?: string | undefined } | undefined;
  tcp?: { port: number } | undefined;
  exec?: { command: string[] } | undefined;
  initialDelaySeconds?: number | undefined;
  periodSeconds?: number | undefined;
  timeoutSeconds?: number | undefined;
  successThreshold?: number | undefined;
  failureThreshold?: number | undefined;
}

/** The health check of a component as its schema gives it. */
export interface HealthCheck {
  enabled?: boolean | undefined;
  readiness?: Probe | undefined;
  liveness?: Probe | undefined;
}

/** Defaults, tuned so that a good task takes traffic within half a minute. Seconds and counts. */
export const HEALTH_DEFAULTS = Object.freeze({
  interval: 10,
  timeout: 5,
  healthy: 2,
  unhealthy: 3,
  drain: 30,
  /** Failures during this time after a task's start do not count. */
  grace: 30,
});

/** The target group's health check. */
export interface TargetHealth {
  enabled: boolean;
  protocol: string;
  path?: string;
  port: string;
  matcher?: string;
  interval: number;
  timeout: number;
  healthyThreshold: number;
  unhealthyThreshold: number;
}

/** The container's health check in a task definition. */
export interface ContainerHealth {
  command: string[];
  interval: number;
  timeout: number;
  retries: number;
  startPeriod?: number;
}

/** The probe that a load balancer can run: readiness, else liveness, if it is http or tcp. */
export function networkProbe(check: HealthCheck | undefined): Probe | undefined {
  if (check?.enabled === false) return undefined;
  return [check?.readiness, check?.liveness].find((p) => p && (p.http || p.tcp));
}

/** The probe that ECS runs in the container: liveness, else readiness, if it is exec. */
export function containerProbe(check: HealthCheck | undefined): Probe | undefined {
  if (check?.enabled === false) return undefined;
  return [check?.liveness, check?.readiness].find((p) => p?.exec);
}

/** What of a health check would have no effect, with its path and what would be right. */
export function healthProblems(check: HealthCheck | undefined, hasPorts: boolean): { path: string; message: string; expected: string }[] {
  const problems: { path: string; message: string; expected: string }[] = [];
  for (const key of FLAT_KEYS.filter((k) => check && k in check))
    problems.push({
      path: `healthCheck.${key}`,
      message: "the readiness check is said twice",
      expected: "either the flat form or readiness",
    });
  const probes = [["readiness", check?.readiness] as const, ["liveness", check?.liveness] as const];
  for (const [name, probe] of probes) {
    if (!probe) continue;
    const ways = (["http", "tcp", "exec"] as const).filter((way) => probe[way]);
    const path = `healthCheck.${name}`;
    if (ways.length !== 1)
      problems.push({
        path,
        message: `the ${name} check says ${ways.join(" and ") || "no way"} to check`,
        expected: "one of http, tcp and exec",
      });
    else if (probe.exec && probe.successThreshold !== undefined)
      problems.push({
        path: `${path}.successThreshold`,
        message: "a command that runs in the container has no success threshold",
        expected: "failureThreshold alone",
      });
    else if (!probe.exec && !hasPorts)
      problems.push({ path, message: "there is no port that could be asked", expected: "exec, a command that runs in the container" });
  }
  const [ready, live] = [check?.readiness, check?.liveness];
  if (ready && live && Boolean(ready.exec) === Boolean(live.exec)) {
    const expected = ready.exec ? "http or tcp for readiness" : "exec for liveness; a task that fails its readiness check is replaced, too";
    problems.push({
      path: "healthCheck.liveness",
      message: "readiness and liveness are checked in the same way, and only one such check can be run",
      expected,
    });
  }
  return problems;
}

/**
 * What the load balancer asks. Without a probe any answer below 500 to `/` will do.
 * @param layer what the load balancer speaks: `http` for an application, `tcp` for a network load balancer
 * @param path a path that wins over the probe's (`loadBalancer.healthCheckPath`)
 */
export function targetHealth(probe: Probe | undefined, layer: "http" | "tcp", path?: string): TargetHealth {
  const interval = probe?.periodSeconds ?? HEALTH_DEFAULTS.interval;
  const common = {
    enabled: true,
    interval: Math.max(5, interval),
    timeout: Math.min(probe?.timeoutSeconds ?? HEALTH_DEFAULTS.timeout, Math.max(2, interval - 1)),
    healthyThreshold: atLeastTwo(probe?.successThreshold ?? HEALTH_DEFAULTS.healthy),
    unhealthyThreshold: atLeastTwo(probe?.failureThreshold ?? HEALTH_DEFAULTS.unhealthy),
  };
  const port = probe?.http?.port ?? probe?.tcp?.port;
  const portText = port === undefined ? "traffic-port" : String(port);
  const httpPath = path ?? probe?.http?.path;
  if (httpPath !== undefined) {
    const protocol = probe?.http?.scheme?.toUpperCase() === "HTTPS" ? "HTTPS" : "HTTP";
    return { ...common, protocol, path: httpPath, port: portText, matcher: "200-399" };
  }
  if (layer === "tcp") return { ...common, protocol: "TCP", port: portText };
  return { ...common, protocol: "HTTP", path: "/", port: portText, matcher: "200-499" };
}

/** What ECS runs in the container, or undefined without an exec probe. */
export function containerHealth(probe: Probe | undefined): ContainerHealth | undefined {
  if (!probe?.exec) return undefined;
  return {
    command: ["CMD", ...probe.exec.command],
    interval: probe.periodSeconds ?? HEALTH_DEFAULTS.interval,
    timeout: probe.timeoutSeconds ?? HEALTH_DEFAULTS.timeout,
    retries: probe.failureThreshold ?? HEALTH_DEFAULTS.unhealthy,
    ...(probe.initialDelaySeconds === undefined ? {} : { startPeriod: probe.initialDelaySeconds }),
  };
}

/** Seconds after a task's start during which the load balancer's verdict does not count. */
export function gracePeriod(check: HealthCheck | undefined): number {
  return networkProbe(check)?.initialDelaySeconds ?? HEALTH_DEFAULTS.grace;
}

/** Short forms made long: `"/path"`, and the flat form `{enabled, path, port, protocol, periodSeconds...}`. Leaves what it does not know. */
export function normalizeHealthCheck(value: unknown): unknown {
  if (typeof value === "string") return value.startsWith("/") ? { readiness: { http: { path: value } } } : value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const flat = value as Record<string, unknown>;
  if (!FLAT_KEYS.some((k) => k in flat)) return value;
  const { enabled, path, port, protocol, ...rest } = flat;
  const { readiness, liveness, ...timing } = rest;
  if (readiness !== undefined && (typeof readiness !== "object" || readiness === null || Array.isArray(readiness))) return value;
  const tcp = typeof protocol === "string" && protocol.toLowerCase() === "tcp";
  const at = port === undefined ? {} : { port };
  const scheme = protocol === undefined || tcp ? {} : { scheme: typeof protocol === "string" ? protocol.toUpperCase() : protocol };
  const http = { ...(path === undefined ? {} : { path }), ...(tcp ? {} : at), ...scheme };
  const probe = { ...(tcp ? { tcp: at } : {}), ...(Object.keys(http).length > 0 ? { http } : {}) };
  const given = (readiness ?? {}) as Record<string, unknown>;
  const twice = Object.keys({ ...probe, ...timing }).filter((key) => key in given);
  if (twice.length > 0) return value;
  const merged = { ...given, ...probe, ...timing };
  return {
    ...(enabled === undefined ? {} : { enabled }),
    ...(Object.keys(merged).length > 0 ? { readiness: merged } : {}),
    ...(liveness === undefined ? {} : { liveness }),
  };
}

const FLAT_KEYS = [
  "path",
  "port",
  "protocol",
  "initialDelaySeconds",
  "periodSeconds",
  "timeoutSeconds",
  "successThreshold",
  "failureThreshold",
];

/** Load balancers take thresholds from 2 to 10. */
function atLeastTwo(value: number): number {
  return Math.min(10, Math.max(2, value));
}
