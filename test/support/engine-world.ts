/** A small world for tests of plan and engine: assembly builder, state, journal, gate, clock; one object per test. */
import type { Clock } from "../../framework/base/clock.js";
import { PankaError } from "../../framework/base/errors.js";
import { hashJson } from "../../framework/base/json.js";
import { makeUrn, readableName } from "../../framework/base/names.js";
import { execute } from "../../framework/engine/execute.js";
import { SettleTime } from "../../framework/engine/settle-time.js";
import { recover, type RecoverResult } from "../../framework/engine/recovery.js";
import type { ExecuteRequest, ExecuteResult } from "../../framework/model/engine.js";
import type { Assembly } from "../../framework/model/assembly.js";
import type { RunEvent } from "../../framework/model/events.js";
import type { Done, Gate, Intent, Journal, JournalEntry } from "../../framework/model/journal.js";
import type { Plan } from "../../framework/model/plan.js";
import type { ResourceSpec } from "../../framework/model/resource.js";
import type { StateFile } from "../../framework/model/state-file.js";
import type { Value } from "../../framework/model/values.js";
import { makePlan, type PlanRequest } from "../../framework/plan/make-plan.js";
import { MemoryProvider, memorySchemas, NODE, THING } from "./memory-provider.js";

/** A URN of the test stack. `where` is `service/component[/role]`. */
export function urnOf(where: string, type = THING): string {
  const [service, component, role] = where.split("/") as [string, string, string?];
  return makeUrn({ environment: "dev", stack: "shop", type, service, component, ...(role ? { role } : {}) });
}

/** `{"$ref"}` to an output. */
export function ref(where: string, output: string, type = THING): Value {
  return { $ref: { urn: urnOf(where, type), output } };
}

/** A resource of the test stack. */
export function resource(where: string, props: { [key: string]: Value } = {}, more: Partial<ResourceSpec> = {}): ResourceSpec {
  const type = more.type ?? THING;
  const urn = urnOf(where, type);
  return {
    urn,
    type,
    name: readableName(urn),
    props,
    dependsOn: [],
    options: {},
    probe: type === NODE ? { class: "B" } : type === THING ? { class: "A", importId: { $name: true } } : { class: "D" },
    ...more,
  };
}

/** An assembly of resources. */
export function assembly(resources: ResourceSpec[], outputs: Assembly["outputs"] = {}): Assembly {
  const sorted = [...resources].sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return { version: 1, stack: "shop", environment: "dev", region: "here", resources: sorted, outputs };
}

/** An empty state. */
export function emptyState(): StateFile {
  return {
    version: 1,
    lineage: "6b1f7d0e-9c43-4c55-8f0a-1d2e3f405060",
    serial: 1,
    fence: 1,
    fences: { "*": 1 },
    commits: {},
    nonce: "n",
    engine: "embedded",
    provider: { name: "memory", account: "1", region: "here", endpoint: "" },
    assemblyHash: null,
    sealed: { fence: 0, lastSeq: 0 },
    resources: {},
    lookups: {},
    allotments: {},
    outputs: {},
    secretOutputs: [],
  };
}

/** Time that moves only when someone sleeps. */
export class TestClock implements Clock {
  time = 1_700_000_000_000;
  now(): number {
    return this.time;
  }
  monotonic(): number {
    return this.time;
  }
  async sleep(ms: number): Promise<void> {
    this.time += ms;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A journal in memory. `lost` entries are those whose outcome was not flushed when the process died. */
export class TestJournal implements Journal {
  readonly fence = 1;
  readonly entries: JournalEntry[] = [];
  private pending: Done[] = [];
  dead = false;
  closed = false;

  constructor(private readonly clock: Clock) {}

  async intent(entry: Omit<Intent, "seq" | "at">): Promise<number> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.dead) await new Promise(() => {});
    const seq = this.entries.length + 1;
    this.entries.push({ fence: this.fence, seq, intent: structuredClone({ ...entry, seq, at: this.clock.now() }) });
    return seq;
  }

  done(entry: Done): void {
    if (!this.dead) this.pending.push(structuredClone(entry));
  }

