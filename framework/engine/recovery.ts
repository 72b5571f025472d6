/** Recovery: what a killed run left in its journal is settled before anything new begins. The table is protocol 6; may itself be killed. */
import type { Diagnostic } from "../base/diagnostics.js";
import { messageOf } from "../base/errors.js";
import { componentOf } from "../base/names.js";
import type { Assembly } from "../model/assembly.js";
import type { EventSink } from "../model/events.js";
import type { Done, Intent, JournalEntry } from "../model/journal.js";
import { isProviderError, type Provider, type ProviderResult } from "../model/provider.js";
import type { SchemaIndex } from "../model/provider-schema.js";
import type { ResourceState, StateFile } from "../model/state-file.js";
import { toPrior } from "../plan/candidate.js";
import { inputSecrets } from "../plan/outputs.js";
import { READY_TIMEOUT_SECONDS } from "./make.js";
import { isAnother, isCovered, lastPerKey, lateCreate, type OpenEntry, stepOf, withoutLateOutcome } from "./journal-entries.js";
import { isSingle, probe } from "./probe.js";
import { makeEntry } from "./run-state.js";
import type { SettleTime } from "./settle-time.js";
import { secretRedactor, secretTexts } from "../plan/secret-texts.js";

/** For superseded resources whose generation is taken in the state's keys. */
const TWIN = 1_000_000;

/** What {@link recover} gets. */
export interface RecoverRequest {
  state: StateFile;
  /** Entries of all unsealed fences, decoded, in order of fence and seq; those of older fences written after their seal included. */
  entries: readonly JournalEntry[];
  assembly?: Assembly;
  provider: Provider;
  schemas: SchemaIndex;
  /** Counted on where a run recovers a second time: what the first one waited is not waited again. */
  settleTime: SettleTime;
  events: EventSink;
  /** Steps (`<urn>@<fence>.<seq>`) of which a person says that an interrupted create left nothing: their open intents are dropped. */
  forget?: readonly string[];
  /** Fence of a run that is provably dead: its journal is complete, and it sends nothing any more. */
  ended?: number | undefined;
}

/** The settled state. With `problems`, all of them errors, the run must stop; what could be settled is in `state` all the same. */
export interface RecoverResult {
  state: StateFile;
  problems: Diagnostic[];
}

/** Settles all entries. Running it again over the same entries and its own result changes nothing. */
export async function recover(request: RecoverRequest): Promise<RecoverResult> {
  const recovery = new Recovery(request);
  const known = request.entries.map((e) => withoutLateOutcome(recovery.forgotten(e), request.state));
  const entries = known.sort((a, b) => a.fence - b.fence || a.seq - b.seq);
  for (const entry of entries) if (entry.done) recovery.adopt(entry.intent, entry.done);
  const open = lastPerKey(entries.flatMap((e) => (e.done ? (lateCreate(e, request.state) ?? []) : e)));
  // What is recorded first: a create that is found takes the place of what it replaces.
  for (const creates of [false, true])
    await Promise.all(open.filter(({ entry }) => (entry.intent.op === "create") === creates).map((e) => recovery.settle(e)));
  return recovery.result();
}

class Recovery {
  private readonly resources: { [key: string]: ResourceState };
  private readonly problems: Diagnostic[] = [];

  constructor(private readonly request: RecoverRequest) {
    this.resources = { ...request.state.resources };
  }

  result(): RecoverResult {
    const resources: { [key: string]: ResourceState } = {};
    for (const key of Object.keys(this.resources).sort()) resources[key] = this.resources[key] as ResourceState;
    return { state: { ...this.request.state, resources }, problems: this.problems };
  }

  /** What a person has deleted by hand counts as not made; where a run has recorded it meanwhile it is looked at again. */
  forgotten(entry: JournalEntry): JournalEntry {
    const { intent } = entry;
    if (intent.op !== "create" || !isCovered(entry, this.request.forget ?? [])) return entry;
    this.tell(intent, "is taken as not made");
    return { fence: entry.fence, seq: entry.seq, intent: { ...intent, op: "update" } };
  }

