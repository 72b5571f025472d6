/** VPC and its parts. */
import type { ParentRule, RuleTable } from "../rules.js";

const vpc: ParentRule = { types: ["aws:ec2/vpc:Vpc"], code: "InvalidVpcID.NotFound" };
const subnet: ParentRule = { types: ["aws:ec2/subnet:Subnet"], code: "InvalidSubnetID.NotFound" };
const routeTable: ParentRule = {
  types: ["aws:ec2/routeTable:RouteTable", "aws:ec2/vpc:Vpc"],
  by: ["id", "mainRouteTableId", "defaultRouteTableId"],
  code: "InvalidRouteTableID.NotFound",
};
const group: ParentRule = {
  types: ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/vpc:Vpc"],
  by: ["id", "defaultSecurityGroupId"],
  code: "InvalidGroup.NotFound",
};
const inUse = (type: string, path: string) => ({ type, path, code: "DependencyViolation" });

/** Rules by token. */
export const NETWORK: RuleTable = {
  "aws:ec2/vpc:Vpc": {
    id: "vpc-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:vpc/{id}",
    computed: {
      ownerId: "{account}",
      mainRouteTableId: "rtb-{hex:17}",
      defaultRouteTableId: "{mainRouteTableId}",
      defaultSecurityGroupId: "sg-{hex:17}",
      defaultNetworkAclId: "acl-{hex:17}",
      dhcpOptionsId: "dopt-{hex:17}",
      enableDnsHostnames: false,
    },
    blockedBy: [
      inUse("aws:ec2/subnet:Subnet", "vpcId"),
      inUse("aws:ec2/securityGroup:SecurityGroup", "vpcId"),
      inUse("aws:ec2/internetGateway:InternetGateway", "vpcId"),
      inUse("aws:ec2/vpcEndpoint:VpcEndpoint", "vpcId"),
    ],
  },
  "aws:ec2/subnet:Subnet": {
    id: "subnet-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:subnet/{id}",
    computed: {
      ownerId: "{account}",
      privateDnsHostnameTypeOnLaunch: "ip-name",
      availabilityZone: "{region}a",
      availabilityZoneId: "{availabilityZone}-id",
    },
    unique: [{ by: ["vpcId", "cidrBlock"], code: "InvalidSubnet.Conflict" }],
    parents: { vpcId: vpc },
    blockedBy: [
      inUse("aws:ec2/natGateway:NatGateway", "subnetId"),
      inUse("aws:lb/loadBalancer:LoadBalancer", "subnets[*]"),
      inUse("aws:efs/mountTarget:MountTarget", "subnetId"),
      inUse("aws:ec2/instance:Instance", "subnetId"),
    ],
  },
  "aws:ec2/internetGateway:InternetGateway": {
    id: "igw-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:internet-gateway/{id}",
    computed: { ownerId: "{account}" },
    unique: [{ by: ["vpcId"], code: "Resource.AlreadyAssociated" }],
    parents: { vpcId: vpc },
  },
  "aws:ec2/routeTable:RouteTable": {
    id: "rtb-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:route-table/{id}",
    computed: { ownerId: "{account}" },
    parents: { vpcId: vpc },
  },
  "aws:ec2/route:Route": {
    id: "r-{routeTableId}{random:10}",
    importId: "{routeTableId}_{destinationCidrBlock|or:}{destinationIpv6CidrBlock|or:}{destinationPrefixListId|or:}",
    computed: { state: "active", origin: "CreateRoute" },
    unique: [
      { by: ["routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"], code: "RouteAlreadyExists" },
    ],
    parents: {
      routeTableId: routeTable,
      gatewayId: { types: ["aws:ec2/internetGateway:InternetGateway"], code: "InvalidInternetGatewayID.NotFound" },
      natGatewayId: { types: ["aws:ec2/natGateway:NatGateway"], code: "InvalidNatGatewayID.NotFound" },
    },
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    id: "rtbassoc-{hex:17}",
    importId: "{subnetId|or:}{gatewayId|or:}/{routeTableId}",
    unique: [{ by: ["subnetId"], code: "Resource.AlreadyAssociated" }],
    parents: { subnetId: subnet, routeTableId: routeTable },
  },
  "aws:ec2/eip:Eip": {
    id: "eipalloc-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:elastic-ip/{id}",
    computed: {
      allocationId: "{id}",
      publicIp: "192.0.2.{serial}",
      vpc: true,
      publicDns: "ec2-{serial}.invalid",
      domain: "vpc",
    },
    blockedBy: [{ type: "aws:ec2/natGateway:NatGateway", path: "allocationId", code: "AuthFailure" }],
  },
  "aws:ec2/natGateway:NatGateway": {
    id: "nat-{hex:17}",
    computed: {
      networkInterfaceId: "eni-{hex:17}",
      privateIp: "10.0.0.5",
      publicIp: "192.0.2.{serial}",
      associationId: "eipassoc-{hex:17}",
    },
    parents: { subnetId: subnet, allocationId: { types: ["aws:ec2/eip:Eip"], code: "InvalidAllocationID.NotFound" } },
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    id: "sg-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:security-group/{id}",
    computed: { ownerId: "{account}" },
    unique: [{ by: ["vpcId", "name"], code: "InvalidGroup.Duplicate" }],
    parents: { vpcId: vpc },
    blockedBy: [
      inUse("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "referencedSecurityGroupId"),
      inUse("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "referencedSecurityGroupId"),
      inUse("aws:lb/loadBalancer:LoadBalancer", "securityGroups[*]"),
      inUse("aws:rds/instance:Instance", "vpcSecurityGroupIds[*]"),
      inUse("aws:ecs/service:Service", "networkConfiguration.securityGroups[*]"),
    ],
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    id: "sgr-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:security-group-rule/{id}",
    neverUnknown: ["tagsAll"],
    computed: { securityGroupRuleId: "{id}" },
    unique: [
      {
        by: ["securityGroupId", "ipProtocol", "fromPort", "toPort", "cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"],
        code: "InvalidPermission.Duplicate",
      },
    ],
    parents: { securityGroupId: group, referencedSecurityGroupId: group },
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    id: "sgr-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:security-group-rule/{id}",
    neverUnknown: ["tagsAll"],
    computed: { securityGroupRuleId: "{id}" },
    unique: [
      {
        by: ["securityGroupId", "ipProtocol", "fromPort", "toPort", "cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"],
        code: "InvalidPermission.Duplicate",
      },
    ],
    parents: { securityGroupId: group, referencedSecurityGroupId: group },
  },
  "aws:ec2/securityGroupRule:SecurityGroupRule": {
    id: "sgrule-{serial}",
    computed: { securityGroupRuleId: "sgr-{hex:17}" },
    parents: { securityGroupId: group, sourceSecurityGroupId: group },
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    id: "vpce-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:vpc-endpoint/{id}",
    computed: { ownerId: "{account}", state: "available", prefixListId: "pl-{hex:17}", policy: "{}" },
    openBlocks: ["dnsOptions", "subnetConfigurations"],
    parents: { vpcId: vpc, "subnetIds[*]": subnet, "securityGroupIds[*]": group, "routeTableIds[*]": routeTable },
  },
  "aws:ec2/flowLog:FlowLog": {
    id: "fl-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:vpc-flow-log/{id}",
    computed: { logFormat: "default" },
    parents: { vpcId: vpc },
  },
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": {
    id: "ns-{hex:17}",
    arn: "arn:{partition}:servicediscovery:{region}:{account}:namespace/{id}",
    importId: "{id}:{vpc}",
    computed: { hostedZone: "Z{upper:20}" },
    parents: { vpc },
    blockedBy: [{ type: "aws:servicediscovery/service:Service", path: "dnsConfig.namespaceId", code: "ResourceInUse" }],
  },
  "aws:servicediscovery/service:Service": {
    id: "srv-{hex:17}",
    arn: "arn:{partition}:servicediscovery:{region}:{account}:service/{id}",
    computed: { namespaceId: "" },
    parents: {
      "dnsConfig.namespaceId": { types: ["aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"], code: "NamespaceNotFound" },
      namespaceId: { types: ["aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"], code: "NamespaceNotFound" },
    },
  },
};