  async flush(): Promise<void> {
    if (this.dead) return;
    for (const done of this.pending) {
      const of = this.entries.find((e) => e.seq === done.of);
      if (of) of.done = done;
    }
    this.pending = [];
  }

  close(): void {
    this.closed = true;
  }

  get lastSeq(): number {
    return this.entries.length;
  }

  get open(): number[] {
    return [];
  }
}

/** A gate that a test shuts. */
export class TestGate implements Gate {
  private why: string | undefined;
  async check(): Promise<void> {
    if (this.why !== undefined) throw new PankaError("gate-shut", this.why);
  }
  shut(reason: string): void {
    this.why ??= reason;
  }
  get isShut(): boolean {
    return this.why !== undefined;
  }
  get reason(): string | undefined {
    return this.why;
  }
}

/** Thrown by a fault hook in place of kill -9. */
export class Killed extends Error {}

/** One stack on one memory cloud. */
export class World {
  readonly provider = new MemoryProvider();
  readonly clock = new TestClock();
  state: StateFile = emptyState();
  events: RunEvent[] = [];
  journal = new TestJournal(this.clock);
  gate = new TestGate();
  plan: Plan | undefined;

  /** Plans against the state as it is. */
  async makePlan(target: Assembly, more: Partial<PlanRequest> = {}): Promise<Plan> {
    return makePlan({
      assembly: target,
      assemblyHash: hashJson(target),
      state: this.state,
      schemas: memorySchemas,
      port: this.provider,
      ...more,
    });
  }

  /** Plans and executes; keeps the resulting state. */
  async deploy(target: Assembly, more: Partial<ExecuteRequest> = {}, planning: Partial<PlanRequest> = {}): Promise<ExecuteResult> {
    this.plan = await this.makePlan(target, planning);
    return this.run(this.plan, target, more);
  }

  /** Executes a plan; keeps the resulting state. */
  async run(plan: Plan, target: Assembly, more: Partial<ExecuteRequest> = {}): Promise<ExecuteResult> {
    this.journal = new TestJournal(this.clock);
    this.gate = new TestGate();
    this.events = [];
    const result = await execute({
      plan,
      state: this.state,
      assembly: target,
      schemas: memorySchemas,
      provider: this.provider,
      journal: this.journal,
      gate: this.gate,
      events: (e) => this.events.push(e),
      clock: this.clock,
      fold: async () => {},
      ...more,
    });
    this.state = { ...result.state, serial: this.state.serial + 1 };
    return result;
  }

  /** Recovers from the journal of the last run; keeps the resulting state. */
  async recover(entries: readonly JournalEntry[] = this.journal.entries, forget: string[] = [], ended?: number): Promise<RecoverResult> {
    const result = await recover({
      state: this.state,
      entries: structuredClone(entries) as JournalEntry[],
      provider: this.provider,
      schemas: memorySchemas,
      settleTime: new SettleTime({ clock: this.clock, provider: this.provider, events: (e) => this.events.push(e) }),
      events: (e) => this.events.push(e),
      forget,
      ended,
    });
    this.state = result.state;
    return result;
  }

  /** Runs until the fault hook has been called `after` times, then dies as kill -9 would: nothing later is written. True if it died. */
  async deployAndDie(target: Assembly, after: number): Promise<string | undefined> {
    let count = 0;
    let where: string | undefined;
    this.plan = await this.makePlan(target);
    try {
      await this.run(this.plan, target, {
        fault: (point, detail) => {
          if (where !== undefined) throw new Killed();
          if (++count <= after) return;
          where = `${point} ${detail ?? ""}`;
          this.journal.dead = true;
          throw new Killed();
        },
      });
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    return where;
  }

  /** Names and problems of the cloud against the state: what is orphaned, doubled or lost. */
  audit(): string[] {
    const problems: string[] = [];
    const recorded = new Map(Object.entries(this.state.resources).map(([key, r]) => [r.id, key]));
    for (const id of this.provider.things.keys()) if (!recorded.has(id)) problems.push(`orphan ${id}`);
    for (const [id, key] of recorded) if (!this.provider.things.has(id)) problems.push(`lost ${key}`);
    if (recorded.size !== Object.keys(this.state.resources).length) problems.push("two entries with one id");
    return problems;
  }
}
