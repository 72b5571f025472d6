/**
 * The model: what a front end (YAML documents or TypeScript constructs) says, before and after an environment is chosen.
 * Front ends make a {@link ModelInput}; overlays turn it and an environment into a {@link ResolvedModel}; graph and synth read that.
 */
import type { SourcePosition } from "../base/diagnostics.js";
import type { Tenant } from "./tenant.js";

/** Which stack. */
export interface StackId {
  stack: string;
  /** `metadata.tenant` of its Stack document; changes where its state and its locks are kept. */
  tenant?: string;
  /** The region, where the stack has more than one; each has a state and locks of its own. */
  regional?: string;
}

/** What class of environment a name stands for; every rule that says "production" reads this. */
export type EnvironmentClass = "production" | "staging" | "development";

/** Where a document, or a property path in its spec (`scaling.minReplicas`, `ports[0].port`; "" = the document), was written. */
export type SourceMap = (path: string) => SourcePosition | undefined;

/** One document: a YAML document or what one construct recorded. */
export interface ModelDocument {
  /** `core.panka.io/v1` and so on; constructs fill in their kind's. */
  apiVersion: string;
  kind: string;
  /** metadata.name. */
  name: string;
  /** The service it belongs to; absent for Stack, Service and infra documents of the stack. */
  service?: string;
  labels: { [key: string]: string };
  annotations: { [key: string]: string };
  description?: string;
  tenant?: string;
  /** Raw spec: JSON, with Ref and Text values in TypeScript stacks. Never shared: may be read, not changed. */
  spec: { [key: string]: unknown };
  /** Strings are literal (TypeScript); false: `${...}` is filled in (YAML). */
  literal: boolean;
  source: SourceMap;
  /** For overlays: the environment they are for. */
  environment?: string;
}

/** Changes that a TypeScript stack makes for one environment: address (`service/component`, or "" for the stack) -> patch of its props. */
export interface EnvironmentPatch {
  environment: string;
  address: string;
  patch: { [key: string]: unknown };
  source: SourceMap;
}

/** All that a front end found for one stack. */
export interface ModelInput {
  format: 1;
  stack: string;
  frontEnd: "yaml" | "typescript";
  /** Base documents: one Stack, its Services, components, infra documents. */
  documents: ModelDocument[];
  /** Overlay documents, by `environment`. */
  overlays: ModelDocument[];
  patches: EnvironmentPatch[];
  /** Environments that are named anywhere (Stack.environments, folders, patches), sorted. */
  environments: string[];
  /** What the stack inherits from, where its tenant is set up; already laid below the documents. */
  inherits?: Tenant;
  /** Some documents could not be read (reported already): names that lead nowhere may be theirs and are not reported. */
  incomplete?: boolean;
}

/** What a run knows besides the documents. All of it passed in. */
export interface ResolveOptions {
  environment: string;
  environmentClass: EnvironmentClass;
  /** `--var`. */
  vars: { [name: string]: string };
  /** `environments.<env>.variables` of the configuration. */
  configVariables: { [name: string]: string };
  /** `PANKA_VAR_*` by bare name. */
  envVariables: { [name: string]: string };
  /** GIT_COMMIT, GIT_BRANCH where known. */
  git: { commit?: string; branch?: string };
  /** `--image`: component -> the image that it gets in this run. */
  images?: { [component: string]: string };
  /** Region from the configuration, by precedence over the stack's own; undefined = the stack decides. */
  region?: string;
}

/** A component with everything merged, filled in and checked. Props are the kind's schema output plus its infra sections; Ref and Text stand where references are. */
export interface ResolvedComponent {
  /** `service/component`. */
  address: string;
  service: string;
  name: string;
  kind: string;
  props: { [key: string]: unknown };
  labels: { [key: string]: string };
  description?: string;
  /** Sections of ComponentInfra that its own document (not one of the infra group) says, and where. */
  sections?: readonly { section: string; at?: SourcePosition }[];
  source: SourceMap;
}

/** The stack in one environment. */
export interface ResolvedModel extends StackId {
  /** The tenant whose limits count. */
  inherits?: Tenant;
  environment: string;
  environmentClass: EnvironmentClass;
  /** "" if not known. */
  region: string;
  /** All regions of the stack, its own first; only `region` where it has one. */
  regions: readonly string[];
  /** Stack spec after overlays. */
  spec: { [key: string]: unknown };
  source: SourceMap;
  services: { name: string; spec: { [key: string]: unknown }; source: SourceMap }[];
  /** In order of address. */
  components: ResolvedComponent[];
  /** Infra documents of the stack that kinds read: kind -> checked spec (`Networking`, `Observability`). */
  infra: { [kind: string]: { [key: string]: unknown } };
  /** Where those say what, by kind. */
  infraSources?: { [kind: string]: SourceMap };
  /** Tags of the stack and of each service, already merged: service -> tags. */
  tags: { [service: string]: { [key: string]: string } };
}
