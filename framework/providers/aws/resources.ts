/** The calls about one resource, over a session: plan, apply, read, import. Values in and out are Pulumi's. */
import type { Diagnostic } from "../../base/diagnostics.js";
import { pathsTouch } from "../../base/property-path.js";
import {
  type PriorResource,
  type Props,
  ProviderError,
  type ProviderPlan,
  type ProviderResult,
  type ResourceCall,
  type TypeSchema,
} from "../../model/index.js";
import { changedPaths } from "./bridge/compare.js";
import { decodeObject } from "./bridge/decode.js";
import { encodeObject } from "./bridge/encode.js";
import { withIgnored } from "./bridge/ignored.js";
import { fromSteps } from "./bridge/paths.js";
import { proposedState } from "./bridge/proposed.js";
import { callFailed, failed, invalidInputs, toDiagnostics } from "./failures.js";
import type { Calls, WireDiagnostic } from "./protocol/client.js";
import { fromDynamic, toDynamic, type WireObject } from "./protocol/codec.js";
import type { Session } from "./session.js";

const NONE = new Uint8Array(0);

/** A planned change as the plugin gave it, with what apply needs. */
interface Planned {
  config: WireObject;
  /** Current state in the provider's form; null for a create. */
  prior: WireObject | null;
  answer: Calls["PlanResourceChange"][1];
  planned: WireObject;
  warnings: WireDiagnostic[];
}

/** What a change is made from. */
type Change = ResourceCall & { prior: PriorResource | null; ignoreChanges?: string[] };

/** Calls of one configured plugin about resources. */
export class Resources {
  constructor(private readonly session: Session) {}

  /** The provider's own check; problems with Pulumi paths. */
  async validate(schema: TypeSchema, call: ResourceCall): Promise<Diagnostic[]> {
    const problems: Diagnostic[] = [];
    const config = encodeObject(schema, call.inputs, "config", problems, call.timeouts);
    if (problems.length) return problems;
    const answer = await this.session.call("ValidateResourceTypeConfig", { type_name: schema.wire, config: toDynamic(config) });
    return toDiagnostics(answer.diagnostics, schema.properties);
  }

  /** What a change would do. */
  async plan(schema: TypeSchema, call: Change): Promise<ProviderPlan> {
    const first = await this.planned(schema, call);
    const diagnostics = toDiagnostics(first.warnings, schema.properties);
    if (!first.prior) {
      const { outputs } = decodeObject(schema.properties, first.planned);
      return { action: "create", replacePaths: [], outputs, changedPaths: Object.keys(call.inputs).sort(), diagnostics };
    }
    const changed = changedPaths(schema.properties, first.prior, first.planned);
    const replacePaths = replacing(schema, first.answer, changed);
    if (replacePaths.length) {
      const fresh = await this.planned(schema, { ...call, prior: null });
      const { outputs } = decodeObject(schema.properties, fresh.planned);
      return { action: "replace", replacePaths, outputs, changedPaths: changed, diagnostics };
    }
    const { outputs } = decodeObject(schema.properties, first.planned);
    return { action: changed.length ? "update" : "same", replacePaths, outputs, changedPaths: changed, diagnostics };
  }

  /** Creates (prior null) or updates. */
  async apply(schema: TypeSchema, call: Change): Promise<ProviderResult> {
    const p = await this.planned(schema, call);
    if (p.prior) {
      const replace = replacing(schema, p.answer, changedPaths(schema.properties, p.prior, p.planned));
      if (replace.length) throw new ProviderError("invalid", `an update of ${call.urn} would replace it because of ${replace.join(", ")}`);
    }
    const answer = await this.session.call(
      "ApplyResourceChange",
      {
        type_name: schema.wire,
        prior_state: toDynamic(p.prior),
        planned_state: p.answer.planned_state ?? toDynamic(null),
        config: toDynamic(p.config),
        planned_private: p.answer.planned_private,
      },
      true,
    );
    const state = fromDynamic(answer.new_state) as WireObject | null;
    const warnings = [...p.warnings, ...answer.diagnostics.filter((d) => d.severity !== 1)];
    const result = state ? resultOf(schema, state, answer.private, warnings) : undefined;
    if (failed(answer.diagnostics)) {
      throw callFailed(answer.diagnostics, schema.properties, { changes: true, ...(result?.id ? { partial: result } : {}) });
    }
    if (!result?.id) throw new ProviderError("failed", `the provider gave no id for ${call.urn}`, { outcome: "unknown" });
    return result;
  }

  /** Deletes; what is gone is no error. */
  async delete(schema: TypeSchema, call: ResourceCall & { prior: PriorResource }): Promise<void> {
    const prior = await this.stored(schema, call.prior, call.timeouts);
    const request = {
      type_name: schema.wire,
      prior_state: toDynamic(prior),
      planned_state: toDynamic(null),
      config: toDynamic(null),
      planned_private: withDeleteTimeout(schema, privateOf(call.prior), call.timeouts?.delete),
    };
    const answer = await this.session.call("ApplyResourceChange", request, true);
    if (!failed(answer.diagnostics)) return;
    const state = fromDynamic(answer.new_state) as WireObject | null;
    const error = callFailed(answer.diagnostics, schema.properties, { changes: true });
    if (error.code === "not-found" && state === null) return;
    throw error;
  }

  /** The current outputs, or null. */
  async read(schema: TypeSchema, prior: PriorResource): Promise<ProviderResult | null> {
    return this.readState(schema, await this.stored(schema, prior), privateOf(prior));
  }

