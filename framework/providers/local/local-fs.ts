/** The file functions that the local provider uses: a part of node:fs/promises, passed in so that tests can make them fail. */
import type * as promises from "node:fs/promises";

/** A part of node:fs/promises. */
export type LocalFs = Pick<
  typeof promises,
  "link" | "mkdir" | "open" | "readFile" | "readdir" | "readlink" | "rename" | "rm" | "stat" | "writeFile"
>;
