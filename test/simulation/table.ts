/** The lock table: DynamoDB as far as the locker uses it, and the client that a process reaches it with. */
import * as sdk from "@aws-sdk/client-dynamodb";
import { ServiceTime, type TableClient } from "../../framework/lock/dynamodb-client.js";
import { type Bindings, holds, type Item, updated } from "./expressions.js";
import type { Failure, Network } from "./network.js";
import { EPOCH, type SimProcess, type Thread } from "./process.js";
import type { Scheduler } from "./scheduler.js";

/** A change of the table, for those who watch it. */
export interface TableChange {
  key: string;
  before: Item | undefined;
  after: Item | undefined;
  /** Undefined: the service itself (TTL). */
  by: SimProcess | undefined;
}

interface Write extends Bindings {
  kind: "Put" | "Update" | "Delete" | "ConditionCheck";
  key: string;
  item?: Item;
  condition?: string | undefined;
  update?: string | undefined;
}

/** Tries of the SDK with one call. */
const TRIES = 4;
const TIMEOUT_MS = 10_000;
const TOKEN_MS = 600_000;

/** The service. */
export class SimTable {
  readonly items = new Map<string, Item>();
  private readonly tokens = new Map<string, { at: number; same: string }>();
  /** Told of each change. */
  readonly watchers: ((change: TableChange) => void)[] = [];
  /** Told of each item that a process is about to read or write. */
  onTouch: (key: string, by: SimProcess) => void = () => {};
  /** Conditions that a planted bug leaves out. */
  ignore: (write: { key: string; kind: string; update?: string | undefined; by: SimProcess }) => boolean = () => false;
  /** What a read gives, where a planted bug changes it. */
  seen: (key: string, item: Item | undefined, by: SimProcess) => Item | undefined = (_key, item) => item;

  constructor(private readonly scheduler: Scheduler) {}

  /** Removes an item, as TTL does. */
  expire(key: string): boolean {
    const before = this.items.get(key);
    if (!before) return false;
    this.items.delete(key);
    for (const watch of this.watchers) watch({ key, before, after: undefined, by: undefined });
    return true;
  }

  /** Carries a command out. Throws what the service answers. */
  apply(name: string, input: any, by: SimProcess): unknown {
    const date = { date: new Date(EPOCH + this.scheduler.time).toUTCString() };
    if (name === "GetItemCommand")
      return { date, output: { Item: this.seen(input.Key.lockKey.S, structuredClone(this.items.get(input.Key.lockKey.S)), by) } };
    if (name === "PutItemCommand") {
      if (!this.write([toWrite("Put", input)], by).every(Boolean)) throw refusal("ConditionalCheckFailedException");
      return { date, output: {} };
    }
    if (name !== "TransactWriteItemsCommand") throw new Error(`the simulated table knows no ${name}`);
    const same = JSON.stringify(input.TransactItems);
    const known = this.tokens.get(input.ClientRequestToken);
    if (known && this.scheduler.time - known.at < TOKEN_MS) {
      if (known.same !== same) throw refusal("IdempotentParameterMismatchException");
      return { date, output: {} };
    }
    const writes = (input.TransactItems as Record<string, any>[]).map((step) => {
      const kind = Object.keys(step)[0] as Write["kind"];
      return toWrite(kind, step[kind]);
    });
    const results = this.write(writes, by);
    if (!results.every(Boolean)) {
      const CancellationReasons = results.map((ok) => ({ Code: ok ? "None" : "ConditionalCheckFailed" }));
      throw Object.assign(refusal("TransactionCanceledException"), { CancellationReasons });
    }
    this.tokens.set(input.ClientRequestToken, { at: this.scheduler.time, same });
    return { date, output: {} };
  }

