/** Policy pinned-images. */
import { isPlainObject } from "../../../framework/base/json.js";
import { DIGEST_LOOKUP, type Value } from "../../../framework/model/index.js";
import { eachOf, type Policy } from "./policy.js";

/** Every container's image has a digest, or a tag that is not `latest`. */
export const pinnedImages: Policy = {
  id: "pinned-images",
  asks: "each image is named by a digest or by a tag other than latest, so that a deployment runs what was tried",
  findings: (stack) =>
    eachOf(stack, {
      "aws:ecs/taskDefinition:TaskDefinition": ({ containerDefinitions }) => {
        const loose = imagesOf(containerDefinitions).find(({ image }) => !isPinned(image));
        return loose && unpinned(loose.image, loose.path);
      },
      "aws:lambda/function:Function": ({ imageUri }) =>
        typeof imageUri === "string" && !isPinned(imageUri) ? unpinned(imageUri, "code.imageUri") : undefined,
    }),
};

function unpinned(image: string, path: string) {
  return { path, message: `the image ${image} may be another one tomorrow`, expected: `${image.replace(/:latest$/, "")}:<version>` };
}

/** Images as the stack names them, and the fields that do, where that is text; whether a tag's digest is read at the next plan makes no difference. */
function imagesOf(definitions: Value | undefined): { image: string; path: string }[] {
  const list = isPlainObject(definitions) ? definitions.$json : undefined;
  if (!Array.isArray(list)) return [];
  return list.flatMap((container, i) => {
    if (!isPlainObject(container)) return [];
    const image = named(container.image);
    // The component's own container comes first, its sidecars have their names.
    const path = i === 0 ? "image" : `sidecars.${container.name}.image`;
    const parts = isPlainObject(image) ? image.$text : undefined;
    if (typeof image === "string") return [{ image, path }];
    return Array.isArray(parts) && parts.every((p) => typeof p === "string") ? [{ image: parts.join(""), path }] : [];
  });
}

/** What was given in place of the look-up of its digest. */
function named(image: unknown): unknown {
  const lookup = isPlainObject(image) ? image.$lookup : undefined;
  return isPlainObject(lookup) && isPlainObject(lookup.args) && lookup.token === DIGEST_LOOKUP ? lookup.args.image : image;
}

function isPinned(image: string): boolean {
  if (image.includes("@sha256:")) return true;
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag !== undefined && tag !== "latest";
}
