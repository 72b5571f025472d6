/** EKS. */
import type { ParentRule, RuleTable } from "../rules.js";

const cluster: ParentRule = { types: ["aws:eks/cluster:Cluster"], by: ["name"], code: "ResourceNotFoundException" };
const role: ParentRule = { types: ["aws:iam/role:Role"], by: ["arn"], code: "InvalidParameterException" };
const subnet: ParentRule = { types: ["aws:ec2/subnet:Subnet"], code: "InvalidParameterException" };
const inUse = (type: string) => ({ type, path: "clusterName", by: "name", code: "ResourceInUseException" });

/** Rules by token. */
export const KUBERNETES: RuleTable = {
  "aws:eks/cluster:Cluster": {
    id: "{name}",
    arn: "arn:{partition}:eks:{region}:{account}:cluster/{name}",
    computed: {
      endpoint: "https://{name}.local.eks.{region}.amazonaws.com",
      status: "ACTIVE",
      platformVersion: "eks.1",
      version: "1.33",
      createdAt: "{now}",
      certificateAuthorities: [{ data: "bG9jYWw=" }],
      identities: [{ oidcs: [{ issuer: "https://oidc.eks.{region}.amazonaws.com/id/{upper:32}" }] }],
    },
    notRead: ["bootstrapSelfManagedAddons"],
    openBlocks: ["accessConfig", "kubernetesNetworkConfig", "upgradePolicy"],
    unique: [{ by: ["name"], code: "ResourceInUseException" }],
    parents: { roleArn: role, "vpcConfig.subnetIds[*]": subnet },
    blockedBy: [inUse("aws:eks/nodeGroup:NodeGroup")],
  },
  "aws:eks/nodeGroup:NodeGroup": {
    id: "{clusterName}:{nodeGroupName}",
    arn: "arn:{partition}:eks:{region}:{account}:nodegroup/{clusterName}/{nodeGroupName}/{uuid}",
    computed: { status: "ACTIVE", amiType: "AL2_x86_64", capacityType: "ON_DEMAND", diskSize: 20, instanceTypes: ["t3.medium"] },
    openBlocks: ["nodeRepairConfig", "updateConfig"],
    unique: [{ by: ["clusterName", "nodeGroupName"], code: "ResourceInUseException" }],
    parents: { clusterName: cluster, nodeRoleArn: role, "subnetIds[*]": subnet },
  },
  "aws:eks/addon:Addon": {
    id: "{clusterName}:{addonName}",
    arn: "arn:{partition}:eks:{region}:{account}:addon/{clusterName}/{addonName}/{uuid}",
    computed: { createdAt: "{now}", modifiedAt: "{now}" },
    unique: [{ by: ["clusterName", "addonName"], code: "ResourceInUseException" }],
    parents: { clusterName: cluster },
  },
  "aws:eks/accessEntry:AccessEntry": {
    id: "{clusterName}:{principalArn}",
    computed: {
      createdAt: "{now}",
      modifiedAt: "{now}",
      accessEntryArn: "arn:{partition}:eks:{region}:{account}:access-entry/{clusterName}/{uuid}",
    },
    unique: [{ by: ["clusterName", "principalArn"], code: "ResourceInUseException" }],
    parents: { clusterName: cluster },
  },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    id: "{clusterName}#{principalArn}#{policyArn}",
    computed: { associatedAt: "{now}", modifiedAt: "{now}" },
    parents: { clusterName: cluster },
  },
};
