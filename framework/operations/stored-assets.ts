/** Assets in the back end: put there before the first operation, so that any machine can deploy the release again. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, relative, sep } from "node:path";
import { PankaError } from "../base/errors.js";
import { sha256 } from "../base/json.js";
import type { Assembly } from "../model/assembly.js";
import type { Gate, Journal } from "../model/journal.js";
import type { StateStore } from "../model/state-store.js";
import { walkTags } from "../model/values.js";
import { retrying } from "../state/deps.js";
import { assetKey } from "../state/keys.js";
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

/** Where assets are put, and what a step must pass. */
export interface AssetSink {
  store: StateStore;
  gate: Gate;
  journal: Journal;
}

/** Puts each asset of the assembly into the back end, unless it is there. Each is a step: gate, durable intent, write, outcome. Runs after the barrier. */
export async function storeAssets(context: OperationContext, assembly: Assembly, sink: AssetSink): Promise<void> {
  const hashes = assetsOf(assembly);
  if (hashes.length === 0) return;
  context.emit({ type: "phase", phase: "assets", message: `Storing ${hashes.length} ${hashes.length === 1 ? "file" : "files"}` });
  const present = new Set(await sink.store.list("assets/"));
  for (const hash of hashes) {
    // The steps that follow say why nothing more is done.
    if (sink.gate.isShut) return;
    const bytes = present.has(`assets/${hash}`) ? undefined : localAsset(context, hash);
    if (bytes) await storeOne(context, sink, hash, bytes);
  }
}

/** How long a store that does not answer is tried, ms. */
const PATIENCE_MS = 60_000;

/** One asset. Written only if nothing is there, so a write that is sent twice is one; recovery has nothing to settle. */
async function storeOne(context: OperationContext, { store, gate, journal }: AssetSink, hash: string, bytes: Uint8Array): Promise<void> {
  await gate.check();
  const key = `asset:${hash}`;
  const of = await journal.intent({
    urn: key,
    key,
    op: "action",
    action: "store-asset",
    type: "panka:index:Asset",
    generation: 0,
    probe: { class: "A" },
    inputsHash: hash,
    dependsOn: [],
    protect: false,
  });
  try {
    await retrying(context, PATIENCE_MS, () => putAsset(store, bytes));
    journal.done({ of });
  } catch (error) {
    journal.done({ of, error: "not-stored" });
    throw error;
  }
}

/** Hashes of the assets of an assembly that do not lie in panka.out as they should. */
export function absentAssets(context: OperationContext, assembly: Assembly): string[] {
  return assetsOf(assembly).filter((hash) => localAsset(context, hash) === undefined);
}

/** Throws PankaError `asset-missing` where one that is not in panka.out is not in the back end either. */
export async function requireAssets(context: OperationContext, assembly: Assembly, store: StateStore): Promise<void> {
  const absent = absentAssets(context, assembly);
  if (absent.length === 0) return;
  const stored = new Set(await store.list("assets/"));
  const [missing] = absent.filter((hash) => !stored.has(assetKey(hash)));
  if (missing !== undefined) throw assetMissing(missing);
}

function assetMissing(hash: string): PankaError {
  return new PankaError("asset-missing", `the file ${hash.slice(0, 12)} that the stack ships is neither here nor in the back end`, {
    next: "panka deploy from the commit of that release, which makes it again",
  });
}

/** An asset as it lies in panka.out; undefined if it does not, or is not what its name says. */
function localAsset(context: OperationContext, hash: string): Uint8Array | undefined {
  const file = assetFile(context.settings.projectRoot, hash);
  const bytes = existsSync(file) ? readFileSync(file) : undefined;
  return bytes && sha256(bytes) === hash ? bytes : undefined;
}

/**
 * The local path of an asset, relative to the project root so that it is the same on every machine; fetched from the back end where it is
 * not here. What is given has the hash that the assembly names. Throws PankaError `asset-missing`, `damaged-asset`.
 */
export async function fetchAsset(context: OperationContext, hash: string, store: StateStore): Promise<string> {
  const file = assetFile(context.settings.projectRoot, hash);
  const path = relative(context.settings.projectRoot, file).split(sep).join("/");
  if (localAsset(context, hash)) return path;
  const bytes = await getAsset(store, hash);
  if (!bytes) throw assetMissing(hash);
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${context.random.uuid()}.tmp`;
  writeFileSync(temporary, bytes);
  renameSync(temporary, file);
  return path;
}
