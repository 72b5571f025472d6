/** Durations on the command line. */
import { usageError } from "../base/errors.js";

const UNITS: { [unit: string]: number } = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 };

/** `90s`, `10m`, `1h`, or seconds as a number; in ms; 0 for undefined. Throws a usage error. */
export function parseWait(text: string | undefined): number {
  if (text === undefined) return 0;
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h)?$/.exec(text.trim());
  if (!match) throw usageError("bad-duration", `--wait ${text} is not a duration; expected one like 90s, 10m or 1h`);
  return Number(match[1]) * (UNITS[match[2] ?? "s"] ?? 1_000);
}
