/** Lock scopes: `*` encloses every service, a service its components. */
import { parseUrn, SHARED_SERVICE } from "../base/names.js";
import type { LockScope } from "./locker.js";

/** The scope of a whole stack and environment. */
export const STACK_SCOPE: LockScope = "*";

/** True if `outer` encloses `inner` and is not the same. */
export function encloses(outer: LockScope, inner: LockScope): boolean {
  return outer !== inner && (outer === STACK_SCOPE || inner.startsWith(`${outer}/`));
}

/** True if two scopes can't be held at once: the same one, or one encloses the other. */
export function overlaps(a: LockScope, b: LockScope): boolean {
  return a === b || encloses(a, b) || encloses(b, a);
}

/** The scopes that enclose `scope`, widest first: for `users/api` they are `*` and `users`. */
export function enclosingScopes(scope: LockScope): LockScope[] {
  if (scope === STACK_SCOPE) return [];
  const slash = scope.indexOf("/");
  return slash < 0 ? [STACK_SCOPE] : [STACK_SCOPE, scope.slice(0, slash)];
}

/** True if the holder of `scope` may change the resource with this key of the state (a URN, or `<urn>#<generation>`). */
export function ownsResource(scope: LockScope, key: string): boolean {
  if (scope === STACK_SCOPE) return true;
  const p = parseUrn(key.replace(/#\d+$/, ""));
  return p.service !== SHARED_SERVICE && ownsComponent(scope, `${p.service}/${p.component}`);
}

/** True if the holder of `scope` may change the component with this address. */
export function ownsComponent(scope: LockScope, address: string): boolean {
  return scope === STACK_SCOPE || scope === address || address.startsWith(`${scope}/`);
}
