/** What is left for people after `panka tenant init`. */
import { PROVIDER_COMMAND, roleCommands, type RolePlace } from "./account-roles.js";
import type { TenantEnvironment } from "./tenant-workflow.js";

/** What was set up. */
export interface SetUp {
  name: string;
  environments: readonly TenantEnvironment[];
  /** Undefined without a back end on AWS. */
  place: RolePlace | undefined;
}

/** The lines, in the order in which they are done. Those that begin with `aws ` are commands for a terminal in the project root. */
export function tenantChecklist({ name, environments, place }: SetUp): string[] {
  const workflow = `.github/workflows/panka-${name}.yml`;
  return [
    `Read tenants/${name}/tenant.yaml: network, allowed kinds, limits, tags. After a change: panka tenant apply tenants/${name}/tenant.yaml`,
    ...(environments.length === 0
      ? [`No environment has provider: aws: give panka.config.yaml one, take ${workflow} away, run this again`]
      : [...roleLines(name, place), environmentLine(environments, workflow)]),
    ...environments
      .filter((e) => e.approval)
      .map(
        (e) =>
          `Approve a plan of ${e.name}: panka approve plan.json, from the artifact of its run${place ? `, as the role ${name}-approver` : ""}`,
      ),
    "Protect the main branch, so that CODEOWNERS is asked",
    `Give the team this: panka plan --stack ${name}`,
  ];
}

function environmentLine(environments: readonly TenantEnvironment[], workflow: string): string {
  const names = environments.map((e) => e.name).join(", ");
  return environments.length === 1
    ? `On GitHub make the environment ${names}, for the main branch only: ${workflow} deploys to it`
    : `On GitHub make the environments ${names}, each for the main branch only: ${workflow} deploys to them`;
}

function roleLines(name: string, place: RolePlace | undefined): string[] {
  if (!place) return ["Keep the states on AWS: panka backend create; then run this again for the roles of the pipeline"];
  if (!place.repository) return ["Run this again with --repository OWNER/NAME of GitHub, for who may take the pipeline's roles"];
  return [
    `Once an account: ${PROVIDER_COMMAND}`,
    `Read tenants/${name}/stacks-policy.json: what deployments may do on AWS, for stacks called ${name} or ${name}-...`,
    ...roleCommands(place),
  ];
}
