/** state.json as bytes and back: canonical JSON, secrets sealed, version and shape checked. */
import { isPankaError, messageOf, PankaError } from "../base/errors.js";
import { canonicalJson, isPlainObject, type Json } from "../base/json.js";
import type { Cipher } from "../model/cipher.js";
import { type ProviderIdentity, type ResourceState, STATE_VERSION, type StateFile } from "../model/state-file.js";
import { damaged, migrate } from "./migrations.js";
import { hasClear, openPaths, sealContext, sealPaths } from "./secrets.js";

/** What the codec needs: the stack's path (bound into every sealed value) and the cipher, if a key is configured. */
export interface CodecContext {
  /** `<stack>/<environment>`. */
  path: string;
  cipher?: Cipher | undefined;
}

/** A state without resources: serial 0, not written yet. */
export function emptyState(lineage: string, engine: StateFile["engine"], provider: ProviderIdentity): StateFile {
  return {
    version: STATE_VERSION,
    lineage,
    serial: 0,
    fence: 0,
    fences: {},
    commits: {},
    nonce: "",
    engine,
    provider,
    assemblyHash: null,
    sealed: { fence: 0, lastSeq: 0 },
    resources: {},
    lookups: {},
    allotments: {},
    outputs: {},
    secretOutputs: [],
  };
}

/** The bytes of a state. Throws PankaError `no-key` if it holds secret values and there is no cipher. */
export async function encodeState(state: StateFile, context: CodecContext): Promise<Uint8Array> {
  const resources: { [key: string]: ResourceState } = {};
  for (const [key, resource] of Object.entries(state.resources)) {
    resources[key] = resource.secretPaths.length ? await sealResource(key, resource, context) : resource;
  }
  const outputs = await mapOutputs(state, async (value, paths, at) => sealOrRefuse(value, paths, context, at));
  return new TextEncoder().encode(`${canonicalJson({ ...state, resources, outputs })}\n`);
}

async function sealResource(key: string, resource: ResourceState, context: CodecContext): Promise<ResourceState> {
  const both = { inputs: resource.inputs, outputs: resource.outputs };
  const sealed = (await sealOrRefuse(both, resource.secretPaths, context, key)) as typeof both;
  return { ...resource, inputs: sealed.inputs, outputs: sealed.outputs };
}

/** Seals the values at `paths`. Throws PankaError `no-key` if there is one to seal and no cipher. */
export async function sealOrRefuse(value: Json, paths: readonly string[], context: CodecContext, key: string): Promise<Json> {
  if (context.cipher) return sealPaths(value, paths, context.cipher, (p) => sealContext(context.path, key, p));
  if (hasClear(value, paths)) {
    throw new PankaError("no-key", `${key} has secret values and no encryption key is configured to store them with`, {
      next: "set backend.encryption in panka.config.yaml: awskms://ALIAS, file:PATH, env:NAME or passphrase:PATH",
    });
  }
  return value;
}

async function mapOutputs(
  state: StateFile,
  change: (value: Json, paths: string[], at: string) => Promise<Json>,
): Promise<StateFile["outputs"]> {
  const outputs = { ...state.outputs };
  for (const entry of state.secretOutputs) {
    const dot = entry.indexOf(".");
    const component = entry.slice(0, dot);
    const output = entry.slice(dot + 1);
    const values = outputs[component];
    if (!values || values[output] === undefined) continue;
    const changed = (await change({ v: values[output] }, ["v"], `outputs:${entry}`)) as { v: Json };
    outputs[component] = { ...values, [output]: changed.v };
  }
  return outputs;
}

/**
 * The state in these bytes. Secret values are opened; without a key at hand they stay {"$enc"}.
 * Throws PankaError: `newer-state`, `damaged-state`, `cannot-decrypt`.
 */
export async function decodeState(bytes: Uint8Array, location: string, context: CodecContext): Promise<StateFile> {
  const state = parseState(bytes, location);
  for (const [key, resource] of Object.entries(state.resources)) {
    if (resource.secretPaths.length === 0) continue;
    const both = { inputs: resource.inputs, outputs: resource.outputs };
    const opened = await openPaths(both, resource.secretPaths, context.cipher, (p) => sealContext(context.path, key, p));
    Object.assign(resource, opened);
  }
  state.outputs = await mapOutputs(state, (value, paths, at) =>
    openPaths(value, paths, context.cipher, (p) => sealContext(context.path, at, p)),
  );
  return state;
}

/** The state in these bytes with secrets as stored. Throws like {@link decodeState} but never `cannot-decrypt`. */
export function parseState(bytes: Uint8Array, location: string): StateFile {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    if (isPankaError(error)) throw error;
    throw damaged(location, messageOf(error).split("\n")[0] ?? "not JSON");
  }
  const state = migrate(parsed, location);
  const wrong = Object.entries(SHAPE).filter(([key, fits]) => !fits(state[key]));
  if (wrong.length) throw damaged(location, `${wrong.map(([key]) => key).join(", ")} missing or of another type`);
  return state as unknown as StateFile;
}

const text = (v: unknown): boolean => typeof v === "string";
const count = (v: unknown): boolean => Number.isInteger(v) && (v as number) >= 0;

const SHAPE: { [key: string]: (value: unknown) => boolean } = {
  lineage: text,
  serial: count,
  fence: count,
  fences: isPlainObject,
  commits: isPlainObject,
  nonce: text,
  engine: (v) => v === "embedded" || v === "pulumi",
  provider: isPlainObject,
  assemblyHash: (v) => v === null || typeof v === "string",
  sealed: (v) => isPlainObject(v) && count(v["fence"]) && count(v["lastSeq"]),
  resources: (v) => isPlainObject(v) && Object.values(v).every(isResource),
  lookups: isPlainObject,
  allotments: isPlainObject,
  outputs: isPlainObject,
  secretOutputs: Array.isArray,
};

function isResource(v: unknown): boolean {
  return (
    isPlainObject(v) &&
    text(v["type"]) &&
    text(v["id"]) &&
    count(v["generation"]) &&
    isPlainObject(v["inputs"]) &&
    isPlainObject(v["outputs"]) &&
    Array.isArray(v["dependsOn"]) &&
    Array.isArray(v["secretPaths"])
  );
}
