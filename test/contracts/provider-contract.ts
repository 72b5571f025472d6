/**
 * The contract of providers as data: a scenario per resource type (test/contracts/provider-scenarios/*.json) is played through a
 * provider, and what it answered is written down as an Observation. `aws` on the emulator is recorded; `local` must answer alike.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isPlainObject, type Json } from "../../framework/base/json.js";
import { joinPath } from "../../framework/base/property-path.js";
import { isProviderError, type PriorResource, type Props, type Provider, type ProviderResult } from "../../framework/model/provider.js";
import { isUnknown, UNKNOWN } from "../../framework/model/values.js";

/** One type's scenario. Texts may hold `${name.output}` of a parent, and `${zip}`, the path of an archive. */
export interface Scenario {
  type: string;
  /** What must exist first, in this order. A parent may refer to earlier ones. */
  parents?: { [name: string]: { type: string; inputs: Props } };
  inputs: Props;
  /** Laid over the inputs (null removes) for the change in place. */
  change?: Props;
  /** Laid over the inputs for the change that replaces. */
  replace?: Props;
  /** Laid over the inputs for the second create of the same name; absent: there is no such case. */
  conflict?: Props;
  /** The parents whose absence the cloud must refuse; absent: no such case. */
  missing?: boolean;
  /** How the import id is made; absent: the id. */
  importId?: string;
  /** Why the emulator can't make it: only planned there. */
  planOnly?: string;
  /** Steps that would break the emulator's own data, and why; gaps.json says what AWS answers. */
  skipOnEmulator?: { [step in Step]?: string };
  /** Why the emulator can't delete it: it is left there, without its parents. */
  noDelete?: string;
  /** Why import is left out. */
  noImport?: string;
  /** Why a read after the delete may still find it: then it is not asked. */
  staysAfterDelete?: string;
}

/** What a provider answered. */
export interface Observation {
  /** Unknown outputs in the plan of a create, with parents that do not exist yet, and with known parents. */
  planned: { parentsUnknown: string[]; parentsKnown: string[] };
  /** Names of outputs that have a value after create. */
  created?: string[];
  /** Action of a plan with the same inputs. */
  same?: string;
  change?: { action: string; changedPaths: string[]; replacePaths: string[]; unknown: string[]; applied: string };
  replace?: { action: string; replacePaths: string[]; unknown: string[] };
  /** What became of a second create: `refused`, `same` id, or `another`. */
  conflict?: string;
  /** Action of a plan with the original inputs after import by id. */
  imported?: string;
  /** `gone`: the delete worked and a second one is no error. */
  deleted?: string;
  /** A create whose parents were deleted: `refused` or `accepted`. */
  missing?: string;
}

/** The steps of an observation. */
export type Step = keyof Observation;

/** A case in which the emulator and AWS differ: `local` follows AWS. */
export interface Gap {
  type: string;
  step: Step;
  /** What AWS does, in the form of the observation. */
  aws: Json;
  /** Where that is written: the page of the operation, or where it says nothing of the case, one that tells of AWS's answer. */
  source: string;
  /** What the source says: the error, or what AWS gives back. */
  says: string;
  /** False: the source was not read yet, or does not say it. */
  confirmed?: false;
}

const FOLDER = fileURLToPath(new URL("./provider-scenarios", import.meta.url));

/** All scenarios, by type. */
export function loadScenarios(): Map<string, Scenario> {
  const out = new Map<string, Scenario>();
  for (const name of readdirSync(FOLDER).sort()) {
    if (!name.endsWith(".json") || name === "gaps.json") continue;
    const file = JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as { [type: string]: Omit<Scenario, "type"> };
    for (const [type, scenario] of Object.entries(file)) {
      if (out.has(type)) throw new Error(`two scenarios for ${type}`);
      out.set(type, { type, ...scenario });
    }
  }
  return out;
}

/** The known differences between the emulator and AWS. */
export function loadGaps(): Gap[] {
  return JSON.parse(readFileSync(join(FOLDER, "gaps.json"), "utf8")) as Gap[];
}

/** Where the recording of a type is. */
export function recordingFile(type: string): string {
  return join(FOLDER, "recorded", `${type.replace(/^aws:/, "").replace(/\/.*:/, ".")}.json`);
}

/** A recording with the gaps of its type filled in: what AWS would have answered. */
export function withGaps(type: string, recorded: Observation, gaps: readonly Gap[]): Observation {
  const out = { ...recorded } as { [step: string]: unknown };
  for (const gap of gaps) if (gap.type === type) out[gap.step] = gap.aws;
  return out as unknown as Observation;
}