  /** The outcome is known: it is recorded as the run itself would have done. */
  adopt(intent: Intent, done: Done): void {
    const key = this.keyOf(intent);
    const current = this.resources[key];
    if (intent.op !== "create" && (!current || isAnother(current, intent, done))) return;
    switch (intent.op) {
      case "delete":
        if (done.error === undefined && current?.generation === intent.generation) this.drop(key);
        return;
      case "action":
        if (done.error !== undefined || !current || intent.action === undefined) return;
        this.resources[intent.key] = { ...current, actionsDone: [...new Set([...(current.actionsDone ?? []), intent.action])].sort() };
        return;
      default: {
        if (done.id === undefined) return;
        // A create that comes to light late: what its successors recorded of the thing since is newer.
        if (intent.op === "create" && current?.id === done.id) return;
        const failedUpdate = intent.op === "update" && done.error !== undefined;
        const result: ProviderResult = {
          id: done.id,
          outputs: done.outputs ?? {},
          private: done.private ?? "",
          schemaVersion: done.schemaVersion ?? 0,
          secretPaths: (done.secretPaths ?? []).map((p) => p.replace(/^outputs\.?/, "")),
          diagnostics: [],
        };
        this.place(intent, this.entry(intent, result, done.status ?? "ok", failedUpdate ? current : undefined));
      }
    }
  }

  /** The outcome is not known: the cloud is asked. */
  async settle({ entry, attempts }: OpenEntry): Promise<void> {
    const { intent } = entry;
    try {
      if (intent.op === "create") await this.settleCreate(entry, attempts);
      else if (intent.op === "update") await this.settleUpdate(intent);
      else if (intent.op === "delete") await this.settleDelete(intent);
      else this.settleAction(intent);
    } catch (error) {
      if (!isProviderError(error)) throw error;
      this.problem(
        intent,
        "recovery-failed",
        `what became of its ${intent.op} could not be found out: ${this.redact(intent, messageOf(error))}`,
        "run the same command again",
      );
    }
  }

  private async settleCreate(entry: JournalEntry, attempts: number): Promise<void> {
    const { intent } = entry;
    const current = this.resources[intent.key];
    // Made by a call that was sent again, or by another run while this one was displaced: its own request may still make a second one.
    let stands = current !== undefined && current.generation >= intent.generation && current.id !== "";
    const { provider, schemas, state } = this.request;
    for (;;) {
      const answer = await probe(intent, { provider, schemas, lineage: state.lineage, resources: this.resources });
      if (answer.found === "one") {
        await this.adoptFound(intent, answer.finding, stands);
        // One call was sent, and here is what it made. A displaced run that may be alive can send another one, and a plugin may have sent
        // the request twice: of what has no identity before it is made a second one may still come to light.
        if (attempts === 1 && this.request.ended === entry.fence && isSingle(intent.probe)) return;
        stands = true;
      }
      if (answer.found === "several") {
        const message = `an interrupted run may have made it more than once: ${answer.ids.join(", ")} (${intent.type})`;
        return this.problem(intent, "several-found", message, "delete all but one of them, then run the same command again");
      }
      if (answer.found === "unprobeable") {
        // Who looks by hand must be able to trust what they see.
        await this.request.settleTime.end();
        const message = `an interrupted run may have made it, and ${intent.type} can't be looked for`;
        return this.problem(intent, "unprobeable", message, `delete it if it is there, then: panka deploy --forget '${stepOf(entry)}'`);
      }
      if (await this.request.settleTime.hasPassed()) return stands ? undefined : this.tell(intent, "was not made");
    }
  }

  /** Found ones are never taken as whole: status `partial` makes the next plan ask what is missing. A second one is kept for deletion. */
  private async adoptFound(intent: Intent, found: ProviderResult, second: boolean): Promise<void> {
    const ready = await this.request.provider.waitReady({
      urn: intent.urn,
      type: intent.type,
      prior: { ...found, inputs: intent.inputs ?? {} },
      timeoutSeconds: intent.timeoutSeconds ?? READY_TIMEOUT_SECONDS,
    });
    if (!ready) return this.tell(intent, "is gone again");
    // Two attempts at one resource are settled side by side: the other one may have found the same thing.
    const current = this.resources[intent.key];
    const stands = current?.id === ready.id;
    if (this.supersededBy(intent.key, ready.id).length > 0 || (stands && current.generation >= intent.generation)) return;
    const entry = this.entry(intent, ready, "partial");
    if (second && !stands) {
      this.supersede(intent.key, entry, true);
      return this.tell(intent, `was made a second time (${ready.id}); that one will be deleted`);
    }
    this.place(intent, entry);
    this.tell(intent, `was made and is adopted (${ready.id})`);
  }

