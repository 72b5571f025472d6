/** The roles of a tenant's pipeline in the AWS account: who may take them, what they may do, and the commands that make them. */
import type { BackendSettings, LockSettings } from "./context.js";
import { backendPrefix, DEFAULT_KMS, keyAliasOf } from "./backend.js";
import { backendPolicy, type BackendRole, type Statement } from "./backend-policies.js";

/** What the roles are about. */
export interface RolePlace {
  /** The tenant's name. */
  name: string;
  /** 12 digits. */
  account: string;
  /** `OWNER/NAME` on GitHub. */
  repository: string | undefined;
  /** The environments of GitHub whose jobs deploy. */
  environments: readonly string[];
  backend: BackendSettings & { type: "s3" };
  locks: LockSettings & { type: "dynamodb" };
}

/** A role of the pipeline. */
type PipelineRole = "deployer" | "planner" | "approver";

/** Host of GitHub's identity provider. */
const ISSUER = "token.actions.githubusercontent.com";

/** Its path keeps a role out of reach of those that it may make, whose names begin with the tenant's. */
const PATH = "/panka/";

/** ARN of a role. */
export function roleArn(role: PipelineRole, name: string, account: string): string {
  return `arn:aws:iam::${account}:role${PATH}${name}-${role}`;
}

/** The documents, by path relative to the project root. Who of GitHub may take a role, only where the repository is known. */
export function roleFiles(place: RolePlace): { [path: string]: object } {
  const folder = `tenants/${place.name}`;
  const trust = place.repository
    ? { [`${folder}/deployer-trust.json`]: trustOf("deployer", place), [`${folder}/planner-trust.json`]: trustOf("planner", place) }
    : {};
  const deployer = atBackend("deployer", place);
  const planner = atBackend("reader", place);
  return {
    ...trust,
    [`${folder}/approver-trust.json`]: approverTrust(place),
    [`${folder}/approver-policy.json`]: atBackend("approver", place),
    [`${folder}/deployer-policy.json`]: { ...deployer, Statement: [...deployer.Statement, keepsTenant(place)] },
    [`${folder}/stacks-policy.json`]: { Version: "2012-10-17", Statement: [...stackStatements(place), ...LOOK_UPS] },
    [`${folder}/planner-policy.json`]: { ...planner, Statement: [...planner.Statement, ...LOOK_UPS] },
  };
}

/** The commands that make the roles, one a line. */
export function roleCommands({ name }: Pick<RolePlace, "name">): string[] {
  const file = (what: string): string => `file://tenants/${name}/${what}.json`;
  const make = (role: PipelineRole): string =>
    `aws iam create-role --path ${PATH} --role-name ${name}-${role} --assume-role-policy-document ${file(`${role}-trust`)}`;
  const allow = (role: PipelineRole, policy: string): string =>
    `aws iam put-role-policy --role-name ${name}-${role} --policy-name ${policy} --policy-document ${file(policy)}`;
  return [
    make("deployer"),
    allow("deployer", "deployer-policy"),
    allow("deployer", "stacks-policy"),
    make("planner"),
    allow("planner", "planner-policy"),
    make("approver"),
    allow("approver", "approver-policy"),
  ];
}

/** The command that makes GitHub's identity provider, once an account. */
export const PROVIDER_COMMAND = `aws iam create-open-id-connect-provider --url https://${ISSUER} --client-id-list sts.amazonaws.com`;

/**
 * Who may take a role: of GitHub's jobs, those of the environments that deploy, or those that plan pull requests and the main branch. A pull request
 * can change the workflow, so it never gets the deployer. The deployer may be taken by itself, as `assumeRoleArn` asks.
 */
