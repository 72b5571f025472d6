/**
 * The locker on a DynamoDB table. Protocol sections 1 to 4.
 *
 * The entry in the item `intents#` is the lock; the lock item is its copy with a TTL, for people. Every change is one transaction
 * with conditions; after any failure the entry is read back, and what it says is the truth.
 */
import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { usageError } from "../base/errors.js";
import type { AcquireResult, Lease, LockInfo, Locker, LockMetadata, LockScope } from "../model/locker.js";
import { enclosingScopes, encloses, overlaps, STACK_SCOPE } from "../model/scopes.js";
import type { Head } from "../model/state-file.js";
import { conditionFailed, tableFailure } from "./dynamodb-client.js";
import { type Entry, entryValue, type Item, lockInfo, lockItem, number, readEntry, text } from "./dynamodb-items.js";
import { entryName, lockKey, sideKey } from "./dynamodb-keys.js";
import { type DynamodbLockerOptions, LockTable } from "./dynamodb-table.js";

/** A lease lives an hour after its last beat, s. For the table's TTL and for people. */
const LEASE_S = 3_600;

/** A locker on a table. Nothing is loaded or called before its first use. */
export function dynamodbLocker(options: DynamodbLockerOptions): Locker {
  return new TableLocker(options);
}

/** What was read before a transaction. `n` is the counter. */
interface Snapshot {
  n: number;
  intents: Item;
  items: Map<LockScope, Item>;
}

class TableLocker extends LockTable implements Locker {
  /**
   * Lock ids that were sent and are not known to have taken a lock. A request may arrive after its caller gave it up, also where one
   * that was sent again was refused; a lock with one of them is ours.
   */
  private readonly sent = new Set<string>();

  async acquire(scope: LockScope, metadata: LockMetadata): Promise<AcquireResult> {
    const seen = await this.snapshot([scope, ...enclosingScopes(scope)]);
    const standing = await this.standing(seen, scope, metadata);
    if (standing) return standing;

    const entry = await this.newEntry(seen.n + 1);
    const absent = [scope, ...enclosingScopes(scope)];
    const names = Object.fromEntries(absent.map((s, i) => [`#e${i}`, entryName(s)]));
    const free = absent.map((_, i) => `attribute_not_exists(#e${i})`).join(" AND ");
    const steps: TransactWriteItem[] = [
      this.raise(seen.n),
      this.setEntry(free, names, { ":entry": entryValue(entry) }),
      {
        Put: {
          TableName: this.options.table,
          Item: this.item(scope, entry, metadata),
          ConditionExpression: "attribute_not_exists(lockKey)",
        },
      },
      ...enclosingScopes(scope).map((outer) => ({
        ConditionCheck: {
          TableName: this.options.table,
          Key: { lockKey: { S: lockKey(this.options, outer) } },
          ConditionExpression: "attribute_not_exists(lockKey)",
        },
      })),
    ];
    const lease = await this.take(steps, scope, entry, metadata);
    if (lease) return { ok: true, lease };
    const now = await this.snapshot([scope, ...enclosingScopes(scope)]);
    return (await this.standing(now, scope, metadata)) ?? { ok: false, held: [], serverTime: await this.serverTime() };
  }

  /** What the locks that stand say of an attempt at `scope`: it is ours already, others are in the way, or (undefined) it is free. */
  private async standing(seen: Snapshot, scope: LockScope, metadata: LockMetadata): Promise<AcquireResult | undefined> {
    const held = this.locksIn(seen).filter((l) => overlaps(l.scope, scope));
    const own = held.find((l) => l.scope === scope && this.sent.delete(l.lockId));
    if (own) return { ok: true, lease: { scope, lockId: own.lockId, fence: own.fence, metadata } };
    if (held.length === 0) return undefined;
    return { ok: false, held: held.map((l) => (this.sent.has(l.lockId) ? { ...l, mine: true } : l)), serverTime: await this.serverTime() };
  }

  async takeover(observed: LockInfo, metadata: LockMetadata): Promise<{ ok: true; lease: Lease } | { ok: false }> {
    const { scope } = observed;
    if (this.sent.delete(observed.lockId)) return { ok: true, lease: { scope, lockId: observed.lockId, fence: observed.fence, metadata } };
    const seen = await this.snapshot([scope]);
    const others = this.locksIn(seen).filter((l) => l.scope !== scope && overlaps(l.scope, scope));
    if (others.length) return { ok: false };
    const hasEntry = seen.intents[entryName(scope)] !== undefined;
    const entry = await this.newEntry(seen.n + 1);
    const outer = enclosingScopes(scope);
    const names = { "#e0": entryName(scope), ...Object.fromEntries(outer.map((s, i) => [`#e${i + 1}`, entryName(s)])) };
    const values = { ":old": { S: observed.lockId }, ":seq": { N: String(observed.heartbeatSeq) } };
    const same = hasEntry ? "#e0.lockId = :old AND #e0.heartbeatSeq = :seq" : "attribute_not_exists(#e0)";
    const condition = [same, ...outer.map((_, i) => `attribute_not_exists(#e${i + 1})`)].join(" AND ");
    const steps: TransactWriteItem[] = [
      this.raise(seen.n),
      this.setEntry(condition, names, { ":entry": entryValue(entry), ...(hasEntry ? values : {}) }),
      {
        Put: {
          TableName: this.options.table,
          Item: this.item(scope, entry, metadata),
          ConditionExpression: hasEntry ? "attribute_not_exists(lockKey) OR lockId = :old" : "lockId = :old AND heartbeatSeq = :seq",
          ExpressionAttributeValues: hasEntry ? { ":old": values[":old"] } : values,
        },
      },
    ];
    const lease = await this.take(steps, scope, entry, metadata);
    return lease ? { ok: true, lease } : { ok: false };
  }

