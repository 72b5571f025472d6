/**
 * Adopting: what exists in the cloud becomes the resource of the state that the assembly describes. Nothing in the cloud is changed. What
 * is recorded of a found thing is what the code says wherever it fits, and what was found where it does not: the next plan shows that.
 */
import type { Diagnostic } from "../base/diagnostics.js";
import { messageOf } from "../base/errors.js";
import type { Json } from "../base/json.js";
import { componentOf } from "../base/names.js";
import { getPath, parsePath } from "../base/property-path.js";
import { topologicalOrder } from "../graph/order.js";
import type { Assembly } from "../model/assembly.js";
import { isProviderError, type Props, type Provider } from "../model/provider.js";
import type { SchemaIndex, TypeSchema } from "../model/provider-schema.js";
import type { ResourceSpec } from "../model/resource.js";
import type { ResourceState, StateFile } from "../model/state-file.js";
import { hasUnknown, type Value } from "../model/values.js";
import { allot } from "../plan/allotments.js";
import { type ResolvedInputs, resolveInputs, toPrior } from "../plan/candidate.js";
import { hasOwnName, identityTags, NEW_LINEAGE, sensitivePaths, urnTag } from "../plan/identity.js";
import { Lookups } from "../plan/lookups.js";
import { outputOf, recordedOutputs } from "../plan/outputs.js";
import { providerInputs, recordedInputs, type ResolveSource, resolveValue } from "../plan/resolve.js";
import { specNeeds } from "./make.js";
import { type Finding, isOwner, ownerOf } from "./probe.js";
import { makeEntry, recordedOptions } from "./run-state.js";

/** What is to be adopted, by URN: its import id; undefined: by the id that its probe gives or by Panka's tags, if there is such a thing. */
export type Wanted = ReadonlyMap<string, string | undefined>;

/** What {@link adopt} gets. */
export interface AdoptRequest {
  state: StateFile;
  assembly: Assembly;
  schemas: SchemaIndex;
  provider: Provider;
  wanted: Wanted;
  /** Also take what carries the tags of another stack or resource. */
  force: boolean;
  /** The path of an asset. */
  assetPath(sha: string): string;
}

/** One resource that was asked for. */
export interface Adoption {
  urn: string;
  component: string;
  type: string;
  /** The provider's id; undefined: not adopted. */
  id?: string;
  /** What it was looked for by; undefined: no id was given, and none can be computed. */
  importId?: string;
  /** True: the id was given, false: computed. */
  given: boolean;
}

/** The state with what was found, and what became of each wish, in order of dependency. With problems it must not be written. */
export interface AdoptResult {
  state: StateFile;
  adoptions: Adoption[];
  problems: Diagnostic[];
}

/** Adopts what is wanted. Rejects with what the provider threw only where it is no ProviderError. */
export async function adopt(request: AdoptRequest): Promise<AdoptResult> {
  const adopting = new Adopting(request);
  const specs = request.assembly.resources.filter((r) => request.wanted.has(r.urn));
  const byUrn = new Map(specs.map((s) => [s.urn, s]));
  for (const urn of topologicalOrder(new Map(specs.map((s) => [s.urn, specNeeds(s)])))) await adopting.one(byUrn.get(urn) as ResourceSpec);
  return adopting.result();
}

class Adopting {
  private readonly resources: { [key: string]: ResourceState };
  private readonly adoptions: Adoption[] = [];
  private readonly problems: Diagnostic[] = [];
  private readonly lookups: Lookups;
  private readonly source: ResolveSource;

  constructor(private readonly request: AdoptRequest) {
    const { state, schemas, provider, assembly } = request;
    this.resources = { ...state.resources };
    this.lookups = new Lookups(state.lookups, schemas, (token, args) => provider.lookup(token, args));
    const { allotments } = allot(
      assembly.resources.map((r) => r.props),
      state.allotments,
      false,
    );
    this.source = {
      output: (urn, path) => {
        const at = this.resources[urn];
        return at ? outputOf(urn, recordedOutputs(at), path) : { known: false, secret: false };
      },
      lookup: (key) => this.lookups.find(key),
      allotted: (pool, key) => allotments[pool]?.[key] ?? 0,
    };
  }

