/** (model, tenant) -> model: what a stack inherits from its tenant, and what the tenant forbids. Pure. */
import type { DiagnosticBag } from "../base/diagnostics.js";
import { isPlainObject } from "../base/json.js";
import { nearest } from "../base/nearest.js";
import type { Kind, Registry } from "../model/kind.js";
import type { ModelDocument, ModelInput } from "../model/stack-model.js";
import type { Tenant } from "../model/tenant.js";
import { stackDocument } from "./stack-id.js";

/** The model with the tenant's tags, account, role, owner and infra documents below its own. What the tenant forbids goes to the bag. */
export function withTenant(input: ModelInput, tenant: Tenant, registry: Registry, bag: DiagnosticBag): ModelInput {
  judge(input, tenant, registry, bag);
  const { spec } = tenant;
  const inherited = Object.entries(spec.infrastructure ?? {}).flatMap(([name, own]) => inherit(name, own, input, tenant, registry, bag));
  const documents = input.documents.map((d) => (d === stackDocument(input) ? { ...d, spec: stackSpec(d, tenant, bag) } : d));
  return { ...input, documents: [...documents, ...inherited], inherits: tenant };
}

/** The stack's spec over what the tenant sets. */
function stackSpec(d: ModelDocument, { name, spec }: Tenant, bag: DiagnosticBag): { [key: string]: unknown } {
  const out = { ...d.spec };
  if (spec.tags) out["tags"] = isPlainObject(out["tags"] ?? {}) ? { ...spec.tags, ...(out["tags"] as object) } : out["tags"];
  if (spec.owner && out["owner"] === undefined) out["owner"] = spec.owner;
  const provider = out["provider"];
  if (!isPlainObject(provider)) return out;
  const place = { ...provider };
  for (const key of ["accountId", "assumeRoleArn"] as const) {
    const wanted = spec[key];
    if (wanted === undefined) continue;
    if (place[key] !== undefined && String(place[key]) !== wanted)
      bag.error("not-the-tenants", `${String(place[key])} is not what the tenant ${name} sets`, {
        ...d.source(`provider.${key}`),
        path: `provider.${key}`,
        expected: wanted,
      });
    place[key] = wanted;
  }
  return { ...out, provider: place };
}

/** The tenant's infra document of a kind, unless the stack has one of its own. */
function inherit(name: string, spec: unknown, input: ModelInput, tenant: Tenant, registry: Registry, bag: DiagnosticBag): ModelDocument[] {
  const kind = registry.find(name);
  const of = `infrastructure.${name} of the tenant ${tenant.name}`;
  if (kind?.group !== "infra" || kind.name === "ComponentInfra" || !isPlainObject(spec)) {
    const known = registry.kinds.filter((k) => k.group === "infra").map((k) => k.name);
    const suggestion = nearest(name, known);
    bag.error("bad-tenant", `${of} ${kind?.group === "infra" ? "is not a spec" : "is no infra kind of a stack"}`, {
      ...(suggestion ? { suggestion } : {}),
      next: `panka tenant show ${tenant.name}`,
    });
    return [];
  }
  const own = ownDocument(kind, input);
  if (own && kind.judge)
    bag.error("not-the-tenants", `the tenant ${tenant.name} sets ${name}, so a stack has none of its own`, {
      ...own.source(""),
      next: `take out the ${name} document; panka tenant show ${tenant.name} prints the tenant's`,
    });
  if (own) return [];
  return [
    {
      apiVersion: "infra.panka.io/v1",
      kind: kind.name,
      name: tenant.name,
      labels: {},
      annotations: {},
      spec,
      literal: true,
      source: () => undefined,
    },
  ];
}

function ownDocument(kind: Kind, input: ModelInput): ModelDocument | undefined {
  const document = input.documents.find((d) => d.kind === kind.name);
  const stack = stackDocument(input);
  return document ?? (stack && kind.fromStack?.(stack.spec) !== undefined ? stack : undefined);
}

function judge(input: ModelInput, { name, spec }: Tenant, registry: Registry, bag: DiagnosticBag): void {
  const components = input.documents.filter((d) => registry.find(d.kind)?.group === "components");
  const most = spec.limits?.componentsPerStack;
  if (most !== undefined && components.length > most)
    bag.error("too-many-components", `the stack has ${components.length} components; the tenant ${name} allows ${most}`, {
      ...stackDocument(input)?.source(""),
      next: "split the stack, or ask the platform team for a higher limit",
    });
  for (const d of spec.allowedKinds ? components : [])
    if (!spec.allowedKinds?.includes(d.kind))
      bag.error("kind-not-allowed", `components of kind ${d.kind} are not allowed in the tenant ${name}`, {
        ...d.source(""),
        path: `${d.service}/${d.name}`,
        expected: spec.allowedKinds?.join(", ") || "no components at all",
      });
}

/** Whether the tenant allows a region; it is known only when an environment is chosen. */
export function checkTenantRegion(region: string, { name, spec }: Tenant, bag: DiagnosticBag): void {
  if (!spec.allowedRegions || spec.allowedRegions.includes(region)) return;
  bag.error("region-not-allowed", `the region ${region || "(none)"} is not allowed in the tenant ${name}`, {
    path: "provider.region",
    expected: spec.allowedRegions.join(", ") || "no region at all",
  });
}
