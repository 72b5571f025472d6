/** Older formats of state.json, lifted version by version to the newest. */
import { PankaError } from "../base/errors.js";
import { isPlainObject } from "../base/json.js";
import { STATE_VERSION } from "../model/state-file.js";

/** Lifts a state of version n to n + 1. */
export type Migration = (older: Record<string, unknown>) => Record<string, unknown>;

/** Version 2 is version 1 in an envelope (envelope.ts). */
const SEALED = 2;

/** Version -> what lifts it to the next. Empty as long as there is one version. */
const MIGRATIONS: { [version: number]: Migration } = {};

/**
 * The state in the newest format. Throws PankaError `newer-state` for one that a newer Panka wrote, `damaged-state` for anything that is not a state.
 * `migrations` and `newest` are given by tests only.
 */
export function migrate(
  parsed: unknown,
  location: string,
  migrations: { [version: number]: Migration } = MIGRATIONS,
  newest: number = STATE_VERSION,
): Record<string, unknown> {
  if (!isPlainObject(parsed) || !Number.isInteger(parsed["version"])) throw damaged(location, "it has no version");
  let state: Record<string, unknown> = parsed;
  let version = parsed["version"] as number;
  if (version > newest) {
    throw new PankaError(
      "newer-state",
      `${location} has format version ${version}; this Panka reads up to version ${Math.max(newest, SEALED)}. Nothing was touched`,
      { next: "install the Panka version that wrote it: npm install panka@latest" },
    );
  }
  while (version < newest) {
    const lift = migrations[version];
    if (!lift) throw damaged(location, `version ${version} is unknown`);
    state = { ...lift(state), version: version + 1 };
    version += 1;
  }
  return state;
}

/** Error for bytes that are not a whole state. */
export function damaged(location: string, why: string): PankaError {
  return new PankaError("damaged-state", `${location} is damaged: ${why}`);
}
