/** Values on their way to Pulumi and back: unknowns, secrets, assets, and what its bridge keeps beside the outputs. */
import { isAbsolute, join, relative, sep } from "node:path";
import { isPlainObject, type Json } from "../../base/json.js";
import { joinPath, parsePath } from "../../base/property-path.js";
import type { Props } from "../../model/provider.js";
import type { TypeSchema } from "../../model/provider-schema.js";
import { isUnknown, UNKNOWN } from "../../model/values.js";
import type { PulumiCore } from "./sdk.js";

/** Pulumi's text for a value that is not known yet (sdk/nodejs/runtime/rpc.ts, `unknownValue`). */
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Outputs of the bridge's own: the provider's private data, how to rebuild its raw state, which inputs were defaults. */
const META = "__meta";
const BRIDGE = new Set([META, "__pulumi_raw_state_delta", "__defaults"]);

/** Inputs as the SDK takes them: secret ones wrapped as a whole property, files as assets; their paths count from `root`. */
export function toPulumi(
  core: PulumiCore,
  inputs: Props,
  of: { secretPaths: readonly string[]; schema: TypeSchema | undefined; root: string },
): Props {
  const { secretPaths, schema, root } = of;
  const secret = new Set(secretPaths.map((path) => String(parsePath(path)[0])));
  const out: { [key: string]: unknown } = {};
  for (const [key, value] of Object.entries(inputs)) {
    const plain =
      schema?.properties[key]?.asset && typeof value === "string"
        ? asset(core, isAbsolute(value) ? value : join(root, value))
        : withUnknowns(value);
    out[key] = secret.has(key) ? core.secret(plain) : plain;
  }
  return out as Props;
}

function asset(core: PulumiCore, path: string): unknown {
  return path.endsWith(".zip") ? new core.asset.FileArchive(path) : new core.asset.FileAsset(path);
}

function withUnknowns(value: Json): Json {
  if (isUnknown(value)) return UNKNOWN_TEXT;
  if (Array.isArray(value)) return value.map(withUnknowns);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withUnknowns(v as Json)]));
}

/** What came out of a hook, as the provider port gives it. */
export interface PulumiOutputs {
  outputs: Props;
  secretPaths: string[];
  private: string;
  schemaVersion: number;
}

/** Outputs as a hook got them: secret properties are the SDK's Outputs, unknown ones its unknown. Paths of files are given from `root`. */
export async function fromPulumi(core: PulumiCore, raw: { [key: string]: unknown }, root: string): Promise<PulumiOutputs> {
  const outputs: Props = {};
  const secretPaths: string[] = [];
  let meta: unknown;
  for (const [key, value] of Object.entries(raw)) {
    const isSecret = core.Output.isInstance(value);
    const plain = isSecret ? await (value as unknown as { promise(unknowns: boolean): Promise<unknown> }).promise(true) : value;
    if (key === META) meta = plain;
    if (BRIDGE.has(key)) continue;
    const found = await toJson(plain, root);
    if (found === null || found === undefined) continue;
    outputs[key] = found;
    if (isSecret) secretPaths.push(joinPath("", key));
  }
  return { outputs, secretPaths, ...fromMeta(typeof meta === "string" ? meta : undefined) };
}

async function toJson(value: unknown, root: string): Promise<Json | undefined> {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return Promise.all(value.map(async (v) => (await toJson(v, root)) ?? null));
  if (typeof value !== "object") return value as Json;
  if ((value as { __pulumiUnknown?: boolean }).__pulumiUnknown) return UNKNOWN as unknown as Json;
  const file = value as { __pulumiAsset?: boolean; __pulumiArchive?: boolean; path?: Promise<string> };
  if (file.__pulumiAsset || file.__pulumiArchive)
    return relative(root, (await file.path) ?? root)
      .split(sep)
      .join("/");
  const out: { [key: string]: Json } = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === "__defaults") continue;
    const found = await toJson(inner, root);
    if (found !== undefined) out[key] = found;
  }
  return out;
}

/** The provider's private bytes and schema version, from the bridge's `__meta`. */
export function fromMeta(meta: string | undefined): { private: string; schemaVersion: number } {
  const parsed = meta === undefined ? {} : (JSON.parse(meta) as { [key: string]: Json });
  const onlyVersion = Object.keys(parsed).every((key) => key === "schema_version");
  return {
    private: onlyVersion || meta === undefined ? "" : Buffer.from(meta).toString("base64"),
    schemaVersion: Number(parsed["schema_version"] ?? 0),
  };
}

/** The reverse of {@link fromMeta}: undefined where the bridge writes none. */
export function toMeta(state: { private: string; schemaVersion: number }): string | undefined {
  const own = parsePrivate(state.private);
  if (Object.keys(own).length === 0 && state.schemaVersion === 0) return undefined;
  return JSON.stringify({ ...own, schema_version: String(state.schemaVersion) });
}

/** Private data that is not a JSON object is left out: its provider rebuilds it on the next read. */
function parsePrivate(text: string): { [key: string]: Json } {
  try {
    const value: unknown = text === "" ? {} : JSON.parse(Buffer.from(text, "base64").toString());
    return isPlainObject(value) ? (value as { [key: string]: Json }) : {};
  } catch {
    return {};
  }
}

/** Output name of the bridge's private data. */
export const META_OUTPUT = META;

/** Timeouts as Pulumi takes them: Go's durations. */
export function secondsOf(timeouts: { [op: string]: number }): { [op: string]: string } {
  return Object.fromEntries(Object.entries(timeouts).map(([op, seconds]) => [op, `${seconds}s`]));
}
