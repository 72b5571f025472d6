/** Registers resources with the running program: one provider, a component per service and component, resources below them. */
import { componentOf, packageOf } from "../../base/names.js";
import type { Props } from "../../model/provider.js";
import type { SchemaIndex } from "../../model/provider-schema.js";
import type { ResourceOptions } from "../../model/resource.js";
import type { ResourceState } from "../../model/state-file.js";
import { toPrior } from "../../plan/candidate.js";
import { inputSecrets } from "../../plan/outputs.js";
import type { PulumiPackage } from "./deployment.js";
import type { PulumiCore } from "./sdk.js";
import { COMPONENT_TYPE, pulumiName, SERVICE_TYPE, toPulumiUrn } from "./urns.js";
import { secondsOf, toPulumi } from "./values.js";

/** What is registered. */
export interface Target {
  urn: string;
  type: string;
  inputs: Props;
  secretPaths: readonly string[];
  needs: readonly string[];
  options: ResourceOptions;
}

/** What the registrar works with. */
export interface RegistrarOptions {
  core: PulumiCore;
  package: PulumiPackage;
  schemas: SchemaIndex;
  hooks: { [binding: string]: unknown[] };
  /** Recorded resources by URN. */
  recorded: { [urn: string]: ResourceState };
  /** URNs of the recorded ones that are registered as they are. */
  keep: ReadonlySet<string>;
  assetPath(sha: string): string;
  /** From where relative paths of files count. */
  root: string;
  /** Runs code as part of the program. */
  inProgram?: <T>(body: () => T) => T;
}

type Resource = InstanceType<PulumiCore["CustomResource"]>;
type Component = InstanceType<PulumiCore["ComponentResource"]>;

/** The registered resources of one run. */
export class Registrar {
  private readonly resources = new Map<string, Resource>();
  private readonly components = new Map<string, Component>();
  private readonly provider: Resource;
  private readonly inProgram: <T>(body: () => T) => T;

  constructor(private readonly options: RegistrarOptions) {
    const { core, package: of } = options;
    this.inProgram = options.inProgram ?? ((body) => body());
    this.provider = this.inProgram(() => {
      const Provider = core.ProviderResource as unknown as new (...args: unknown[]) => Resource;
      return new Provider(of.name, of.name, of.inputs, { version: of.version });
    });
  }

  /** True if it was registered in this run. */
  has(urn: string): boolean {
    return this.resources.has(urn);
  }

  /** Registers it, and first the recorded ones that it needs. Resolves when Pulumi is through with it: true, or false where it failed. */
  register(target: Target): Promise<boolean> {
    for (const urn of target.needs) this.keep(urn);
    return this.inProgram(() => this.make(target));
  }

  /** Registers all recorded ones that stay as they are and were not registered yet. */
  keepRest(): void {
    for (const urn of this.options.keep) this.keep(urn);
  }

  private keep(urn: string): void {
    const state = this.options.recorded[urn];
    if (!state || this.resources.has(urn) || !this.options.keep.has(urn)) return;
    const { inputs } = toPrior(state, this.options.assetPath);
    const { protect, retainOnDelete } = state;
    const registered = this.register({
      urn,
      type: state.type,
      inputs,
      secretPaths: inputSecrets(state.secretPaths),
      needs: state.dependsOn,
      options: { protect, ...(retainOnDelete ? { retainOnDelete } : {}) },
    });
    registered.catch(() => {}); // what becomes of it is heard from the events
  }

  private async make(target: Target): Promise<boolean> {
    const { core, schemas, hooks, package: of } = this.options;
    const { urn, type, options } = target;
    const Plain = core.CustomResource as unknown as new (...args: unknown[]) => Resource;
    const needs = target.needs.map((need) => this.resources.get(need)).filter((r): r is Resource => r !== undefined);
    const secretOutputs = Object.entries(schemas.type(type)?.properties ?? {}).filter(([, p]) => p.sensitive);
    const resource = new Plain(type, pulumiName(urn), this.inputs(target), {
      parent: this.component(componentOf(urn)),
      // Other packages get the default provider that Pulumi makes for each.
      ...(packageOf(type) === of.name ? { provider: this.provider as never, version: of.version } : {}),
      dependsOn: needs,
      // The bridge deletes first where a name is given, and all of ours are; so it is always said.
      deleteBeforeReplace: false,
      protect: options.protect ?? false,
      retainOnDelete: options.retainOnDelete ?? false,
      hooks,
      ...(options.ignoreChanges?.length ? { ignoreChanges: options.ignoreChanges } : {}),
      ...(options.timeouts ? { customTimeouts: secondsOf(options.timeouts) } : {}),
      ...(options.aliases?.length ? { aliases: options.aliases.map(toPulumiUrn) } : {}),
      ...(secretOutputs.length ? { additionalSecretOutputs: secretOutputs.map(([name]) => name) } : {}),
    });
    this.resources.set(urn, resource);
    const id = resource.id as unknown as { promise(): Promise<unknown>; isKnown: Promise<boolean> };
    await (resource.urn as unknown as { promise(): Promise<unknown> }).promise();
    return id.isKnown;
  }

  private inputs({ type, inputs, secretPaths }: Target): Props {
    const { core, schemas, root } = this.options;
    return toPulumi(core, inputs, { secretPaths, schema: schemas.type(type), root });
  }

  private component(address: string): Component {
    const [service = ""] = address.split("/");
    const above = this.componentOf(SERVICE_TYPE, service, undefined);
    return this.componentOf(COMPONENT_TYPE, address, above);
  }

  private componentOf(type: string, name: string, parent: Component | undefined): Component {
    const known = this.components.get(name);
    if (known) return known;
    const made = new this.options.core.ComponentResource(type, name, {}, parent ? { parent } : {});
    this.components.set(name, made);
    return made;
  }
}
