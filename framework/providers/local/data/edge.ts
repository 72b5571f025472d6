/** Load balancers, API Gateway, Route 53, CloudFront. */
import type { ParentRule, RuleTable } from "../rules.js";

const vpc: ParentRule = { types: ["aws:ec2/vpc:Vpc"], code: "InvalidVpcID.NotFound" };
const subnet: ParentRule = { types: ["aws:ec2/subnet:Subnet"], code: "SubnetNotFound" };
const group: ParentRule = { types: ["aws:ec2/securityGroup:SecurityGroup"], code: "InvalidSecurityGroup" };
const balancer: ParentRule = { types: ["aws:lb/loadBalancer:LoadBalancer"], code: "LoadBalancerNotFound" };
const listener: ParentRule = { types: ["aws:lb/listener:Listener"], code: "ListenerNotFound" };
const target: ParentRule = { types: ["aws:lb/targetGroup:TargetGroup"], code: "TargetGroupNotFound" };
const api: ParentRule = { types: ["aws:apigatewayv2/api:Api"], code: "NotFoundException" };
const rest: ParentRule = { types: ["aws:apigateway/restApi:RestApi"], code: "NotFoundException" };
const zone: ParentRule = { types: ["aws:route53/zone:Zone"], by: ["id", "zoneId"], code: "NoSuchHostedZone" };

