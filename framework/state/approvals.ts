/**
 * approvals/: who agreed to a saved plan. Objects at rest as releases are (sealed-object.ts), bound to the stack's path, its lineage and the
 * plan's id: one of another plan or stack, or one that was edited, does not open.
 */
import { isPankaError } from "../base/errors.js";
import { isPlainObject } from "../base/json.js";
import type { Agreement, ApprovalRecord } from "../model/approval.js";
import type { SavedPlan } from "../model/saved-plan.js";
import type { StateFile } from "../model/state-file.js";
import { isStoreError } from "../model/state-store.js";
import { type ReadDeps, retrying } from "./deps.js";
import { approvalKey, parseApprovalKey } from "./keys.js";
import { checkVersion, damagedObject, openedObject, type SealedPlace, sealedText } from "./sealed-object.js";
import { KEEP_MS } from "./retention.js";

/** What reading and writing an approval needs. */
export type ApprovalDeps = Pick<ReadDeps, "store" | "path" | "cipher" | "clock">;

/** Approvals looked into per sweep. */
const LOOKS = 20;
/** How often a write is tried that another approver's crossed. */
const ATTEMPTS = 5;
/** How long a store that fails for a moment is tried, ms. */
const WRITE_MS = 20_000;

/**
 * Whether approvals of this stack are encrypted: where its state is, or, before there is one, where a key is at hand. One in clear is not
 * believed then.
 */
export async function sealsApprovals({ cipher }: ApprovalDeps, state: StateFile | null): Promise<boolean> {
  if (state) return state.releasesSealedFrom !== undefined;
  try {
    return cipher !== undefined && (await cipher.seal("", "approval")) !== undefined;
  } catch (error) {
    if (isPankaError(error) && error.code === "no-key") return false;
    throw error;
  }
}

/** Who agreed to a plan, in order; empty where nobody has. Throws PankaError `damaged-approval`, `newer-state`, `cannot-decrypt`, `no-key`. */
export async function agreementsOf(deps: ApprovalDeps, plan: SavedPlan, sealed: boolean): Promise<Agreement[]> {
  return (await read(deps, plan, sealed))?.record.agreements ?? [];
}

/** Adds an agreement; an approver who agreed already stays as he is. Returns all. Throws as {@link agreementsOf}, and what the store throws. */
export async function addAgreement(deps: ApprovalDeps, plan: SavedPlan, sealed: boolean, agreement: Agreement): Promise<Agreement[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await retrying(deps, WRITE_MS, () => tryToAdd(deps, plan, sealed, agreement));
    } catch (error) {
      const crossed = isStoreError(error, "refused") || isStoreError(error, "missing");
      if (!crossed || attempt >= ATTEMPTS) throw error;
    }
  }
}

async function tryToAdd(deps: ApprovalDeps, plan: SavedPlan, sealed: boolean, agreement: Agreement): Promise<Agreement[]> {
  const { store, cipher, path } = deps;
  const found = await read(deps, plan, sealed);
  const before = found?.record.agreements ?? [];
  if (before.some(({ by }) => by === agreement.by)) return before;
  const { id, stack, environment, state } = plan;
  const { lineage, serial } = state;
  const agreements = [...before, agreement];
  const record: ApprovalRecord = { version: 1, plan: id, stack, environment, lineage, serial, agreements };
  const text = await sealedText(record, bindingOf(path, lineage, id), sealed ? cipher : undefined);
  await store.put(approvalKey(id), new TextEncoder().encode(`${text}\n`), found ? { ifMatch: found.tag } : { ifNoneMatch: true });
  return agreements;
}

/**
 * Drops approvals that are older than the kept states. Looks at some of them, from the one of the plan `after` on: ids are as good as random, so that
 * all have their turn. Best effort: what can't be read stays.
 */
export async function dropOldApprovals(deps: ApprovalDeps, after: string, lineage: string, sealed: boolean): Promise<void> {
  const ids = (await deps.store.list("approvals/")).flatMap((key) => parseApprovalKey(key) ?? []);
  const later = ids.findIndex((id) => id > after);
  const looks = [...ids.slice(Math.max(later, 0)), ...ids.slice(0, Math.max(later, 0))].slice(0, LOOKS);
  for (const id of looks) {
    const opened = (of: string) => read(deps, { id, state: { lineage: of } }, sealed);
    // The first plan of a stack is made before it has a lineage.
    const found = await opened(lineage).catch(() => opened("").catch(() => undefined));
    const at = Date.parse(found?.record.agreements.at(-1)?.at ?? "");
    if (deps.clock.now() - at > KEEP_MS) await deps.store.delete(approvalKey(id));
  }
}

const bindingOf = (path: string, lineage: string, plan: string): string => `${path}\napproval\n${lineage}\n${plan}`;

type PlanRef = { id: string; state: { lineage: string } };

async function read({ store, path, cipher }: ApprovalDeps, { id, state }: PlanRef, sealed: boolean) {
  const key = approvalKey(id);
  const object = await store.get(key);
  if (!object) return undefined;
  const place: SealedPlace = {
    context: bindingOf(path, state.lineage, id),
    cipher,
    location: `${key} at ${store.location}`,
    notClear: sealed ? "it is not encrypted, and the state that it is of is" : undefined,
    code: "damaged-approval",
    next: "remove the object, then panka approve again",
  };
  const { object: parsed } = await openedObject(object.bytes, place);
  return { record: checked(parsed, id, place), tag: object.tag };
}

function checked(parsed: Record<string, unknown>, id: string, place: SealedPlace): ApprovalRecord {
  checkVersion(parsed, place);
  const { plan, agreements } = parsed;
  if (plan !== id) throw damagedObject(place, "it is of another plan");
  const whole =
    Array.isArray(agreements) && agreements.every((a) => isPlainObject(a) && typeof a.by === "string" && typeof a.at === "string");
  if (!whole) throw damagedObject(place, "it is not whole");
  return parsed as unknown as ApprovalRecord;
}
