/** `--image service/component=REF`: one component's image for one run, over all that is written. */
import type { DiagnosticBag } from "../base/diagnostics.js";
import { nearest } from "../base/nearest.js";
import type { EnvironmentPatch, ResolveOptions } from "../model/stack-model.js";
import type { Catalog } from "./catalog.js";

/** The given images as patches, by address. Reports names that are no component, and components that have no image. */
export function givenImages(options: ResolveOptions, catalog: Catalog, bag: DiagnosticBag): Map<string, EnvironmentPatch[]> {
  const patches = new Map<string, EnvironmentPatch[]>();
  for (const [component, reference] of Object.entries(options.images ?? {})) {
    const found = catalog.names.find(component, undefined);
    const address = "address" in found ? found.address : undefined;
    const kind = address === undefined ? undefined : catalog.components.get(address)?.kind;
    if (address === undefined || !kind) {
      const suggestion = nearest(component, catalog.names.addresses);
      bag.error("unknown-component", `--image names "${component}", which is no component`, suggestion ? { suggestion } : {});
    } else if (!("image" in kind.schema.shape))
      bag.error("no-image", `--image names "${address}", a ${kind.name}, which has no image`, { path: address });
    else
      patches.set(address, [
        { address, environment: options.environment, patch: { image: imageSpec(reference) }, source: () => undefined },
      ]);
  }
  return patches;
}

/** The long form, so that nothing of the image that is written stays; one with a digest in it is one text. */
function imageSpec(reference: string): unknown {
  const colon = reference.lastIndexOf(":");
  if (reference.includes("@") || colon <= reference.lastIndexOf("/")) return reference;
  return { $patch: "replace", repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}
