/** What must hold after every event. The first breach ends the simulation. */
import type { Item } from "./expressions.js";
import { readEntry, number } from "../../framework/lock/dynamodb-items.js";
import { jsonEqual } from "../../framework/base/json.js";
import type { Cipher } from "../../framework/model/cipher.js";
import { overlaps, ownsResource } from "../../framework/model/scopes.js";
import type { StateFile } from "../../framework/model/state-file.js";
import { decodeState } from "../../framework/state/codec.js";
import { decodeJournal } from "../../framework/state/journal-codec.js";
import { isUnsealed } from "../../framework/state/journal-reader.js";
import { decodeRelease, sealsRelease } from "../../framework/state/release-codec.js";
import { parseJournalKey, parseReleaseKey } from "../../framework/state/keys.js";
import type { BucketWrite, SimBucket } from "./bucket.js";
import type { CloudCall, SimCloud } from "./cloud.js";
import { isJournaled, noteObject, type NotedJournals } from "./noted-journals.js";
import type { Place } from "./place.js";
import { EPOCH, type SimProcess } from "./process.js";
import { kindOfScope } from "./scopes.js";
import { CANARY } from "./stack.js";
import type { SimTable, TableChange } from "./table.js";
import type { Verifications } from "./verification.js";

/** A promise of the protocol was broken. */
export class Breach extends Error {
  override readonly name = "Breach";
}

/** A lock that was granted. */
export interface Grant {
  fence: number;
  scope: string;
  lockId: string;
  by: SimProcess;
  /** A newer holder of an overlapping scope has been granted the lock. */
  displaced: boolean;
  /** Its own holder released it. */
  released: boolean;
  /** Virtual time at which it was released or displaced. */
  until?: number;
  /** Virtual time of its last beat, as that says: one that was long on its way tells of before, as an acquire does. */
  beatAt: number;
  /** It has sent a call to the cloud, so it has passed its barrier. */
  working: boolean;
}

/** What it watches, and whose stack. `verifications`: where deploys are verified. */
export interface CheckerParts {
  bucket: SimBucket;
  table: SimTable;
  cloud: SimCloud;
  cipher: Cipher;
  place: Place;
  verifications?: Verifications;
}

/** A holder that was silent for 90 seconds may be displaced where that is asked for; times in a lock are whole seconds. */
const SILENT_MS = 89_000;

/** The virtual time that a lock names as that of its last beat. */
function toldAt({ lastHeartbeat }: { lastHeartbeat: string }): number {
  return Date.parse(lastHeartbeat) - EPOCH;
}

/** Watches the services. */
export class Checker {
  readonly grants = new Map<number, Grant>();
  /** Every state that was stored: serial -> fence of the writer, hash of the assembly. */
  readonly serials = new Map<number, { fence: number; assemblyHash: string | null }>();
  breach: Breach | undefined;
  state: StateFile | undefined;
  readonly journals: NotedJournals = new Map();
  /** Off only where a planted bug swallows a barrier, which would show in the serials already. */
  strictSerials = true;
  private counter = 0;

  constructor(private readonly parts: CheckerParts) {
    parts.bucket.watchers.push((write) => this.guard(() => this.written(write)));
    parts.table.watchers.push((change) => this.note(() => this.changed(change)));
    parts.cloud.onCall = (call) => this.called(call);
  }

  /** Notes a breach; the first one counts. */
  fail(message: string): void {
    this.breach ??= new Breach(message);
  }

  /** The grant that a process holds or held last. */
  grantOf(process: SimProcess): Grant | undefined {
    let last: Grant | undefined;
    for (const grant of this.grants.values()) if (grant.by === process) last = grant;
    return last;
  }

  /** True if a lock in the way of `scope` is held, or was within the last minute, by another process. */
  heldByAnother(process: SimProcess, scope: string): boolean {
    const recent = this.parts.cloud.scheduler.time - 60_000;
    return [...this.grants.values()].some((g) => g.by !== process && overlaps(g.scope, scope) && (g.until ?? Infinity) > recent);
  }

