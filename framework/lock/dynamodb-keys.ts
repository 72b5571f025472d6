/** Keys and attribute names in the lock table. Protocol section 1. */
import { createHash } from "node:crypto";
import type { LockScope } from "../model/locker.js";
import { STACK_SCOPE } from "../model/scopes.js";

/** What the keys are made of. */
export interface TablePlace {
  stack: string;
  environment: string;
  /** "" where the state is not in a bucket. */
  bucket: string;
  prefix?: string | undefined;
  tenant?: string | undefined;
  /** The stack's region, where it has several. */
  regional?: string | undefined;
}

/** `[:region:<region>]`, and `:backend:<12 hex digits of SHA-256(bucket/prefix/tenants/tenant)>` where a prefix or tenant is set, else "". */
function suffix(place: TablePlace): string {
  const region = place.regional === undefined ? "" : `:region:${place.regional}`;
  const prefix = place.prefix?.replace(/^\/+|\/+$/g, "");
  if (!prefix && !place.tenant) return region;
  const path = [place.bucket, ...(prefix ? [prefix] : []), ...(place.tenant ? ["tenants", place.tenant] : [])].join("/");
  return `${region}:backend:${createHash("sha256").update(path).digest("hex").slice(0, 12)}`;
}

/** Key of a scope's lock item. */
export function lockKey(place: TablePlace, scope: LockScope): string {
  const base = `stack:${place.stack}:env:${place.environment}`;
  const kind = scope === STACK_SCOPE ? "" : scope.includes("/") ? `:component:${scope}` : `:service:${scope}`;
  return `${base}${kind}${suffix(place)}`;
}

/** Key of the counter, of the entries, or of the head. */
export function sideKey(kind: "fence" | "intents" | "head", place: TablePlace): string {
  return `${kind}#${place.stack}/${place.environment}${suffix(place)}`;
}

/** Name of a scope's entry in the intents item: a prefix, so that no service is called like another attribute. */
export function entryName(scope: LockScope): string {
  return `scope:${scope}`;
}
