/** Digests of images across runs: a tag is read once and stays until it is read again; a release keeps what was deployed. */
import { hashJson, isPlainObject } from "../base/json.js";
import type { Assembly } from "../model/assembly.js";
import { DIGEST_LOOKUP, IMAGE_TYPE, type ImageDigests, imageOf } from "../model/images.js";
import type { PlanPort, Props } from "../model/provider.js";
import { TASK_TYPE } from "../model/tasks.js";
import type { ReleaseRecord, StateFile } from "../model/state-file.js";
import { tagOf, type Value } from "../model/values.js";
import { parseImage } from "../providers/images/reference.js";
import { lookupKey } from "../plan/resolve.js";

/**
 * The port, which tells of each tag what it found: that it moved since it was recorded, that it is deployed by the tag because its registry
 * does not answer. A digest that is recorded stays where the registry does not answer.
 */
export function withDigests(port: PlanPort, recorded: StateFile | null, say: (notice: string) => void): PlanPort {
  return {
    plan: (call) => port.plan(call),
    lookup: async (token, args) => {
      const found = await port.lookup(token, args);
      if (token !== DIGEST_LOOKUP) return found;
      const before = recorded?.lookups[lookupKey(token, args)]?.result as Props | undefined;
      return settled(found, before, say);
    },
  };
}

function settled(found: Props, before: Props | undefined, say: (notice: string) => void): Props {
  const { image, digest, why } = found as { [key: string]: string };
  const was = before?.["digest"];
  if (digest === "") {
    if (why) say(was ? `${image} stays at ${was}: ${why}` : `${image} is deployed by tag: ${why}`);
    return before && was ? before : found;
  }
  if (was && was !== digest) say(`${image} now points to ${digest}; deployed is ${was}`);
  return found;
}

/** What is deployed: given images by their tag, and the built ones. */
export function imagesOf(state: Pick<StateFile, "lookups" | "resources">): ImageDigests {
  const found: [string, string][] = [];
  for (const { token, args, result } of Object.values(state.lookups)) {
    const image = token === DIGEST_LOOKUP ? imageOf(args) : undefined;
    if (image !== undefined && isPlainObject(result)) found.push([image, String(result["digest"] ?? "")]);
  }
  for (const { type, id, outputs } of Object.values(state.resources))
    if (type === IMAGE_TYPE) found.push([id, String(outputs["digest"] ?? "")]);
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The assembly of a release as it is gone back to, and its hash: each tag replaced by the digest that it had then, and without the commands
 * that ran before its traffic: they brought data forward, and are not to run again over newer data.
 */
export function pinned(release: ReleaseRecord): { assembly: Assembly; hash: string } {
  const assembly = release.assembly as Assembly;
  let pins = 0;
  const walk = (value: Value): Value => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isPlainObject(value)) return value;
    const digest = digestIn(value, release.images ?? {});
    if (digest === undefined) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner as Value)]));
    pins += 1;
    return digest;
  };
  const ran = new Set(assembly.resources.filter((r) => r.type === TASK_TYPE).map((r) => r.urn));
  const resources = assembly.resources
    .filter((r) => !ran.has(r.urn))
    .map((r) => ({ ...r, props: walk(r.props) as { [key: string]: Value }, dependsOn: r.dependsOn.filter((urn) => !ran.has(urn)) }));
  if (pins + ran.size === 0) return { assembly, hash: release.assemblyHash };
  const result = { ...assembly, resources };
  return { assembly: result, hash: hashJson(result) };
}

function digestIn(value: { [key: string]: unknown }, images: ImageDigests): string | undefined {
  if (tagOf(value) !== "$lookup") return undefined;
  const { token, args } = value["$lookup"] as { token: string; args: Value };
  const image = token === DIGEST_LOOKUP ? imageOf(args as Props) : undefined;
  const digest = image === undefined ? undefined : images[image];
  return digest ? `${parseImage(image as string)?.name}@${digest}` : undefined;
}
