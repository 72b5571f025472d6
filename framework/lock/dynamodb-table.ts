/** The lock table as single calls: reads, transactions, the service's clock. What they mean is in dynamodb.ts. */
import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Clock, Random } from "../base/clock.js";
import { StoreError } from "../model/state-store.js";
import { type ConnectTable, type TableClient, tableClient, tableFailure } from "./dynamodb-client.js";
import type { Item } from "./dynamodb-items.js";
import { sideKey, type TablePlace } from "./dynamodb-keys.js";

/** Which table, and whose locks. */
export interface DynamodbLockerOptions extends TablePlace {
  table: string;
  region: string;
  endpoint?: string | undefined;
  profile?: string | undefined;
  clock: Clock;
  random: Random;
  /** Default: the SDK's own client. */
  connect?: ConnectTable | undefined;
}

/** One stack and environment's part of the table. Nothing is loaded or called before its first use. */
export class LockTable {
  readonly location: string;
  private connected: Promise<TableClient> | undefined;

  constructor(protected readonly options: DynamodbLockerOptions) {
    this.location = `DynamoDB table ${options.table}`;
  }

  async close(): Promise<void> {
    if (this.connected) (await this.connected).client.destroy();
    this.connected = undefined;
  }

  protected raise(n: number): TransactWriteItem {
    return {
      Update: {
        TableName: this.options.table,
        Key: this.side("fence"),
        UpdateExpression: "SET n = :next",
        ConditionExpression: n === 0 ? "attribute_not_exists(n)" : "n = :n",
        ExpressionAttributeValues: { ":next": { N: String(n + 1) }, ...(n === 0 ? {} : { ":n": { N: String(n) } }) },
      },
    };
  }

  protected setEntry(condition: string, names: Record<string, string>, values: Item): TransactWriteItem {
    return {
      Update: {
        TableName: this.options.table,
        Key: this.side("intents"),
        UpdateExpression: "SET #e0 = :entry",
        ConditionExpression: condition,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values,
      },
    };
  }

  protected side(kind: "fence" | "intents" | "head"): Item {
    return { lockKey: { S: sideKey(kind, this.options) } };
  }

  protected connect(): Promise<TableClient> {
    this.connected ??= (this.options.connect ?? tableClient)(this.options);
    return this.connected;
  }

  /** The service's time, ms; asks for it once if no reply has been seen. */
  protected async time(): Promise<number> {
    const { serverTime } = await this.connect();
    if (serverTime() === undefined) await this.get(sideKey("fence", this.options));
    const time = serverTime();
    if (time === undefined) throw new StoreError("unavailable", `${this.location} does not say what time it is`);
    return time;
  }

  protected async serverTime(): Promise<string> {
    return new Date(await this.time()).toISOString();
  }

  protected async get(key: string): Promise<Item | undefined> {
    const { client, sdk } = await this.connect();
    try {
      const reply = await client.send(
        new sdk.GetItemCommand({ TableName: this.options.table, Key: { lockKey: { S: key } }, ConsistentRead: true }),
      );
      return reply.Item;
    } catch (error) {
      const failure = tableFailure(error, `read ${key}`, { ...this.options });
      throw failure instanceof StoreError && failure.failure === "unknown"
        ? new StoreError("unavailable", failure.message, error)
        : failure;
    }
  }

  protected async transact(steps: TransactWriteItem[], token?: string): Promise<void> {
    const { client, sdk } = await this.connect();
    await client.send(new sdk.TransactWriteItemsCommand({ TransactItems: steps, ...(token ? { ClientRequestToken: token } : {}) }));
  }
}
