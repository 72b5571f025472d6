/** IAM, KMS, Secrets Manager, SSM, ACM. */
import type { NamingRule, ParentRule, RuleTable } from "../rules.js";

const role: ParentRule = { types: ["aws:iam/role:Role"], by: ["id", "arn", "name"], code: "NoSuchEntity" };
const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";
/** Where a database has the password that it manages: in a secret of its own. */
const OWN_SECRET = "masterUserSecrets[0].secretArn";
/** Its rotation goes with it. */
export const OWN_ROTATION: NamingRule = { type: ROTATION, path: "secretId", by: OWN_SECRET };
const secret: ParentRule = {
  types: ["aws:secretsmanager/secret:Secret", "aws:rds/instance:Instance", "aws:rds/cluster:Cluster", "aws:docdb/cluster:Cluster"],
  by: ["id", "arn", "name", OWN_SECRET],
  code: "ResourceNotFoundException",
};
const key: ParentRule = { types: ["aws:kms/key:Key"], by: ["id", "arn", "keyId"], code: "NotFoundException" };

/** Rules by token. */
export const IAM: RuleTable = {
  "aws:iam/role:Role": {
    id: "{name}",
    arn: "arn:{partition}:iam::{account}:role{path|or:/}{name}",
    openBlocks: ["inlinePolicies"],
    computed: { uniqueId: "AROA{upper:17}", createDate: "{now}" },
    unique: [{ by: ["name"], scope: "account", code: "EntityAlreadyExists" }],
    blockedBy: [
      { type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", path: "role", code: "DeleteConflict" },
      { type: "aws:iam/instanceProfile:InstanceProfile", path: "role", code: "DeleteConflict" },
    ],
  },
  "aws:iam/rolePolicy:RolePolicy": {
    id: "{role}:{name}",
    unique: [{ by: ["role", "name"], existing: "overwrite", code: "" }],
    parents: { role },
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    id: "{role}-{serial}{random:20}",
    importId: "{role}/{policyArn}",
    parents: { role, policyArn: { types: ["aws:iam/policy:Policy"], by: ["arn"], code: "NoSuchEntity" } },
  },
  "aws:iam/policy:Policy": {
    id: "arn:{partition}:iam::{account}:policy{path|or:/}{name}",
    arn: "{id}",
    computed: { policyId: "ANPA{upper:17}", attachmentCount: 0 },
    unique: [{ by: ["name"], scope: "account", code: "EntityAlreadyExists" }],
    blockedBy: [{ type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", path: "policyArn", by: "arn", code: "DeleteConflict" }],
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    id: "{name}",
    arn: "arn:{partition}:iam::{account}:instance-profile{path|or:/}{name}",
    computed: { uniqueId: "AIPA{upper:17}", createDate: "{now}" },
    unique: [{ by: ["name"], scope: "account", code: "EntityAlreadyExists" }],
    parents: { role },
  },
  "aws:iam/user:User": {
    id: "{name}",
    arn: "arn:{partition}:iam::{account}:user{path|or:/}{name}",
    computed: { uniqueId: "AIDA{upper:17}" },
    unique: [{ by: ["name"], scope: "account", code: "EntityAlreadyExists" }],
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    id: "arn:{partition}:iam::{account}:oidc-provider/{url|last://}",
    arn: "{id}",
    unique: [{ by: ["url"], scope: "account", code: "EntityAlreadyExists" }],
  },
  "aws:kms/key:Key": {
    id: "{uuid}",
    arn: "arn:{partition}:kms:{region}:{account}:key/{id}",
    computed: { keyId: "{id}", multiRegion: false, policy: "{}" },
    notRead: ["deletionWindowInDays", "bypassPolicyLockoutSafetyCheck"],
  },
  "aws:kms/alias:Alias": {
    id: "{name}",
    arn: "arn:{partition}:kms:{region}:{account}:{name}",
    computed: { targetKeyArn: "arn:{partition}:kms:{region}:{account}:key/{targetKeyId|last:/}" },
    unique: [{ by: ["name"], code: "AlreadyExistsException" }],
    parents: { targetKeyId: key },
  },
  "aws:kms/keyPolicy:KeyPolicy": { id: "{keyId}", parents: { keyId: key } },
  "aws:secretsmanager/secret:Secret": {
    id: "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{random:6}",
    arn: "{id}",
    openBlocks: ["replicas"],
    notRead: ["recoveryWindowInDays", "forceOverwriteReplicaSecret"],
    unique: [{ by: ["name"], code: "ResourceExistsException" }],
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    id: "{secretId}|{versionId}",
    computed: { versionId: "terraform-{random:26}", arn: "{secretId}", versionStages: ["AWSCURRENT"] },
    parents: { secretId: secret },
  },
  [ROTATION]: { id: "{secretId}", parents: { secretId: secret } },
  "aws:secretsmanager/secretPolicy:SecretPolicy": { id: "{secretArn}", parents: { secretArn: secret } },
  "aws:ssm/parameter:Parameter": {
    id: "{name}",
    arn: "arn:{partition}:ssm:{region}:{account}:parameter/{name}",
    computed: { version: 1, dataType: "text", tier: "Standard" },
    unique: [{ by: ["name"], code: "ParameterAlreadyExists" }],
  },
  "aws:acm/certificate:Certificate": {
    id: "arn:{partition}:acm:{region}:{account}:certificate/{uuid}",
    arn: "{id}",
    computed: {
      status: "PENDING_VALIDATION",
      keyAlgorithm: "RSA_2048",
      notBefore: "{now}",
      notAfter: "{now}",
      type: "AMAZON_ISSUED",
      renewalEligibility: "INELIGIBLE",
      domainValidationOptions: [
        {
          domainName: "{domainName}",
          resourceRecordName: "_10ca1.{domainName}.",
          resourceRecordType: "CNAME",
          resourceRecordValue: "_10ca1.acm-validations.invalid.",
        },
      ],
    },
    planned: {
      subjectAlternativeNames: ["{domainName}"],
      domainValidationOptions: [
        { domainName: "{domainName}", resourceRecordName: "{unknown}", resourceRecordType: "{unknown}", resourceRecordValue: "{unknown}" },
      ],
    },
    openBlocks: ["options"],
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    id: "{now}",
    parents: { certificateArn: { types: ["aws:acm/certificate:Certificate"], code: "ResourceNotFoundException" } },
  },
};
