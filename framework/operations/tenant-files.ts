/** Texts of the files that onboarding a team makes. */
import { TENANT_API, TENANT_KIND } from "../model/tenant.js";

/** The first document of a tenant: tags and careful limits; what needs a decision stands in comments. */
export function starterDocument(name: string): string {
  return `# What the stacks of ${name} inherit and may not go beyond. Goes to the back end by: panka tenant apply tenants/${name}/tenant.yaml
apiVersion: ${TENANT_API}
kind: ${TENANT_KIND}
metadata: { name: ${name} }
spec:
  owner: { team: ${name} }
  tags: { team: ${name} }
  limits: { stacks: 10, componentsPerStack: 50, monthlyUSD: 1000 }
  # accountId: "123456789012"
  # assumeRoleArn: arn:aws:iam::123456789012:role/${name}-deployer
  # allowedRegions: [us-east-1]
  # allowedKinds: [MicroService, Worker, Lambda, SQS, SNS, S3, DynamoDB, RDS, Secret]
  # infrastructure:
  #   Networking: { vpc: { id: vpc-0123456789abcdef0 } }
`;
}

/** A workflow that plans pull requests and deploys what is merged, with a role instead of keys. */
export function workflow(name: string): string {
  return `name: panka ${name}
on:
  pull_request: { paths: ["stacks/${name}/**"] }
  push: { branches: [main], paths: ["stacks/${name}/**"] }
permissions: { id-token: write, contents: read }
concurrency: { group: panka-${name}, cancel-in-progress: false }
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: \${{ github.event_name == 'push' && 'production' || 'staging' }}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      - uses: aws-actions/configure-aws-credentials@v4
        with: { role-to-assume: "\${{ vars.PANKA_ROLE_ARN }}", aws-region: "\${{ vars.AWS_REGION }}" }
      - run: npx panka plan --stack ${name} -e staging
        if: github.event_name == 'pull_request'
      - run: npx panka deploy --stack ${name} -e production --yes --wait 15m
        if: github.event_name == 'push'
`;
}
