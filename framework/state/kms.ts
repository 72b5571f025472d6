/** Data keys from AWS KMS. One GenerateDataKey per run to seal with; one Decrypt per foreign data key to open. */
import type { KMSClient } from "@aws-sdk/client-kms";
import { messageOf, PankaError } from "../base/errors.js";
import { type AwsReach, clientOptions } from "../model/client-options.js";
import { StoreError } from "../model/state-store.js";
import type { KeyRing } from "./cipher.js";
import { classify, type SdkFailure } from "./s3-errors.js";

/**
 * A ring over the KMS key `alias/NAME`, key id or ARN. Calls fail as PankaError `no-key`: without KMS the values stay sealed;
 * `cannot-decrypt` for a data key that KMS did not make; StoreError `expired` where the credentials did.
 */
export function kmsKeys(keyId: string, aws: AwsReach): KeyRing {
  let client: Promise<KMSClient> | undefined;
  const keys = new Map<string, Promise<Uint8Array>>();
  let own: Promise<{ part: string; key: Uint8Array }> | undefined;
  const sdk = () => import("@aws-sdk/client-kms");
  const connect = () => {
    client ??= sdk().then(async ({ KMSClient }) => new KMSClient(await clientOptions(aws)));
    return client;
  };
  const asNoKey = (error: unknown): never => {
    if (classify(error as SdkFailure, false) === "expired") throw new StoreError("expired", messageOf(error), error);
    throw new PankaError("no-key", `the key awskms://${keyId} can't be used: ${messageOf(error)}`, {
      next: "check backend.encryption and the permissions kms:GenerateDataKey and kms:Decrypt",
      cause: error,
    });
  };
  /** KMS does not know the wrapped key: it was edited, or another key wrapped it. Source: KMS API reference, Decrypt. */
  const foreign = new Set(["InvalidCiphertextException", "IncorrectKeyException"]);
  const asForeign = (error: unknown): never => {
    if (!foreign.has((error as { name?: string }).name ?? "")) return asNoKey(error);
    const message = `the data key beside it was not made by awskms://${keyId}, or was changed`;
    throw new PankaError("cannot-decrypt", message, { next: "set backend.encryption to the key that it was encrypted with", cause: error });
  };
  const generate = async () => {
    const { GenerateDataKeyCommand } = await sdk();
    const reply = await (await connect()).send(new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: "AES_256" }));
    const part = Buffer.from(reply.CiphertextBlob as Uint8Array).toString("base64url");
    const key = reply.Plaintext as Uint8Array;
    keys.set(part, Promise.resolve(key));
    return { part, key };
  };
  const decrypt = async (part: string): Promise<Uint8Array> => {
    const { DecryptCommand } = await sdk();
    const reply = await (await connect()).send(new DecryptCommand({ CiphertextBlob: Buffer.from(part, "base64url") }));
    return reply.Plaintext as Uint8Array;
  };
  return {
    mode: "w",
    current() {
      own ??= generate().catch(asNoKey);
      return own;
    },
    find(part) {
      const known = keys.get(part) ?? decrypt(part).catch(asForeign);
      keys.set(part, known);
      return known;
    },
  };
}
