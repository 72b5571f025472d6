/** HTTPS through a proxy, for clients that take an agent of Node's. Loaded only where an environment names a proxy. */
import { once } from "node:events";
import { request as plainRequest } from "node:http";
import { Agent, type RequestOptions, request as secureRequest } from "node:https";
import type { Duplex } from "node:stream";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { messageOf } from "../base/errors.js";
import { type ProxySettings, proxyFor, shownProxy } from "../base/proxy.js";

/** Longest wait for the proxy to open a tunnel, ms. */
const TUNNEL_MS = 10_000;

type Opened = (error: Error | null, stream: Duplex) => void;

/** An agent whose connections go through the proxy that the settings name for their host, by CONNECT (RFC 9110, 9.3.6), or directly where they name none. */
export class TunnelAgent extends Agent {
  constructor(private readonly proxy: ProxySettings) {
    super({ keepAlive: true, maxSockets: 50 });
  }

  /** Called by Node for each new connection. Failures name the proxy, never its password. */
  override createConnection(options: RequestOptions, opened?: Opened): Duplex | null | undefined {
    const target = `${options.host ?? "localhost"}:${options.port ?? 443}`;
    const proxy = proxyFor(`https://${target}`, this.proxy);
    if (proxy === undefined) return super.createConnection(options, opened);
    secureTunnel(proxy, target, options as ConnectionOptions).then(
      (socket) => opened?.(null, socket),
      // Node's type wants a stream here, too; there is none.
      (error) => (opened as ((error: Error) => void) | undefined)?.(error),
    );
    return undefined;
  }
}

/** TLS with `host:port` on the far side of a proxy. Throws what {@link failed} makes where there is no tunnel, and what TLS says where it fails. */
export async function secureTunnel(proxy: string, target: string, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ ...options, socket: await openTunnel(proxy, target) });
  await once(socket, "secureConnect");
  return socket;
}

/** A connection to `host:port` on the far side of a proxy. Throws what {@link failed} makes: nothing was sent. */
function openTunnel(proxy: string, target: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    if (!URL.canParse(proxy)) return reject(failed(proxy, "is no address", "such as http://proxy.example:3128"));
    const { protocol, hostname, port, username, password } = new URL(proxy);
    if (protocol !== "http:" && protocol !== "https:") return reject(failed(proxy, "is not supported yet", "http or https"));
    const secure = protocol === "https:";
    const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64");
    const asked = (secure ? secureRequest : plainRequest)({
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port || (secure ? 443 : 80),
      method: "CONNECT",
      path: target,
      headers: { host: target, ...(username ? { "proxy-authorization": `Basic ${login}` } : {}) },
      agent: false,
      timeout: TUNNEL_MS,
    });
    asked.once("connect", (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(failed(proxy, `refused a connection to ${target}`, `200, it answered ${answer.statusCode}`));
    });
    asked.once("response", (answer) => {
      answer.destroy();
      reject(failed(proxy, `refused a connection to ${target}`, `200, it answered ${answer.statusCode}`));
    });
    asked.once("timeout", () => asked.destroy(new Error(`no answer within ${TUNNEL_MS / 1000} s`)));
    asked.once("error", (cause) => reject(failed(proxy, `can't be used: ${messageOf(cause)}`)));
    asked.end();
  });
}

/** An error in plain words, with the code of an unreachable host, so that it counts as a call that was never sent. */
function failed(proxy: string, what: string, expected?: string): Error {
  const message = `the proxy ${shownProxy(proxy)} ${what}${expected ? `; expected ${expected}` : ""}`;
  return Object.assign(new Error(message), { code: "EHOSTUNREACH" });
}
