/** The state's bucket: S3 as far as the store uses it, and the client that a process reaches it with. */
import { createHash } from "node:crypto";
import * as sdk from "@aws-sdk/client-s3";
import type { BucketClient } from "../../framework/state/s3.js";
import type { Failure, Network } from "./network.js";
import type { SimProcess, Thread } from "./process.js";

/** An object that was written, for those who watch the bucket. */
export interface BucketWrite {
  key: string;
  before: Uint8Array | undefined;
  bytes: Uint8Array;
  by: SimProcess;
}

/** What a planted bug changes on the way; all absent in a healthy simulation. */
export interface BucketBugs {
  /** The If-Match of this write is ignored. */
  ignoreMatch?(key: string): boolean;
  /** What the ETag is made of; default all bytes. */
  tagOf?(key: string, bytes: Uint8Array): Promise<string>;
  /** Answers a write in place of the service; a number: it is carried out so much later, ms. */
  swallow?(key: string, bytes: Uint8Array, by: SimProcess): Promise<{ tag: string; laterMs?: number } | undefined>;
  /** What a process reads. */
  read?(key: string, bytes: Uint8Array, by: SimProcess): Promise<Uint8Array>;
}

const TIMEOUT_MS = 20_000;
const PAGE = 40;

/** The service. Consistent, as S3 is. */
export class SimBucket {
  readonly objects = new Map<string, { bytes: Uint8Array; tag: string }>();
  /** Told of each write, one after the other. */
  readonly watchers: ((write: BucketWrite) => Promise<void>)[] = [];
  /** Told of each object or prefix that a process is about to read, write or list. */
  onTouch: (key: string, by: SimProcess) => void = () => {};
  bugs: BucketBugs = {};

  /** Carries a command out. Throws what the service answers. */
  apply(name: string, input: any, by: SimProcess): unknown {
    const key = input.Key as string;
    const found = this.objects.get(key);
    switch (name) {
      case "GetObjectCommand": {
        if (!found) throw refusal("NoSuchKey", 404);
        const bytes = this.bugs.read ? this.bugs.read(key, found.bytes, by) : Promise.resolve(found.bytes);
        return { ETag: found.tag, Body: { transformToByteArray: async () => (await bytes).slice() } };
      }
      case "PutObjectCommand":
        return this.put(key, input.Body as Uint8Array, input, by).then((ETag) => ({ ETag }));
      case "DeleteObjectCommand":
        this.objects.delete(key);
        return {};
      case "ListObjectsV2Command": {
        const keys = [...this.objects.keys()].filter((k) => k.startsWith(input.Prefix) && k > (input.ContinuationToken ?? "")).sort();
        const page = keys.slice(0, PAGE);
        const NextContinuationToken = keys.length > PAGE ? page.at(-1) : undefined;
        return { Contents: page.map((Key) => ({ Key })), NextContinuationToken };
      }
      default:
        throw new Error(`the simulated bucket knows no ${name}`);
    }
  }

  private async put(key: string, bytes: Uint8Array, only: { IfMatch?: string; IfNoneMatch?: string }, by: SimProcess): Promise<string> {
    const found = this.objects.get(key);
    if (only.IfNoneMatch === "*" && found) throw refusal("PreconditionFailed", 412);
    if (only.IfMatch !== undefined && !found) throw refusal("NoSuchKey", 404);
    if (only.IfMatch !== undefined && found?.tag !== only.IfMatch && !this.bugs.ignoreMatch?.(key)) {
      throw refusal("PreconditionFailed", 412);
    }
    const own = this.bugs.tagOf ? await this.bugs.tagOf(key, bytes) : bytes;
    const tag = `"${createHash("md5").update(own).digest("hex")}"`;
    this.objects.set(key, { bytes: bytes.slice(), tag });
    for (const watch of this.watchers) await watch({ key, before: found?.bytes, bytes, by });
    return tag;
  }
}

function refusal(name: string, httpStatusCode: number): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
}

const ERRORS: { [kind in Failure]: [string, number | undefined] } = {
  timeout: ["TimeoutError", undefined],
  reset: ["ECONNRESET", undefined],
  "500": ["InternalError", 500],
  "503": ["SlowDown", 503],
  throttled: ["SlowDown", 503],
  "409": ["ConditionalRequestConflict", 409],
  conflict: ["ConditionalRequestConflict", 409],
};

/** A process's client. Each call is sent once. */
export function bucketClientOf(bucket: SimBucket, network: Network, thread: Thread): BucketClient {
  const failure = (kind: Failure): Error => {
    const [name, httpStatusCode] = ERRORS[kind];
    return Object.assign(new Error(`simulated ${kind}`), { name, $metadata: { httpStatusCode } });
  };
  const send = async (command: any): Promise<unknown> => {
    const name = command.constructor.name as string;
    const { input } = command;
    bucket.onTouch(input.Key ?? input.Prefix, thread.process);
    const write = name === "PutObjectCommand" || name === "DeleteObjectCommand";
    const swallowed = name === "PutObjectCommand" ? await bucket.bugs.swallow?.(input.Key, input.Body, thread.process) : undefined;
    const call = {
      thread,
      service: "s3" as const,
      what: `${name.replace("Command", "").replace("Object", "")} ${input.Key ?? input.Prefix}`,
      write,
      apply: () => bucket.apply(name, input, thread.process),
      timeoutMs: TIMEOUT_MS,
      failure,
    };
    if (!swallowed) return network.send(call);
    if (swallowed.laterMs !== undefined) thread.post(swallowed.laterMs, () => void network.send(call).catch(() => {}));
    return { ETag: swallowed.tag };
  };
  return { client: { send, destroy: () => {} } as unknown as BucketClient["client"], sdk };
}
