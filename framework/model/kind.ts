/**
 * Kind: everything Panka knows of one kind of document, in one value. Adding a kind is one file that exports a Kind and one line in
 * constructs/registry.ts; shared code never branches on a kind's name.
 */
import type { z } from "zod";
import type { SourcePosition } from "../base/diagnostics.js";
import type { ApprovalRule } from "./approval.js";
import type { Access, Bindings, Grant, Link } from "./bindings.js";
import type { RolloutSpec, RunningTasks } from "./rollout.js";
import type { TaskPlace } from "./smoke-test.js";
import type { EnvironmentClass } from "./stack-model.js";
import type { ActionSpec, ProbeSpec, ResourceHandle, ResourceOptions, ResourceSpec } from "./resource.js";
import type { Value } from "./values.js";

/** Sections of ComponentInfra that a kind may take beside its own spec. Others are refused in its documents and ignored in InfraDefaults. */
export type InfraSection = "resources" | "scaling" | "networking" | "storage" | "capacity" | "deployment";

/** What expand gives back besides the resources it declared through the context. */
export interface Expansion {
  /** By output name; exactly the kind's `outputs` that apply. */
  outputs: { [name: string]: Value };
  bindings?: Bindings;
  /** How a new version of it takes over, where that is more than all at once. */
  rollout?: RolloutSpec;
  /** Default: by its output `url`, if it has one. */
  reach?: Reach;
}

/** How a component is tested and watched after a deployment. */
export interface Reach {
  /** Where it answers requests that come from outside of the network. */
  url?: Value;
  /** Why it has no such URL, and what to do: `it is ...`. */
  noUrl?: string;
  /** Where a one-off task of it runs; absent: it runs no tasks. */
  task?: TaskPlace;
  /** Why no command can be run in a task of it, and what to do: `it ...`. */
  noTask?: string;
  /** Its tasks, where they run all the time; `urn`: what runs them. */
  running?: RunningTasks & { urn: string };
}

/** A reference from the component being expanded to one that already is. */
export interface BoundTarget {
  address: string;
  service: string;
  component: string;
  kind: string;
  outputs: { [name: string]: Value };
  bindings: Bindings | undefined;
  /** Accesses asked for (by uses or links), or the default one; empty for order only. */
  access: Access[];
  /** Prefixes of injected variables: one for each way in which it is asked for them. */
  injectPrefixes: readonly string[];
  /** The component's resources, for explicit ordering. */
  urns: string[];
  /** Paths of its links by which this component stands behind it: keys of `bindings.fronts`. */
  fronting: string[];
}

/** Extra of a declared resource. */
export interface ResourceExtra {
  options?: ResourceOptions;
  /** Default: class A by the physical name where the type is named, else class B. */
  probe?: ProbeSpec;
  actions?: ActionSpec[];
  dependsOn?: string[];
}

/** What expand may see and do. Pure: the same context and props give the same resources. */
export interface ExpandContext {
  readonly stack: string;
  readonly environment: string;
  readonly environmentClass: EnvironmentClass;
  /** The region, or "" (then use `regionValue`). */
  readonly region: string;
  /** All regions of the stack, its own first: what there is one of for all of them belongs there. Only `region` where it has one. */
  readonly regions: readonly string[];
  /** The region as a value: text, or a look-up. */
  readonly regionValue: Value;
  /** The account id as a value: text, or a look-up. */
  readonly accountId: Value;
  readonly service: string;
  readonly component: string;
  /** `service/component`. */
  readonly address: string;
  /** User's tags of stack, service and component, merged, plus `panka:stack`, `panka:environment`, `panka:component`. */
  readonly tags: { [key: string]: Value };
  /** Whether stateful resources of this component are protected (user's `protect`, else production and stateful). */
  readonly protect: boolean;
  /** Checked spec of an infra document of the stack, or undefined. */
  infra(kind: string): { [key: string]: unknown } | undefined;
  /** Declares a resource; role undefined for the main one. Roles are fixed for ever. Throws TypeError for a role used twice. */
  resource(role: string | undefined, type: string, props: { [key: string]: Value | undefined }, extra?: ResourceExtra): ResourceHandle;
  /** The URN that a resource of this component with that role and type has. */
  urn(role: string | undefined, type: string): string;
  /** Components that this one refers to or uses, sorted by address. */
  readonly targets: readonly BoundTarget[];
  /** The target that a name in the props means, or undefined if it names no component. */
  target(name: string): BoundTarget | undefined;
  /** Address of the component of the stack that a name means, whether this one refers to it or not; undefined if it means none. */
  addressOf(name: string): string | undefined;
  /** Hands a component something for its `finish` ({@link Told}); from a `finish` only to one that this component needs. */
  tell(address: string, request: unknown): void;
  /** Asks a shared resource of the stack (`network`, `cluster`, `load-balancer`) for something; returns its handle. */
  shared<H>(name: string, request?: unknown): H;
  /** The hash of an asset by the key under which the kind's `assets` named it. */
  asset(key: string): Value;
  /** The text of a file that the kind's `assets` named; "" where no files are read, as by validate. */
  text(key: string): string;
  /** Reports that a role of the component is allowed these; `to`: the component that they are for, absent for the user's own statements. */
  granted(grants: readonly Grant[], to?: string): void;
  /** True if a smoke test of the component, its service or the stack looks at it: it must be ready when its resources are made. */
  readonly tested: boolean;
  /** A problem in the props; path within the props. */
  error(code: string, message: string, path: string, more?: { expected?: string; suggestion?: string; next?: string }): void;
  /** A fact for the reader of the plan. */
  notice(text: string): void;
}

