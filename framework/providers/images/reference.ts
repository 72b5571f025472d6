/** References to images: `[registry/]repository[:tag][@digest]`, as Docker reads them (distribution/reference). */

/** A reference, taken apart. */
export interface ImageReference {
  /** Host, with a port where one is written; `docker.io` where none is written. */
  registry: string;
  /** Path in the registry: `library/nginx`. */
  repository: string;
  /** `latest` where neither tag nor digest is written. */
  tag: string;
  digest?: string;
  /** As written, without tag and digest. */
  name: string;
}

/** Takes a reference apart; undefined for text that is none. */
export function parseImage(image: string): ImageReference | undefined {
  const match = /^([^@\s]+?)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(image);
  const name = match?.[1];
  if (!name || !/^[a-z0-9.:_/-]+$/i.test(name)) return undefined;
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const hosted = first.includes(".") || first.includes(":") || first === "localhost";
  const path = hosted ? name.slice(slash + 1) : name;
  const registry = hosted ? first : "docker.io";
  return {
    registry,
    repository: registry === "docker.io" && !path.includes("/") ? `library/${path}` : path,
    tag: match?.[2] ?? "latest",
    ...(match?.[3] ? { digest: match[3] } : {}),
    name,
  };
}

/** True for a registry on this machine, which Docker, too, asks without TLS. */
export function isLoopback(registry: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(registry);
}
