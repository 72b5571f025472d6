/** The image of a task: given by its tag or digest, or built here and pushed to the stack's own repository. */
import { sha256 } from "../../framework/base/json.js";
import type { AssetRequest, ExpandContext, Grant, Value } from "../../framework/model/index.js";
import { DIGEST_LOOKUP, IMAGE_TYPE, tagOf } from "../../framework/model/index.js";
import type { ImagesHandle } from "../shared/images.js";

/** `image` as it reaches expand. */
export type ImageProp = Value | GivenImage | { build: BuildSpec } | { [key: string]: unknown };

/** An image in its long form. */
export interface GivenImage {
  repository: Value;
  tag?: Value | undefined;
  digest?: string | undefined;
  credentials?: Value | undefined;
}

/** `build` as written. */
export interface BuildSpec {
  context: string;
  dockerfile?: string | undefined;
  target?: string | undefined;
  args?: { [name: string]: string } | undefined;
  platform?: string | undefined;
}

/** What says for which processor the image is. */
export interface Architecture {
  architecture?: string | undefined;
}

/** An image, ready for a container definition. */
export interface TaskImage {
  /** `repository@digest` where the digest is known, else `repository:tag`. */
  reference: Value;
  /** For people; the digest decides. */
  tag?: Value | undefined;
  /** What pulling it takes. */
  grants: Grant[];
  credentials?: Value | undefined;
}

/** Key of the build context. */
const BUILD = "image.build.context";
const DOCKERFILE = "Dockerfile";
/** Longest front of a tag: a tag has 128 characters (OCI distribution specification), 40 of them hash, and a dot. */
const FRONT = 87;

/** The folder that is built; none for a given image. */
export function imageAssets(props: { image?: unknown; runtime?: Architecture | undefined }): AssetRequest[] {
  const build = buildOf(props.image);
  return build ? [buildAsset(BUILD, build, props.runtime)] : [];
}

/** A build as the request for its content hash. */
export function buildAsset(key: string, build: BuildSpec, of: Architecture | undefined): AssetRequest {
  const { context, dockerfile = DOCKERFILE, target, args = {}, platform = platformOf(of) } = build;
  return { key, path: context, how: "image", image: { dockerfile, target, args, platform } };
}

/** The image of a task; declares what is built as role `image`. */
export function taskImage(ctx: ExpandContext, image: ImageProp, of: Architecture | undefined): TaskImage {
  const build = buildOf(image);
  if (build) return builtImage(ctx, BUILD, build, of);
  if ((isGiven(image) ? image.repository : image) === "")
    ctx.error("no-image", "the image is not named", "image", { expected: "repository:tag" });
  if (!isGiven(image)) return { reference: imageReference(image as Value), grants: pullGrants(image as Value) };
  const { repository, tag, digest, credentials } = image;
  const reference = digest
    ? joined(repository, `@${digest}`)
    : imageReference(tag === undefined ? repository : joined(repository, ":", tag));
  return { reference, tag, grants: pullGrants(repository), credentials };
}

/** Declares an image that is built, role `image`, in the stack's repository. `key`: of its asset, where problems are reported, too. */
export function builtImage(ctx: ExpandContext, key: string, build: BuildSpec, of: Architecture | undefined, lambda = false): TaskImage {
  const platforms = (build.platform ?? platformOf(of)).split(",");
  if (!platforms.includes(platformOf(of)))
    ctx.error(
      "wrong-platform",
      `an image for ${platforms.join(", ")} does not run on ${platformOf(of)}`,
      key.replace(/context$/, "platform"),
      {
        expected: `${platformOf(of)}, or another architecture`,
      },
    );
  const prefix = tagPrefix(ctx);
  const repository = ctx.shared<ImagesHandle>("images", { prefix, ...(lambda ? { lambda } : {}) });
  const { $asset: content } = ctx.asset(key) as { $asset: string };
  const tag = `${prefix}${content.slice(0, 40)}`;
  const made = ctx.resource(
    "image",
    IMAGE_TYPE,
    { repositoryUrl: repository.url, tag, content },
    { probe: { class: "E" }, dependsOn: repository.ready },
  );
  return { reference: made.out("uri"), tag, grants: repositoryGrants(repository.arn) };
}

/**
 * A given image as ECS takes it: its tag is read once, by plan, and the digest stands in its place from then on. One with a digest in it
 * stays as it is.
 */
export function imageReference(image: Value): Value {
  if (typeof image === "string" && image.includes("@")) return image;
  return { $lookup: { token: DIGEST_LOOKUP, args: { image }, output: "reference" } };
}

/** What pulling an image from a private repository takes; empty for other registries, and for text that is not known yet. */
export function pullGrants(image: Value): Grant[] {
  const text = typeof image === "string" ? image : undefined;
  const match = text === undefined ? null : /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?\/([^:@]+)/.exec(text);
  if (!match) return [];
  const partition = match[3] ? "aws-cn" : match[2]?.startsWith("us-gov") ? "aws-us-gov" : "aws";
  return repositoryGrants(`arn:${partition}:ecr:${match[2]}:${match[1]}:repository/${match[4]}`);
}

/** GetAuthorizationToken knows no resource: AWS accepts only `*` there. */
function repositoryGrants(arn: Value): Grant[] {
  return [
    { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    { actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], resources: [arn] },
  ];
}

/** `<service>.<component>.`: names have no dots, so that no component's tags begin as another's do. */
function tagPrefix(ctx: Pick<ExpandContext, "service" | "component">): string {
  const whole = `${ctx.service}.${ctx.component}`;
  return `${whole.length <= FRONT - 1 ? whole : `${whole.slice(0, FRONT - 10)}.${sha256(whole).slice(0, 8)}`}.`;
}

function platformOf(of: Architecture | undefined): string {
  return of?.architecture === "arm64" ? "linux/arm64" : "linux/amd64";
}

function buildOf(image: unknown): BuildSpec | undefined {
  const build = typeof image === "object" && image !== null && "build" in image ? image.build : undefined;
  return typeof build === "object" && build !== null && "context" in build ? (build as BuildSpec) : undefined;
}

function isGiven(image: ImageProp): image is GivenImage {
  return typeof image === "object" && image !== null && tagOf(image) === undefined && "repository" in image;
}

function joined(...parts: Value[]): Value {
  return parts.every((p) => typeof p === "string") ? parts.join("") : { $text: parts };
}
