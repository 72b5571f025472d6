/**
 * A state as the deployment that `pulumi stack import` takes (version 3 of its format; 4 where hooks are named). It is a view:
 * state.json is the record, and each run writes its own from it, so whatever a killed or stale Pulumi left is never read.
 */
import { createHash } from "node:crypto";
import { isPlainObject, type Json } from "../../base/json.js";
import { packageOf } from "../../base/names.js";
import { parsePath } from "../../base/property-path.js";
import type { Props } from "../../model/provider.js";
import type { ResourceState, StateFile } from "../../model/state-file.js";
import { topologicalOrder } from "../../graph/order.js";
import { providerInputs } from "../../plan/resolve.js";
import { urnOfKey } from "../../plan/selection.js";
import { HOOK_NAMES } from "./hooks.js";
import { type Layout, treeLayout } from "./layout.js";
import { defaultProviderUrn, STACK_TYPE } from "./urns.js";
import { META_OUTPUT, toMeta } from "./values.js";

/** Key that marks special values, and the marks of secrets and archives (sdk/go/common/resource/sig). */
const SIG = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** The Pulumi package whose provider makes the resources. */
export interface PulumiPackage {
  name: string;
  version: string;
  /** The provider's own inputs; nested values are JSON text. */
  inputs: { [key: string]: string };
}

/** What a deployment is made of. */
export interface DeploymentParts {
  environment: string;
  stack: string;
  state: StateFile | null;
  package: PulumiPackage;
  /** Name the hooks, so that deletes are asked about. False for what is handed over. */
  hooks: boolean;
  /** State keys that may be deleted or replaced although they are protected. */
  unprotected?: ReadonlySet<string>;
  /** State keys to leave out. */
  without?: ReadonlySet<string>;
  /** Where resources stand; default: below their components. */
  layout?: Layout;
  /** Versions by which other packages' default providers are named: those of the classes that register them. Default: none is given. */
  versions?: ReadonlyMap<string, string>;
  /** The stack's own outputs; default: none. */
  outputs?: { [name: string]: Json };
  /** What stands for a secret, from its JSON text; default: the text itself, for Pulumi to encrypt. */
  seal?(text: string): { [key: string]: Json };
  /** The path of an asset. */
  assetPath(sha: string): string;
}

/** A resource as Pulumi records it. */
interface Recorded {
  [key: string]: Json;
}

/** The document. */
export interface Deployment {
  version: number;
  deployment: { manifest: Json; resources: Recorded[] };
}

/** Makes it; deterministic. Secrets are in clear in it: it goes to Pulumi's standard input or a file of its own that is deleted again. */
export function deploymentOf(parts: DeploymentParts): Deployment {
  const { environment, stack, state, hooks } = parts;
  const layout = parts.layout ?? treeLayout(environment, stack, parts.package);
  const { root, provider } = layout;
  const providerId = uuidOf(`${provider.urn}\n${state?.lineage ?? ""}`);
  const settings = { ...parts.package.inputs, version: parts.package.version };
  const resources: Recorded[] = [];
  const keys = ordered(state, parts.without);
  if (keys.length > 0) {
    resources.push(
      { urn: root, custom: false, type: STACK_TYPE, ...(parts.outputs ? { outputs: parts.outputs } : {}) },
      {
        urn: provider.urn,
        custom: true,
        id: providerId,
        type: `pulumi:providers:${parts.package.name}`,
        inputs: settings,
        outputs: settings,
        ...(provider.parent === undefined ? {} : { parent: provider.parent }),
      },
      ...layout.branches(keys.map(urnOfKey)).map((branch) => ({ ...branch, custom: false })),
    );
  }
  const references = new Map([[parts.package.name, `${provider.urn}::${providerId}`]]);
  for (const name of new Set(keys.map((key) => packageOf(state?.resources[key]?.type ?? "")))) {
    if (references.has(name)) continue;
    const version = parts.versions?.get(name);
    const of: Recorded = version === undefined ? {} : { version };
    const urn = defaultProviderUrn(environment, stack, { name, ...(version === undefined ? {} : { version }) });
    const id = uuidOf(`${urn}\n${state?.lineage ?? ""}`);
    resources.push({ urn, custom: true, id, type: `pulumi:providers:${name}`, inputs: of, outputs: of });
    references.set(name, `${urn}::${id}`);
  }
  for (const key of keys) resources.push(resource(parts, layout, key, references));
  // The manifest's version must match its magic (its hash); both are left empty, which Pulumi accepts.
  const manifest = { time: "2000-01-01T00:00:00Z", magic: "", version: "" };
  const named = hooks && keys.length > 0;
  return { version: named ? 4 : 3, ...(named ? { features: ["hooks"] } : {}), deployment: { manifest, resources } } as Deployment;
}