/** Rules by token. */
export const EDGE: RuleTable = {
  "aws:lb/loadBalancer:LoadBalancer": {
    id: "arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/{random:16}",
    arn: "{id}",
    computed: {
      arnSuffix: "app/{name}/{id|last:/}",
      dnsName: "{name}-{serial}.{region}.elb.amazonaws.com",
      zoneId: "Z35SXDOTRQ7X7K",
      vpcId: "vpc-{hex:17}",
      ipAddressType: "ipv4",
      internal: false,
    },
    openBlocks: ["subnetMappings"],
    unique: [{ by: ["name"], code: "DuplicateLoadBalancerName" }],
    parents: { "subnets[*]": subnet, "securityGroups[*]": group },
    protectedBy: ["enableDeletionProtection"],
  },
  "aws:lb/targetGroup:TargetGroup": {
    id: "arn:{partition}:elasticloadbalancing:{region}:{account}:targetgroup/{name}/{random:16}",
    arn: "{id}",
    computed: {
      arnSuffix: "targetgroup/{name}/{id|last:/}",
      ipAddressType: "ipv4",
      protocolVersion: "HTTP1",
      loadBalancingAlgorithmType: "round_robin",
      loadBalancingCrossZoneEnabled: "use_load_balancer_configuration",
      stickiness: { type: "lb_cookie", enabled: false, cookieDuration: 86400 },
      targetFailovers: [{}],
      targetGroupHealth: { dnsFailover: {}, unhealthyStateRouting: {} },
      targetHealthStates: [{}],
    },
    openBlocks: ["stickiness", "targetFailovers", "targetGroupHealth", "targetHealthStates"],
    unique: [{ by: ["name"], code: "DuplicateTargetGroupName" }],
    parents: { vpcId: vpc },
    blockedBy: [
      { type: "aws:lb/listener:Listener", path: "defaultActions[*].targetGroupArn", code: "ResourceInUse" },
      { type: "aws:lb/listenerRule:ListenerRule", path: "actions[*].targetGroupArn", code: "ResourceInUse" },
    ],
  },
  "aws:lb/listener:Listener": {
    id: "arn:{partition}:elasticloadbalancing:{region}:{account}:listener/{loadBalancerArn|last:loadbalancer/}/{random:16}",
    arn: "{id}",
    computed: { sslPolicy: "ELBSecurityPolicy-2016-08", tcpIdleTimeoutSeconds: 350 },
    openBlocks: ["mutualAuthentication"],
    unique: [{ by: ["loadBalancerArn", "port"], code: "DuplicateListener" }],
    parents: { loadBalancerArn: balancer, "defaultActions[*].targetGroupArn": target },
  },
  "aws:lb/listenerRule:ListenerRule": {
    id: "arn:{partition}:elasticloadbalancing:{region}:{account}:listener-rule/{listenerArn|last:listener/}/{random:16}",
    arn: "{id}",
    computed: { priority: "{serial}" },
    unique: [{ by: ["listenerArn", "priority"], code: "PriorityInUse" }],
    parents: { listenerArn: listener, "actions[*].targetGroupArn": target },
  },
  "aws:lb/listenerCertificate:ListenerCertificate": { id: "{listenerArn}_{certificateArn}", parents: { listenerArn: listener } },
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": { id: "{targetGroupArn}-{serial}", parents: { targetGroupArn: target } },
  "aws:apigatewayv2/api:Api": {
    id: "{random:10}",
    arn: "arn:{partition}:apigateway:{region}::/apis/{id}",
    computed: {
      apiEndpoint: "https://{id}.execute-api.{region}.amazonaws.com",
      executionArn: "arn:{partition}:execute-api:{region}:{account}:{id}",
    },
  },
  "aws:apigatewayv2/integration:Integration": {
    computed: { timeoutMilliseconds: 30000 },
    id: "{random:7}",
    importId: "{apiId}/{id}",
    parents: { apiId: api },
  },
  "aws:apigatewayv2/authorizer:Authorizer": { id: "{random:6}", importId: "{apiId}/{id}" },
  "aws:apigatewayv2/route:Route": {
    id: "{random:7}",
    importId: "{apiId}/{id}",
    unique: [{ by: ["apiId", "routeKey"], code: "ConflictException" }],
    parents: { apiId: api },
  },
  "aws:apigatewayv2/stage:Stage": {
    id: "{name}",
    arn: "arn:{partition}:apigateway:{region}::/apis/{apiId}/stages/{name}",
    importId: "{apiId}/{name}",
    computed: {
      executionArn: "arn:{partition}:execute-api:{region}:{account}:{apiId}/{name}",
      invokeUrl: "https://{apiId}.execute-api.{region}.amazonaws.com/{name}",
    },
    unique: [{ by: ["apiId", "name"], code: "ConflictException" }],
    parents: { apiId: api },
  },
  "aws:apigateway/restApi:RestApi": {
    id: "{random:10}",
    arn: "arn:{partition}:apigateway:{region}::/restapis/{id}",
    computed: {
      rootResourceId: "{random:10}",
      executionArn: "arn:{partition}:execute-api:{region}:{account}:{id}",
      createdDate: "{now}",
      apiKeySource: "HEADER",
    },
    openBlocks: ["endpointConfiguration"],
    notRead: ["body"],
  },
  "aws:apigateway/deployment:Deployment": {
    id: "{random:6}",
    importId: "{restApi}/{id}",
    computed: {
      createdDate: "{now}",
      executionArn: "arn:{partition}:execute-api:{region}:{account}:{restApi}/",
      invokeUrl: "https://{restApi}.execute-api.{region}.amazonaws.com/",
    },
    notRead: ["triggers"],
    parents: { restApi: rest },
  },
  "aws:apigateway/stage:Stage": {
    id: "ags-{restApi}-{stageName}",
    arn: "arn:{partition}:apigateway:{region}::/restapis/{restApi}/stages/{stageName}",
    importId: "{restApi}/{stageName}",
    computed: {
      executionArn: "arn:{partition}:execute-api:{region}:{account}:{restApi}/{stageName}",
      invokeUrl: "https://{restApi}.execute-api.{region}.amazonaws.com/{stageName}",
    },
    unique: [{ by: ["restApi", "stageName"], code: "ConflictException" }],
    parents: { restApi: rest },
  },
  "aws:apigateway/methodSettings:MethodSettings": {
    id: "{restApi}-{stageName}-{methodPath}",
    importId: "{restApi}/{stageName}/{methodPath}",
    parents: { restApi: rest },
  },
  "aws:apigatewayv2/domainName:DomainName": { id: "{domainName}", unique: [{ by: ["domainName"], code: "ConflictException" }] },
  "aws:apigatewayv2/apiMapping:ApiMapping": { id: "{random:6}", importId: "{id}/{domainName}", parents: { apiId: api } },
  "aws:route53/zone:Zone": {
    id: "Z{upper:20}",
    arn: "arn:{partition}:route53:::hostedzone/{id}",
    computed: {
      zoneId: "{id}",
      nameServers: ["ns-1.local.invalid", "ns-2.local.invalid", "ns-3.local.invalid", "ns-4.local.invalid"],
      primaryNameServer: "ns-1.local.invalid",
    },
    blockedBy: [{ type: "aws:route53/record:Record", path: "zoneId", code: "HostedZoneNotEmpty" }],
  },
  "aws:route53/record:Record": {
    id: "{zoneId}_{name}_{type}{setIdentifier|with:_|or:}",
    computed: { fqdn: "{name}" },
    unique: [{ by: ["zoneId", "name", "type", "setIdentifier"], code: "InvalidChangeBatch" }],
    parents: { zoneId: zone },
  },
  "aws:wafv2/webAclAssociation:WebAclAssociation": { id: "{webAclArn},{resourceArn}" },
  "aws:cloudfront/distribution:Distribution": {
    id: "E{upper:13}",
    arn: "arn:{partition}:cloudfront::{account}:distribution/{id}",
    openBlocks: ["defaultCacheBehavior.grpcConfig"],
    computed: {
      domainName: "{id|lower}.cloudfront.invalid",
      hostedZoneId: "Z2FDTNDATAQYW2",
      status: "Deployed",
      etag: "E{upper:12}",
      callerReference: "{uuid}",
      lastModifiedTime: "{now}",
      trustedKeyGroups: [{ enabled: false }],
      trustedSigners: [{ enabled: false }],
    },
  },
  "aws:cloudfront/originAccessControl:OriginAccessControl": {
    id: "E{upper:13}",
    computed: { etag: "E{upper:12}" },
    unique: [{ by: ["name"], scope: "account", code: "OriginAccessControlAlreadyExists" }],
  },
};
