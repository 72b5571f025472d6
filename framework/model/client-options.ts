/** Options that the clients of a cloud's SDK have in common. */
import type { Agent } from "node:https";
import type { ProxySettings } from "../base/proxy.js";

/** How long a client waits, ms. */
export interface ClientTimeouts {
  connectionTimeout?: number;
  requestTimeout?: number;
}

/** `requestHandler` of a client: timeouts, and the agent that goes through the proxy where there is one. Nothing is loaded without a proxy. */
export async function requestHandler(
  proxy: ProxySettings | undefined,
  timeouts?: ClientTimeouts,
): Promise<{ requestHandler?: ClientTimeouts & { httpsAgent?: Agent } }> {
  if (proxy?.https === undefined) return timeouts ? { requestHandler: timeouts } : {};
  const { TunnelAgent } = await import("./tunnel.js");
  return { requestHandler: { ...timeouts, httpsAgent: new TunnelAgent(proxy) } };
}
