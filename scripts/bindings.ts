/**
 * What references between components come to, found by trying: every kind is used by a worker in every way, and named in every field
 * that names components. The kinds' samples are the examples of their pages. Written to docs/reference/bindings.md.
 */
import { registry } from "../constructs/registry.js";
import { parseUrn, SHARED_SERVICE } from "../framework/base/names.js";
import { type Access, type Assembly, type BindingGrant, refsIn, type ResourceSpec, type SynthResult } from "../framework/model/index.js";
import { NAMING_FIELDS, type NamingField } from "./naming-fields.js";
import { compiled, type Sample, samples, SERVICE } from "./samples.js";

const ACCESSES: readonly Access[] = ["read", "write", "readWrite", "send", "receive", "publish", "invoke", "connect"];
const USER = "zz-user";

/** A kind used in one way. */
export interface UseCase {
  kind: string;
  access: Access;
  /** What a reference gives that says nothing narrower. */
  isDefault: boolean;
  variables: string[];
  grants: BindingGrant[];
  port: string;
  assembly: Assembly;
}

/** A kind named in a field of another. */
export interface NamedCase {
  field: string;
  kind: string;
  /** Types that are made because of it. */
  types: string[];
  assembly: Assembly;
}

/** Every kind in every way in which a worker may use it. */
export async function useCases(): Promise<UseCase[]> {
  const out: UseCase[] = [];
  for (const examples of samples()) {
    const found: UseCase[] = [];
    for (const access of ACCESSES)
      for (const sample of examples) {
        const use = await usedBy(sample, access);
        if (use) found.push(use);
        if (use) break;
      }
    // Of two that come to the same the wider is the one that is meant.
    const last = found.findLast((u) => u.isDefault);
    out.push(...found.map((u) => ({ ...u, isDefault: u === last })));
  }
  return out;
}

async function usedBy(sample: Sample, access: Access): Promise<UseCase | undefined> {
  const used = (narrowed: { access?: Access }) =>
    compiled(sample, {
      kind: "Worker",
      metadata: { name: USER, service: SERVICE },
      spec: { image: "ghcr.io/acme/user:1", uses: [{ component: sample.name, ...narrowed }] },
    });
  const result = await used({ access });
  if (!result) return undefined;
  const isDefault = JSON.stringify(result.assembly) === JSON.stringify((await used({}))?.assembly);
  return { kind: sample.kind, access, isDefault, ...shape(result, sample), assembly: result.assembly };
}

/** What the user got. */
function shape(result: SynthResult, { name }: Sample): Pick<UseCase, "variables" | "grants" | "port"> {
  const prefix = `${name.toUpperCase().replaceAll("-", "_")}_`;
  const own = result.assembly.resources.filter((r) => isOf(r, USER));
  const task = own.find((r) => r.type === "aws:ecs/taskDefinition:TaskDefinition");
  const [container] = (task?.props.containerDefinitions as { $json: Container[] } | undefined)?.$json ?? [];
  const names = [...(container?.environment ?? []), ...(container?.secrets ?? [])].map((e) => e.name.replace(prefix, "<NAME>_")).sort();
  const rule = own.find((r) => parseUrn(r.urn).role?.startsWith("to-"));
  const port = rule ? `${rule.props.fromPort}/${rule.props.ipProtocol ?? rule.props.protocol}` : "";
  return { variables: names, grants: result.grants.filter((g) => g.component === `${SERVICE}/${USER}`), port };
}

interface Container {
  environment?: { name: string }[];
  secrets?: { name: string }[];
}

function isOf(resource: ResourceSpec, component: string): boolean {
  const { service, component: name } = parseUrn(resource.urn);
  return service === SERVICE && name === component;
}

/** Every kind in every field that may name it. */
export async function namedCases(): Promise<NamedCase[]> {
  const out: NamedCase[] = [];
  for (const examples of samples())
    for (const field of NAMING_FIELDS) {
      for (const sample of examples) {
        const found = await named(sample, field);
        if (found) out.push(found);
        if (found) break;
      }
    }
  return out;
}

