/** Onboarding of a team: tenant, deployer's policy, a first stack, owners of the files, a workflow. Files that are there are left alone. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseTenant } from "../yaml/tenant.js";
import { backendPrefix, DEFAULT_KMS, keyAliasOf } from "./backend.js";
import { backendPolicy } from "./backend-policies.js";
import type { OperationContext } from "./context.js";
import { fillTemplate, requireKnown, TEMPLATES } from "./init.js";
import { starterDocument, workflow } from "./tenant-files.js";
import { checkTenantName, readTenant, writeTenant } from "./tenant-store.js";

/** What is asked for. */
export interface TenantInitRequest {
  name: string;
  /** A template's name; its YAML form is the team's first stack. */
  template: string;
  /** Region of the first stack. */
  region: string;
  /** As CODEOWNERS names them: `@org/payments`. */
  teamOwner: string;
  platformOwner: string;
  /** Gives the account of the credentials, 12 digits; asked only for a back end on AWS. */
  account(): Promise<string>;
}

/** What was done. */
export interface TenantInitResult {
  tenant: string;
  /** Where the tenant's document is now. */
  location: string;
  /** True if this run wrote it; false if it was set up already. */
  created: boolean;
  /** Files that were made or added to, relative to the project root, sorted. */
  files: string[];
  /** What a person still has to do. */
  checklist: string[];
}

/** Sets a tenant up. Doing it again completes what is missing. Throws usage errors `bad-name`, `unknown-template`, `no-backend`. */
export async function initTenant(context: OperationContext, request: TenantInitRequest): Promise<TenantInitResult> {
  const { name } = request;
  checkTenantName(name);
  const root = context.settings.projectRoot;
  const skeleton = firstStack(context, request);
  const files: string[] = [];
  const put = (path: string, text: string): void => {
    if (existsSync(join(root, path))) return;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { flag: "wx" });
    files.push(path);
  };
  const document = `tenants/${name}/tenant.yaml`;
  put(document, starterDocument(name));
  put(`stacks/${name}/stack.yaml`, skeleton);
  put(`.github/workflows/panka-${name}.yml`, workflow(name));
  const policy = await deployerPolicy(context, request);
  if (policy) put(`tenants/${name}/deployer-policy.json`, `${JSON.stringify(policy, null, 2)}\n`);
  if (addOwners(join(root, "CODEOWNERS"), ownerLines(request))) files.push("CODEOWNERS");
  const text = readFileSync(join(root, document), "utf8");
  parseTenant(text, document);
  const stored = await readTenant(context, name);
  const location = stored?.location ?? (await writeTenant(context, name, text));
  return { tenant: name, location, created: stored === null, files: files.sort(), checklist: checklist(name, policy !== undefined) };
}

/** The template's stack, as a member of the tenant. */
function firstStack(context: OperationContext, { name, template, region }: TenantInitRequest): string {
  requireKnown("template", template, Object.keys(TEMPLATES));
  const text = readFileSync(join(context.packageRoot, "templates", template, "yaml", "stack.yaml"), "utf8");
  const member = text.replace('metadata: { name: "{{name}}" }', `metadata: { name: ${name}, tenant: ${name} }`);
  return fillTemplate(member, { name, region, version: context.pankaVersion });
}

/** What the team's deployments may do with the back end: read and write below the tenant's prefix, and read its document. */
async function deployerPolicy(context: OperationContext, request: TenantInitRequest): Promise<object | undefined> {
  const { backend, locks } = context.settings;
  if (backend?.type !== "s3" || locks?.type !== "dynamodb") return undefined;
  return backendPolicy("deployer", {
    account: await request.account(),
    region: backend.region,
    bucket: backend.bucket,
    prefix: `${backendPrefix(backend.prefix)}tenants/${request.name}`,
    table: locks.table,
    keyAlias: keyAliasOf(backend.encryption ?? DEFAULT_KMS),
  });
}

function ownerLines({ name, teamOwner, platformOwner }: TenantInitRequest): string[] {
  return [
    `# Tenant ${name}: the team owns its stacks, the platform team what they run on`,
    `/stacks/${name}/ ${teamOwner}`,
    `/stacks/${name}/**/infra*.yaml ${platformOwner}`,
    `/tenants/${name}/ ${platformOwner}`,
  ];
}

/** Adds lines that are not there yet; true if it wrote. */
function addOwners(file: string, lines: readonly string[]): boolean {
  const have = existsSync(file) ? readFileSync(file, "utf8") : "";
  const missing = lines.filter((line) => !have.split(/\r?\n/).includes(line));
  if (missing.length === 0) return false;
  const gap = have === "" ? "" : have.endsWith("\n") ? "\n" : "\n\n";
  writeFileSync(file, `${have}${gap}${missing.join("\n")}\n`);
  return true;
}

function checklist(name: string, policy: boolean): string[] {
  return [
    `Read tenants/${name}/tenant.yaml: network, allowed kinds, limits, tags. After a change: panka tenant apply tenants/${name}/tenant.yaml`,
    ...(policy ? [`Make a role for the team's deployments with tenants/${name}/deployer-policy.json and what its stacks need on AWS`] : []),
    `Let .github/workflows/panka-${name}.yml take a role (its variable PANKA_ROLE_ARN), and the team's people through their own sign-in`,
    "Protect the main branch, so that CODEOWNERS is asked",
    `Give the team this: panka plan --stack ${name}`,
  ];
}
