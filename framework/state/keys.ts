/** Names of the objects below a stack's prefix. Numbers are padded to ten digits, so that a list is in order. */

/** The current state. */
export const STATE_KEY = "state.json";

const pad = (n: number): string => String(n).padStart(10, "0");

/** `history/<serial>-<fence>.json`. */
export function historyKey(serial: number, fence: number): string {
  return `history/${pad(serial)}-${pad(fence)}.json`;
}

/** The reverse of {@link historyKey}; undefined for another key. */
export function parseHistoryKey(key: string): { serial: number; fence: number } | undefined {
  const m = /^history\/(\d+)-(\d+)\.json$/.exec(key);
  return m ? { serial: Number(m[1]), fence: Number(m[2]) } : undefined;
}

/** `journal/<fence>/<seq>.json`. */
export function journalKey(fence: number, seq: number): string {
  return `journal/${pad(fence)}/${pad(seq)}.json`;
}

/** The reverse of {@link journalKey}; undefined for another key. */
export function parseJournalKey(key: string): { fence: number; seq: number } | undefined {
  const m = /^journal\/(\d+)\/(\d+)\.json$/.exec(key);
  return m ? { fence: Number(m[1]), seq: Number(m[2]) } : undefined;
}

/** `releases/<serial>.json`. */
export function releaseKey(serial: number): string {
  return `releases/${pad(serial)}.json`;
}

/** The reverse of {@link releaseKey}; undefined for another key. */
export function parseReleaseKey(key: string): number | undefined {
  const m = /^releases\/(\d+)\.json$/.exec(key);
  return m ? Number(m[1]) : undefined;
}

/** `approvals/<plan id>.json`. */
export function approvalKey(plan: string): string {
  return `approvals/${plan}.json`;
}

/** The reverse of {@link approvalKey}; undefined for another key. */
export function parseApprovalKey(key: string): string | undefined {
  return /^approvals\/([0-9a-f]{64})\.json$/.exec(key)?.[1];
}

/** `assets/<sha256>`. */
export function assetKey(sha256: string): string {
  return `assets/${sha256}`;
}

/** `pulumi/<fence>`: where a run of the Pulumi engine keeps its checkpoint. */
export function pulumiPrefix(fence: number): string {
  return `pulumi/${pad(fence)}`;
}

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** Throws TypeError for a key that could leave the prefix or that a file system would read otherwise: `..`, empty parts, odd characters. */
export function checkKey(key: string): void {
  if (!KEY.test(key) || key.includes("..") || key.length > 512) throw new TypeError(`not a key of a state store: ${JSON.stringify(key)}`);
}
