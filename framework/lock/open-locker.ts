/** A locker from plain data, so that the heartbeat's thread can make its own. */
import type { Clock, Random } from "../base/clock.js";
import type { ProxySettings } from "../base/proxy.js";
import type { Locker } from "../model/locker.js";
import type { ConnectTable } from "./dynamodb-client.js";
import { dynamodbLocker } from "./dynamodb.js";
import { localLocker } from "./local.js";

/** Which locker, as data that can be sent to a thread. */
export type LockerConfig =
  | { type: "local"; folder: string; location?: string }
  | {
      type: "dynamodb";
      table: string;
      region: string;
      endpoint?: string;
      profile?: string;
      proxy?: ProxySettings;
      stack: string;
      environment: string;
      /** The state's bucket, which lock item and head carry; and prefix and tenant, which change the keys. "" where the state is local. */
      bucket: string;
      prefix?: string;
      tenant?: string;
      /** Of the stack, where it has several. */
      regional?: string;
    };

/** Opens it. The SDK is loaded at the first call, and only for `dynamodb`. */
export async function openLocker(
  config: LockerConfig,
  world: { clock: Clock; random: Random; connect?: ConnectTable | undefined },
): Promise<Locker> {
  if (config.type === "local") return localLocker({ ...config, ...world });
  return dynamodbLocker({ ...config, ...world });
}
