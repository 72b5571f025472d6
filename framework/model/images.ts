/** Container images as resources and look-ups of Panka's own: no cloud has such a type, so they are made and read in this process. */
import { packageOf } from "../base/names.js";
import { isPlainObject, type Json } from "../base/json.js";
import type { PropertySchema, TypeSchema } from "./provider-schema.js";
import { STEADY_SCHEMA, STEADY_TYPE } from "./steady.js";
import { TASK_SCHEMA, TASK_TYPE } from "./tasks.js";

/**
 * An image that the stack builds. Inputs: `repositoryUrl`, `tag` and `content` (SHA-256 of all that it is built of); outputs besides: `digest`
 * and `uri` (`<repository>@<digest>`). Deleting one leaves the image in its repository, for a rollback.
 */
export const IMAGE_TYPE = "panka:images/image:Image";

/**
 * What a given image's tag points to. Arguments: `image` (`repository:tag`); result: `digest` ("" where it is not known), `reference`
 * (`<repository>@<digest>`, else the image as given) and `why` (why the digest is not known; "" where nobody was asked).
 */
export const DIGEST_LOOKUP = "panka:images/getDigest:getDigest";

/** True for types and look-ups of Panka's own. */
export function isOwnToken(token: string): boolean {
  return packageOf(token) === "panka";
}

const given: PropertySchema = { type: "string", wire: "", required: true };
const found: PropertySchema = { type: "string", wire: "", computed: true };

/** Schemas of the types of Panka's own, by token. */
export const OWN_TYPES: { readonly [token: string]: TypeSchema } = {
  [STEADY_TYPE]: STEADY_SCHEMA,
  [TASK_TYPE]: TASK_SCHEMA,
  [IMAGE_TYPE]: {
    token: IMAGE_TYPE,
    wire: "",
    version: 0,
    taggable: false,
    properties: { repositoryUrl: given, tag: given, content: given, digest: found, uri: found },
  },
};

/** How one image is built. Paths are absolute. */
export interface ImageBuild {
  /** `service/component`. */
  address: string;
  /** SHA-256 of the context's files, the Dockerfile, and the settings below. */
  content: string;
  context: string;
  /** The context as it was written. */
  shown: string;
  dockerfile: string;
  target?: string | undefined;
  args: { [name: string]: string };
  /** Such as `linux/amd64`. */
  platform: string;
}

/** Digests by image (`repository:tag`); "" for one that was deployed by its tag. */
export type ImageDigests = { [image: string]: string };

/** The `image` of a digest look-up's arguments, where it is known text. */
export function imageOf(args: Json): string | undefined {
  const image = isPlainObject(args) ? args["image"] : undefined;
  return typeof image === "string" ? image : undefined;
}
