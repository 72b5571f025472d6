/** Expands components without front end, graph or engine: what kinds declare, for their own tests. */
import type {
  Bindings,
  BoundTarget,
  EnvironmentClass,
  ExpandContext,
  Kind,
  Raw,
  ResourceExtra,
  SharedKind,
  Told,
  Value,
} from "../../framework/model/index.js";
import { isRef, isText, text } from "../../framework/model/index.js";
import { makeUrn, SHARED_SERVICE } from "../../framework/base/names.js";
import { registry } from "../../constructs/registry.js";

/** One component to expand. */
export interface Given {
  address: string;
  kind: string;
  props: Record<string, unknown>;
}

/** One declared resource. */
export interface Declared {
  urn: string;
  type: string;
  /** `service/component/role`; the main one without role. */
  at: string;
  props: { [key: string]: Value };
  extra: ResourceExtra;
}

/** What came of it. */
export interface Expanded {
  resources: Declared[];
  outputs: { [address: string]: { [name: string]: Value } };
  bindings: { [address: string]: Bindings | undefined };
  errors: { code: string; message: string; path: string; at: string; next?: string | undefined }[];
  notices: string[];
  /** The props of a resource by `service/component/role`. Throws if there is none. */
  props(at: string): { [key: string]: any };
  /** A resource by `service/component/role`, or undefined. */
  find(at: string): Declared | undefined;
}

/** Settings of the stack. */
export interface Setting {
  environmentClass?: EnvironmentClass;
  infra?: { [kind: string]: { [key: string]: unknown } };
  /** Default: us-east-1, the only one. */
  region?: string;
  /** All regions, the stack's own first. */
  regions?: readonly string[];
  /** Finishes the components, too: those that need others first. */
  finish?: true;
}

