/** A registry of images in this process: Docker's HTTP API v2, which stores blobs and manifests, with tags that may be fixed and a token service. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

/** How it behaves. */
export interface RegistryOptions {
  /** It wants a token, which its token service gives to anyone. */
  tokens?: boolean;
  /** It wants a login that nobody here has. */
  closed?: boolean;
  /** It does not say the digest in a header. */
  silent?: boolean;
  /** It takes requests and never answers. */
  hangs?: boolean;
  /** A tag is written once. */
  immutable?: boolean;
}

/** A running registry. */
export interface TestRegistry {
  /** `127.0.0.1:<port>`. */
  host: string;
  /** `METHOD path` of every request. */
  requests: string[];
  /** Puts a manifest under a tag; gives its digest. */
  put(repository: string, tag: string, text: string): string;
  /** The digest behind a tag. */
  digest(repository: string, tag: string): string | undefined;
  stop(): Promise<void>;
}

/** A part of an image, as a manifest names it. */
interface Blob {
  digest: string;
}

const sha = (bytes: Uint8Array | string): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** Starts one on a free port. */
export async function startRegistry(options: RegistryOptions = {}): Promise<TestRegistry> {
  const blobs = new Map<string, Uint8Array>();
  const tags = new Map<string, string>();
  const requests: string[] = [];
  let host = "";
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (options.hangs) return;
    void buffer(request).then((bytes) => answer(request, bytes, response));
  });
  const put = (repository: string, tag: string, bytes: Uint8Array): string => {
    const digest = sha(bytes);
    blobs.set(digest, bytes);
    tags.set(`${repository}:${tag}`, digest);
    return digest;
  };
  function answer(request: IncomingMessage, bytes: Uint8Array, response: ServerResponse): ServerResponse {
    const url = new URL(request.url ?? "/", `http://${host}`);
    const end = (status: number, headers: Record<string, string> = {}, text: string | Uint8Array = ""): ServerResponse => {
      response.writeHead(status, headers);
      return response.end(request.method === "HEAD" ? undefined : text);
    };
    if (url.pathname === "/token") return end(200, {}, JSON.stringify({ token: `for ${url.searchParams.get("scope")}` }));
    const [, repository = "", what = "", name = ""] = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(url.pathname) ?? [];
    const challenge = `Bearer realm="http://${host}/token",service="test",scope="repository:${repository}:pull"`;
    if (options.closed) return end(401, { "www-authenticate": 'Basic realm="private"' });
    if (options.tokens && request.headers.authorization !== `Bearer for repository:${repository}:pull`)
      return end(401, { "www-authenticate": challenge });
    if (what === "blobs" && request.method === "POST") return end(202, { location: `/v2/${repository}/blobs/uploads/1` });
    if (what === "blobs" && request.method === "PUT") {
      const digest = url.searchParams.get("digest") ?? "";
      if (digest !== sha(bytes)) return end(400);
      blobs.set(digest, bytes);
      return end(201);
    }
    if (what === "manifests" && request.method === "PUT") {
      if (options.immutable && tags.has(`${repository}:${name}`)) return end(400, {}, `tag ${name} already exists and is immutable`);
      const { config, layers } = JSON.parse(new TextDecoder().decode(bytes)) as { config: Blob; layers: Blob[] };
      if (![config, ...layers].every((blob) => blobs.has(blob.digest))) return end(404, {}, "manifest blob unknown");
      return end(201, { "docker-content-digest": put(repository, name, bytes) });
    }
    const digest = name.startsWith("sha256:") ? name : tags.get(`${repository}:${name}`);
    const found = digest === undefined ? undefined : blobs.get(digest);
    if (!found) return end(404);
    return end(200, options.silent ? {} : { "docker-content-digest": digest as string }, found);
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host = `127.0.0.1:${(server.address() as { port: number }).port}`;
  return {
    host,
    requests,
    put: (repository, tag, text) => put(repository, tag, new TextEncoder().encode(text)),
    digest: (repository, tag) => tags.get(`${repository}:${tag}`),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
