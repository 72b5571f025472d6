/** Where a run's images come from: Docker and registries; for the local model of the cloud nothing is built and nobody is asked. */
import { sha256 } from "../base/json.js";
import type { ImageBuild } from "../model/images.js";
import type { Provider } from "../model/provider.js";
import { ecrRegistry, privateDigest } from "../providers/aws/ecr.js";
import { proxiedFetch } from "../providers/aws/proxied-fetch.js";
import { Docker } from "../providers/images/docker.js";
import type { ImageWorld } from "../providers/images/provider.js";
import { isLoopback, parseImage } from "../providers/images/reference.js";
import { type DigestAnswer, registryDigest } from "../providers/images/registry.js";
import type { OperationContext } from "./context.js";

/** Longest wait for a registry, ms. */
const REGISTRY_MS = 5_000;

/** Every image is in the local model's repositories already; its digest is made up of its tag. */
export function localImages({ clock, emit }: OperationContext): ImageWorld {
  return {
    registry: {
      digest: async (url, tag) => `sha256:${sha256(`${url}:${tag}`)}`,
      login: () => Promise.reject(new TypeError("nothing is pushed to the local model")),
    },
    builds: new Map(),
    digestOf: async () => ({ why: "" }),
    clock,
    emit,
  };
}

/** Images of a run in the cloud; with an endpoint of one's own (an emulator) only registries on this machine are asked. */
export function cloudImages(
  context: OperationContext,
  provider: Pick<Provider, "lookup">,
  { region, builds }: { region: string; builds: ReadonlyMap<string, ImageBuild> },
): ImageWorld {
  const { clock, emit, env, settings } = context;
  const lookup: Provider["lookup"] = (token, args) => provider.lookup(token, args);
  const digestOf = async (image: string): Promise<DigestAnswer> => {
    const parsed = parseImage(image);
    if (!parsed) return { why: "it is no image reference" };
    if (parsed.digest) return { digest: parsed.digest };
    const own = await privateDigest(lookup, parsed, region);
    if (own) return own;
    if (settings.aws.endpoint && !isLoopback(parsed.registry)) return { why: "" };
    return registryDigest(parsed, REGISTRY_MS, isLoopback(parsed.registry) ? fetch : proxiedFetch(settings.aws.proxy));
  };
  return { registry: ecrRegistry(lookup), builds, docker: new Docker(env), digestOf, clock, emit };
}
