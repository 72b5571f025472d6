/** Amazon ECR through the provider plugin: what is in a repository, and the login to push there, with the credentials and the role that the plugin has. */
import { messageOf } from "../../base/errors.js";
import { isProviderError, type Props, type Provider, ProviderError } from "../../model/index.js";
import type { DigestAnswer } from "../images/registry.js";
import type { OwnRegistry } from "../images/provider.js";

const IMAGE = "aws:ecr/getImage:getImage";
const TOKEN = "aws:ecr/getAuthorizationToken:getAuthorizationToken";

/** Host of a private registry; an emulator's may end otherwise. */
const HOST = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[^/]+\/(.+)$/;

/** What a URL of a private repository says; undefined for other registries. */
export function privateRepository(url: string): { registryId: string; region: string; name: string } | undefined {
  const [, registryId, region, name] = HOST.exec(url) ?? [];
  return registryId && region && name ? { registryId, region, name } : undefined;
}

/** The registry of the provider's account. */
export function ecrRegistry(lookup: Provider["lookup"]): OwnRegistry {
  return {
    digest: (url, tag) => ecrDigest(lookup, url, tag),
    async login(url) {
      const { registryId } = required(url);
      const given = await lookup(TOKEN, { registryId });
      return { registry: url.slice(0, url.indexOf("/")), username: String(given["userName"]), password: String(given["password"]) };
    },
  };
}

async function ecrDigest(lookup: Provider["lookup"], url: string, tag: string): Promise<string | undefined> {
  const { registryId, name } = required(url);
  try {
    const found: Props = await lookup(IMAGE, { registryId, repositoryName: name, imageTag: tag });
    return typeof found["imageDigest"] === "string" && found["imageDigest"] !== "" ? found["imageDigest"] : undefined;
  } catch (error) {
    if (isProviderError(error, "not-found")) return undefined;
    throw error;
  }
}

/** The digest behind a tag of a given image in a private repository; undefined where the image lies elsewhere. */
export async function privateDigest(
  lookup: Provider["lookup"],
  image: { name: string; tag: string },
  region: string,
): Promise<DigestAnswer | undefined> {
  const repository = privateRepository(image.name);
  if (!repository) return undefined;
  if (repository.region !== region) return { why: `it lies in ${repository.region}, and this stack in ${region}` };
  try {
    const digest = await ecrDigest(lookup, image.name, image.tag);
    return digest === undefined ? { why: `the repository has no tag ${image.tag}` } : { digest };
  } catch (error) {
    return { why: `the repository can't be read: ${messageOf(error)}` };
  }
}

function required(url: string): { registryId: string; region: string; name: string } {
  const repository = privateRepository(url);
  if (repository) return repository;
  throw new ProviderError("invalid", `${url} is no repository of Amazon ECR`);
}