async function named(sample: Sample, { field, document, beside = {} }: NamingField): Promise<NamedCase | undefined> {
  const naming = document(sample.name);
  const infra = registry.find(naming.kind)?.group === "infra";
  const user = infra
    ? { ...naming, apiVersion: "infra.panka.io/v1", metadata: { name: USER } }
    : { ...naming, metadata: { name: USER, service: SERVICE } };
  const others = Object.entries(beside).map(([name, other]) => ({ ...other, metadata: { name, service: SERVICE } }));
  const result = await compiled(sample, user, ...others);
  if (!result) return undefined;
  const before = new Set((await compiled(sample))?.assembly.resources.map((r) => r.urn));
  const { resources } = result.assembly;
  const target = new Set(resources.filter((r) => isOf(r, sample.name)).map((r) => r.urn));
  const ofUser = (r: ResourceSpec): boolean => (infra ? parseUrn(r.urn).service === SHARED_SERVICE : isOf(r, USER));
  const made = resources.filter((r) => !before.has(r.urn) && (isOf(r, sample.name) || (ofUser(r) && refers(r, target))));
  return { field, kind: sample.kind, types: [...new Set(made.map((r) => r.type))].sort(), assembly: result.assembly };
}

function refers(resource: ResourceSpec, to: ReadonlySet<string>): boolean {
  return refsIn(resource.props).some((urn) => to.has(urn));
}

const HEAD = `# Bindings

What a reference between two components gives. Generated by \`npm run docs\`, by trying: every kind is used by a Worker in every way that it
offers, and named in every field that names components.

## What \`uses\` gives

\`uses: [{ component, access }]\` in YAML, \`uses: [jobs.send()]\` in TypeScript, and \`valueFrom\` without \`output\`: an order, the variables, the
permissions of the user's role, and the port opened from the user's security group. A reference to an output gives the same without the variables.
The access in **bold** is given where nothing narrower is said; \`<NAME>\` is the component's name in upper case. MicroService, Worker, CronJob and
Lambda can use others; a Lambda gets a secret as its ARN (\`<NAME>_SECRET_ARN\`), and the permission to read it. \`\${it.arn}\` is the resource of the
component that is used. What goes beyond is said in \`permissions\`, and the plan shows it.

| kind | access | variables | permissions | port |
|---|---|---|---|---|
`;

const NAMED = `
## What a field that names a component gives

Beside the order: what is made so that the one may tell, call or read the other.

| field | component | made |
|---|---|---|
`;

/** The whole page, from what {@link useCases} and {@link namedCases} found. */
export function bindingsPage(useCases: readonly UseCase[], namedCases: readonly NamedCase[]): string {
  const uses = useCases.map((u) => {
    const grants = u.grants.map(
      (g) => `${g.actions.map((a) => `\`${a}\``).join(", ")} on ${g.resources.map((r) => `\`${it(r)}\``).join(", ")}`,
    );
    const names = u.variables.map((v) => `\`${v}\``);
    const access = u.isDefault ? `**${u.access}**` : u.access;
    return `| ${u.kind} | ${access} | ${names.join(" ")} | ${grants.join("; ")} | ${u.port} |`;
  });
  const fields = new Map(NAMING_FIELDS.map((f) => [f.field, `${f.field}${f.alike ? `; ${f.alike.join(", ")} alike` : ""}`]));
  const named = new Map<string, { kinds: string[]; field: string; types: string }>();
  for (const { field, kind, types } of namedCases) {
    const made = types.map((t) => `\`${t}\``).join(" ");
    const row = named.get(`${field} ${made}`) ?? { kinds: [], field, types: made };
    row.kinds.push(kind);
    named.set(`${field} ${made}`, row);
  }
  const rows = [...named.values()]
    .sort((a, b) => NAMING_FIELDS.findIndex((f) => f.field === a.field) - NAMING_FIELDS.findIndex((f) => f.field === b.field))
    .map((r) => `| ${fields.get(r.field)} | ${r.kinds.join(", ")} | ${r.types || "the value in the field's own resource"} |`);
  return `${HEAD}${uses.join("\n")}\n${NAMED}${rows.join("\n")}\n`;
}

/** References to the component used are to "it". */
function it(resource: string): string {
  return resource.replaceAll(/\$\{orders\/[^/.}]+/g, "${it");
}
