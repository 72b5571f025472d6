/** Onboarding of a team: tenant, roles, a first stack, owners of the files, a workflow. Files that are there are left alone. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ENTRY_FILES } from "../yaml/discover.js";
import { parseTenant } from "../yaml/tenant.js";
import type { OperationContext } from "./context.js";
import { githubRepository } from "./git.js";
import { filesBelow, fillTemplate, requireKnown } from "./init.js";
import { TEMPLATES } from "./templates.js";
import { tenantChecklist } from "./tenant-checklist.js";
import { starterDocument } from "./tenant-files.js";
import { addOwners } from "./tenant-owners.js";
import { roleArn, roleFiles, type RolePlace } from "./account-roles.js";
import { checkTenantName, readTenant, writeTenant } from "./tenant-store.js";
import { inOrder, tenantWorkflow, type TenantEnvironment } from "./tenant-workflow.js";

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
  /** `OWNER/NAME` on GitHub; default: that of the remote `origin`. */
  repository?: string;
  /** The environments on AWS, which the workflow deploys to. */
  environments: readonly TenantEnvironment[];
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
  /** What a person still has to do; lines that begin with `aws ` are commands. */
  checklist: string[];
}

/** Sets a tenant up. Doing it again completes what is missing. Throws usage errors `bad-name`, `unknown-template`, `no-backend`. */
export async function initTenant(context: OperationContext, request: TenantInitRequest): Promise<TenantInitResult> {
  const { name } = request;
  checkTenantName(name);
  const root = context.settings.projectRoot;
  const stack = firstStack(context, request);
  const place = await rolePlace(context, request);
  const document = `tenants/${name}/tenant.yaml`;
  const wanted: { [path: string]: string } = {
    [document]: starterDocument(name, place && roleArn("deployer", name, place.account)),
    [`.github/workflows/panka-${name}.yml`]: workflowOf(context, request, place),
  };
  if (!ENTRY_FILES.some((file) => existsSync(join(root, "stacks", name, file)))) Object.assign(wanted, stack);
  for (const [path, value] of Object.entries(place ? roleFiles(place) : {})) wanted[path] = `${JSON.stringify(value, null, 2)}\n`;
  const files = Object.keys(wanted).filter((path) => put(join(root, path), wanted[path] ?? ""));
  const owners = addOwners(root, request);
  if (owners) files.push(owners);
  const text = readFileSync(join(root, document), "utf8");
  parseTenant(text, document);
  const stored = await readTenant(context, name);
  const location = stored?.location ?? (await writeTenant(context, name, text));
  const checklist = tenantChecklist({ ...request, place });
  return { tenant: name, location, created: stored === null, files: files.sort(), checklist };
}

/** Writes a file that is not there yet; true if it did. */
function put(path: string, text: string): boolean {
  if (existsSync(path)) return false;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { flag: "wx" });
  return true;
}

/** The files of the template's stack, as a member of the tenant, by path. The project has its configuration already. */
function firstStack(context: OperationContext, { name, template, region }: TenantInitRequest): { [path: string]: string } {
  requireKnown("template", template, Object.keys(TEMPLATES));
  const source = join(context.packageRoot, "templates", template, "yaml");
  const values = { name, region, version: context.pankaVersion };
  const member = (text: string): string => text.replace('metadata: { name: "{{name}}" }', `metadata: { name: ${name}, tenant: ${name} }`);
  return Object.fromEntries(
    filesBelow(source)
      .filter((file) => file !== "panka.config.yaml")
      .map((file) => [`stacks/${name}/${file}`, fillTemplate(member(readFileSync(join(source, file), "utf8")), values)]),
  );
}

/** What the roles are about; undefined without a back end on AWS. */
async function rolePlace(context: OperationContext, request: TenantInitRequest): Promise<RolePlace | undefined> {
  const { backend, locks, projectRoot } = context.settings;
  if (backend?.type !== "s3" || locks?.type !== "dynamodb") return undefined;
  return {
    name: request.name,
    account: await request.account(),
    repository: request.repository ?? githubRepository(projectRoot),
    environments: request.environments.map((e) => e.name),
    backend,
    locks,
  };
}

function workflowOf(context: OperationContext, { name, region, environments }: TenantInitRequest, place: RolePlace | undefined): string {
  const { projectRoot } = context.settings;
  const own = join(projectRoot, "package.json");
  const pinned = existsSync(own) && /"panka"\s*:/.test(readFileSync(own, "utf8")) && existsSync(join(projectRoot, "package-lock.json"));
  const arn = (role: "deployer" | "planner", variable: string): string =>
    place ? roleArn(role, name, place.account) : `\${{ vars.${variable} }}`;
  return tenantWorkflow({
    name,
    region,
    install: pinned ? "npm ci" : undefined,
    panka: pinned ? "npx panka" : `npx --yes panka@${context.pankaVersion}`,
    environments: inOrder(environments),
    roles: { deployer: arn("deployer", "PANKA_DEPLOYER_ROLE_ARN"), planner: arn("planner", "PANKA_PLANNER_ROLE_ARN") },
  });
}
