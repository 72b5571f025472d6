/**
 * Look-ups that list resources of a type by values of their properties: for types without tags that no data source tells apart. A provider
 * answers them by `lookup`; the result's `ids` are import ids.
 */

const PREFIX = "list:";

/** The output with the import ids. */
export const LISTED_IDS = "ids";

/** The token of the look-up that lists a type; its arguments are the properties that must match. */
export function listToken(type: string): string {
  return `${PREFIX}${type}`;
}

/** The type that a token lists; undefined for a data source. */
export function listedType(token: string): string | undefined {
  return token.startsWith(PREFIX) ? token.slice(PREFIX.length) : undefined;
}