  result(): AdoptResult {
    const resources = Object.fromEntries(Object.entries(this.resources).sort(([a], [b]) => (a < b ? -1 : 1)));
    return { state: { ...this.request.state, resources }, adoptions: this.adoptions, problems: this.problems };
  }

  async one(spec: ResourceSpec): Promise<void> {
    const given = this.request.wanted.get(spec.urn);
    const adoption: Adoption = { urn: spec.urn, component: componentOf(spec.urn), type: spec.type, given: given !== undefined };
    this.adoptions.push(adoption);
    if (given !== undefined && spec.options.engine) {
      this.problem(spec, "not-supported", `${spec.type} is of another Pulumi package; importing those is not supported yet`);
      return;
    }
    try {
      const importId = given ?? (await this.computedId(spec));
      if (importId === undefined) return;
      adoption.importId = importId;
      const found = await this.find(spec, importId, given !== undefined);
      if (!found || !this.isFree(spec, found)) return;
      this.resources[spec.urn] = await this.entry(spec, found);
      adoption.id = found.id;
    } catch (error) {
      if (!isProviderError(error)) throw error;
      this.problem(spec, `provider-${error.code}`, messageOf(error));
    }
  }

  private async computedId(spec: ResourceSpec): Promise<string | undefined> {
    const { class: kind } = spec.probe;
    if (kind === "D" || kind === "E" || spec.options.engine) return undefined;
    return (await this.probedId(spec)) ?? (await this.taggedId(spec));
  }

  /** The import id of what carries Panka's tags: of this state, with force also of one that was lost. */
  private async taggedId({ type, urn }: ResourceSpec): Promise<string | undefined> {
    const { provider, schemas, state, force } = this.request;
    if (schemas.type(type)?.taggable === false || (!force && state.lineage === NEW_LINEAGE)) return undefined;
    try {
      const found = await provider.findByTags(type, force ? { "panka:urn": urnTag(urn) } : identityTags(state.lineage, urn));
      return found.length === 1 ? found[0] : undefined;
    } catch (error) {
      if (isProviderError(error, "unsupported")) return undefined;
      throw error;
    }
  }

  /** The import id that the probe gives; undefined where something that it needs is not known. A name that Panka would make is no name of what exists. */
  private async probedId(spec: ResourceSpec): Promise<string | undefined> {
    const { importId, lookup } = spec.probe;
    const source = { ...this.source, ...(await this.ownName(spec)) };
    const known = (value: Value | undefined): Json | undefined => {
      const resolved = resolveValue(value ?? null, source);
      return resolved.unknown || resolved.problems.length > 0 || resolved.secretPaths.length > 0 ? undefined : resolved.value;
    };
    const id = known(importId);
    if (!lookup) return typeof id === "string" ? id : undefined;
    const args = known(lookup.args);
    if (args === undefined || lookup.tagged || (importId !== undefined && id === undefined)) return undefined;
    try {
      const answer = getPath(await this.request.provider.lookup(lookup.token, args as Props), lookup.output);
      const one = Array.isArray(answer) && answer.length === 1 ? answer[0] : answer;
      return typeof one === "string" && one !== "" ? `${one}${id ?? ""}` : undefined;
    } catch (error) {
      if (isProviderError(error, "not-found")) return undefined;
      throw error;
    }
  }

  private async ownName(spec: ResourceSpec): Promise<{ name?: Json }> {
    const schema = this.request.schemas.type(spec.type);
    if (!hasOwnName(spec, schema)) return {};
    const name = (await this.resolved(spec, schema)).inputs[schema?.naming?.property ?? ""];
    return name === undefined ? {} : { name };
  }

