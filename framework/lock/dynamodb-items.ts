/** Items of the lock table as DynamoDB attribute values, and back. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { LockInfo, LockMetadata, LockScope } from "../model/locker.js";

/** An item. */
export type Item = Record<string, AttributeValue>;

/** The entry of a scope: the lock itself. */
export interface Entry {
  lockId: string;
  fence: number;
  lastHeartbeat: string;
  heartbeatSeq: number;
}

/** Text attribute, "" where absent. */
export function text(value: AttributeValue | undefined): string {
  return value?.S ?? "";
}

/** Number attribute, 0 where absent. */
export function number(value: AttributeValue | undefined): number {
  return Number(value?.N ?? 0);
}

/** An entry as an attribute. */
export function entryValue(entry: Entry): AttributeValue {
  return {
    M: {
      lockId: { S: entry.lockId },
      fence: { N: String(entry.fence) },
      lastHeartbeat: { S: entry.lastHeartbeat },
      heartbeatSeq: { N: String(entry.heartbeatSeq) },
    },
  };
}

/** An attribute as an entry. */
export function readEntry(value: AttributeValue | undefined): Entry | undefined {
  const m = value?.M;
  if (!m) return undefined;
  return { lockId: text(m.lockId), fence: number(m.fence), lastHeartbeat: text(m.lastHeartbeat), heartbeatSeq: number(m.heartbeatSeq) };
}

/** Field of LockMetadata -> its name in the item. */
const METADATA: [keyof LockMetadata, string][] = [
  ["user", "user"],
  ["host", "host"],
  ["pid", "pid"],
  ["startTime", "startTime"],
  ["bootId", "bootId"],
  ["pidNamespace", "pidNamespace"],
  ["ciSystem", "ci_system"],
  ["ciRunId", "ci_run_id"],
  ["ciUrl", "ci_url"],
  ["gitCommit", "git_commit"],
  ["gitBranch", "git_branch"],
  ["deploymentId", "deployment_id"],
  ["operation", "operation"],
];

/** Metadata as an attribute. */
export function metadataValue(metadata: LockMetadata): AttributeValue {
  const m: Item = {};
  for (const [field, name] of METADATA) {
    const value = metadata[field];
    if (value !== undefined) m[name] = typeof value === "number" ? { N: String(value) } : { S: value };
  }
  return { M: m };
}

function readMetadata(value: AttributeValue | undefined): LockMetadata {
  const m = value?.M ?? {};
  const found: Record<string, string | number> = {
    user: "",
    host: "",
    pid: 0,
    startTime: "",
    bootId: "",
    pidNamespace: "",
    deploymentId: "",
    operation: "",
  };
  for (const [field, name] of METADATA) {
    const attribute = m[name];
    if (attribute) found[field] = attribute.N !== undefined ? Number(attribute.N) : (attribute.S ?? "");
  }
  return found as unknown as LockMetadata;
}

/** What a lock item holds. `expiresAt` is in epoch seconds, for the table's TTL. */
export function lockItem(
  key: string,
  bucket: string,
  entry: Entry,
  lock: { lockedAt: string; expiresAt: number; metadata: LockMetadata },
): Item {
  return {
    lockKey: { S: key },
    ...(entryValue(entry).M as Item),
    lockedBy: { S: `${lock.metadata.user}@${lock.metadata.host}` },
    lockedAt: { S: lock.lockedAt },
    expiresAt: { N: String(lock.expiresAt) },
    metadata: metadataValue(lock.metadata),
    bucket: { S: bucket },
  };
}

/** A lock from its entry and its item; either may be missing. The entry counts where both are there. */
export function lockInfo(scope: LockScope, entry: Entry | undefined, item: Item | undefined): LockInfo | undefined {
  const own = entry ?? (item ? readEntry({ M: item }) : undefined);
  if (!own) return undefined;
  const mine = item && text(item.lockId) === own.lockId ? item : undefined;
  const expires = mine ? number(mine.expiresAt) * 1000 : Date.parse(own.lastHeartbeat) + 3_600_000;
  return {
    scope,
    ...own,
    lockedAt: mine ? text(mine.lockedAt) : own.lastHeartbeat,
    expiresAt: new Date(expires).toISOString(),
    metadata: readMetadata(mine?.metadata),
    ...(entry ? {} : { orphan: true as const }),
  };
}
