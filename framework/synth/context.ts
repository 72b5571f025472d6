/** The context that a kind's expand sees, for one component or one shared resource. */
import { nearest } from "../base/nearest.js";
import { ComponentNames } from "../model/component-names.js";
import type { Access, BoundTarget, ExpandContext, Kind, Link, ResolvedComponent, ResourceSpec, Value } from "../model/index.js";
import { bindingGrant } from "./grants.js";
import type { Owner, SynthRun } from "./run.js";

/** Hash given for an asset when synth was told none: validate reads no files. */
export const NO_ASSET = "0".repeat(64);

/** What differs between the contexts of components and of shared resources. */
interface Parts {
  owner: Owner;
  /** Whose problems are reported; default the owner. */
  subject?: string;
  tags: { [key: string]: Value };
  targets: readonly BoundTarget[];
  target(name: string): BoundTarget | undefined;
}

/** The context of a component; `finishing`: with the targets of its late links. */
export function componentContext(
  run: SynthRun,
  component: ResolvedComponent,
  kind: Kind,
  resources: Map<string, ResourceSpec>,
  finishing = false,
): ExpandContext {
  const { model } = run;
  const protect = component.props.protect as boolean | undefined;
  const owner: Owner = {
    service: component.service,
    component: component.name,
    address: component.address,
    protect: protect ?? (kind.stateful && model.environmentClass === "production"),
    resources,
  };
  const targets = targetsOf(run, component, finishing);
  if (!finishing) checkFronted(run, component);
  const names = new ComponentNames(targets.map((t) => t.address));
  return makeContext(run, {
    owner,
    tags: {
      ...model.tags[component.service],
      ...(component.props.tags as { [key: string]: Value } | undefined),
      ...commonTags(run, component.address),
    },
    targets,
    target(name) {
      const found = names.find(name, component.service);
      return "address" in found ? targets.find((t) => t.address === found.address) : undefined;
    },
  });
}

/** The context of a shared resource, or of what an infra document makes for the stack; problems are then those of the `subject`. */
export function sharedContext(run: SynthRun, name: string, resources: Map<string, ResourceSpec>, subject?: string): ExpandContext {
  const address = `_stack/${name}`;
  return makeContext(run, {
    owner: { service: "_stack", component: name, address, protect: false, resources },
    ...(subject === undefined ? {} : { subject }),
    tags: { ...(run.model.spec.tags as { [key: string]: string } | undefined), ...commonTags(run, `stack/${name}`) },
    targets: [],
    target: () => undefined,
  });
}

function commonTags(run: SynthRun, component: string): { [key: string]: string } {
  return { "panka:stack": run.model.stack, "panka:environment": run.model.environment, "panka:component": component };
}

function makeContext(run: SynthRun, parts: Parts): ExpandContext {
  const { model } = run;
  const { owner } = parts;
  return {
    stack: model.stack,
    environment: model.environment,
    environmentClass: model.environmentClass,
    region: model.region,
    regions: model.regions,
    regionValue: run.regionValue,
    accountId: run.accountId,
    service: owner.service,
    component: owner.component,
    address: owner.address,
    tags: parts.tags,
    protect: owner.protect,
    infra: (kind) => run.infra(kind),
    resource: (role, type, props, extra) => run.declare(owner, role, type, props, extra),
    urn: (role, type) => run.urn(owner, role, type),
    targets: parts.targets,
    target: parts.target,
    addressOf(name) {
      const found = run.names.find(name, owner.service);
      return "address" in found ? found.address : undefined;
    },
    tell: (address, request) => run.tell(owner.address, address, request),
    shared: <H>(name: string, request?: unknown) => run.askShared(owner.address, name, request) as H,
    asset: (key) => ({ $asset: assetHash(run, owner.address, key) }),
    text: (key) => run.options.assets?.get(`${owner.address}#${key}`) ?? "",
    granted: (grants, to) => {
      run.grants.push(...grants.map((g) => bindingGrant(owner.address, to, g)));
    },
    error: (code, message, path, more) => run.problem(parts.subject ?? owner.address, path, code, message, more),
    tested: run.isTested(owner.address),
    notice: (text) => {
      run.notices.push(`${owner.address}: ${text}`);
    },
  };
}

