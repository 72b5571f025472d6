/** apiVersion of documents, by kind. */
import type { Kind } from "./kind.js";

/** Version of all documents. */
const REVISION = "v1";

/** What a document of the kind may say, the usual one first: `components.panka.io/v1`, `panka.io/v1`; of a team's own kind only `<apiGroup>/v1`. */
export function apiVersionsOf(kind: Pick<Kind, "group" | "apiGroup">): string[] {
  return kind.apiGroup === undefined ? [`${kind.group}.panka.io/${REVISION}`, `panka.io/${REVISION}`] : [`${kind.apiGroup}/${REVISION}`];
}