  async beat(lease: Lease): Promise<"mine" | "lost"> {
    const time = await this.time();
    const TableName = this.options.table;
    const id = { ":id": { S: lease.lockId }, ":f": { N: String(lease.fence) } };
    const beat = { ":t": { S: new Date(time).toISOString() }, ":one": { N: "1" } };
    const expires = { ":x": { N: String(Math.floor(time / 1000) + LEASE_S) } };
    const steps: TransactWriteItem[] = [
      {
        Update: {
          TableName,
          Key: this.side("intents"),
          UpdateExpression: "SET #e.lastHeartbeat = :t, #e.heartbeatSeq = #e.heartbeatSeq + :one",
          ConditionExpression: "#e.lockId = :id AND #e.fence = :f",
          ExpressionAttributeNames: { "#e": entryName(lease.scope) },
          ExpressionAttributeValues: { ...id, ...beat },
        },
      },
      {
        Update: {
          TableName,
          Key: { lockKey: { S: lockKey(this.options, lease.scope) } },
          UpdateExpression: "SET lastHeartbeat = :t, heartbeatSeq = heartbeatSeq + :one, expiresAt = :x",
          ConditionExpression: "lockId = :id AND fence = :f",
          ExpressionAttributeValues: { ...id, ...beat, ...expires },
        },
      },
    ];
    try {
      await this.transact(steps);
      return "mine";
    } catch (error) {
      if (!conditionFailed(error)) throw tableFailure(error, "beat the lock", { ...this.options });
    }
    const { entry, item } = await this.readBack(lease.scope);
    if (entry?.lockId !== lease.lockId || entry.fence !== lease.fence) return "lost";
    if (item || !lease.metadata) return item && text(item.lockId) === lease.lockId ? "mine" : "lost";
    return this.putBack({ ...lease, metadata: lease.metadata }, entry, time);
  }

  /** The item is gone (TTL, an operator) while the entry stands: put it again, never judged by the counter. */
  private async putBack(lease: Lease & { metadata: LockMetadata }, entry: Entry, time: number): Promise<"mine" | "lost"> {
    const next = { ...entry, heartbeatSeq: entry.heartbeatSeq + 1, lastHeartbeat: new Date(time).toISOString() };
    const values = { ":entry": entryValue(next), ":id": { S: lease.lockId }, ":f": { N: String(lease.fence) } };
    const steps: TransactWriteItem[] = [
      this.setEntry("#e0.lockId = :id AND #e0.fence = :f", { "#e0": entryName(lease.scope) }, values),
      {
        Put: {
          TableName: this.options.table,
          Item: this.item(lease.scope, next, lease.metadata),
          ConditionExpression: "attribute_not_exists(lockKey)",
        },
      },
    ];
    try {
      await this.transact(steps);
    } catch (error) {
      if (!conditionFailed(error)) throw tableFailure(error, "put the lock item back", { ...this.options });
    }
    const now = await this.readBack(lease.scope);
    return now.entry?.lockId === lease.lockId && now.entry.fence === lease.fence ? "mine" : "lost";
  }

  async release(lease: Lease): Promise<void> {
    const TableName = this.options.table;
    const Key = { lockKey: { S: lockKey(this.options, lease.scope) } };
    const id = { ":id": { S: lease.lockId } };
    const ofItem = { ConditionExpression: "attribute_not_exists(lockKey) OR lockId = :id", ExpressionAttributeValues: id };
    const entryGone: TransactWriteItem = {
      Update: {
        TableName,
        Key: this.side("intents"),
        UpdateExpression: "REMOVE #e",
        ConditionExpression: "#e.lockId = :id AND #e.fence = :f",
        ExpressionAttributeNames: { "#e": entryName(lease.scope) },
        ExpressionAttributeValues: { ...id, ":f": { N: String(lease.fence) } },
      },
    };
    try {
      await this.transact([entryGone, { Delete: { TableName, Key, ...ofItem } }]);
      return;
    } catch (error) {
      const { entry, item } = await this.readBack(lease.scope);
      const entryMine = entry?.lockId === lease.lockId && entry.fence === lease.fence;
      const itemMine = text(item?.lockId) === lease.lockId;
      if (!entryMine && !itemMine) return;
      if (!conditionFailed(error)) throw tableFailure(error, "release the lock", { ...this.options });
      const left = entryMine ? entryGone : { Delete: { TableName, Key, ...ofItem } };
      await this.transact([left]).catch((e) => {
        if (!conditionFailed(e)) throw tableFailure(e, "release the lock", { ...this.options });
      });
    }
  }

