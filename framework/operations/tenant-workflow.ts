/** The GitHub workflow of a tenant: plans pull requests, deploys what is merged, environment after environment. */
import type { EnvironmentClass } from "../model/stack-model.js";

/** An environment on AWS that the team deploys to. */
export interface TenantEnvironment {
  name: string;
  class: EnvironmentClass;
  /** True where the configuration asks for an approved plan. */
  approval: boolean;
}

/** What the workflow is written from. */
export interface WorkflowRequest {
  /** The tenant's name, which is the first stack's. */
  name: string;
  /** Region of the AWS calls. */
  region: string;
  /** The step before the first call of Panka, if it needs one. */
  install: string | undefined;
  /** How Panka is called. */
  panka: string;
  /** In the order of {@link inOrder}. */
  environments: readonly TenantEnvironment[];
  /** ARNs of the roles, or expressions that give them. */
  roles: { deployer: string; planner: string };
}

const CLASSES: readonly EnvironmentClass[] = ["development", "staging", "production"];

/** Development first, production last; by name within a class. */
export function inOrder(environments: readonly TenantEnvironment[]): TenantEnvironment[] {
  return environments.toSorted((a, b) => CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class) || (a.name < b.name ? -1 : 1));
}

/** The text of `.github/workflows/panka-NAME.yml`. Without an environment on AWS pull requests are validated, and nothing is deployed. */
export function tenantWorkflow(request: WorkflowRequest): string {
  const { name, environments } = request;
  let previous: string | undefined;
  const jobs = environments.flatMap((environment) => {
    const made = deployJobs(request, environment, previous);
    previous = `deploy-${environment.name}`;
    return made;
  });
  return `name: panka ${name}
on:
  pull_request: { paths: ["stacks/${name}/**"] }
  push: { branches: [main], paths: ["stacks/${name}/**"] }
permissions: { id-token: write, contents: read }
jobs:
${[environments.length > 0 ? planJob(request) : validateJob(request), ...jobs].join("\n")}`;
}

function validateJob(request: WorkflowRequest): string {
  return job(request, "validate", ["if: github.event_name == 'pull_request'"], undefined, [
    `- run: ${request.panka} validate --stack ${request.name}`,
  ]);
}

function planJob(request: WorkflowRequest): string {
  const names = request.environments.map((e) => e.name).join(", ");
  const head = ["if: github.event_name == 'pull_request'", `strategy: { fail-fast: false, matrix: { environment: [${names}] } }`];
  return job(request, "plan", head, request.roles.planner, [
    `- run: ${request.panka} plan --stack ${request.name} -e \${{ matrix.environment }}`,
  ]);
}

/** The job that deploys; where a plan is to be approved, before it the one that makes the plan. */
function deployJobs(request: WorkflowRequest, { name, approval }: TenantEnvironment, previous: string | undefined): string[] {
  const head = (needs: string | undefined): string[] => ["if: github.event_name == 'push'", ...(needs ? [`needs: ${needs}`] : [])];
  const deploy = (needs: string | undefined, steps: string[]): string =>
    job(
      request,
      `deploy-${name}`,
      [...head(needs), `environment: ${name}`, `concurrency: { group: panka-${request.name}-${name}, cancel-in-progress: false }`],
      request.roles.deployer,
      steps,
    );
  if (!approval) return [deploy(previous, [`- run: ${request.panka} deploy --stack ${request.name} -e ${name} --yes --wait 15m`])];
  const artifact = `plan-${request.name}-${name}`;
  return [
    job(request, `plan-${name}`, head(previous), request.roles.planner, [
      `- run: ${request.panka} plan --stack ${request.name} -e ${name} --out plan.json`,
      "- uses: actions/upload-artifact@v4",
      `  with: { name: ${artifact}, path: "plan.json\\npanka.out" }`,
    ]),
    deploy(`plan-${name}`, [
      "- uses: actions/download-artifact@v4",
      `  with: { name: ${artifact} }`,
      `- run: ${request.panka} deploy --stack ${request.name} --plan plan.json --yes --wait 15m`,
    ]),
  ];
}

/** One job: checkout, Node, Panka, AWS credentials of a role if there is one, and the steps. */
function job({ install, region }: WorkflowRequest, id: string, head: string[], role: string | undefined, steps: string[]): string {
  const credentials = role
    ? ["- uses: aws-actions/configure-aws-credentials@v4", `  with: { role-to-assume: "${role}", aws-region: ${region} }`]
    : [];
  const all = [
    "- uses: actions/checkout@v4",
    "- uses: actions/setup-node@v4",
    "  with: { node-version: 22 }",
    ...(install ? [`- run: ${install}`] : []),
    ...credentials,
    ...steps,
  ];
  return `  ${id}:
${["runs-on: ubuntu-latest", ...head].map((line) => `    ${line}`).join("\n")}
    steps:
${all.map((line) => `      ${line}`).join("\n")}
`;
}