  private async find(spec: ResourceSpec, importId: string, given: boolean): Promise<Finding | undefined> {
    let found: Finding | null = null;
    try {
      found = await this.request.provider.import({ urn: spec.urn, type: spec.type, importId });
    } catch (error) {
      if (!isProviderError(error, "not-found") && (given || !isProviderError(error, "failed"))) throw error;
    }
    if (found) return found;
    if (given) {
      const message = `there is no ${spec.type} with the import id ${importId}`;
      this.problem(spec, "not-found", message, { next: `panka import ${componentOf(spec.urn)}, which says what its ids look like` });
    }
    return undefined;
  }

  /** False, with a problem, where the thing is another resource's. */
  private isFree(spec: ResourceSpec, found: Finding): boolean {
    const holder = Object.entries(this.resources).find(([, r]) => r.type === spec.type && r.id === found.id);
    if (holder) {
      this.problem(spec, "taken", `${found.id} is recorded as ${holder[0]}`, { next: `panka state mv '${holder[0]}' '${spec.urn}'` });
      return false;
    }
    const owner = ownerOf(found);
    if (this.request.force || !owner || isOwner(owner, this.request.state.lineage, spec.urn)) return true;
    this.problem(
      spec,
      "of-another",
      `${found.id} carries the tags of ${String(owner.urn ?? "another stack")}: another state may record it`,
      {
        next: "panka state rm there first; or, if that state is gone, the same command with --force",
      },
    );
    return false;
  }

  private async resolved(spec: ResourceSpec, schema: TypeSchema | undefined, prior?: ResourceState): Promise<ResolvedInputs> {
    const waiting = this.lookups.prepare(spec.props as unknown as Value, this.source);
    if (waiting) await waiting;
    const { lineage } = this.request.state;
    const generation = prior?.generation ?? 0;
    return resolveInputs(spec, { source: this.source, schema, lineage, generation, ...(prior ? { prior } : {}) });
  }

  private async entry(spec: ResourceSpec, found: Finding): Promise<ResourceState> {
    const schema = this.request.schemas.type(spec.type);
    const make = (inputs: Props, secretInputs: readonly string[]): ResourceState =>
      makeEntry(
        {
          type: spec.type,
          generation: this.generation(spec.urn),
          inputs,
          secretInputs: [...new Set([...secretInputs, ...sensitivePaths(schema, inputs)])],
          dependsOn: specNeeds(spec).filter((urn) => this.resources[urn]),
          ...recordedOptions(spec),
          result: found,
          status: "ok",
        },
        schema,
      );
    const whole = make(recordedInputs(found.inputs), []);
    const wanted = await this.resolved(spec, schema, whole);
    return make(await this.fitted(spec, whole, wanted), wanted.secretPaths);
  }

  /** Inputs as the code has them wherever the provider sees no difference, and as found wherever it does. */
  private async fitted(spec: ResourceSpec, found: ResourceState, wanted: ResolvedInputs): Promise<Props> {
    const { provider, assetPath } = this.request;
    const ignore = spec.options.ignoreChanges;
    const answer = await provider.plan({
      urn: spec.urn,
      type: spec.type,
      inputs: providerInputs(wanted.inputs as Json, assetPath) as Props,
      secretPaths: wanted.secretPaths,
      prior: toPrior(found, assetPath),
      ...(ignore?.length ? { ignoreChanges: ignore } : {}),
    });
    const differing = new Set([...answer.changedPaths, ...answer.replacePaths].map((path) => String(parsePath(path)[0])));
    const inputs: Props = {};
    for (const name of [...new Set([...Object.keys(wanted.inputs), ...Object.keys(found.inputs)])].sort()) {
      const own = wanted.inputs[name];
      const value = differing.has(name) || hasUnknown(own) ? found.inputs[name] : own;
      if (value !== undefined) inputs[name] = value;
    }
    return inputs;
  }

  /** One above what waits for its deletion under this URN, so that its key stays free. */
  private generation(urn: string): number {
    const older = Object.entries(this.resources).filter(([key]) => key.startsWith(`${urn}#`));
    return Math.max(-1, ...older.map(([, r]) => r.generation)) + 1;
  }

  private problem(spec: ResourceSpec, code: string, message: string, more: Partial<Diagnostic> = {}): void {
    this.problems.push({ severity: "error", code, message, path: componentOf(spec.urn), ...more });
  }
}