/** Expands components in the order given (what is referred to first). Throws what a kind's schema refuses. */
export function expandAll(given: readonly Given[], setting: Setting = {}): Expanded {
  const out: Expanded = {
    resources: [],
    outputs: {},
    bindings: {},
    errors: [],
    notices: [],
    props: (at) => {
      const found = out.find(at);
      if (!found) throw new Error(`no resource ${at} among ${out.resources.map((r) => r.at).join(", ")}`);
      return found.props;
    },
    find: (at) => out.resources.find((r) => r.at === at),
  };
  const told = new Map<string, Told[]>();
  const finishes: (() => void)[] = [];
  const requests = new Map<string, { from: string; request: unknown }[]>();
  const kinds = new Map<string, { kind: Kind; given: Given }>();
  for (const g of given) {
    const kind = registry.find(g.kind);
    if (!kind?.expand) throw new Error(`no kind ${g.kind} that expands`);
    kinds.set(g.address, { kind, given: g });
  }
  const find = (name: string, service: string): string | undefined =>
    [name, `${service}/${name}`].find((a) => kinds.has(a)) ?? [...kinds.keys()].find((a) => a.endsWith(`/${name}`));

  const errorsAt =
    (at: string): Raw["error"] =>
    (code, message, path, more) =>
      void out.errors.push({ code, message, path, at, next: more?.next });

  const contextOf = (address: string, targets: BoundTarget[]): ExpandContext => {
    const [service = "", component = ""] = address.split("/");
    const urn = (role: string | undefined, type: string): string =>
      makeUrn({ environment: "dev", stack: "shop", type, service, component, ...(role ? { role } : {}) });
    const shared = (name: string, request: unknown): unknown => {
      const kind = registry.shared.find((s) => s.name === name) as SharedKind;
      requests.set(name, [...(requests.get(name) ?? []), { from: address, request }]);
      const inner = contextOf(`${SHARED_SERVICE}/${name}`, []);
      return kind.handle(request, { ...inner, from: address });
    };
    const taken = new Set<string>();
    return {
      stack: "shop",
      environment: "dev",
      environmentClass: setting.environmentClass ?? "development",
      region: setting.region ?? "us-east-1",
      regions: setting.regions ?? ["us-east-1"],
      regionValue: setting.region ?? "us-east-1",
      accountId: { $lookup: { token: "aws:index/getCallerIdentity:getCallerIdentity", args: {}, output: "accountId" } },
      service,
      component,
      address,
      tags: { "panka:component": address },
      protect: setting.environmentClass === "production" && (kinds.get(address)?.kind.stateful ?? false),
      infra: (kind) => setting.infra?.[kind],
      urn,
      targets,
      target: (name) => targets.find((t) => t.address === find(name, service)),
      addressOf: (name) => find(name, service),
      tell: (to, request) => void told.set(to, [...(told.get(to) ?? []), { from: address, request }]),
      shared: shared as ExpandContext["shared"],
      text: (key) => `text of ${key}`,
      asset: (key) => ({ $asset: key.padEnd(64, "0") }),
      error: errorsAt(address),
      granted: () => undefined,
      tested: false,
      notice: (text) => void out.notices.push(text),
      resource(role, type, props, extra = {}) {
        const key = `${type} ${role}`;
        if (taken.has(key)) throw new TypeError(`role used twice: ${address} ${key}`);
        taken.add(key);
        const clean = Object.fromEntries(Object.entries(props).filter((e): e is [string, Value] => e[1] !== undefined));
        const id = urn(role, type);
        out.resources.push({ urn: id, type, at: role ? `${address}/${role}` : address, props: clean, extra });
        return { urn: id, out: (output) => ({ $ref: { urn: id, output } }) as never };
      },
    };
  };

  for (const [address, { kind, given: g }] of kinds) {
    const service = address.split("/")[0] ?? "";
    const raw: Raw = { overlay: false, error: errorsAt(address) };
    const written = kind.normalize ? kind.normalize(g.props, raw) : g.props;
    const shape = kind.infra.length > 0 ? kind.schema.extend(Object.fromEntries(kind.infra.map((s) => [s, sectionShape(s)]))) : kind.schema;
    const props = shape.parse(written) as Record<string, unknown>;
    const bound = new Map<string, BoundTarget>();
    const bind = (target: string, access: string | undefined, inject: string | undefined, grants: boolean): void => {
      const [s = "", c = ""] = target.split("/");
      const other = out.bindings[target];
      const old = bound.get(target);
      const wanted = access ?? (grants ? other?.defaultAccess : undefined);
      bound.set(target, {
        address: target,
        service: s,
        component: c,
        kind: kinds.get(target)?.given.kind ?? "",
        outputs: out.outputs[target] ?? {},
        bindings: other,
        access: [...new Set([...(old?.access ?? []), ...(wanted ? [wanted] : [])])] as BoundTarget["access"],
        injectPrefixes: [...new Set([...(old?.injectPrefixes ?? []), ...(inject === undefined ? [] : [inject])])],
        urns: [],
        fronting: [],
      });
    };
    for (const link of kind.links?.(props) ?? []) {
      const target = find(link.component, service) ?? (link.or === undefined ? undefined : find(link.or, service));
      if (target === undefined) {
        if (!link.optional) throw new Error(`${address}: no component ${link.component}`);
        continue;
      }
      const prefix = link.inject === true ? (target.split("/")[1] ?? "").toUpperCase().replaceAll("-", "_") : link.inject || undefined;
      bind(target, link.access, prefix, !link.orderOnly);
    }
    const resolved = resolve(props, (component, output) => {
      const target = find(component, service) ?? component;
      bind(target, undefined, undefined, true);
      return out.outputs[target]?.[output] ?? null;
    });
    const context = contextOf(
      address,
      [...bound.values()].sort((a, b) => (a.address < b.address ? -1 : 1)),
    );
    const expansion = kind.expand?.(resolved, context);
    if (setting.finish) finishes.push(() => kind.finish?.(resolved, told.get(address) ?? [], context));
    out.outputs[address] = expansion?.outputs ?? {};
    out.bindings[address] = expansion?.bindings;
  }
  for (const finish of finishes.reverse()) finish();
  for (const kind of registry.shared) {
    const asked = requests.get(kind.name);
    if (asked)
      kind.expand(
        [...asked].sort((a, b) => (a.from < b.from ? -1 : 1)),
        contextOf(`${SHARED_SERVICE}/${kind.name}`, []),
      );
  }
  return out;
}

function sectionShape(section: string) {
  const shape = registry.find("ComponentInfra")?.schema.shape as Record<string, never>;
  return shape[section] as never;
}

function resolve(value: unknown, output: (component: string, output: string) => Value): unknown {
  if (isRef(value)) return output(value.component, value.output);
  if (isText(value)) return { $text: value.parts.map((p) => (typeof p === "string" ? p : output(p.component, p.output))) };
  if (Array.isArray(value)) return value.map((v) => resolve(v, output));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolve(v, output)]));
  return value;
}

export { text };