/** State keys: what others need first; a superseded generation after its successor. */
function ordered(state: StateFile | null, without: ReadonlySet<string> | undefined): string[] {
  const recorded = state?.resources ?? {};
  const keys = Object.keys(recorded).filter((key) => !without?.has(key));
  const current = keys.filter((key) => key === urnOfKey(key)).sort();
  const known = new Set(current);
  const needs = new Map(current.map((urn) => [urn, (recorded[urn]?.dependsOn ?? []).filter((d) => known.has(d))]));
  return [...topologicalOrder(needs), ...keys.filter((key) => key !== urnOfKey(key)).sort()];
}

function resource(parts: DeploymentParts, layout: Layout, key: string, providers: ReadonlyMap<string, string>): Recorded {
  const state = parts.state as StateFile;
  const own = state.resources[key] as ResourceState;
  const urn = urnOfKey(key);
  const meta = toMeta(own);
  const present = (d: string): boolean => state.resources[d] !== undefined && !parts.without?.has(d);
  const inputs = assets(own.inputs as Json, parts.assetPath) as Props;
  const seal = parts.seal ?? ((text: string) => ({ plaintext: text }));
  return {
    urn: layout.urn(urn),
    custom: true,
    id: own.id,
    type: own.type,
    inputs: sealed(providerInputs(inputs as Json, (sha) => sha) as Props, own, "inputs", seal),
    outputs: sealed(
      { ...own.outputs, ...files(own, inputs), ...(meta === undefined ? {} : { [META_OUTPUT]: meta }) },
      own,
      "outputs",
      seal,
    ),
    parent: layout.parentOf(urn),
    provider: providers.get(packageOf(own.type)) ?? "",
    dependencies: own.dependsOn.filter(present).map(layout.urn),
    ...(key === urn ? {} : { delete: true }),
    ...(own.protect && !parts.unprotected?.has(key) ? { protect: true } : {}),
    ...(own.retainOnDelete ? { retainOnDelete: true } : {}),
    ...(parts.hooks ? { resourceHooks: HOOK_NAMES } : {}),
  };
}

/** Files among the outputs are the same assets as among the inputs. */
function files(state: ResourceState, inputs: Props): Props {
  const names = Object.keys(inputs).filter((key) => key in state.outputs && isPlainObject(inputs[key]) && SIG in (inputs[key] as object));
  return Object.fromEntries(names.map((key) => [key, inputs[key] as Json]));
}

/** Properties with every one that holds a secret marked as a whole. */
function sealed(values: Props, state: ResourceState, root: "inputs" | "outputs", seal: NonNullable<DeploymentParts["seal"]>): Props {
  const secret = new Set<string>();
  for (const path of state.secretPaths) {
    const [first, second] = parsePath(path);
    if (first !== root) continue;
    if (second !== undefined) secret.add(String(second));
    else for (const key of Object.keys(values)) secret.add(key);
  }
  const out: Props = {};
  for (const [key, value] of Object.entries(values)) out[key] = secret.has(key) ? { [SIG]: SECRET, ...seal(JSON.stringify(value)) } : value;
  return out;
}

/** `{"$asset": sha}` as the archive that it is; its hash is that of the zip. */
function assets(value: Json, assetPath: (sha: string) => string): Json {
  if (Array.isArray(value)) return value.map((v) => assets(v, assetPath));
  if (!isPlainObject(value)) return value;
  const sha = value["$asset"];
  if (typeof sha === "string" && Object.keys(value).length === 1) return { [SIG]: ARCHIVE, hash: sha, path: assetPath(sha) };
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, assets(v as Json, assetPath)]));
}

/** A UUID (version 4 in form) made of a text. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