  /** What has this import id, or null. */
  async import(schema: TypeSchema, importId: string): Promise<ProviderResult | null> {
    const answer = await this.session.call("ImportResourceState", { type_name: schema.wire, id: importId });
    if (failed(answer.diagnostics)) {
      const error = callFailed(answer.diagnostics, schema.properties);
      if (error.code === "not-found") return null;
      throw error;
    }
    const found = answer.imported_resources.find((r) => r.type_name === schema.wire);
    const stub = found ? (fromDynamic(found.state) as WireObject | null) : null;
    return found && stub ? this.readState(schema, stub, found.private) : null;
  }

  private async readState(schema: TypeSchema, state: WireObject, priv: Uint8Array): Promise<ProviderResult | null> {
    const request = { type_name: schema.wire, current_state: toDynamic(state), private: priv };
    const answer = await this.session.call("ReadResource", request);
    if (failed(answer.diagnostics)) {
      const error = callFailed(answer.diagnostics, schema.properties);
      if (error.code === "not-found" && /couldn't find resource|non-existent|empty result/i.test(error.message)) return null;
      throw error;
    }
    const now = fromDynamic(answer.new_state) as WireObject | null;
    if (!now) return null;
    const result = resultOf(schema, now, answer.private, answer.diagnostics);
    return result.id ? result : null;
  }

  /** Validates and plans. Throws ProviderError when either fails. */
  private async planned(schema: TypeSchema, call: Change): Promise<Planned> {
    const prior = call.prior ? await this.stored(schema, call.prior) : null;
    const inputs = call.prior ? withIgnored(schema, call.inputs, call.prior, call.ignoreChanges ?? []) : call.inputs;
    const problems: Diagnostic[] = [];
    const config = encodeObject(schema, inputs, "config", problems, call.timeouts);
    if (problems.length) throw invalidInputs(call.type, problems);
    const configBytes = toDynamic(config);
    const [checked, answer] = await Promise.all([
      this.session.call("ValidateResourceTypeConfig", { type_name: schema.wire, config: configBytes }),
      this.session.call("PlanResourceChange", {
        type_name: schema.wire,
        prior_state: toDynamic(prior),
        proposed_new_state: toDynamic(proposedState(schema, prior, config)),
        config: configBytes,
        prior_private: call.prior ? privateOf(call.prior) : NONE,
      }),
    ]);
    if (failed(checked.diagnostics)) throw asInvalid(callFailed(checked.diagnostics, schema.properties));
    if (failed(answer.diagnostics)) throw callFailed(answer.diagnostics, schema.properties);
    const warnings = [...checked.diagnostics, ...answer.diagnostics];
    return { config, prior, answer, planned: fromDynamic(answer.planned_state) as WireObject, warnings };
  }

  /** A stored resource as the plugin's current schema wants it. */
  private async stored(schema: TypeSchema, prior: PriorResource, timeouts?: ResourceCall["timeouts"]): Promise<WireObject> {
    const state = encodeObject(schema, { ...prior.outputs, id: prior.id }, "state", [], timeouts);
    const json = Buffer.from(JSON.stringify(state));
    const request = { type_name: schema.wire, version: prior.schemaVersion, raw_state: { json } };
    const answer = await this.session.call("UpgradeResourceState", request);
    if (failed(answer.diagnostics)) throw callFailed(answer.diagnostics, schema.properties);
    return fromDynamic(answer.upgraded_state) as WireObject;
  }
}

function asInvalid(error: ProviderError): ProviderError {
  return new ProviderError("invalid", error.message, { diagnostics: error.diagnostics });
}

/** Pulumi paths that force a replacement: those the plugin lists whose values differ. SDKv2 adds a bare `id`: not one. */
function replacing(schema: TypeSchema, answer: Calls["PlanResourceChange"][1], changed: string[]): string[] {
  const paths = answer.requires_replace.map((p) => fromSteps(schema.properties, p.steps)).filter((p) => p !== "");
  return [...new Set(paths)].filter((path) => changed.some((c) => pathsTouch(c, path))).sort();
}

function privateOf(prior: PriorResource): Uint8Array {
  return new Uint8Array(Buffer.from(prior.private, "base64"));
}

/** The key under which SDKv2 keeps timeouts in its private data (terraform-plugin-sdk, schema.TimeoutKey). */
const TIMEOUT_KEY = "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0";

/** Puts the delete timeout (seconds) where SDKv2 looks for it. Private data in any other form stays as it is. */
function withDeleteTimeout(schema: TypeSchema, priv: Uint8Array, seconds: number | undefined): Uint8Array {
  if (seconds === undefined || !schema.timeouts?.includes("delete")) return priv;
  try {
    const data = priv.length ? (JSON.parse(Buffer.from(priv).toString("utf8")) as { [key: string]: object }) : {};
    const timeouts = { ...data[TIMEOUT_KEY], delete: seconds * 1e9 };
    return new Uint8Array(Buffer.from(JSON.stringify({ ...data, [TIMEOUT_KEY]: timeouts })));
  } catch {
    return priv;
  }
}

function resultOf(schema: TypeSchema, state: WireObject, priv: Uint8Array, warnings: readonly WireDiagnostic[]): ProviderResult {
  const { outputs, secretPaths } = decodeObject(schema.properties, state);
  return {
    id: idOf(schema, state, outputs),
    outputs,
    private: Buffer.from(priv).toString("base64"),
    schemaVersion: schema.version,
    secretPaths,
    diagnostics: toDiagnostics(warnings, schema.properties),
  };
}

/** The state's id; of types without one the values of `idFrom`, joined by `__`; else `id`. */
function idOf(schema: TypeSchema, state: WireObject, outputs: Props): string {
  if (!schema.idFrom) return typeof state.id === "string" ? state.id : "";
  return schema.idFrom.map((name) => String(outputs[name] ?? "")).join("__") || "id";
}
