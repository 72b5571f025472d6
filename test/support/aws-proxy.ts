/** A proxy before the AWS emulator: it writes down each call, and can answer in its place, or not at all. */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";

/** One call as it passed. */
export interface AwsCall {
  /** From the signature: `s3`, `dynamodb`, `sts` ... */
  service: string;
  /** `PutItem`, `AssumeRole`; for S3 the method and what is asked of it, such as `PUT object`, `GET bucket?versioning`. */
  operation: string;
  /** Access key of the signature. */
  accessKey: string;
  /** The User-Agent: whether the plugin or the SDK called. */
  agent: string;
  body: string;
  /** Decoded path and query. */
  url: string;
  /** Of the reply; 0 as long as there is none. */
  status: number;
}

/** What becomes of a call: undefined passes it on, a reply answers it, "hang" never does, "reset" breaks the connection, "unconditional" passes it on without its If-Match and If-None-Match; `after` lets it happen first. */
export type Fault = undefined | { status: number; body: string; after?: boolean } | "hang" | "reset" | "reset-after" | "unconditional";

/** A running proxy. */
export interface AwsProxy {
  endpoint: string;
  calls: AwsCall[];
  /** Asked for each call. */
  fault: (call: AwsCall) => Fault;
  stop(): Promise<void>;
}

/** The error that AWS gives for credentials that ran out, as each protocol spells it. */
export function expiredToken(call: AwsCall): Fault {
  const text = "The security token included in the request is expired";
  if (["dynamodb", "kms", "secretsmanager"].includes(call.service))
    return { status: 400, body: JSON.stringify({ __type: "ExpiredTokenException", message: text }) };
  if (call.service === "s3") return { status: 400, body: `<Error><Code>ExpiredToken</Code><Message>${text}</Message></Error>` };
  return { status: 403, body: `<ErrorResponse><Error><Code>ExpiredToken</Code><Message>${text}</Message></Error></ErrorResponse>` };
}

/** Whose turn it is: the emulator undoes a refused transaction by a copy of all tables, and with it what others did meanwhile. */
export interface Turns {
  last: Promise<void>;
}

/** Starts a proxy before `target` on a free port. Transactions of all proxies with the same `turns` go one at a time. */
export async function startAwsProxy(target: string, turns?: Turns): Promise<AwsProxy> {
  const to = new URL(target);
  const proxy: AwsProxy = { endpoint: "", calls: [], fault: () => undefined, stop: async () => {} };
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on("data", (d) => parts.push(d));
    req.on("end", () => {
      const body = Buffer.concat(parts);
      const call = describe(req, body);
      proxy.calls.push(call);
      res.on("finish", () => {
        call.status = res.statusCode;
      });
      const fault = proxy.fault(call);
      if (fault === "hang") return;
      if (fault === "reset") return req.socket.destroy();
      if (fault && typeof fault === "object" && !fault.after) return answer(res, fault);
      const send = (): void => forward(to, req, body, res, fault);
      if (!turns || call.operation !== "TransactWriteItems") return send();
      const before = turns.last;
      turns.last = new Promise((resolve) => res.on("close", resolve));
      void before.then(send);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  proxy.endpoint = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  proxy.stop = () => close(server);
  return proxy;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function answer(res: ServerResponse, fault: { status: number; body: string }): void {
  res.writeHead(fault.status, { "content-type": fault.body.startsWith("{") ? "application/x-amz-json-1.0" : "application/xml" });
  res.end(fault.body);
}

function forward(to: URL, req: IncomingMessage, body: Buffer, res: ServerResponse, fault: Fault): void {
  const headers: IncomingMessage["headers"] = { ...req.headers, host: to.host };
  if (fault === "unconditional") for (const name of ["if-match", "if-none-match"]) delete headers[name];
  const out = request({ host: to.hostname, port: to.port, method: req.method, path: req.url, headers }, (reply) => {
    if (fault === "reset-after") {
      reply.resume();
      return req.socket.destroy();
    }
    if (fault && typeof fault === "object") {
      reply.resume();
      return answer(res, fault);
    }
    res.writeHead(reply.statusCode ?? 500, reply.headers);
    reply.pipe(res);
  });
  out.on("error", () => req.socket.destroy());
  out.end(body);
}

function describe(req: IncomingMessage, body: Buffer): AwsCall {
  const authorization = String(req.headers.authorization ?? "");
  const [, accessKey = "", service = ""] = /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(authorization) ?? [];
  const text = body.toString("latin1");
  const url = decodeURIComponent(req.url ?? "/");
  const target = String(req.headers["x-amz-target"] ?? "").split(".")[1];
  const action = target ?? new URLSearchParams(text).get("Action") ?? restOperation(req.method ?? "", url);
  const operation = service === "s3" ? restOperation(req.method ?? "", url) : action;
  return { service, operation, accessKey, agent: String(req.headers["user-agent"] ?? ""), body: text, url, status: 0 };
}

/** `PUT object`, `GET bucket?versioning`: path style, so the first part of the path is the bucket. */
function restOperation(method: string, url: string): string {
  const [path = "/", query = ""] = url.split("?");
  const isObject = path.replace(/^\//, "").includes("/") && !path.endsWith("/");
  const what = query
    .split("&")
    .map((p) => p.replace(/=.*$/, ""))
    .filter((p) => p && !p.startsWith("x-id") && !p.startsWith("X-Amz"));
  return `${method} ${isObject ? "object" : "bucket"}${what.length ? `?${what[0]}` : ""}`;
}