  /** All or nothing; which conditions held. */
  private write(writes: Write[], by: SimProcess): boolean[] {
    const results = writes.map((w) => this.ignore({ ...w, by }) || holds(w.condition, this.items.get(w.key) ?? {}, w));
    if (!results.every(Boolean)) return results;
    for (const w of writes) {
      const before = this.items.get(w.key);
      let after: Item | undefined = before;
      if (w.kind === "Put") after = structuredClone(w.item);
      if (w.kind === "Update") after = updated(w.update ?? "", before ?? { lockKey: { S: w.key } }, w);
      if (w.kind === "Delete") after = undefined;
      if (w.kind === "ConditionCheck") continue;
      if (after) this.items.set(w.key, after);
      else this.items.delete(w.key);
      for (const watch of this.watchers) watch({ key: w.key, before, after, by });
    }
    return results;
  }
}

function toWrite(kind: Write["kind"], input: any): Write {
  return {
    kind,
    key: (input.Item ?? input.Key).lockKey.S,
    item: input.Item,
    condition: input.ConditionExpression,
    update: input.UpdateExpression,
    ExpressionAttributeNames: input.ExpressionAttributeNames,
    ExpressionAttributeValues: input.ExpressionAttributeValues,
  };
}

/** Keys of all items that a command is about. */
function keysOf(input: any): string[] {
  const steps = input.TransactItems ? (input.TransactItems as Record<string, any>[]).flatMap((step) => Object.values(step)) : [input];
  return steps.map((step) => (step.Item ?? step.Key).lockKey.S as string);
}

function refusal(name: string): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode: 400 } });
}

const ERRORS: { [kind in Failure]: [string, number | undefined] } = {
  timeout: ["TimeoutError", undefined],
  reset: ["ECONNRESET", undefined],
  "500": ["InternalServerError", 500],
  "503": ["ServiceUnavailable", 503],
  throttled: ["ProvisionedThroughputExceededException", 400],
  "409": ["InternalServerError", 500],
  conflict: ["TransactionCanceledException", 400],
};

/** The error that the SDK throws for a failed call. */
function sdkError(kind: Failure): Error {
  const [name, status] = ERRORS[kind];
  const conflict = kind === "conflict" ? { CancellationReasons: [{ Code: "TransactionConflict" }] } : {};
  return Object.assign(new Error(`simulated ${kind}`), { name, $metadata: { httpStatusCode: status }, ...conflict });
}

/** A process's client: sends again as the SDK does, up to four times with one token. */
export function tableClientOf(table: SimTable, network: Network, thread: Thread): TableClient {
  const time = new ServiceTime(thread.clock);
  const { chance } = thread.process;
  const send = async (command: any): Promise<unknown> => {
    const name = command.constructor.name as string;
    const input = name === "TransactWriteItemsCommand" ? { ClientRequestToken: chance.uuid(), ...command.input } : command.input;
    const write = name !== "GetItemCommand";
    const key = keysOf(input)[0] ?? "";
    for (const touched of keysOf(input)) table.onTouch(touched, thread.process);
    const failure = (kind: Failure): Error => sdkError(kind === "conflict" && name === "PutItemCommand" ? "500" : kind);
    for (let tried = 1; ; tried++) {
      try {
        const apply = () => table.apply(name, structuredClone(input), thread.process);
        const what = `${name.replace("Command", "")} ${key}`;
        const answer = (await network.send({ thread, service: "dynamodb", what, write, apply, timeoutMs: TIMEOUT_MS, failure })) as any;
        time.note(answer.date.date);
        return answer.output;
      } catch (error) {
        if (tried >= TRIES || !sentAgain(error as Error)) throw error;
        await thread.clock.sleep(chance.int(20, 100 * 2 ** tried));
      }
    }
  };
  return { client: { send, destroy: () => {} } as unknown as TableClient["client"], sdk, serverTime: () => time.now() };
}

const AGAIN = new Set([
  "TimeoutError",
  "ECONNRESET",
  "InternalServerError",
  "ServiceUnavailable",
  "ProvisionedThroughputExceededException",
]);

function sentAgain(error: Error): boolean {
  return AGAIN.has(error.name);
}
