/** A DynamoDB client that notes the service's time from the Date header of each reply, and turns failures into StoreErrors. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Clock } from "../base/clock.js";
import { messageOf, usageError } from "../base/errors.js";
import { type AwsReach, clientOptions } from "../model/client-options.js";
import { isStoreError, StoreError, type StoreFailure } from "../model/state-store.js";

/** How to reach the table. */
export interface TableAccess extends AwsReach {
  table: string;
  clock: Clock;
}

/** The client, the commands it takes, and the service's clock as far as it is known. */
export interface TableClient {
  client: Pick<DynamoDBClient, "send" | "destroy">;
  sdk: typeof import("@aws-sdk/client-dynamodb");
  /** The service's time, ms: the last Date header plus what has passed since. Undefined before the first reply. */
  serverTime(): number | undefined;
}

/** Makes the client; in place of {@link tableClient} for a host that has a connection of its own. */
export type ConnectTable = (access: TableAccess) => Promise<TableClient>;

/** The service's time as far as replies told it. */
export class ServiceTime {
  private known: { server: number; at: number } | undefined;
  constructor(private readonly clock: Clock) {}

  /** Notes the Date header of a reply. */
  note(date: string | undefined): void {
    const time = Date.parse(date ?? "");
    if (!Number.isNaN(time)) this.known = { server: time, at: this.clock.monotonic() };
  }

  /** The last Date header plus what has passed since, ms; undefined before the first reply. */
  now(): number | undefined {
    return this.known ? this.known.server + (this.clock.monotonic() - this.known.at) : undefined;
  }
}

/** Loads the SDK and makes the client. */
export async function tableClient(access: TableAccess): Promise<TableClient> {
  const sdk = await import("@aws-sdk/client-dynamodb");
  const options = await clientOptions(access, { connectionTimeout: 5_000, requestTimeout: 10_000 });
  const client = new sdk.DynamoDBClient({ ...options, maxAttempts: 4 });
  const time = new ServiceTime(access.clock);
  const note = (response: unknown): void => {
    const headers = (response as { headers?: { [name: string]: string } } | undefined)?.headers ?? {};
    time.note(headers["date"] ?? headers["Date"]);
  };
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        const result = await next(args);
        note(result.response);
        return result;
      } catch (error) {
        note((error as { $response?: unknown }).$response);
        throw error;
      }
    },
    { step: "deserialize", priority: "high", name: "pankaServerTime" },
  );
  return { client, sdk, serverTime: () => time.now() };
}

interface SdkError {
  name?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number };
  CancellationReasons?: { Code?: string }[];
}

const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);
const THROTTLED = /Throttl|ProvisionedThroughputExceeded|RequestLimitExceeded|TransactionInProgress/;
const EXPIRED = /ExpiredToken|RequestExpired|TokenRefreshRequired/;
const DENIED = /AccessDenied|UnrecognizedClient|InvalidSignature|IncompleteSignature|MissingAuthenticationToken|CredentialsProviderError/;

/** True if a condition of the transaction (or of the single write) did not hold. */
export function conditionFailed(error: unknown): boolean {
  const e = error as SdkError;
  if (e.name === "ConditionalCheckFailedException") return true;
  return e.name === "TransactionCanceledException" && (e.CancellationReasons ?? []).some((r) => r.Code === "ConditionalCheckFailed");
}

/** Any failure of a call as a StoreError, or a usage error where the table does not exist. */
export function tableFailure(error: unknown, what: string, access: TableAccess): Error {
  if (isStoreError(error)) return error;
  const e = error as SdkError;
  const name = e.name ?? "";
  if (name === "ResourceNotFoundException") {
    return usageError("no-lock-table", `the lock table ${access.table} does not exist in ${access.region}`, {
      next: "panka backend create",
    });
  }
  let failure: StoreFailure = "unknown";
  if (EXPIRED.test(name)) failure = "expired";
  else if (DENIED.test(name)) failure = "denied";
  else if (NEVER_SENT.has(e.code ?? "")) failure = "unavailable";
  else if (THROTTLED.test(name) || name === "TransactionCanceledException") failure = "throttled";
  return new StoreError(failure, `${what} in table ${access.table}: ${name}: ${messageOf(error)}`, error);
}