/** What another component handed over by {@link ExpandContext.tell}. */
export interface Told {
  /** Address of the one that told. */
  from: string;
  request: unknown;
}

/** A file or folder that a component ships. */
export interface AssetRequest {
  /** Key for {@link ExpandContext.asset} or {@link ExpandContext.text}; where it stands in the props, for messages. */
  key: string;
  /** Relative to the document's folder. */
  path: string;
  /**
   * `zip`: the file or folder as it is; `bundle`: esbuild from this entry; `text`: nothing is shipped, expand gets the file's text
   * ({@link ExpandContext.text}); `image`: a build context, of which the hash of its content is given.
   */
  how: "zip" | "bundle" | "text" | "image";
  /** Of an image: how it is built; `dockerfile` is relative to `path`. */
  image?: { dockerfile: string; target?: string | undefined; args: { [name: string]: string }; platform: string };
  /** Instead of `path`: one file written in the document itself, zipped. */
  inline?: { file: string; text: string };
}

/** A component as an infra document of the stack sees it. */
export interface StackComponent {
  address: string;
  kind: string;
  /** Those of stack, service and component together. */
  tags: { [key: string]: unknown };
  /** Sections of ComponentInfra that its own document says, each with the path of its first field there. */
  sections: readonly { section: string; at?: SourcePosition }[];
  /** What it made. */
  resources: readonly ResourceSpec[];
  bindings: Bindings | undefined;
}

/** What of a stack an infra document may judge. */
export interface StackFacts {
  /** "" if not known. */
  region: string;
  environmentClass: EnvironmentClass;
  /** In order of address. */
  components: readonly StackComponent[];
  /** All resources, those of the stack's shared parts, too. */
  resources: readonly ResourceSpec[];
}

/** What an infra document forbids, or only warns of: a component by its address, or the stack where there is none. */
export interface Verdict {
  address?: string;
  /** Within the component's spec, or the stack's. */
  path: string;
  /** Default error: the stack is refused (exit 5). */
  severity?: "error" | "warning";
  code: string;
  message: string;
  expected?: string;
  next?: string;
  /** Where it stands, if the path does not say. */
  at?: SourcePosition;
}

/** The document whose raw spec is made long. */
export interface Raw {
  /** It is merged over others: null takes away what they say. */
  overlay: boolean;
  /** A problem in what is written there; path within the raw spec. */
  error(code: string, message: string, path: string, more?: { expected?: string; suggestion?: string; next?: string }): void;
}

