/** Plan, create, update, delete, read and import on the modelled cloud: functions of (type, cloud, call). */
import { getPath, setPath } from "../../base/property-path.js";
import type { PriorResource, Props, ProviderPlan, ProviderResult, ResourceCall } from "../../model/provider.js";
import { ProviderError } from "../../model/provider.js";
import type { TypeSchema } from "../../model/provider-schema.js";
import { hasUnknown } from "../../model/values.js";
import { isInput, normalizeInputs } from "./check.js";
import type { Cloud, CloudResource } from "./cloud.js";
import { differences, sameValue } from "./compare.js";
import { fillComputed, fillPlanned, forgetRecomputed, importIdOf } from "./computed.js";
import { plannedChange, plannedNew, plannedWithoutSchema } from "./planned.js";
import { checkDeletable, checkParents, checkUnique, naming } from "./refusals.js";
import type { TypeRule } from "./rules.js";
import { hideSecrets, revealSecrets, secretPaths } from "./secrets.js";
import type { TemplateContext } from "./template.js";

/** Everything about one type in one place. */
export interface Model {
  type: string;
  schema: TypeSchema | undefined;
  rule: TypeRule | undefined;
  region: string;
  account: string;
  salt: string;
  context: TemplateContext;
}

type PlanCall = { inputs: Props; prior: PriorResource | null; ignoreChanges?: string[] };

/** What a change would do. */
export function planFor(model: Model, call: PlanCall): Omit<ProviderPlan, "diagnostics"> {
  const { schema, rule } = model;
  if (!call.prior) {
    const outputs = planNew(model, call.inputs);
    return { action: "create", replacePaths: [], outputs, changedPaths: Object.keys(call.inputs).sort() };
  }
  const inputs = withIgnored(call.inputs, call.prior, call.ignoreChanges ?? []);
  const normal = schema ? normalizeInputs(schema, inputs) : inputs;
  const planned = planExisting(model, normal, call.prior);
  const changed = differences(schema?.properties ?? {}, call.prior.outputs, planned, rule?.forceNew);
  if (changed.length === 0) return { action: "same", replacePaths: [], outputs: call.prior.outputs, changedPaths: [] };
  const changedPaths = changed.map((d) => d.path);
  const replacePaths = changed.filter((d) => d.replaces).map((d) => d.path);
  if (replacePaths.length > 0) return { action: "replace", replacePaths, outputs: planNew(model, inputs), changedPaths };
  const outputs = forgetRecomputed(rule, planned, normal, changedPaths);
  const forgotten = Object.keys(rule?.recomputed ?? {}).filter((key) => hasUnknown(outputs[key]) && !changedPaths.includes(key));
  return { action: "update", replacePaths: [], outputs, changedPaths: [...changedPaths, ...forgotten].sort() };
}

function planNew(model: Model, inputs: Props): Props {
  const { schema, rule, context } = model;
  if (!schema) return plannedWithoutSchema(inputs, undefined, undefined);
  const normal = normalizeInputs(schema, inputs);
  return fillPlanned(schema, rule, plannedNew(schema, rule, normal), normal, undefined, context);
}

function planExisting(model: Model, inputs: Props, prior: PriorResource): Props {
  const { schema, rule, context } = model;
  if (!schema) return plannedWithoutSchema(inputs, prior.inputs, prior.outputs);
  return fillPlanned(schema, rule, plannedChange(schema, rule, inputs, prior.outputs), inputs, prior.outputs, context);
}

/** Inputs with the ignored paths as they were. */
function withIgnored(inputs: Props, prior: PriorResource, ignored: string[]): Props {
  return ignored.reduce((out, path) => setPath(out, path, getPath(prior.inputs, path)) as Props, inputs);
}