interface Made {
  type: string;
  urn: string;
  prior: PriorResource;
}

/**
 * Plays a scenario. Throws what the provider throws where the scenario does not expect it.
 * @param emulator true leaves out what the emulator can't do
 */
export async function play(provider: Provider, whole: Scenario, zip: string, emulator: boolean): Promise<Observation> {
  const { noDelete: _, ...everywhere } = whole;
  const scenario = emulator ? forEmulator(whole) : { ...everywhere, skipOnEmulator: {} };
  const plansOnly = emulator && scenario.planOnly !== undefined;
  const { type } = scenario;
  const urn = `urn:pulumi:dev::contract::${type}::a/x`;
  const parents = await makeParents(provider, scenario, urn, zip);
  const inputs = fill(scenario.inputs, parents, zip);
  const blind = await provider.plan({ urn, type, inputs: fill(scenario.inputs, undefined, zip), prior: null });
  const plan = await provider.plan({ urn, type, inputs, prior: null });
  const seen: Observation = { planned: { parentsUnknown: unknowns(blind.outputs), parentsKnown: unknowns(plan.outputs) } };
  if (!plansOnly) await playMade({ provider, scenario, zip, urn, parents, inputs, seen });
  await deleteParents(provider, scenario, parents);
  if (!plansOnly && scenario.missing) seen.missing = await outcome(provider.create({ urn: `${urn}-orphan`, type, inputs }), "");
  return seen;
}

/** Names of the parents that a parent refers to. */
function needs(scenario: Scenario, name: string): string[] {
  const text = JSON.stringify(scenario.parents?.[name]?.inputs ?? {});
  return Object.keys(scenario.parents ?? {}).filter((other) => text.includes(`\${${other}.`));
}

/** Makes the parents, side by side as far as they allow. */
async function makeParents(provider: Provider, scenario: Scenario, urn: string, zip: string): Promise<Map<string, Made>> {
  const made = new Map<string, Made>();
  const waits = new Map<string, Promise<void>>();
  for (const [name, parent] of Object.entries(scenario.parents ?? {})) {
    const first = needs(scenario, name).map((other) => waits.get(other));
    waits.set(
      name,
      Promise.all(first).then(async () => {
        made.set(name, await make(provider, parent.type, `${urn}-${name}`, fill(parent.inputs, made, zip)));
      }),
    );
  }
  await Promise.all(waits.values());
  return made;
}

async function deleteParents(provider: Provider, scenario: Scenario, parents: Map<string, Made>): Promise<void> {
  const waits = new Map<string, Promise<void>>();
  for (const name of Object.keys(scenario.parents ?? {}).reverse()) {
    const users = [...waits.keys()].filter((other) => needs(scenario, other).includes(name));
    const parent = parents.get(name) as Made;
    waits.set(
      name,
      Promise.all(users.map((u) => waits.get(u))).then(() => provider.delete({ ...parent, inputs: parent.prior.inputs })),
    );
  }
  await Promise.all(waits.values());
}

function forEmulator(scenario: Scenario): Scenario {
  const { skipOnEmulator = {} } = scenario;
  const rest = { ...scenario };
  if (skipOnEmulator.conflict) delete rest.conflict;
  if (skipOnEmulator.change) delete rest.change;
  if (skipOnEmulator.missing) delete rest.missing;
  if (skipOnEmulator.imported) rest.noImport = skipOnEmulator.imported;
  return rest;
}

interface Playing {
  provider: Provider;
  scenario: Scenario;
  zip: string;
  urn: string;
  parents: Map<string, Made>;
  inputs: Props;
  seen: Observation;
}