function assetHash(run: SynthRun, address: string, key: string): string {
  const { assets } = run.options;
  if (!assets) return NO_ASSET;
  const hash = assets.get(`${address}#${key}`);
  if (hash === undefined) run.problem(address, key, "asset-missing", `the file for "${key}" was not prepared`);
  return hash ?? NO_ASSET;
}

/** What a component refers to or uses: accesses as `uses` says, else the kind's default; checked against what the kind offers. */
function targetsOf(run: SynthRun, component: ResolvedComponent, finishing: boolean): BoundTarget[] {
  const outgoing = run.graph.outgoing.get(component.address);
  const out: BoundTarget[] = [];
  const late = finishing ? (outgoing?.links ?? []).filter((l) => l.late === "forth" || l.late === "both").map((l) => l.address) : [];
  for (const address of [...new Set([...(run.graph.needs.get(component.address) ?? []), ...late])].sort()) {
    const target = run.byAddress.get(address);
    const expansion = run.expanded.get(address);
    if (!target || !expansion) continue;
    const links = (outgoing?.links ?? []).filter((l) => l.address === address);
    const narrowed = links.filter((l) => l.access !== undefined);
    const byDefault = outgoing?.refs.some((r) => r.address === address) || links.some((l) => !l.orderOnly && l.access === undefined);
    const { bindings } = expansion;
    const access = new Set<Access>(narrowed.map((l) => l.access as Access));
    if (access.size === 0 && byDefault && bindings?.defaultAccess) access.add(bindings.defaultAccess);
    for (const link of links) checkUse(run, component, link, target, bindings);
    for (const link of narrowed) checkAccess(run, component, link.access as Access, link.path, target, expansion);
    const prefixOf = ({ inject }: Link): string[] =>
      inject === true ? [target.name.toUpperCase().replaceAll("-", "_")] : typeof inject === "string" ? [inject] : [];
    out.push({
      address,
      service: target.service,
      component: target.name,
      kind: target.kind,
      outputs: expansion.outputs,
      bindings,
      access: [...access].sort(),
      injectPrefixes: [...new Set(links.flatMap(prefixOf))],
      urns: [...expansion.resources.values()].map((r) => r.urn).sort(),
      fronting: (run.graph.outgoing.get(address)?.links ?? [])
        .filter((l) => l.behind && l.address === component.address)
        .map((l) => l.path),
    });
  }
  return out;
}

/** What is to stand behind a component must be of a kind that can. */
function checkFronted(run: SynthRun, component: ResolvedComponent): void {
  const { registry } = run.options;
  for (const link of run.graph.outgoing.get(component.address)?.links ?? []) {
    const kind = run.byAddress.get(link.address)?.kind ?? "";
    if (!link.behind || registry.find(kind)?.fronted) continue;
    const able = registry.kinds.filter((k) => k.fronted).map((k) => k.name);
    run.problem(component.address, link.path, "not-fronted", `${kind} "${link.address}" can't stand behind "${component.address}"`, {
      expected: able.join(" or "),
    });
  }
}

/** A use without an access is good for something only where the kind has a default, variables, or a door. */
function checkUse(
  run: SynthRun,
  component: ResolvedComponent,
  link: Link,
  target: ResolvedComponent,
  bindings: BoundTarget["bindings"],
): void {
  if (link.inject !== true || link.access !== undefined) return;
  if (bindings?.defaultAccess || bindings?.connect || Object.keys(bindings?.inject ?? {}).length > 0) return;
  const offered = Object.keys(bindings?.grants ?? {}).sort();
  run.problem(component.address, link.path, "uses-nothing", `${target.kind} "${target.address}" gives nothing to who uses it`, {
    expected: offered.length > 0 ? `access: ${offered.join(", ")}` : "dependsOn, where only the order matters",
  });
}

function checkAccess(
  run: SynthRun,
  component: ResolvedComponent,
  access: Access,
  path: string,
  target: ResolvedComponent,
  expansion: { bindings?: BoundTarget["bindings"] },
): void {
  const offered: string[] = Object.keys(expansion.bindings?.grants ?? {});
  if (expansion.bindings?.connect && !offered.includes("connect")) offered.push("connect");
  if (offered.includes(access)) return;
  run.problem(component.address, path, "access-not-offered", `${target.kind} "${target.address}" can't be used by "${access}"`, {
    expected: offered.length > 0 ? offered.sort().join(", ") : "a kind that can be used",
    ...(nearest(access, offered) ? { suggestion: nearest(access, offered) as string } : {}),
  });
}
