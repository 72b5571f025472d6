/** The state store on S3: conditional writes (If-Match, If-None-Match), one object per key below a prefix. The SDK is loaded at the first call. */
import type { S3Client } from "@aws-sdk/client-s3";
import type { Random } from "../base/clock.js";
import { messageOf, usageError } from "../base/errors.js";
import { compareText } from "../base/diagnostics.js";
import { type AwsReach, clientOptions } from "../model/client-options.js";
import { type Again, isStoreError, type StateStore, StoreError, type WriteCondition } from "../model/state-store.js";
import { checkKey } from "./keys.js";
import { classify, type SdkFailure } from "./s3-errors.js";
import { selfTest } from "./self-test.js";

/** Where the store is. */
export interface S3StoreOptions extends AwsReach {
  bucket: string;
  /** Everything before `state.json`, with a trailing slash: `stacks/<stack>/<environment>/`. */
  prefix: string;
  random: Random;
  /** Default: the SDK's own client. */
  connect?: ConnectBucket | undefined;
}

/** A client, and the commands it takes. */
export interface BucketClient {
  client: Pick<S3Client, "send" | "destroy">;
  sdk: typeof import("@aws-sdk/client-s3");
}

/** Makes the client; for a host that has a connection of its own. */
export type ConnectBucket = () => Promise<BucketClient>;

/** Times a read is sent before it fails; writes are sent once, so that each answer is known. */
const READS = 3;

/** A client for these options; path style with an endpoint. It never repeats a call by itself. */
export async function s3Client(reach: AwsReach): Promise<S3Client> {
  const { S3Client } = await import("@aws-sdk/client-s3");
  const options = await clientOptions(reach, { connectionTimeout: 5_000, requestTimeout: 20_000 });
  return new S3Client({ ...options, maxAttempts: 1, ...(reach.endpoint ? { forcePathStyle: true } : {}) });
}

/** A store on S3. See the head of the file. */
export function s3Store(options: S3StoreOptions): StateStore {
  return new S3Store(options);
}

class S3Store implements StateStore {
  readonly location: string;
  private connected: Promise<BucketClient> | undefined;

  constructor(private readonly options: S3StoreOptions) {
    this.location = `s3://${options.bucket}/${options.prefix.replace(/\/$/, "")}`;
  }

  private connect(): Promise<BucketClient> {
    const own = async (): Promise<BucketClient> => ({ client: await s3Client(this.options), sdk: await import("@aws-sdk/client-s3") });
    this.connected ??= (this.options.connect ?? own)();
    return this.connected;
  }

  private at(key: string): { Bucket: string; Key: string } {
    checkKey(key);
    return { Bucket: this.options.bucket, Key: this.options.prefix + key };
  }

  async get(key: string) {
    const at = this.at(key);
    const { sdk, client } = await this.connect();
    return this.reading(`read ${key}`, async () => {
      try {
        const reply = await client.send(new sdk.GetObjectCommand(at));
        return { bytes: (await reply.Body?.transformToByteArray()) ?? new Uint8Array(), tag: reply.ETag ?? "" };
      } catch (error) {
        if ((error as SdkFailure).name === "NoSuchKey") return null;
        throw error;
      }
    });
  }

  async put(key: string, bytes: Uint8Array, condition: WriteCondition): Promise<string> {
    const at = this.at(key);
    const { sdk, client } = await this.connect();
    const only = "ifMatch" in condition ? { IfMatch: condition.ifMatch } : { IfNoneMatch: "*" };
    const type = key.endsWith(".json") ? "application/json" : "application/octet-stream";
    try {
      const reply = await client.send(new sdk.PutObjectCommand({ ...at, ...only, Body: bytes, ContentType: type }));
      if (reply.ETag) return reply.ETag;
      throw new StoreError("unknown", `write ${key}: the reply has no ETag`);
    } catch (error) {
      throw this.failure(error, `write ${key}`, true);
    }
  }

  async list(prefix: string): Promise<string[]> {
    const { sdk, client } = await this.connect();
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.reading(`list ${prefix}`, () =>
        client.send(
          new sdk.ListObjectsV2Command({
            Bucket: this.options.bucket,
            Prefix: this.options.prefix + prefix,
            ...(token ? { ContinuationToken: token } : {}),
          }),
        ),
      );
      for (const object of page.Contents ?? []) if (object.Key) keys.push(object.Key.slice(this.options.prefix.length));
      token = page.NextContinuationToken;
    } while (token);
    return keys.sort(compareText);
  }

  async delete(key: string): Promise<void> {
    const at = this.at(key);
    const { sdk, client } = await this.connect();
    await this.reading(`delete ${key}`, () => client.send(new sdk.DeleteObjectCommand(at)));
  }

  selfTest(again: Again = (body) => body()): Promise<void> {
    return selfTest(this, this.options.random, again);
  }

  async close(): Promise<void> {
    if (this.connected) (await this.connected).client.destroy();
    this.connected = undefined;
  }

  private async reading<T>(what: string, body: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await body();
      } catch (error) {
        const failure = this.failure(error, what, false);
        const passing = isStoreError(failure, "throttled") || isStoreError(failure, "unavailable");
        if (!passing || attempt >= READS) throw failure;
      }
    }
  }

  private failure(error: unknown, what: string, write: boolean): Error {
    if (isStoreError(error)) return error;
    const name = (error as SdkFailure).name;
    if (name === "NoSuchBucket") {
      return usageError("no-bucket", `the state's bucket ${this.options.bucket} does not exist in ${this.options.region}`, {
        next: "panka backend create",
      });
    }
    if (name === "PermanentRedirect" || name === "AuthorizationHeaderMalformed") {
      return usageError("wrong-region", `the state's bucket ${this.options.bucket} is not in ${this.options.region}: ${messageOf(error)}`, {
        next: "set backend.region in panka.config.yaml",
      });
    }
    const failure = classify(error as SdkFailure, write);
    return new StoreError(failure, `${what} at ${this.location}: ${name}: ${messageOf(error)}`, error);
  }
}
