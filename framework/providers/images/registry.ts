/** What a tag points to, asked of a registry that speaks Docker's HTTP API v2 (distribution/docs/spec/api.md), with an anonymous token where it wants one. */
import { messageOf } from "../../base/errors.js";
import { sha256 } from "../../base/json.js";
import { type ImageReference, isLoopback } from "./reference.js";

/** Kinds of manifest: lists of several platforms first, so that the digest is that of the list. */
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** A manifest is smaller than this (the specification's limit), bytes. */
const MANIFEST_BYTES = 4 * 1024 * 1024;

/** A digest, or why there is none, in plain words. */
export type DigestAnswer = { digest: string } | { why: string };

/** Asks the registry. `send`: default the platform's own fetch. Never throws; waits `timeoutMs` at most in all. */
export async function registryDigest(image: ImageReference, timeoutMs: number, send: typeof fetch = fetch): Promise<DigestAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await ask(image, signal, send);
  } catch (error) {
    if (signal.aborted) return { why: `${image.registry} did not answer within ${timeoutMs / 1000} s` };
    const cause = (error as { cause?: unknown }).cause;
    return { why: `${image.registry} could not be asked: ${messageOf(cause ?? error)}` };
  }
}

async function ask(image: ImageReference, signal: AbortSignal, fetch: typeof globalThis.fetch): Promise<DigestAnswer> {
  const url = `${baseOf(image.registry)}/v2/${image.repository}/manifests/${image.tag}`;
  const send = (method: string, token?: string): Promise<Response> =>
    fetch(url, { method, signal, headers: { accept: MANIFESTS, ...(token ? { authorization: `Bearer ${token}` } : {}) } });
  let token: string | undefined;
  let answer = await send("HEAD");
  if (answer.status === 401) {
    token = await anonymousToken(answer.headers.get("www-authenticate") ?? "", image, signal, fetch);
    if (token === undefined) return { why: `${image.registry} wants a login` };
    answer = await send("HEAD", token);
  }
  if (answer.status === 404) return { why: `${image.registry} has no ${image.repository}:${image.tag}` };
  if (answer.status === 401 || answer.status === 403) return { why: `${image.registry} wants a login` };
  if (!answer.ok) return { why: `${image.registry} answered ${answer.status}` };
  const named = answer.headers.get("docker-content-digest") ?? "";
  if (DIGEST.test(named)) return { digest: named };
  return digestOfBody(await send("GET", token), image);
}

/** A registry that does not name the digest: it is that of the manifest's bytes. */
async function digestOfBody(answer: Response, image: ImageReference): Promise<DigestAnswer> {
  if (!answer.ok) return { why: `${image.registry} answered ${answer.status}` };
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes.length > MANIFEST_BYTES) return { why: `${image.registry} answered with more than a manifest` };
  return { digest: `sha256:${sha256(bytes)}` };
}

/** The token that the registry's own token service gives to anyone; undefined where it gives none. */
async function anonymousToken(
  challenge: string,
  image: ImageReference,
  signal: AbortSignal,
  fetch: typeof globalThis.fetch,
): Promise<string | undefined> {
  const parameter = (name: string): string | undefined => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
  const realm = parameter("realm");
  if (!/^bearer /i.test(challenge) || !realm || !URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  if (url.protocol !== "https:" && !isLoopback(url.host)) return undefined;
  const service = parameter("service");
  if (service) url.searchParams.set("service", service);
  url.searchParams.set("scope", parameter("scope") ?? `repository:${image.repository}:pull`);
  const answer = await fetch(url, { signal });
  if (!answer.ok) return undefined;
  const { token, access_token } = (await answer.json()) as { token?: unknown; access_token?: unknown };
  const given = token ?? access_token;
  return typeof given === "string" ? given : undefined;
}

/** Docker Hub answers under a name of its own. */
function baseOf(registry: string): string {
  if (registry === "docker.io" || registry === "index.docker.io") return "https://registry-1.docker.io";
  return `${isLoopback(registry) ? "http" : "https"}://${registry}`;
}
