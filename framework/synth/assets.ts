/** Which files a stack ships, known before synth: an operation hashes and bundles them. */
import type { SourcePosition } from "../base/diagnostics.js";
import { compareText } from "../base/diagnostics.js";
import type { AssetRequest, Registry, ResolvedModel } from "../model/index.js";

/** A file or folder to prepare. */
export interface RequestedAsset extends AssetRequest {
  /** `service/component`. */
  address: string;
  /** `<address>#<key>`: the key under which synth expects the hash. */
  id: string;
  /** Where the component was written; `path` is relative to the folder of that file. */
  source: SourcePosition | undefined;
}

/** All assets that the components name, sorted by id. */
export function requestedAssets(model: ResolvedModel, registry: Registry): RequestedAsset[] {
  return model.components
    .flatMap((c) =>
      (registry.find(c.kind)?.assets?.(c.props) ?? []).map((asset) => ({
        ...asset,
        address: c.address,
        id: `${c.address}#${asset.key}`,
        source: c.source(asset.key) ?? c.source(""),
      })),
    )
    .sort((a, b) => compareText(a.id, b.id));
}