  private async settleUpdate(intent: Intent): Promise<void> {
    const current = this.resources[intent.key];
    if (!current || current.generation !== intent.generation) return;
    await this.request.settleTime.end();
    const found = await this.read(intent, current);
    if (!found) {
      this.drop(intent.key);
      return this.tell(intent, "is gone");
    }
    this.resources[intent.key] = this.entry(
      { ...intent, inputs: current.inputs, secretPaths: current.secretPaths },
      found,
      "partial",
      current,
    );
    this.tell(intent, "was read again after an interrupted update");
  }

  private async settleDelete(intent: Intent): Promise<void> {
    const key = this.keyOf(intent);
    const current = this.resources[key];
    if (!current || current.generation !== intent.generation) return;
    while (await this.read(intent, current)) {
      if (await this.request.settleTime.hasPassed()) return this.tell(intent, "is still there and will be deleted again");
    }
    this.drop(key);
    this.tell(intent, "was deleted");
  }

  private settleAction(intent: Intent): void {
    const current = this.resources[intent.key];
    if (!current?.actionsDone || isAnother(current, intent)) return;
    this.resources[intent.key] = { ...current, actionsDone: current.actionsDone.filter((name) => name !== intent.action) };
  }

  private redact(intent: Intent, text: string): string {
    const own = secretTexts({ inputs: intent.inputs }, intent.secretPaths ?? []);
    return secretRedactor(Object.values(this.resources), own)(text);
  }

  private read(intent: Intent, current: ResourceState): Promise<ProviderResult | null> {
    const prior = toPrior(current, (sha) => `panka.out/assets/${sha}.zip`);
    return this.request.provider.read({ urn: intent.urn, type: intent.type, prior });
  }

  private entry(intent: Intent, result: ProviderResult, status: ResourceState["status"], from?: ResourceState): ResourceState {
    const entry = makeEntry(
      {
        type: intent.type,
        generation: intent.generation,
        inputs: from?.inputs ?? intent.inputs ?? {},
        secretInputs: inputSecrets(from?.secretPaths ?? intent.secretPaths ?? []),
        dependsOn: from?.dependsOn ?? intent.dependsOn,
        protect: intent.protect,
        ...(intent.retainOnDelete ? { retainOnDelete: true } : {}),
        ...(intent.deleteBeforeReplace ? { deleteBeforeReplace: true } : {}),
        ...(from?.actionsDone ? { actionsDone: from.actionsDone } : {}),
        result,
        status,
      },
      this.request.schemas.type(intent.type),
    );
    return entry;
  }

  /** Records a made resource; another one that stands in its place becomes superseded. Never loses an id. */
  private place(intent: Intent, entry: ResourceState): void {
    const current = this.resources[intent.key];
    if (current && current.id !== "" && current.id !== entry.id) {
      if (current.generation > entry.generation) {
        this.supersede(intent.key, entry);
        return;
      }
      this.supersede(intent.key, current, current.generation === entry.generation);
    }
    this.resources[intent.key] = entry;
    // Journals of several runs may tell of one thing in turn: it has one entry, the last one.
    for (const key of this.supersededBy(intent.key, entry.id)) delete this.resources[key];
  }

  /** Keys of superseded resources of a URN that have this id. */
  private supersededBy(urn: string, id: string): string[] {
    return Object.keys(this.resources).filter((key) => key.startsWith(`${urn}#`) && this.resources[key]?.id === id);
  }

  /** Keeps a resource for deletion. `twin`: the one in its place is of the same generation, whose key that one will need. */
  private supersede(urn: string, entry: ResourceState, twin = false): void {
    if (this.supersededBy(urn, entry.id).length > 0) return;
    let key = `${urn}#${twin ? TWIN : entry.generation}`;
    for (let n = TWIN + 1; this.resources[key]; n++) key = `${urn}#${n}`;
    this.resources[key] = { ...entry, status: "deleting", protect: false };
  }

  /** Where what an intent is about is recorded: what was to be superseded stands in its old place while its successor is not known. */
  private keyOf({ key, urn, id }: Intent): string {
    return id !== undefined && !this.resources[key] && this.resources[urn]?.id === id ? urn : key;
  }

  private drop(key: string): void {
    delete this.resources[key];
  }

  private tell(intent: Intent, message: string): void {
    this.request.events({ type: "recovered", urn: intent.urn, component: componentOf(intent.urn), message });
  }

  private problem(intent: Intent, code: string, message: string, next: string): void {
    this.problems.push({ severity: "error", code, message: `${intent.urn}: ${message}`, path: componentOf(intent.urn), next });
  }
}
