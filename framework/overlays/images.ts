/** `--image service/component=REF`: one component's image for one run, over all that is written. */
import type { DiagnosticBag } from "../base/diagnostics.js";
import { type NameResult, oneOf } from "../model/component-names.js";
import type { EnvironmentPatch, ResolveOptions } from "../model/stack-model.js";
import type { Catalog } from "./catalog.js";

/** The given images as patches, by address. Reports names that are no component, and components that have no image. */
export function givenImages(options: ResolveOptions, catalog: Catalog, bag: DiagnosticBag): Map<string, EnvironmentPatch[]> {
  const patches = new Map<string, EnvironmentPatch[]>();
  for (const [component, reference] of Object.entries(options.images ?? {})) {
    const found = catalog.names.find(component, undefined);
    const kind = "address" in found ? catalog.components.get(found.address)?.kind : undefined;
    if (!("address" in found) || !kind) reportName(component, found, catalog, bag);
    else if (!("image" in kind.schema.shape))
      bag.error("no-image", `--image names "${found.address}", a ${kind.name}, which has no image`, { path: found.address });
    else {
      const { address } = found;
      const patch = { image: imageSpec(reference) };
      patches.set(address, [{ address, environment: options.environment, patch, source: () => undefined }]);
    }
  }
  return patches;
}

function reportName(component: string, found: NameResult, catalog: Catalog, bag: DiagnosticBag): void {
  if ("candidates" in found) {
    bag.error("ambiguous-component", `--image names "${component}", which stands for several components`, {
      expected: oneOf(found.candidates),
    });
    return;
  }
  const suggestion = "nearest" in found ? found.nearest : undefined;
  bag.error("unknown-component", `--image names "${component}", which is no component`, {
    ...(suggestion ? { suggestion } : { expected: oneOf(catalog.names.addresses) }),
  });
}

/** The long form, so that nothing of the image that is written stays; one with a digest in it is one text. */
function imageSpec(reference: string): unknown {
  const colon = reference.lastIndexOf(":");
  if (reference.includes("@") || colon <= reference.lastIndexOf("/")) return reference;
  return { $patch: "replace", repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}
