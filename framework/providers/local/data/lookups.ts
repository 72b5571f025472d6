/** What data sources answer. Templates as in rules.ts. */
import type { Json } from "../../../base/json.js";

/** One data source. */
export interface LookupRule {
  /** The type of resource that answers first, if the account has one. */
  of?: string;
  /** Arguments that name it. */
  by?: string[];
  /** It is found from every region. */
  everywhere?: boolean;
  /** Result properties that were not found; templates over the arguments. */
  result: { [property: string]: Json };
}

/** By token. */
export const LOOKUPS: { readonly [token: string]: LookupRule } = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": {
    result: {
      id: "{region}",
      names: ["{region}a", "{region}b", "{region}c"],
      zoneIds: ["{region}-az1", "{region}-az2", "{region}-az3"],
      groupNames: ["{region}"],
    },
  },
  "aws:index/getCallerIdentity:getCallerIdentity": {
    result: { accountId: "{account}", arn: "arn:{partition}:iam::{account}:user/local", userId: "AIDALOCAL10CA1000000", id: "{account}" },
  },
  "aws:index/getRegion:getRegion": {
    result: { name: "{region}", id: "{region}", endpoint: "ec2.{region}.amazonaws.com", description: "{region} (local model)" },
  },
  "aws:index/getPartition:getPartition": {
    result: { partition: "{partition}", id: "{partition}", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" },
  },
  "aws:secretsmanager/getSecret:getSecret": {
    of: "aws:secretsmanager/secret:Secret",
    by: ["arn", "name"],
    result: {
      name: "{arn|last::|or:outside}",
      arn: "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-000000",
      id: "{arn}",
      description: "assumed to exist",
    },
  },
  "aws:ec2/getVpc:getVpc": {
    of: "aws:ec2/vpc:Vpc",
    by: ["id"],
    result: {
      id: "vpc-outside",
      cidrBlock: "10.0.0.0/16",
      arn: "arn:{partition}:ec2:{region}:{account}:vpc/{id}",
      enableDnsHostnames: true,
      enableDnsSupport: true,
      state: "available",
      main: true,
    },
  },
  "aws:ec2/getSubnets:getSubnets": { result: { id: "{region}", ids: ["subnet-outside-a", "subnet-outside-b"] } },
  "aws:ec2/getSubnet:getSubnet": {
    of: "aws:ec2/subnet:Subnet",
    by: ["id"],
    result: { id: "subnet-outside", vpcId: "vpc-outside", cidrBlock: "10.0.0.0/24", availabilityZone: "{region}a" },
  },
  "aws:ec2/getSecurityGroup:getSecurityGroup": {
    of: "aws:ec2/securityGroup:SecurityGroup",
    by: ["id", "name"],
    result: { id: "sg-outside", name: "outside", vpcId: "vpc-outside" },
  },
  "aws:ec2/getAmi:getAmi": {
    result: { id: "ami-outside", imageId: "ami-outside", name: "assumed-to-exist", architecture: "x86_64", rootDeviceName: "/dev/xvda" },
  },
  "aws:ec2/getPrefixList:getPrefixList": { result: { id: "pl-outside", name: "outside", cidrBlocks: ["52.92.0.0/17"] } },
  "aws:servicediscovery/getDnsNamespace:getDnsNamespace": {
    of: "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
    by: ["name"],
    result: { id: "ns-outside", hostedZone: "ZOUTSIDE" },
  },
  "aws:route53/getZone:getZone": {
    of: "aws:route53/zone:Zone",
    by: ["zoneId", "name"],
    everywhere: true,
    result: { zoneId: "ZOUTSIDE", id: "{zoneId}", name: "outside.example", nameServers: ["ns-1.invalid", "ns-2.invalid"] },
  },
  // A replica, where the region made none.
  "aws:dynamodb/getTable:getTable": {
    of: "aws:dynamodb/table:Table",
    by: ["name"],
    result: {
      id: "{name}",
      arn: "arn:{partition}:dynamodb:{region}:{account}:table/{name}",
      streamArn: "{arn}/stream/2026-01-01T00:00:00.000",
    },
  },
  "aws:acm/getCertificate:getCertificate": {
    result: { arn: "arn:{partition}:acm:{region}:{account}:certificate/outside", status: "ISSUED", id: "{arn}" },
  },
  "aws:ssm/getParameter:getParameter": {
    result: {
      value: "outside",
      insecureValue: "outside",
      type: "String",
      version: 1,
      id: "{name}",
      arn: "arn:{partition}:ssm:{region}:{account}:parameter/{name}",
    },
  },
  "aws:kms/getKey:getKey": {
    of: "aws:kms/key:Key",
    by: ["keyId"],
    result: { id: "{keyId}", arn: "arn:{partition}:kms:{region}:{account}:key/{keyId}", enabled: true },
  },
  "aws:s3/getBucket:getBucket": {
    of: "aws:s3/bucketV2:BucketV2",
    by: ["bucket"],
    result: {
      id: "{bucket}",
      arn: "arn:{partition}:s3:::{bucket}",
      region: "{region}",
      bucketDomainName: "{bucket}.s3.amazonaws.com",
      bucketRegionalDomainName: "{bucket}.s3.{region}.amazonaws.com",
    },
  },
  "aws:sqs/getQueue:getQueue": {
    of: "aws:sqs/queue:Queue",
    by: ["name"],
    result: {
      id: "https://sqs.{region}.amazonaws.com/{account}/{name}",
      url: "{id}",
      arn: "arn:{partition}:sqs:{region}:{account}:{name}",
    },
  },
  "aws:elb/getServiceAccount:getServiceAccount": { result: { id: "127311923021", arn: "arn:{partition}:iam::127311923021:root" } },
  "aws:iam/getRole:getRole": {
    of: "aws:iam/role:Role",
    by: ["name"],
    everywhere: true,
    result: { id: "{name}", arn: "arn:{partition}:iam::{account}:role/{name}" },
  },
};