/** Makes a resource. Throws ProviderError `conflict` or `not-found` before anything is changed. `hold`: it stays `creating`. */
export function createIn(model: Model, cloud: Cloud, call: ResourceCall, hold: boolean | number | undefined): ProviderResult {
  const { type, schema, rule, context } = model;
  const place = { region: model.region, account: model.account };
  const planned = planNew(model, call.inputs);
  checkParents(cloud, place, type, rule, planned);
  const existing = checkUnique(cloud, place, type, rule, schema, planned);
  const start = existing?.how === "same" ? { ...existing.resource.outputs, ...known(planned) } : planned;
  const { id, outputs } = fillComputed(type, schema, rule, start, context, existing?.how === "same" ? existing.resource.id : undefined);
  if (id === "") throw new ProviderError("invalid", `${type}: its id needs a property that is not set`);
  const taken = cloud.get(model.region, type, id);
  if (taken && !existing) throw new ProviderError("conflict", `${type}: ${id} already exists`);
  const resource: CloudResource = {
    type,
    id,
    importId: importIdOf(type, rule, id, outputs, context),
    status: hold === undefined ? "ready" : "creating",
    urn: call.urn,
    outputs: hideSecrets(schema, outputs, model.salt),
    ...(typeof hold === "number" ? { heldUntil: context.now() + hold } : {}),
  };
  cloud.put(model.region, resource);
  return resultOf(model, id, outputs);
}

function known(planned: Props): Props {
  return Object.fromEntries(Object.entries(planned).filter(([, v]) => !(typeof v === "object" && v !== null && "$unknown" in v)));
}

/** Changes a resource in place. Throws ProviderError `not-found` if it is gone, `invalid` if the change needs a replacement. */
export function updateIn(
  model: Model,
  cloud: Cloud,
  call: ResourceCall & { prior: PriorResource; ignoreChanges?: string[] },
): ProviderResult {
  const { type, schema, rule, context } = model;
  const resource = cloud.get(model.region, type, call.prior.id);
  if (!resource) throw new ProviderError("not-found", `${type}: ${call.prior.id} does not exist`);
  const plan = planFor(model, call);
  if (plan.action === "replace") throw new ProviderError("invalid", `${type}: ${plan.replacePaths.join(", ")} can't be changed in place`);
  const place = { region: model.region, account: model.account };
  checkParents(cloud, place, type, rule, plan.outputs);
  checkUnique(cloud, place, type, rule, schema, plan.outputs, resource.id);
  const { id, outputs } = fillComputed(type, schema, rule, plan.outputs, context, resource.id);
  const importId = importIdOf(type, rule, id, outputs, context);
  cloud.put(model.region, { ...resource, importId, outputs: hideSecrets(schema, outputs, model.salt) });
  return resultOf(model, id, outputs);
}

/** Deletes a resource; one that is gone is no error. */
export function deleteIn(model: Model, cloud: Cloud, id: string): void {
  const resource = cloud.get(model.region, model.type, id);
  if (!resource) return;
  checkDeletable(cloud, model, model.rule, resource);
  for (const rule of model.rule?.takesAlong ?? [])
    for (const other of naming(cloud, model, rule, resource)) cloud.remove(model.region, other.type, other.id);
  cloud.remove(model.region, model.type, id);
}

/** A resource as read; `known` outputs give back the secrets that did not change. */
export function readFrom(model: Model, resource: CloudResource, known: Props): ProviderResult {
  return resultOf(model, resource.id, revealSecrets(model.schema, resource.outputs, model.salt, known));
}

/** Finds by import id. */
export function importFrom(model: Model, cloud: Cloud, importId: string): (ProviderResult & { inputs: Props }) | null {
  for (const resource of cloud.ofType(model.region, model.type)) {
    if (resource.importId !== importId && resource.id !== importId) continue;
    const result = readFrom(model, resource, {});
    for (const key of model.rule?.notRead ?? []) delete result.outputs[key];
    return { ...result, inputs: inputsOf(model, result.outputs) };
  }
  return null;
}

/** Inputs that would give these outputs: what may be set, is set, and is not the default. */
export function inputsOf(model: Model, outputs: Props): Props {
  const { schema } = model;
  const out: Props = {};
  for (const [key, value] of Object.entries(outputs)) {
    if (key === "tagsAll") continue;
    if (!schema) {
      if (key !== "arn") out[key] = value;
      continue;
    }
    const property = schema.properties[key];
    if (!property || !isInput(property) || value === null) continue;
    const isDefault = property.default !== undefined && sameValue(property, property.default, value);
    if (property.required || !(isDefault || sameValue(property, undefined, value))) out[key] = value;
  }
  return out;
}

function resultOf(model: Model, id: string, outputs: Props): ProviderResult {
  const paths = secretPaths(model.schema, outputs);
  return { id, outputs, private: "", schemaVersion: model.schema?.version ?? 0, secretPaths: paths, diagnostics: [] };
}