async function playMade({ provider, scenario, zip, urn, parents, inputs, seen }: Playing): Promise<void> {
  const { type } = scenario;
  const made = await make(provider, type, urn, inputs);
  let prior = made.prior;
  seen.created = given(prior.outputs);
  seen.same = (await provider.plan({ urn, type, inputs, prior })).action;
  if (scenario.conflict !== undefined) {
    const second = over(inputs, fill(scenario.conflict, parents, zip));
    const creating = provider.create({ urn: `${urn}-second`, type, inputs: second });
    seen.conflict = await outcome(creating, prior.id);
    if (seen.conflict === "another") await provider.delete({ urn, type, inputs: second, prior: priorOf(second, await creating) });
  }
  if (scenario.change) {
    const changed = over(inputs, fill(scenario.change, parents, zip));
    const plan = await provider.plan({ urn, type, inputs: changed, prior });
    const applied = await provider.update({ urn, type, inputs: changed, prior });
    prior = priorOf(changed, applied);
    const again = await provider.plan({ urn, type, inputs: changed, prior });
    seen.change = {
      action: plan.action,
      changedPaths: [...plan.changedPaths].sort(),
      replacePaths: [...plan.replacePaths].sort(),
      unknown: unknowns(plan.outputs),
      applied: again.action,
    };
  }
  if (scenario.replace) {
    const plan = await provider.plan({ urn, type, inputs: over(inputs, fill(scenario.replace, parents, zip)), prior: made.prior });
    seen.replace = { action: plan.action, replacePaths: [...plan.replacePaths].sort(), unknown: unknowns(plan.outputs) };
  }
  if (!scenario.noImport) {
    const self = new Map([...parents, ["self", { type, urn, prior }]]);
    const importId = scenario.importId ? String(fillText(scenario.importId, self, zip)) : prior.id;
    const found = await provider.import({ urn, type, importId });
    const plan = found && (await provider.plan({ urn, type, inputs: prior.inputs, prior: priorOf(prior.inputs, found) }));
    seen.imported = plan ? plan.action : "not found";
  }
  if (scenario.noDelete) return;
  await provider.delete({ urn, type, inputs: prior.inputs, prior });
  if (scenario.skipOnEmulator?.deleted) return;
  await provider.delete({ urn, type, inputs: prior.inputs, prior });
  if (!scenario.staysAfterDelete) seen.deleted = (await provider.read({ urn, type, prior })) === null ? "gone" : "still there";
}

async function make(provider: Provider, type: string, urn: string, inputs: Props): Promise<Made> {
  return { type, urn, prior: priorOf(inputs, await provider.create({ urn, type, inputs })) };
}

function priorOf(inputs: Props, r: ProviderResult): PriorResource {
  return { id: r.id, inputs, outputs: r.outputs, private: r.private, schemaVersion: r.schemaVersion };
}

async function outcome(work: Promise<ProviderResult>, id: string): Promise<string> {
  try {
    return (await work).id === id ? "same" : id === "" ? "accepted" : "another";
  } catch (error) {
    if (isProviderError(error) && error.outcome !== "unknown" && error.code !== "invalid") return "refused";
    throw error;
  }
}

function over(inputs: Props, more: Props): Props {
  return Object.fromEntries(Object.entries({ ...inputs, ...more }).filter(([, v]) => v !== null));
}

/** Inputs with the parents' outputs filled in; `parents` undefined: unknown. */
function fill(value: Props, parents: Map<string, Made> | undefined, zip: string): Props {
  return fillValue(value, parents, zip) as Props;
}

function fillValue(value: Json, parents: Map<string, Made> | undefined, zip: string): Json {
  if (typeof value === "string") return fillText(value, parents, zip);
  if (Array.isArray(value)) return value.map((v) => fillValue(v, parents, zip));
  if (isPlainObject(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, fillValue(v as Json, parents, zip)]));
  return value;
}

function fillText(text: string, parents: Map<string, Made> | undefined, zip: string): Json {
  const known = text.replaceAll("${zip}", zip);
  if (!known.includes("${")) return known;
  if (!parents) return UNKNOWN as unknown as Json;
  const one = (name: string, output: string): Json => {
    const parent = parents.get(name);
    const value = output === "id" ? parent?.prior.id : parent?.prior.outputs[output];
    if (value === undefined) throw new Error(`"${text}": ${name} has no output ${output}`);
    return value;
  };
  const whole = /^\$\{(\w+)\.(\w+)\}$/.exec(known);
  if (whole) return one(whole[1] as string, whole[2] as string);
  return known.replace(/\$\{(\w+)\.(\w+)\}/g, (_, name: string, output: string) => String(one(name, output)));
}

/** Paths of all unknown values, sorted. */
export function unknowns(value: Json, path = ""): string[] {
  if (isUnknown(value)) return [path];
  if (Array.isArray(value)) return value.flatMap((v, i) => unknowns(v, joinPath(path, i)));
  if (!isPlainObject(value)) return [];
  return Object.entries(value)
    .flatMap(([k, v]) => unknowns(v as Json, joinPath(path, k)))
    .sort();
}

/** Names of outputs that are not null, "", [], {}, false or 0. */
function given(outputs: Props): string[] {
  const empty = (v: Json): boolean =>
    v === null ||
    v === "" ||
    v === false ||
    v === 0 ||
    (Array.isArray(v) && v.length === 0) ||
    (isPlainObject(v) && Object.keys(v).length === 0);
  return Object.keys(outputs)
    .filter((key) => !empty(outputs[key] as Json))
    .sort();
}
