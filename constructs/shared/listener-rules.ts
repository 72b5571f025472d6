/** Listener rules: what of the stack's traffic goes to which service. Pure. */
import type { Value } from "../../framework/model/index.js";

/** Where a service is reached. */
export interface Route {
  /** Host names; none = any. */
  hosts: string[];
  /** Path, `/` = all. */
  path: string;
}

/** Patterns of a path: `/` -> `/*`, `/api` -> `/api` and `/api/*`; one with `*` or `?` stays as it is. */
export function pathPatterns(path: string): string[] {
  const clean = normalPath(path);
  if (/[*?]/.test(clean)) return [clean];
  return clean === "/" ? ["/*"] : [clean, `${clean}/*`];
}

/** One spelling per path: leading slash, no trailing one; `/*` is `/`. */
export function normalPath(path: string): string {
  const clean = `/${path}`.replaceAll(/\/+/g, "/").replace(/(.)\/$/, "$1");
  return clean === "/*" ? "/" : clean;
}

/** How specific a route is: 0 (first) to 9 (last). Those with hosts first, then longer paths, so that `/` never hides `/api`. */
export function band(route: Route): number {
  const depth = normalPath(route.path)
    .split("/")
    .filter((s) => s !== "" && s !== "*").length;
  return (route.hosts.length > 0 ? 0 : 5) + (4 - Math.min(4, depth));
}

const BAND_WIDTH = 4900;

/** The rule's priority: a number in its band of 1 to 49,000, kept once given. Lower numbers are tried first. */
export function priority(address: string, route: Route): Value {
  const b = band(route);
  return { $allot: { pool: "listener", key: `${address}#${b}`, min: b * BAND_WIDTH + 1, max: (b + 1) * BAND_WIDTH } };
}

/** The conditions of a rule, as the listener rule takes them. */
export function conditions(route: Route, sources: readonly string[]): Value[] {
  return [
    ...(route.hosts.length > 0 ? [{ hostHeader: { values: route.hosts } }] : []),
    { pathPattern: { values: pathPatterns(route.path) } },
    ...(sources.length > 0 ? [{ sourceIp: { values: [...sources] } }] : []),
  ];
}

/** Pairs of routes that catch the same requests: one path, and one host (or both any). */
export function conflicts(routes: readonly { from: string; route: Route }[]): { first: string; second: string; what: string }[] {
  const owners = new Map<string, string>();
  const found: { first: string; second: string; what: string }[] = [];
  for (const { from, route } of routes)
    for (const host of route.hosts.length > 0 ? route.hosts : ["*"]) {
      const what = `host ${host.toLowerCase()}, path ${normalPath(route.path)}`;
      const owner = owners.get(what);
      if (owner !== undefined) found.push({ first: owner, second: from, what });
      else owners.set(what, from);
    }
  return found;
}
