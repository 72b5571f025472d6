/** The provider with answers for images: those that the stack builds are made by Docker, tags of given ones are read from their registries. */
import { componentOf } from "../../base/names.js";
import { isPankaError, messageOf, PankaError } from "../../base/errors.js";
import { jsonEqual } from "../../base/json.js";
import { DIGEST_LOOKUP, IMAGE_TYPE, type ImageBuild } from "../../model/images.js";
import type { EventSink } from "../../model/events.js";
import type { Clock } from "../../model/clock.js";
import {
  type PriorResource,
  type Props,
  type Provider,
  ProviderError,
  type ProviderPlan,
  type ProviderResult,
  type ResourceCall,
} from "../../model/provider.js";
import { hasUnknown, UNKNOWN } from "../../model/values.js";
import { type OwnType, ownPlan, ownResult, progressOf, withOwnType } from "../own-type.js";
import { contentHash } from "./context.js";
import type { Docker, RegistryLogin } from "./docker.js";
import { parseImage } from "./reference.js";
import type { DigestAnswer } from "./registry.js";

/** The registry that the provider's own account has, through the provider: where built images go. */
export interface OwnRegistry {
  /** The digest behind a tag, or undefined where there is none. Throws ProviderError where it can't be asked. */
  digest(repositoryUrl: string, tag: string): Promise<string | undefined>;
  /** A login to push with. */
  login(repositoryUrl: string): Promise<RegistryLogin>;
}

/** What the answers come from. */
export interface ImageWorld {
  registry: OwnRegistry;
  /** Builds by content hash: those of the stack as it is written here. */
  builds: ReadonlyMap<string, ImageBuild>;
  /** Absent where nothing is ever built. */
  docker?: Docker;
  /** The digest behind a given image's tag. */
  digestOf(image: string): Promise<DigestAnswer>;
  clock: Clock;
  emit: EventSink;
}

/** What an image is, as inputs. */
interface ImageProps {
  repositoryUrl: string;
  tag: string;
  content: string;
}

/** The provider, and images besides. */
export function withImages(base: Provider, world: ImageWorld): Provider {
  const images = new Images(world);
  return {
    ...withOwnType(base, IMAGE_TYPE, images),
    prepare: async () => {
      await base.prepare?.();
      await images.prepare();
    },
    lookup: async (token, args) => (token === DIGEST_LOOKUP ? images.lookup(args) : base.lookup(token, args)),
    close: async () => {
      world.docker?.close();
      await base.close();
    },
  };
}

/** Deleting one does nothing: the image stays for a rollback; it goes with its repository, or by that one's lifecycle policy. */
class Images implements OwnType {
  /** Content hash -> component, of what was planned and must be built. */
  private readonly wanted = new Map<string, string>();
  private readonly asked = new Map<string, Promise<DigestAnswer>>();

  constructor(private readonly world: ImageWorld) {}

  /** What the plans asked for must be possible here. Throws PankaError `no-docker`, `no-build-context`. */
  async prepare(): Promise<void> {
    const [first] = this.wanted.values();
    if (first === undefined || !this.world.docker) return;
    for (const [content, component] of this.wanted) this.buildOf(content, component);
    await this.world.docker.check(`the image of ${first}`);
  }

  async lookup(args: Props): Promise<Props> {
    const image = String(args["image"]);
    let asking = this.asked.get(image);
    if (!asking) {
      asking = this.world.digestOf(image);
      this.asked.set(image, asking);
    }
    const answer = await asking;
    const digest = "digest" in answer ? answer.digest : "";
    const reference = digest === "" ? image : `${parseImage(image)?.name ?? image}@${digest}`;
    return { image, digest, reference, why: "why" in answer ? answer.why : "" };
  }

  async plan(call: ResourceCall & { prior: PriorResource | null }): Promise<ProviderPlan> {
    const { inputs, prior, urn } = call;
    const found = hasUnknown(inputs["repositoryUrl"]) ? undefined : await this.find(inputs);
    const same = prior !== null && found !== undefined && jsonEqual(inputs, prior.inputs) && prior.outputs["digest"] === found;
    const outputs = found === undefined ? { ...inputs, digest: UNKNOWN, uri: UNKNOWN } : outputsOf(inputs, found);
    const content = String(inputs["content"]);
    if (found === undefined) this.wanted.set(content, componentOf(urn));
    return {
      ...ownPlan(prior, same, outputs as Props, ["digest", "uri"]),
      diagnostics: this.world.docker ? [{ severity: "notice", code: "image", message: this.words(inputs, found) }] : [],
    };
  }

  /** What becomes of the image, for the reader of the plan. */
  private words(inputs: Props, found: string | undefined): string {
    if (found !== undefined) return `the image ${inputs["tag"]} is in the repository already: ${found}; nothing is built`;
    const build = this.world.builds.get(String(inputs["content"]));
    return `the image ${inputs["tag"]} will be built${build ? ` from ${build.shown} for ${build.platform}` : ""} and pushed`;
  }

  /** Gives the image; builds it unless it is in the repository. Idempotent: the tag says what is in it. */
  async make(call: ResourceCall): Promise<ProviderResult> {
    const { inputs } = call;
    const digest = (await this.find(inputs)) ?? (await this.build(call));
    return resultOf(outputsOf(inputs, digest));
  }

  async read(prior: PriorResource): Promise<ProviderResult | null> {
    const digest = await this.find(prior.inputs);
    return digest === undefined ? null : resultOf(outputsOf(prior.inputs, digest));
  }

  private find(inputs: Props): Promise<string | undefined> {
    const { repositoryUrl, tag } = inputs as unknown as ImageProps;
    return this.world.registry.digest(repositoryUrl, tag);
  }

  private async build(call: ResourceCall): Promise<string> {
    const { repositoryUrl, tag, content } = call.inputs as unknown as ImageProps;
    const { docker, registry } = this.world;
    const component = componentOf(call.urn);
    try {
      if (!docker) throw new PankaError("no-docker", "images are not built here");
      const build = this.buildOf(content, component);
      if (contentHash(build) !== content)
        throw new PankaError("context-changed", `files in ${build.shown} changed since the plan was made; run the same command again`);
      await docker.login(await registry.login(repositoryUrl));
      const say = progressOf(this.world, call.urn);
      say(`building ${build.shown} for ${build.platform}`);
      const pushed = await docker.build(build, `${repositoryUrl}:${tag}`, say);
      // What the repository says is what tasks pull.
      return (await this.find(call.inputs)) ?? pushed;
    } catch (error) {
      // Another run may have pushed the same content meanwhile: a tag can't be written twice.
      const found = await this.find(call.inputs).catch(() => undefined);
      if (found !== undefined) return found;
      throw isPankaError(error) ? new ProviderError("failed", messageOf(error), { cause: error }) : error;
    }
  }

  private buildOf(content: string, component: string): ImageBuild {
    const build = this.world.builds.get(content);
    if (build) return build;
    throw new PankaError(
      "no-build-context",
      `the image of ${component} is no longer in its repository, and this is not what it was built of`,
      {
        next: "check out the commit of that release (panka history -o wide) and run panka deploy there",
      },
    );
  }
}

function outputsOf(inputs: Props, digest: string): Props {
  return { ...inputs, digest, uri: `${String(inputs["repositoryUrl"])}@${digest}` };
}

function resultOf(outputs: Props): ProviderResult {
  const id = `${String(outputs["repositoryUrl"])}:${String(outputs["tag"])}`;
  return ownResult(id, outputs);
}
