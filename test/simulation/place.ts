/** Where the simulated stack's state is. */

/** `<stack>/<environment>`. */
export const PATH = "shop/dev";
/** Prefix of its objects. */
export const PREFIX = `stacks/${PATH}/`;
/** Names of bucket and table. */
export const BUCKET = "state";
export const TABLE = "locks";
