/** The first document of a tenant. */
import { TENANT_API, TENANT_KIND } from "../model/tenant.js";

/** Tags and careful limits; what needs a decision stands in comments. `role` is the ARN of the pipeline's role, where the account is known. */
export function starterDocument(name: string, role = `arn:aws:iam::123456789012:role/panka/${name}-deployer`): string {
  const account = role.split(":")[4];
  return `# What the stacks of ${name} inherit and may not go beyond. Goes to the back end by: panka tenant apply tenants/${name}/tenant.yaml
apiVersion: ${TENANT_API}
kind: ${TENANT_KIND}
metadata: { name: ${name} }
spec:
  owner: { team: ${name} }
  tags: { team: ${name} }
  limits: { stacks: 10, componentsPerStack: 50, monthlyUSD: 1000 }
  # accountId: "${account}"
  # With this line people deploy with the pipeline's role, too; let them and the planner take it in deployer-trust.json.
  # assumeRoleArn: ${role}
  # allowedRegions: [us-east-1]
  # allowedKinds: [MicroService, Worker, Lambda, SQS, SNS, S3, DynamoDB, RDS, Secret]
  infrastructure:
    # A stack has no Compliance document of its own where its tenant has one: it could only weaken it.
    Compliance: { requiredTags: [team] }
    # Networking: { vpc: { id: vpc-0123456789abcdef0 } }
`;
}
