/** Which files a stack ships, known before synth: an operation hashes and bundles them. */
import type { SourcePosition } from "../base/diagnostics.js";
import { SHARED_SERVICE } from "../base/names.js";
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

/** All assets that components and infra documents name, sorted by id. */
export function requestedAssets(model: ResolvedModel, registry: Registry): RequestedAsset[] {
  const infra = registry.kinds.flatMap((kind) => {
    const props = model.infra[kind.name];
    const source = model.infraSources?.[kind.name];
    return props ? [{ address: infraAddress(kind.name), kind: kind.name, props, source: (path: string) => source?.(path) }] : [];
  });
  return [...model.components, ...infra]
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

/** The address of what an infra document makes: `_stack/observability`. */
export function infraAddress(kind: string): string {
  return `${SHARED_SERVICE}/${kind.toLowerCase()}`;
}