  async list(): Promise<{ locks: LockInfo[]; serverTime: string }> {
    const locks = this.locksIn(await this.snapshot([STACK_SCOPE]));
    return { locks, serverTime: await this.serverTime() };
  }

  async readHead(): Promise<Head | null> {
    const item = await this.get(sideKey("head", this.options));
    if (!item) return null;
    this.checkBucket(item);
    return { serial: number(item.serial), fence: number(item.fence), sha256: text(item.sha256) };
  }

  async advanceHead(head: Head): Promise<"written" | "behind"> {
    const { client, sdk } = await this.connect();
    const numbers = { serial: { N: String(head.serial) }, fence: { N: String(head.fence) } };
    try {
      await client.send(
        new sdk.PutItemCommand({
          TableName: this.options.table,
          Item: { ...this.side("head"), ...numbers, sha256: { S: head.sha256 }, bucket: { S: this.options.bucket } },
          ConditionExpression: "attribute_not_exists(lockKey) OR serial < :s",
          ExpressionAttributeValues: { ":s": numbers.serial },
        }),
      );
      return "written";
    } catch (error) {
      if (conditionFailed(error)) return "behind";
      throw tableFailure(error, "write the head", { ...this.options });
    }
  }

  /** Sends a transaction that takes the lock; after any failure the entry says who has it. Undefined: another. */
  private async take(steps: TransactWriteItem[], scope: LockScope, entry: Entry, metadata: LockMetadata): Promise<Lease | undefined> {
    this.sent.add(entry.lockId);
    const lease = { scope, lockId: entry.lockId, fence: entry.fence, metadata };
    try {
      await this.transact(steps, entry.lockId);
      this.sent.delete(entry.lockId);
      return lease;
    } catch (error) {
      const now = (await this.readBack(scope)).entry;
      if (now && this.sent.delete(now.lockId)) return { ...lease, lockId: now.lockId, fence: now.fence };
      if (conditionFailed(error) || (error as { name?: string }).name === "TransactionCanceledException") return undefined;
      throw tableFailure(error, "take the lock", { ...this.options });
    }
  }

  /** fence# is read first: the condition on its value then covers the entries of enclosed scopes, which no condition can name. */
  private async snapshot(scopes: LockScope[]): Promise<Snapshot> {
    const counter = await this.get(sideKey("fence", this.options));
    const [intents, ...items] = await Promise.all([
      this.get(sideKey("intents", this.options)),
      ...scopes.map((s) => this.get(lockKey(this.options, s))),
    ]);
    const found = new Map<LockScope, Item>();
    scopes.forEach((scope, i) => {
      const item = items[i];
      if (!item) return;
      this.checkBucket(item);
      found.set(scope, item);
    });
    return { n: number(counter?.n), intents: intents ?? {}, items: found };
  }

  private locksIn(seen: Snapshot): LockInfo[] {
    const scopes = new Set(seen.items.keys());
    for (const name of Object.keys(seen.intents)) if (name.startsWith("scope:")) scopes.add(name.slice(6));
    return [...scopes]
      .sort((a, b) => (a === b ? 0 : encloses(a, b) || a < b ? -1 : 1))
      .flatMap((scope) => lockInfo(scope, readEntry(seen.intents[entryName(scope)]), seen.items.get(scope)) ?? []);
  }

  private async readBack(scope: LockScope): Promise<{ entry: Entry | undefined; item: Item | undefined }> {
    const [intents, item] = await Promise.all([this.get(sideKey("intents", this.options)), this.get(lockKey(this.options, scope))]);
    return { entry: readEntry(intents?.[entryName(scope)]), item };
  }

  private checkBucket(item: Item): void {
    const other = item.bucket?.S;
    if (other === undefined || other === this.options.bucket) return;
    const say = (bucket: string): string => bucket || "a local back end";
    throw usageError(
      "lock-table-shared",
      `table ${this.options.table} already locks ${this.options.stack} in ${this.options.environment} for ${say(other)}, but this project's state is in ${say(this.options.bucket)}`,
      { next: "use one bucket for this stack and environment, or another lock table (locks.table in panka.config.yaml)" },
    );
  }

  private async newEntry(fence: number): Promise<Entry> {
    return { lockId: this.options.random.uuid(), fence, lastHeartbeat: await this.serverTime(), heartbeatSeq: 0 };
  }

  private item(scope: LockScope, entry: Entry, metadata: LockMetadata): Item {
    const seconds = Math.floor(Date.parse(entry.lastHeartbeat) / 1000);
    const times = { lockedAt: entry.lastHeartbeat, expiresAt: seconds + LEASE_S, metadata };
    return lockItem(lockKey(this.options, scope), this.options.bucket, entry, times);
  }
}
