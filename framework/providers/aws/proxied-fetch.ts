/** A fetch that goes through the proxy that the environment names. */
import { type ProxySettings, proxyFor } from "../../base/proxy.js";

/** The platform's fetch, or one that goes through a proxy where the settings name one for the address. Its failures name the proxy, never its password. */
export function proxiedFetch(proxy: ProxySettings | undefined): typeof globalThis.fetch {
  if (proxy === undefined) return fetch;
  return (async (to: string | URL, init: object) => {
    const through = proxyFor(String(to), proxy);
    if (through === undefined) return fetch(to, init);
    const { fetch: fetchBy } = await import("undici");
    try {
      return await fetchBy(to, { ...init, dispatcher: await dispatcherFor(String(to), through) });
    } catch (error) {
      // "fetch failed": what went wrong is its cause.
      throw (error as { cause?: unknown }).cause ?? error;
    }
  }) as unknown as typeof globalThis.fetch;
}

/** Https through a tunnel of ours (undici's own says of a proxy that refuses only that a request was cancelled), http as undici does it. */
async function dispatcherFor(url: string, proxy: string) {
  const { Agent, ProxyAgent } = await import("undici");
  if (!url.startsWith("https:")) return new ProxyAgent(proxy);
  const { secureTunnel } = await import("../../model/tunnel.js");
  return new Agent({
    connect: ({ hostname, port, servername }, opened) => {
      secureTunnel(proxy, `${hostname}:${port || 443}`, { servername: servername ?? hostname, ALPNProtocols: ["http/1.1"] }).then(
        (socket) => opened(null, socket),
        (error) => opened(error, null),
      );
    },
  });
}
