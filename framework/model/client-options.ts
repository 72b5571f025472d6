/** Options that the clients of a cloud's SDK have in common. */
import type { Agent } from "node:https";
import type { ProxySettings } from "../base/proxy.js";

/** How to reach AWS's services. */
export interface AwsReach {
  region: string;
  /** Of an emulator. Default: AWS's own. */
  endpoint?: string | undefined;
  profile?: string | undefined;
  proxy?: ProxySettings | undefined;
}

/** How long a client waits, ms. */
export interface ClientTimeouts {
  connectionTimeout?: number;
  requestTimeout?: number;
}

/** Options of an SDK client. Without a region the SDK looks for one itself. */
export async function clientOptions({ region, endpoint, profile, proxy }: AwsReach, timeouts?: ClientTimeouts) {
  return {
    ...(region ? { region } : {}),
    ...(endpoint ? { endpoint } : {}),
    ...(profile ? { profile } : {}),
    ...(await requestHandler(proxy, timeouts)),
  };
}

/** `requestHandler` of a client: timeouts, and the agent that goes through the proxy where there is one. Nothing is loaded without a proxy. */
async function requestHandler(
  proxy: ProxySettings | undefined,
  timeouts?: ClientTimeouts,
): Promise<{ requestHandler?: ClientTimeouts & { httpsAgent?: Agent } }> {
  if (proxy?.https === undefined) return timeouts ? { requestHandler: timeouts } : {};
  const { TunnelAgent } = await import("./tunnel.js");
  return { requestHandler: { ...timeouts, httpsAgent: new TunnelAgent(proxy) } };
}
