/** S3, EFS, EBS. */
import type { ParentRule, RuleTable, TypeRule } from "../rules.js";

const bucket: ParentRule = { types: ["aws:s3/bucketV2:BucketV2"], by: ["id", "bucket"], code: "NoSuchBucket" };
const fileSystem: ParentRule = { types: ["aws:efs/fileSystem:FileSystem"], code: "FileSystemNotFound" };

/** A part of a bucket that is put, not created: a second one replaces the first. */
const part = (more: Partial<TypeRule> = {}): TypeRule => ({
  id: "{bucket}",
  unique: [{ by: ["bucket"], existing: "overwrite", code: "" }],
  parents: { bucket },
  ...more,
});

/** Rules by token. */
export const STORAGE: RuleTable = {
  "aws:s3/bucketV2:BucketV2": {
    id: "{bucket}",
    arn: "arn:{partition}:s3:::{bucket}",
    computed: {
      bucketDomainName: "{bucket}.s3.amazonaws.com",
      bucketRegionalDomainName: "{bucket}.s3.{region}.amazonaws.com",
      hostedZoneId: "Z3AQBSTGFYJSTF",
      region: "{region}",
    },
    openBlocks: [
      "corsRules",
      "grants",
      "lifecycleRules",
      "loggings",
      "objectLockConfiguration",
      "replicationConfigurations",
      "serverSideEncryptionConfigurations",
      "versionings",
      "websites",
    ],
    unique: [{ by: ["bucket"], scope: "world", code: "BucketAlreadyOwnedByYou" }],
    blockedBy: [
      { type: "aws:s3/bucketObjectv2:BucketObjectv2", path: "bucket", code: "BucketNotEmpty" },
      { type: "aws:s3/bucketObject:BucketObject", path: "bucket", code: "BucketNotEmpty" },
    ],
  },
  "aws:s3/bucketVersioningV2:BucketVersioningV2": part(),
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": part(),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": part(),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": part(),
  "aws:s3/bucketPolicy:BucketPolicy": part(),
  "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": part({
    planned: { transitionDefaultMinimumObjectSize: "all_storage_classes_128K" },
    neverUnknown: [
      "rules.expiration.expiredObjectDeleteMarker",
      "rules.filter.objectSizeGreaterThan",
      "rules.filter.objectSizeLessThan",
      "rules.filter.prefix",
      "rules.prefix",
    ],
  }),
  "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2": part(),
  "aws:s3/bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2": part({
    openBlocks: ["routingRules"],
    computed: { websiteDomain: "s3-website-{region}.amazonaws.com", websiteEndpoint: "{bucket}.s3-website-{region}.amazonaws.com" },
  }),
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": part(),
  "aws:s3/bucketAclV2:BucketAclV2": part({ id: "{bucket},{acl|or:private}", openBlocks: ["accessControlPolicy"] }),
  "aws:s3/bucketLoggingV2:BucketLoggingV2": part(),
  "aws:s3/bucketNotification:BucketNotification": part(),
  "aws:s3/bucketAccelerateConfigurationV2:BucketAccelerateConfigurationV2": part(),
  "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": part({
    id: "{bucket}:{name}",
    unique: [{ by: ["bucket", "name"], existing: "overwrite", code: "" }],
  }),
  "aws:s3/bucketObjectv2:BucketObjectv2": {
    id: "{key}",
    arn: "arn:{partition}:s3:::{bucket}/{key}",
    importId: "{bucket}/{key}",
    computed: { etag: "{random:32}", versionId: "" },
    unique: [{ by: ["bucket", "key"], existing: "overwrite", code: "" }],
    parents: { bucket },
  },
  "aws:efs/fileSystem:FileSystem": {
    id: "fs-{hex:17}",
    arn: "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{id}",
    computed: {
      dnsName: "{id}.efs.{region}.amazonaws.com",
      ownerId: "{account}",
      creationToken: "terraform-{random:26}",
      performanceMode: "generalPurpose",
      numberOfMountTargets: 0,
      sizeInBytes: [{ value: 6144, valueInIa: 0, valueInStandard: 6144 }],
    },
    openBlocks: ["protection"],
    unique: [{ by: ["creationToken"], code: "FileSystemAlreadyExists" }],
    blockedBy: [{ type: "aws:efs/mountTarget:MountTarget", path: "fileSystemId", code: "FileSystemInUse" }],
  },
  "aws:efs/mountTarget:MountTarget": {
    id: "fsmt-{hex:17}",
    computed: {
      fileSystemArn: "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{fileSystemId}",
      dnsName: "{fileSystemId}.efs.{region}.amazonaws.com",
      mountTargetDnsName: "{availabilityZoneName|or:az}.{fileSystemId}.efs.{region}.amazonaws.com",
      networkInterfaceId: "eni-{hex:17}",
      ownerId: "{account}",
      ipAddress: "10.0.0.10",
      availabilityZoneName: "{region}a",
      availabilityZoneId: "{region}-az1",
    },
    unique: [{ by: ["fileSystemId", "subnetId"], code: "MountTargetConflict" }],
    parents: {
      fileSystemId: fileSystem,
      subnetId: { types: ["aws:ec2/subnet:Subnet"], code: "SubnetNotFound" },
      "securityGroups[*]": { types: ["aws:ec2/securityGroup:SecurityGroup"], code: "SecurityGroupNotFound" },
    },
  },
  "aws:efs/accessPoint:AccessPoint": {
    id: "fsap-{hex:17}",
    arn: "arn:{partition}:elasticfilesystem:{region}:{account}:access-point/{id}",
    computed: { fileSystemArn: "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{fileSystemId}", ownerId: "{account}" },
    parents: { fileSystemId: fileSystem },
  },
  "aws:efs/backupPolicy:BackupPolicy": { id: "{fileSystemId}", parents: { fileSystemId: fileSystem } },
  "aws:efs/fileSystemPolicy:FileSystemPolicy": {
    id: "{fileSystemId}",
    unique: [{ by: ["fileSystemId"], existing: "overwrite", code: "" }],
    parents: { fileSystemId: fileSystem },
  },
  "aws:ebs/volume:Volume": {
    id: "vol-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:volume/{id}",
    computed: {
      createTime: "{now}",
      iops: 3000,
      kmsKeyId: "{?encrypted}arn:{partition}:kms:{region}:{account}:key/aws-ebs",
    },
    notRead: ["finalSnapshot"],
  },
  "aws:dlm/lifecyclePolicy:LifecyclePolicy": { id: "policy-{hex:17}", arn: "arn:{partition}:dlm:{region}:{account}:policy/{id}" },
};
