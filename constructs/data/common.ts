/** What databases and caches have in common. */
import type { ExpandContext } from "../../framework/model/index.js";

/** A daily or weekly window, UTC: `03:00-04:00`, `sun:04:30-sun:05:30`. */
export const WINDOW = /^([a-z]{3}:)?\d{2}:\d{2}-([a-z]{3}:)?\d{2}:\d{2}$/i;

/** Names of users and databases that every engine takes. */
export const NAME = { pattern: /^[A-Za-z][A-Za-z0-9_]{0,62}$/, expected: "letters, digits and _" };

/** Name of the snapshot that is taken before a deletion. */
export function finalSnapshotName(ctx: ExpandContext): string {
  return `final-${ctx.stack}-${ctx.environment}-${ctx.service}-${ctx.component}`;
}
