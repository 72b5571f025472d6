/** Durations as people write them. */

const UNITS: { [unit: string]: number } = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86400 };

/** Parses a duration to seconds: `30`, `"30"`, `"30s"`, `"5m"`, `"2h"`, `"1d"`. Undefined for anything else. */
export function parseSeconds(value: number | string): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?\s*$/i.exec(value);
  return match ? Number(match[1]) * (UNITS[match[2]?.toLowerCase() ?? "s"] ?? 1) : undefined;
}
