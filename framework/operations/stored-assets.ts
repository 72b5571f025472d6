/** Assets in the back end: put there before the first operation, so that any machine can deploy the release again. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative, sep } from "node:path";
import { PankaError } from "../base/errors.js";
import type { Assembly } from "../model/assembly.js";
import type { Gate } from "../model/journal.js";
import type { StateStore } from "../model/state-store.js";
import { walkTags } from "../model/values.js";
import { getAsset, putAsset } from "../state/releases.js";
import { assetFile } from "./assets.js";
import type { OperationContext } from "./context.js";

/** Hashes of the assets that an assembly names, sorted. */
export function assetsOf(assembly: Assembly): string[] {
  const found = new Set<string>();
  for (const resource of assembly.resources) {
    walkTags(resource.props, (tagged, tag) => {
      if (tag === "$asset") found.add(tagged["$asset"] as string);
    });
  }
  return [...found].sort();
}

/** Puts each asset of the assembly into the back end, unless it is there. */
export async function storeAssets(context: OperationContext, assembly: Assembly, store: StateStore, gate: Gate): Promise<void> {
  const hashes = assetsOf(assembly);
  if (hashes.length === 0) return;
  context.emit({ type: "phase", phase: "assets", message: `Storing ${hashes.length} ${hashes.length === 1 ? "file" : "files"}` });
  const present = new Set(await store.list("assets/"));
  for (const hash of hashes) {
    if (present.has(`assets/${hash}`)) continue;
    await gate.check();
    const file = assetFile(context.settings.projectRoot, hash);
    if (existsSync(file)) await putAsset(store, readFileSync(file));
  }
}

/** The local path of an asset, relative to the project root so that it is the same on every machine; fetched from the back end where it is not here. Throws PankaError `asset-missing`. */
export async function fetchAsset(context: OperationContext, hash: string, store: StateStore): Promise<string> {
  const file = assetFile(context.settings.projectRoot, hash);
  const path = relative(context.settings.projectRoot, file).split(sep).join("/");
  if (existsSync(file)) return path;
  const bytes = await getAsset(store, hash);
  if (!bytes)
    throw new PankaError("asset-missing", `the file ${hash.slice(0, 12)} that the stack ships is neither here nor in the back end`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return path;
}
