/** Images that a stack builds: their content hashes, known without Docker, and how each is built. */
import { existsSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { DiagnosticBag } from "../base/diagnostics.js";
import { messageOf } from "../base/errors.js";
import type { ImageBuild } from "../model/images.js";
import { contentHash, type ReadContexts } from "../providers/images/context.js";
import { inside, type WantedAsset } from "./assets.js";

/** Hashes the builds among the wanted; adds hash by `<address>#<key>` to `hashes`; returns the builds by content. Problems go to the bag. */
export function imageBuilds(
  wanted: readonly WantedAsset[],
  projectRoot: string,
  bag: DiagnosticBag,
  hashes: Map<string, string>,
): Map<string, ImageBuild> {
  const builds = new Map<string, ImageBuild>();
  const root = realpathSync(projectRoot);
  const read: ReadContexts = new Map();
  for (const asset of wanted) {
    const build = buildOf(asset, root, bag, read);
    if (!build) continue;
    builds.set(build.content, build);
    hashes.set(`${asset.address}#${asset.key}`, build.content);
  }
  return builds;
}

function buildOf(asset: WantedAsset, root: string, bag: DiagnosticBag, read: ReadContexts): ImageBuild | undefined {
  const { address, key, path, image } = asset;
  if (!image) return undefined;
  const say = (code: string, message: string, expected?: string): undefined => {
    bag.error(code, message, { ...asset.at, path: `${address}.spec.${key}`, ...(expected ? { expected } : {}) });
    return undefined;
  };
  const context = resolve(asset.folder, path);
  if (!existsSync(context) || !statSync(context).isDirectory())
    return say("no-such-context", `there is no folder ${path} to build from`, "a folder, relative to the file that names it");
  const outside = (path: string, shown: string): boolean => {
    if (inside(realpathSync(path), root)) return false;
    say("context-outside", `${shown} lies outside the project`, "a path inside the project folder");
    return true;
  };
  if (outside(context, path)) return undefined;
  const dockerfile = resolve(context, image.dockerfile);
  if (!existsSync(dockerfile) || !statSync(dockerfile).isFile())
    return say("no-dockerfile", `there is no ${image.dockerfile} in ${path}`, "a Dockerfile; build.dockerfile names another one");
  if (outside(dockerfile, image.dockerfile)) return undefined;
  const { target, args, platform } = image;
  const how = { context, dockerfile, target, args, platform };
  try {
    return { ...how, address, shown: path, content: contentHash(how, read) };
  } catch (error) {
    return say("bad-context", `${path} can't be read: ${messageOf(error)}`);
  }
}
