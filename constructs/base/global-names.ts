/** Names of which AWS has one for all regions of an account, or for all accounts: two regions of a stack can't both give them. */
import type { GlobalName } from "../../framework/model/index.js";

const OWN_NAME = "leave the name out, or put the region into it: in YAML $" + "{REGION}";
const SPLIT = "put it into a stack of its own in one region, and name what stands in several regions by its domain";

function named(type: string, what: string, by: string, instead = OWN_NAME): GlobalName {
  return { type, what, by: [by], instead };
}

/**
 * By type (S3 User Guide, "General purpose bucket naming rules"; IAM User Guide, "IAM and AWS STS quotas"; CloudFront Developer Guide,
 * "Using custom URLs"; Route 53 Developer Guide, "Values that are common for simple records"; CloudWatch User Guide, "Using dashboards").
 */
export const GLOBAL_NAMES: readonly GlobalName[] = [
  named("aws:s3/bucketV2:BucketV2", "the bucket", "bucket"),
  named("aws:iam/role:Role", "the role", "name"),
  named("aws:iam/policy:Policy", "the policy", "name"),
  named("aws:iam/instanceProfile:InstanceProfile", "the instance profile", "name"),
  named("aws:iam/user:User", "the user", "name"),
  named("aws:iam/group:Group", "the group", "name"),
  named("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "the identity provider", "url", SPLIT),
  named("aws:cloudfront/distribution:Distribution", "a distribution with the alias", "aliases", SPLIT),
  named("aws:cloudfront/function:Function", "the function", "name"),
  named("aws:cloudfront/originAccessControl:OriginAccessControl", "the origin access control", "name"),
  named("aws:cloudfront/cachePolicy:CachePolicy", "the cache policy", "name"),
  named("aws:cloudwatch/dashboard:Dashboard", "the dashboard", "dashboardName"),
  named("aws:budgets/budget:Budget", "the budget", "name"),
  named("aws:rds/globalCluster:GlobalCluster", "the global cluster", "globalClusterIdentifier", SPLIT),
  named(
    "aws:route53/zone:Zone",
    "a zone",
    "name",
    "make it with the kind DNS, which makes one zone in the stack's own region, or name it by its id",
  ),
  {
    type: "aws:route53/record:Record",
    what: "the record",
    by: ["name", "type", "setIdentifier"],
    instead: "give each region a record: routing.latency or routing.failover says which, or a name or routing.id with the region in it",
  },
];