/** One kind. */
export interface Kind {
  name: string;
  /** Other spellings of the name, such as `Kafka` for `MSK`. */
  aliases?: readonly string[];
  group: "core" | "infra" | "components";
  /** API group of a team's own kind, such as `acme.example.com`: its documents say `apiVersion: <apiGroup>/v1`. Absent for Panka's own kinds. */
  apiGroup?: string;
  /** One line for the reference page. */
  summary: string;
  /** The spec's schema; every field described. Strict: unknown keys are errors. Most of Panka's own kinds make it at its first use. */
  schema: z.ZodObject;
  /** ComponentInfra sections that apply. */
  infra: readonly InfraSection[];
  /** Fields of those sections that mean nothing for this kind (`networking.loadBalancer`): refused in its documents, ignored in InfraDefaults. */
  infraExcept?: readonly string[];
  /**
   * Aliases and short forms made long, per document, before anything is merged. Pure; gets and returns raw specs; must leave what it does
   * not know for the check, or report it.
   */
  normalize?(spec: { [key: string]: unknown }, raw: Raw): { [key: string]: unknown };
  /** Output name -> one line of description. */
  outputs: { [name: string]: string };
  /** Outputs that this kind has for these props (`Resource`: any); default: `outputs`. */
  hasOutput?(name: string, props: { [key: string]: unknown }): boolean;
  /** Other names of outputs: `url` for `queueUrl`. */
  outputAliases?: { [alias: string]: string };
  /** Protected by default in production. */
  stateful: boolean;
  /** Its components may stand behind others: expand reads `bindings.fronts` of its targets. */
  fronted?: boolean;
  /** Components named in the props other than by Ref. */
  links?(props: { [key: string]: unknown }): Link[];
  /** Files that the component ships. */
  assets?(props: { [key: string]: unknown }): AssetRequest[];
  /** Of infra kinds: what of the stack their document forbids; each is an error of validate and synth. Pure. */
  judge?(spec: any, stack: StackFacts): Verdict[];
  /** Of infra kinds: whether deployments to an environment need an approval, and whose; undefined: not by this document. Pure. */
  approval?(spec: any, environment: { name: string; class: EnvironmentClass }): Pick<ApprovalRule, "by"> | undefined;
  /**
   * Of infra kinds: declares what their document makes for the stack as a whole, when all components are expanded. The resources are
   * those of service `_stack` and a component named as the kind in lower case. Problems are those of the document.
   */
  complete?(spec: any, components: readonly StackComponent[], context: ExpandContext): void;
  /** Of infra kinds that a Stack document may hold inline: the kind's spec from the stack's, or undefined. */
  fromStack?(stackSpec: { [key: string]: unknown }): { [key: string]: unknown } | undefined;
  /** Declares the resources through the context. Absent for kinds that are read by others (Stack, InfraDefaults). */
  expand?(props: any, context: ExpandContext): Expansion;
  /**
   * Declares what can be made only when all components are expanded: resources that refer to those that refer to this one. Nothing may
   * refer to them. `told` is sorted by teller; targets of `late` links are there now. Called once per component that was expanded, after
   * those that need it: it may tell what it needs, too.
   */
  finish?(props: any, told: readonly Told[], context: ExpandContext): void;
}

/** A resource shared by the stack's components: made only if one asks. Its URNs live under service `_stack`. */
export interface SharedKind {
  /** `network`, `cluster`, `load-balancer`. */
  name: string;
  /** What an asker gets; pure, from fixed URNs. May itself ask for other shared resources through the context. */
  handle(request: unknown, context: SharedContext): unknown;
  /** Declares the resources, once, for all requests (sorted by asker). */
  expand(requests: { from: string; request: unknown }[], context: ExpandContext): Expansion;
}

/** What {@link SharedKind.handle} may see. */
export type SharedContext = Pick<ExpandContext, "stack" | "environment" | "environmentClass" | "infra" | "urn" | "shared"> & {
  /** The asker's address. */
  from: string;
};

/** A name of which there is one for all regions: two regions of a stack can't both give it. */
export interface GlobalName {
  type: string;
  /** What bears it, for messages: `the bucket`. */
  what: string;
  /** Properties that make the name, the first of which must be given; where that is a list, each of its items is a name. */
  by: readonly string[];
  /** What to do instead. */
  instead: string;
}

/** All kinds, as a value that the CLI passes down. */
export interface Registry {
  kinds: readonly Kind[];
  shared: readonly SharedKind[];
  /** A kind by name or alias. */
  find(name: string): Kind | undefined;
  /** Look-ups of the account id and the region, for stacks that do not say them. */
  wellKnown?: { accountId: Value; region: Value };
  /** Names that two regions can't both give. */
  globalNames?: readonly GlobalName[];
  /** How a lost create of a type is found again, where its tags or name do not do; undefined for the default. */
  probeFor?(type: string, props: { [key: string]: Value | undefined }): ProbeSpec | undefined;
}

/** For those who need only the result. */
export type { ResourceSpec };