function trustOf(role: "deployer" | "planner", { name, account, repository, environments }: RolePlace): object {
  const subjects = role === "deployer" ? environments.map((e) => `environment:${e}`) : ["pull_request", "ref:refs/heads/main"];
  const github = {
    Sid: "GitHub",
    Effect: "Allow",
    Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${ISSUER}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:sub`]: subjects.map((s) => `repo:${repository}:${s}`) },
    },
  };
  const itself = {
    Sid: "Itself",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: "sts:AssumeRole",
    Condition: { ArnEquals: { "aws:PrincipalArn": roleArn(role, name, account) } },
  };
  return { Version: "2012-10-17", Statement: role === "deployer" ? [github, itself] : [github] };
}

/**
 * Who may approve: whom the account's own policies let take this role, but no role of the pipeline and none that a deployment may make, as
 * one could then approve for itself.
 */
function approverTrust({ name, account }: RolePlace): object {
  const roles = [`${PATH}${name}-*`, `/${name}-*`].map((path) => `arn:aws:iam::${account}:role${path}`);
  const people = {
    Sid: "People",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: "sts:AssumeRole",
    Condition: { ArnNotLike: { "aws:PrincipalArn": roles } },
  };
  return { Version: "2012-10-17", Statement: [people] };
}

/** What a role may do with the back end: only below the tenant's prefix. */
function atBackend(role: BackendRole, { name, account, backend, locks }: RolePlace): { Version: string; Statement: Statement[] } {
  return backendPolicy(role, {
    account,
    region: backend.region,
    bucket: backend.bucket,
    prefix: `${backendPrefix(backend.prefix)}tenants/${name}`,
    table: locks.table,
    keyAlias: keyAliasOf(backend.encryption ?? DEFAULT_KMS),
  });
}

/** The tenant's document lies below the prefix, and is the platform team's. */
function keepsTenant({ name, backend }: RolePlace): Statement {
  return {
    Sid: "PlatformsDocument",
    Effect: "Deny",
    Action: ["s3:DeleteObject", "s3:PutObject"],
    Resource: `arn:aws:s3:::${backend.bucket}/${backendPrefix(backend.prefix)}tenants/${name}/tenant.yaml`,
  };
}

/** Services whose resources hold no other team's data under a guessable name, or whose ARNs carry no name. */
const WHOLE_SERVICES = [
  ..."acm apigateway application-autoscaling autoscaling cloudfront cloudwatch dlm ec2 ecr ecs eks elasticache".split(" "),
  ..."elasticfilesystem elasticloadbalancing events kafka logs memorydb rds route53 scheduler servicediscovery".split(" "),
  ..."synthetics tag wafv2 xray".split(" "),
];

/**
 * What deployments may do on AWS, as a start to narrow or widen: what has a name, only where it begins with the tenant's, as the generated names of
 * stacks NAME and NAME-... do; other services whole.
 */
function stackStatements({ name, account }: RolePlace): Statement[] {
  const own = (service: string, resource: string, region = "*"): string => `arn:aws:${service}:${region}:${account}:${resource}${name}-*`;
  return [
    {
      Sid: "Named",
      Effect: "Allow",
      Action: ["dynamodb:*", "lambda:*", "s3:*", "secretsmanager:*", "sns:*", "sqs:*", "states:*"],
      Resource: [
        `arn:aws:s3:::${name}-*`,
        own("dynamodb", "table/"),
        own("lambda", "function:"),
        own("secretsmanager", "secret:"),
        own("sns", ""),
        own("sqs", ""),
        own("states", "stateMachine:"),
      ],
    },
    {
      Sid: "Roles",
      Effect: "Allow",
      Action: ["iam:*InstanceProfile*", "iam:*Role*"],
      Resource: [own("iam", "role/", ""), own("iam", "instance-profile/", "")],
    },
    {
      Sid: "Others",
      Effect: "Allow",
      Action: [
        ...WHOLE_SERVICES.map((s) => `${s}:*`),
        "iam:CreateServiceLinkedRole",
        "lambda:*EventSourceMapping*",
        "secretsmanager:GetRandomPassword",
      ],
      Resource: "*",
    },
    // No key is made: to tag a new one takes leave to tag any that has no tags yet, and with them to take it over.
    {
      Sid: "KeysOfThePlatform",
      Effect: "Allow",
      Action: ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Resource: `arn:aws:kms:*:${account}:key/*`,
      Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": `alias/${name}-*` } },
    },
    { Sid: "Itself", Effect: "Allow", Action: ["sts:AssumeRole"], Resource: roleArn("deployer", name, account) },
  ];
}

/**
 * What a plan looks up, and a deployment with it: the calls of the data sources of the provider, which asks for nothing else before anything
 * is made but whether the definition of a state machine is one.
 */
const LOOK_UP: Statement = {
  Sid: "LookUp",
  Effect: "Allow",
  Action: [
    "acm:DescribeCertificate",
    "acm:ListCertificates",
    "acm:ListTagsForCertificate",
    "apigateway:GET",
    "cloudfront:Get*Policy",
    "cloudfront:List*Policies",
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:DescribeTable",
    "dynamodb:DescribeTimeToLive",
    "dynamodb:ListTagsOfResource",
    "ec2:Describe*",
    "ecr:BatchGetImage",
    "ecr:Describe*",
    "ecr:GetAuthorizationToken",
    "ecs:Describe*",
    "eks:DescribeCluster",
    "elasticache:Describe*",
    "elasticfilesystem:Describe*",
    "elasticloadbalancing:Describe*",
    "events:DescribeEventBus",
    "iam:GetOpenIDConnectProvider",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:GetRole",
    "iam:ListOpenIDConnectProviders",
    "kafka:DescribeConfigurationRevision",
    "kafka:ListConfigurations",
    "kms:DescribeKey",
    "kms:ListAliases",
    "lambda:GetFunction",
    "logs:DescribeLogGroups",
    "rds:Describe*",
    "route53:GetHostedZone",
    "route53:ListHostedZones",
    "route53:ListTagsForResource",
    "s3:GetBucketLocation",
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetResourcePolicy",
    "servicediscovery:GetNamespace",
    "servicediscovery:ListNamespaces",
    "servicediscovery:ListTagsForResource",
    "sns:GetTopicAttributes",
    "sns:ListTagsForResource",
    "sns:ListTopics",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "states:ValidateStateMachineDefinition",
    "tag:GetResources",
  ],
  Resource: "*",
};

const LOOK_UPS: readonly Statement[] = [
  LOOK_UP,
  {
    Sid: "PublicParameters",
    Effect: "Allow",
    Action: ["ssm:GetParameter"],
    Resource: "arn:aws:ssm:*::parameter/aws/service/*",
  },
];
