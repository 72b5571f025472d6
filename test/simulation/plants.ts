/** Bugs planted on purpose, one per mechanism of the protocol: a simulation that finds none of them proves nothing. */
import type { JournalObject } from "../../framework/model/journal.js";
import { canonicalJson } from "../../framework/base/json.js";
import { cipherFrom } from "../../framework/state/cipher-source.js";
import { decodeState, encodeState } from "../../framework/state/codec.js";
import { decodeJournal } from "../../framework/state/journal-codec.js";
import { parseJournalKey } from "../../framework/state/keys.js";
import { readEntry } from "../../framework/lock/dynamodb-items.js";
import { KEY } from "./commands.js";
import { Place } from "./place.js";
import { encloses } from "../../framework/model/scopes.js";
import type { SimProcess } from "./process.js";
import type { World } from "./world.js";

const PLACE = new Place();
const STATE = `${PLACE.prefix}state.json`;

const codec = (world: World) => ({
  path: PLACE.path,
  cipher: cipherFrom("env:KEY", { home: "/nowhere", projectRoot: "/nowhere", env: { KEY }, random: world.chance, aws: { region: "here" } }),
});

async function journalOf(world: World, key: string, bytes: Uint8Array): Promise<JournalObject | undefined> {
  const at = parseJournalKey(key.slice(PLACE.prefix.length));
  if (!at) return undefined;
  const place = { path: PLACE.path, lineage: world.checker.state?.lineage ?? "", ...at };
  return decodeJournal(bytes, place, { ...codec(world), location: "plant", sealedOnly: true });
}

/** Bugs that show only where tenants have stacks of the same name, or a stack has several regions. */
export const PLACE_PLANTS: { [name: string]: (world: World) => void } = {
  "the tenant is left out of keys and prefix": (world) => {
    world.bugs.placeOf = ({ region }) => new Place(undefined, region);
  },
  "the region is left out of keys and prefix": (world) => {
    world.bugs.placeOf = ({ tenant }) => new Place(tenant);
  },
};

/** Bugs that show only where deploys are verified. */
export const VERIFIED_PLANTS: { [name: string]: (world: World) => void } = {
  "a failed verification counts as passed": ({ own }) => {
    for (const { verifications } of own) if (verifications) verifications.believed = true;
  },
  "what came of a verification is not written down": ({ bucket }) => {
    bucket.bugs.swallow = async (key) => {
      const found = key.includes("/releases/") ? bucket.objects.get(key) : undefined;
      return found && { tag: found.tag };
    };
  },
};

/** What each leaves out. */
export const PLANTS: { [name: string]: (world: World) => void } = {
  "no barrier": (world) => {
    const begun = new Set<SimProcess>();
    world.checker.strictSerials = false;
    world.bucket.bugs.swallow = async (key, _bytes, by) => {
      const found = world.bucket.objects.get(key);
      if (key !== STATE || !found || begun.has(by)) return undefined;
      begun.add(by);
      return { tag: found.tag };
    };
  },
  "the counter lies in the lock item": (world) => {
    const expire = world.table.expire.bind(world.table);
    world.table.expire = (key) => {
      world.table.items.delete(PLACE.sideKey("fence"));
      return expire(key);
    };
  },
  "no read-back": (world) => {
    const begun = new Set<SimProcess>();
    world.bucket.bugs.read = async (_key, bytes) => bytes;
    world.table.seen = (key, item, by) => {
      const entry = readEntry(item?.["scope:*"]);
      const grant = entry ? world.checker.grants.get(entry.fence) : undefined;
      if (key.startsWith("head#")) begun.add(by);
      if (!item || !key.startsWith("intents#") || grant?.by !== by || begun.has(by)) return item;
      // As if the lock ids that were sent had been forgotten.
      return { ...item, "scope:*": { M: { ...item["scope:*"]?.M, lockId: { S: "forgotten" } } } };
    };
  },
  "no If-Match": (world) => {
    world.bucket.bugs.ignoreMatch = (key) => key === STATE;
  },
  "content that is not unique": (world) => {
    world.bucket.bugs.tagOf = async (key, bytes) => {
      if (key !== STATE) return Buffer.from(bytes).toString("latin1");
      const { resources, outputs } = await decodeState(bytes, "plant", codec(world));
      return canonicalJson({ resources, outputs });
    };
  },
  "an outcome is not flushed": (world) => {
    world.bucket.bugs.swallow = async (key, bytes) =>
      (await journalOf(world, key, bytes))?.kind === "done" ? { tag: '"none"' } : undefined;
  },
  "an intent is not durable before its call": (world) => {
    world.bucket.bugs.swallow = async (key, bytes) =>
      (await journalOf(world, key, bytes))?.kind === "intent" ? { tag: '"none"', laterMs: 5_000 } : undefined;
  },
  "the fence is not checked on a re-read": (world) => {
    world.bucket.bugs.read = async (key, bytes, by) => {
      const grant = world.checker.grantOf(by);
      // Only where it re-reads after a refusal: what it reads before its barrier is held against the head.
      if (key !== STATE || !grant?.working) return bytes;
      const state = await decodeState(bytes, "plant", codec(world));
      const fences = Object.fromEntries(Object.entries(state.fences).map(([scope, fence]) => [scope, Math.min(fence, grant.fence)]));
      return encodeState({ ...state, fences }, codec(world));
    };
  },
  "a release without its condition": (world) => {
    world.table.ignore = ({ key, update }) => key.startsWith("intents#") && (update ?? "").startsWith("REMOVE");
  },
  "locks of enclosing scopes are not looked at": (world) => {
    const outer = (key: string, by: SimProcess): boolean =>
      key.startsWith("stack:") &&
      by.scope !== undefined &&
      !key.endsWith(by.scope.includes("/") ? `:component:${by.scope}` : `:${by.scope}`);
    world.table.seen = (key, item, by) => {
      if (!item || by.scope === undefined || by.scope === "*") return item;
      if (outer(key, by)) return undefined;
      return key.startsWith("intents#") ? Object.fromEntries(Object.entries(item).filter(([name]) => name !== "scope:*")) : item;
    };
    world.table.ignore = ({ key, update, by }) =>
      by.scope !== undefined &&
      by.scope !== "*" &&
      (outer(key, by) || (key.startsWith("intents#") && (update ?? "").startsWith("SET #e0 =")));
  },
  "locks of enclosed scopes are not looked at": (world) => {
    world.table.seen = (key, item, by) => {
      const { scope } = by;
      if (!item || scope === undefined || !key.startsWith("intents#")) return item;
      const inner = (name: string): boolean => name.startsWith("scope:") && name !== `scope:${scope}` && encloses(scope, name.slice(6));
      return Object.fromEntries(Object.entries(item).filter(([name]) => !inner(name)));
    };
  },
  "what was written after its seal is not read": (world) => {
    const apply = world.bucket.apply.bind(world.bucket);
    world.bucket.apply = (name, input, by) => {
      const out = apply(name, input, by) as { Contents?: { Key: string }[] };
      const sealed = world.checker.state?.sealed.fence ?? 0;
      const isLate = (key: string): boolean => (parseJournalKey(key.slice(PLACE.prefix.length))?.fence ?? Infinity) <= sealed;
      return name === "ListObjectsV2Command" ? { ...out, Contents: out.Contents?.filter(({ Key }) => !isLate(Key)) } : out;
    };
  },
  "nobody waits for requests that are still on their way": (world) => {
    world.cloud.settleMs = 0;
  },
  "a beat without its condition": (world) => {
    world.table.ignore = ({ update }) => (update ?? "").includes("lastHeartbeat = :t");
  },
};
