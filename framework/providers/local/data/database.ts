/** DynamoDB and RDS instances. */
import type { ParentRule, RuleTable } from "../rules.js";
import { OWN_ROTATION } from "./iam.js";

/** Subnets that a group names. */
export const subnets: ParentRule = { types: ["aws:ec2/subnet:Subnet"], code: "InvalidSubnet" };
/** Security groups of a database. */
export const securityGroups: ParentRule = { types: ["aws:ec2/securityGroup:SecurityGroup"], code: "InvalidParameterValue" };
/** The subnet group of a database. */
export const dbSubnetGroup: ParentRule = {
  types: ["aws:rds/subnetGroup:SubnetGroup"],
  by: ["id", "name"],
  code: "DBSubnetGroupNotFoundFault",
};
const dbParameters: ParentRule = { types: ["aws:rds/parameterGroup:ParameterGroup"], by: ["id", "name"], code: "DBParameterGroupNotFound" };

/** Rules by token. */
export const DATABASE: RuleTable = {
  "aws:dynamodb/table:Table": {
    id: "{name}",
    arn: "arn:{partition}:dynamodb:{region}:{account}:table/{name}",
    computed: {
      streamLabel: "{?streamEnabled}2026-01-01T00:00:00.000",
      streamArn: "{?streamEnabled}arn:{partition}:dynamodb:{region}:{account}:table/{name}/stream/2026-01-01T00:00:00.000",
    },
    recomputed: { streamArn: ["streamEnabled", "streamViewType"] },
    openBlocks: ["pointInTimeRecovery", "serverSideEncryption", "ttl"],
    unique: [{ by: ["name"], code: "ResourceInUseException" }],
    protectedBy: ["deletionProtectionEnabled"],
  },
  "aws:rds/instance:Instance": {
    id: "db-{upper:26}",
    arn: "arn:{partition}:rds:{region}:{account}:db:{identifier}",
    importId: "{identifier}",
    computed: {
      identifier: "terraform-{random:26}",
      port: "{engine|map:postgres=5432,mysql=3306,mariadb=3306,oracle=1521,sqlserver=1433}",
      address: "{identifier}.local.{region}.rds.amazonaws.com",
      endpoint: "{address}:{port}",
      resourceId: "{id}",
      engineVersionActual: "{engineVersion}",
      backupWindow: "03:00-03:30",
      maintenanceWindow: "sun:04:00-sun:04:30",
      caCertIdentifier: "rds-ca-rsa2048-g1",
      latestRestorableTime: "{now}",
      licenseModel: "{engine|map:postgres=postgresql-license,mysql=general-public-license,mariadb=general-public-license}",
      optionGroupName: "default:{engine}-{engineVersion|first:.}",
      parameterGroupName: "default.{engine}{engineVersion|first:.}",
      vpcSecurityGroupIds: ["sg-{random:17}"],
      status: "available",
      masterUserSecrets: [
        {
          secretArn: "arn:{partition}:secretsmanager:{region}:{account}:secret:rds!{id}-{random:6}",
          secretStatus: "active",
          kmsKeyId: "arn:{partition}:kms:{region}:{account}:alias/aws/secretsmanager",
        },
      ],
      availabilityZone: "{region}a",
      storageType: "gp2",
    },
    recomputed: { masterUserSecrets: ["manageMasterUserPassword"], engineVersionActual: ["engineVersion"] },
    unique: [{ by: ["identifier"], code: "DBInstanceAlreadyExists" }],
    parents: { dbSubnetGroupName: dbSubnetGroup, parameterGroupName: dbParameters, "vpcSecurityGroupIds[*]": securityGroups },
    protectedBy: ["deletionProtection"],
    takesAlong: [OWN_ROTATION],
    notRead: [
      "skipFinalSnapshot",
      "applyImmediately",
      "manageMasterUserPassword",
      "deleteAutomatedBackups",
      "finalSnapshotIdentifier",
      "allowMajorVersionUpgrade",
    ],
  },
  "aws:rds/subnetGroup:SubnetGroup": {
    id: "{name}",
    arn: "arn:{partition}:rds:{region}:{account}:subgrp:{name}",
    computed: { vpcId: "vpc-{hex:17}", supportedNetworkTypes: ["IPV4"] },
    unique: [{ by: ["name"], code: "DBSubnetGroupAlreadyExists" }],
    parents: { "subnetIds[*]": subnets },
    blockedBy: [
      { type: "aws:rds/instance:Instance", path: "dbSubnetGroupName", code: "InvalidDBSubnetGroupStateFault" },
      { type: "aws:rds/cluster:Cluster", path: "dbSubnetGroupName", code: "InvalidDBSubnetGroupStateFault" },
    ],
  },
  "aws:rds/parameterGroup:ParameterGroup": {
    id: "{name}",
    arn: "arn:{partition}:rds:{region}:{account}:pg:{name}",
    unique: [{ by: ["name"], code: "DBParameterGroupAlreadyExists" }],
    blockedBy: [{ type: "aws:rds/instance:Instance", path: "parameterGroupName", code: "InvalidDBParameterGroupState" }],
  },
};
