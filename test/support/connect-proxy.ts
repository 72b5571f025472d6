/** A proxy in this process that opens tunnels (CONNECT), and a certificate for what stands behind it. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";

/** A running proxy. */
export interface ConnectProxy {
  /** `http://me:secret@127.0.0.1:<port>`. */
  url: string;
  /** `host:port` of each tunnel asked for, in order. */
  tunnels: string[];
  /** What came as Proxy-Authorization. */
  logins: (string | undefined)[];
  stop(): Promise<void>;
}

/** Starts one. It leads every tunnel to `target` (a port of this machine), whatever host is asked for; with `refuses` it answers that status to all. */
export async function startConnectProxy(target: number, refuses?: number): Promise<ConnectProxy> {
  const tunnels: string[] = [];
  const logins: (string | undefined)[] = [];
  const open = new Set<Duplex>();
  const server = createServer();
  server.on("connect", (request: IncomingMessage, socket: Duplex) => {
    tunnels.push(request.url ?? "");
    logins.push(request.headers["proxy-authorization"]);
    open.add(socket);
    if (refuses) return void socket.end(`HTTP/1.1 ${refuses} No\r\ncontent-length: 0\r\n\r\n`);
    const onward = connect(target, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    for (const socket of open) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { url: `http://me:secret@127.0.0.1:${port}`, tunnels, logins, stop };
}

/** A key and a self-signed certificate, made with openssl in a folder; undefined where there is no openssl. */
export function selfSigned(folder: string): { key: string; cert: string } | undefined {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=test", "-days", "2"];
  try {
    execFileSync("openssl", [...made, "-keyout", key, "-out", cert], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
}
