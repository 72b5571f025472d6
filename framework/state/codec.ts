/** state.json as bytes and back: canonical JSON, secrets sealed, version and shape checked. */
import { messageOf, PankaError } from "../base/errors.js";
import { canonicalJson, isPlainObject, type Json } from "../base/json.js";
import type { Cipher } from "../model/cipher.js";
import { type ProviderIdentity, type ResourceState, STATE_VERSION, type StateFile } from "../model/state-file.js";
import { readEnvelope, unwrap, wrap } from "./envelope.js";
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

/**
 * The bytes of a state: encrypted as a whole where there is a key, secret values inside once more. `wasSealed`: the state that it replaces was.
 * Throws PankaError `no-key` if it holds secret values, or was sealed, and the key is not at hand.
 */
export async function encodeState(state: StateFile, context: CodecContext, wasSealed = false): Promise<Uint8Array> {
  const { serial, fence } = state;
  const text = await stateText(state, context);
  return new TextEncoder().encode(`${await wrap(text, { path: context.path, serial, fence }, context.cipher, wasSealed)}\n`);
}

/** A state as JSON text in clear, but for its secret values. Throws PankaError `no-key`. */
export async function stateText(state: StateFile, context: CodecContext): Promise<string> {
  const resources: { [key: string]: ResourceState } = {};
  for (const [key, resource] of Object.entries(state.resources)) {
    resources[key] = resource.secretPaths.length ? await sealResource(key, resource, context) : resource;
  }
  const outputs = await mapOutputs(state, async (value, paths, at) => sealOrRefuse(value, paths, context, at));
  return canonicalJson({ ...state, resources, outputs });
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
 * The state in these bytes. Secret values are opened; in a state in clear they stay {"$enc"} without a key at hand.
 * Throws PankaError: `newer-state`, `damaged-state`, `cannot-decrypt`, `no-key`.
 */
export async function decodeState(bytes: Uint8Array, location: string, context: CodecContext): Promise<StateFile> {
  const state = await openState(bytes, location, context);
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

async function openState(bytes: Uint8Array, location: string, context: CodecContext): Promise<StateFile> {
  const parsed = parseJson(bytes, location);
  const envelope = readEnvelope(parsed, location);
  if (!envelope) return checked(parsed, location);
  const state = checked(JSON.parse(await unwrap(envelope, context.path, context.cipher, location)), location);
  if (state.serial === envelope.serial && state.fence === envelope.fence) return state;
  throw damaged(location, "it is not the state that it says it is");
}

/** Serial and fence of a state, sealed or not; needs no key. Throws PankaError `newer-state`, `damaged-state`. */
export function stateNumbers(bytes: Uint8Array, location: string): { serial: number; fence: number } {
  const parsed = parseJson(bytes, location);
  return readEnvelope(parsed, location) ?? checked(parsed, location);
}

function parseJson(bytes: Uint8Array, location: string): unknown {
  if (!endsWhole(bytes)) throw damaged(location, `it has no end: of it there are ${bytes.length} bytes`);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw damaged(location, messageOf(error).split("\n")[0] ?? "not JSON");
  }
}

/** True if the last thing in the bytes is the brace that closes an object: what was cut is told without reading all of it. */
function endsWhole(bytes: Uint8Array): boolean {
  let last = bytes.length - 1;
  while (WHITE_SPACE.has(bytes[last] ?? 0)) last -= 1;
  return bytes[last] === BRACE;
}

const WHITE_SPACE = new Set([..." \t\r\n"].map((c) => c.charCodeAt(0)));
const BRACE = "}".charCodeAt(0);

/** A parsed state in clear, lifted to the newest format, its shape checked. */
function checked(parsed: unknown, location: string): StateFile {
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