  private note(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.breach ??= error instanceof Breach ? error : new Breach(`the check itself failed: ${String((error as Error).stack)}`);
    }
  }

  private async guard(check: () => Promise<void>): Promise<void> {
    try {
      await check();
    } catch (error) {
      this.note(() => {
        throw error;
      });
    }
  }

  private changed({ key, before, after, by }: TableChange): void {
    if (!this.parts.place.holdsItem(key)) return;
    if (key.startsWith("fence#")) {
      const n = number(after?.["n"]);
      if (n <= this.counter) throw new Breach(`fence: the counter went from ${this.counter} to ${n}`);
      this.counter = n;
    }
    if (key.startsWith("stack:") && !before && number(after?.["heartbeatSeq"]) > 0)
      this.parts.cloud.counts.add("ttl: lock item put back by a beat");
    if (key.startsWith("intents#")) this.entries(before ?? {}, after ?? {}, by);
    if (key.startsWith("head#") && before && number(after?.["serial"]) <= number(before["serial"])) {
      throw new Breach(`head: went from serial ${number(before["serial"])} to ${number(after?.["serial"])}`);
    }
  }

  private entries(before: Item, after: Item, by: SimProcess | undefined): void {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (!name.startsWith("scope:") || jsonEqual(before[name], after[name])) continue;
      const scope = name.slice(6);
      const old = readEntry(before[name]);
      const now = readEntry(after[name]);
      const grant = old ? this.grants.get(old.fence) : undefined;
      if (now && now.lockId !== old?.lockId) this.granted(scope, now, by as SimProcess, old?.fence);
      else if (now && old && grant && grant.by !== by) throw new Breach(`beat: ${by?.name} beat the lock of ${grant.by.name}`);
      else if (now && grant) grant.beatAt = toldAt(now);
      else if (!now && grant) {
        if (grant.by !== by) throw new Breach(`release: ${by?.name} removed the lock of ${grant.by.name}`);
        grant.released = true;
        grant.until ??= this.parts.cloud.scheduler.time;
      }
    }
  }

  private granted(
    scope: string,
    entry: { lockId: string; fence: number; lastHeartbeat: string },
    by: SimProcess,
    replaced: number | undefined,
  ): void {
    for (const grant of this.grants.values()) {
      if (grant.fence >= entry.fence) throw new Breach(`fence: ${entry.fence} was granted after ${grant.fence}`);
      if (!overlaps(grant.scope, scope)) {
        if (!grant.released && !grant.displaced) this.parts.cloud.counts.add("scope: two at work at once");
        continue;
      }
      const stands = !grant.released && !grant.displaced && !(grant.fence === replaced);
      if (stands) throw new Breach(`lock: ${scope} was granted to ${by.name} while ${grant.by.name} holds ${grant.scope}`);
      if (!grant.released && !grant.displaced) this.silent(grant, by);
      if (!grant.released) grant.displaced = true;
      grant.until ??= this.parts.cloud.scheduler.time;
    }
    const { counts } = this.parts.cloud;
    counts.add(`scope: lock of a ${kindOfScope(scope)}`);
    if (by.scope !== undefined && by.scope !== scope) counts.add("scope: stale lock of another scope taken over");
    this.grants.set(entry.fence, {
      fence: entry.fence,
      scope,
      lockId: entry.lockId,
      by,
      displaced: false,
      released: false,
      beatAt: toldAt(entry),
      working: false,
    });
  }

  /** A holder that is alive and beats is displaced only by those who force it. */
  private silent({ by: holder, beatAt }: Grant, by: SimProcess): void {
    const silentMs = this.parts.cloud.scheduler.time - beatAt;
    if (holder === by || holder.dead || by.forces || silentMs >= SILENT_MS) return;
    throw new Breach(`takeover: ${by.name} took the lock of ${holder.name}, which beat ${silentMs / 1000} s ago`);
  }

  private async written({ key, before, bytes, by }: BucketWrite): Promise<void> {
    const { place } = this.parts;
    if (!place.holdsObject(key)) return;
    if (Buffer.from(bytes).includes(CANARY)) throw new Breach(`secret: ${key} holds a secret in clear`);
    const local = key.slice(place.prefix.length);
    const journal = parseJournalKey(local);
    if (journal) await this.journaled(journal, bytes);
    const release = parseReleaseKey(local);
    if (release !== undefined) await this.released(release, bytes);
    if (local.startsWith("history/") && before) this.parts.cloud.counts.add("path: history object of an attempt replaced");
    if (local === "state.json") await this.stored(bytes, by);
  }

  private async stored(bytes: Uint8Array, by: SimProcess): Promise<void> {
    const { cipher, place } = this.parts;
    const old = this.state;
    const now = await decodeState(bytes, "the simulated bucket", { path: place.path, cipher });
    this.state = now;
    this.serials.set(now.serial, { fence: now.fence, assemblyHash: now.assemblyHash });
    const grant = this.grants.get(now.fence);
    if (!grant) throw new Breach(`state: serial ${now.serial} was written with fence ${now.fence}, which nobody was granted`);
    if (grant.by !== by) throw new Breach(`state: ${by.name} wrote with the fence of ${grant.by.name}`);
    const unseen = this.parts.verifications?.wrongState(old, now, by);
    if (unseen !== undefined) throw new Breach(unseen);
    if (!old) return;
    if (this.strictSerials ? now.serial !== old.serial + 1 : now.serial <= old.serial)
      throw new Breach(`history: serial ${now.serial} follows ${old.serial}`);
    if (now.lineage !== old.lineage) throw new Breach("history: another lineage");
    this.keptToScope(old, now, grant);
    for (const [scope, fence] of Object.entries(old.fences)) {
      if ((now.fences[scope] ?? 0) < fence) throw new Breach(`fence: ${scope} went from ${fence} to ${String(now.fences[scope])}`);
      if (overlaps(scope, grant.scope) && fence > now.fence) {
        throw new Breach(`writers: ${by.name} (fence ${now.fence}) wrote after the barrier of fence ${fence}`);
      }
    }
    for (const other of this.grants.values()) {
      if (other.working && other.fence > now.fence && overlaps(other.scope, grant.scope)) {
        throw new Breach(`writers: ${by.name} (fence ${now.fence}) wrote after ${other.by.name} (fence ${other.fence}) began its work`);
      }
    }
    this.sealedWhole(now);
    this.nothingLost(now, by);
  }

  /** A narrower run changes only what it owns, and what another wrote meanwhile stays. */
  private keptToScope(old: StateFile, now: StateFile, { scope, by }: Grant): void {
    const other = this.grants.get(old.fence);
    if (old.fence !== now.fence && other && !other.released && !other.displaced)
      this.parts.cloud.counts.add("scope: merged over another's write");
    for (const key of new Set([...Object.keys(old.resources), ...Object.keys(now.resources)])) {
      if (!ownsResource(scope, key) && !jsonEqual(old.resources[key], now.resources[key]))
        throw new Breach(`scope: ${by.name}, which locks ${scope}, changed ${key}`);
    }
  }

  /** A run seals of its own journal only what has a durable outcome. */
  private sealedWhole(state: StateFile): void {
    for (const [seq, intent] of this.journals.get(state.fence) ?? []) {
      if (intent.called && !intent.done && !isUnsealed(state, state.fence, seq))
        throw new Breach(`seal: ${state.fence}/${seq} (${intent.op} ${intent.urn}) has no outcome`);
    }
  }

  /** What is in the cloud is in the state, or in a journal that the next run reads. */
  private nothingLost(state: StateFile, by: SimProcess): void {
    const known = new Set(Object.values(state.resources).map((r) => r.id));
    for (const [id, thing] of this.parts.cloud.memory.things) {
      const urn = urnTagOf(thing.inputs) ?? String(thing.inputs["note"] ?? "");
      if (known.has(id) || isJournaled(this.journals, state, urn, thing.type)) continue;
      throw new Breach(
        `orphan: after serial ${state.serial} by ${by.name} nothing knows of ${id} (${thing.type} ${urnTagOf(thing.inputs)})`,
      );
    }
    if (known.size < Object.keys(state.resources).length)
      throw new Breach(`twice: serial ${state.serial} by ${by.name} records a thing under two keys`);
    for (const [key, resource] of Object.entries(state.resources)) {
      if (resource.outputs["state"] === "creating") throw new Breach(`half-made: ${key} was recorded while it is being created`);
    }
  }

  /** A release is of a serial that was committed, and encrypted. */
  private async released(serial: number, bytes: Uint8Array): Promise<void> {
    const { cipher, place } = this.parts;
    const at = { path: place.path, lineage: this.state?.lineage ?? "", serial };
    const record = await decodeRelease(bytes, at, { cipher, location: "the simulated release", sealedOnly: true });
    if (!this.state || !sealsRelease(this.state, serial)) throw new Breach(`release: the state would believe ${serial} in clear`);
    const { fence } = record;
    if (this.serials.get(serial)?.fence !== fence) throw new Breach(`release: serial ${serial} of fence ${fence} was never committed`);
    const unseen = this.parts.verifications?.wrongRelease(record);
    if (unseen !== undefined) throw new Breach(unseen);
  }

  private async journaled({ fence, seq }: { fence: number; seq: number }, bytes: Uint8Array): Promise<void> {
    const { cipher, place } = this.parts;
    const at = { path: place.path, lineage: this.state?.lineage ?? "", fence, seq };
    const object = await decodeJournal(bytes, at, { cipher, location: "the simulated journal", sealedOnly: true });
    if (JSON.stringify(object).includes(CANARY)) throw new Breach(`secret: journal ${fence}/${seq} holds a secret in clear`);
    noteObject(this.journals, fence, object);
  }

  /** A call is sent: its intents are durable by then. What it gives is called when it arrives, maybe much later. */
  private called({ op, urn, id, by }: CloudCall): () => void {
    const mine = [...this.grants.values()].filter((g) => g.by === by);
    const found = mine
      .flatMap((g) => [...(this.journals.get(g.fence)?.values() ?? [])])
      .filter((i) => i.urn === urn && i.op === op && i.of === id);
    if (found.length === 0) this.fail(`intent: ${by.name} sent ${op} ${urn} without a durable intent`);
    return () => {
      this.parts.verifications?.called(by);
      for (const intent of found) intent.called = true;
      for (const grant of mine) grant.working ||= [...(this.journals.get(grant.fence)?.values() ?? [])].some((i) => found.includes(i));
      if (mine.some((g) => g.displaced)) this.parts.cloud.counts.add(`zombie: ${op} of a displaced holder arrives`);
    };
  }
}

function urnTagOf(inputs: { [key: string]: unknown }): string | undefined {
  const tags = inputs["tags"] as { [key: string]: string } | undefined;
  return tags?.["panka:urn"];
}
