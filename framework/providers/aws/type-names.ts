/** What people call a resource type: `aws:sqs/queue:Queue` is an SQS queue. */

/** Modules whose upper-case name is not what people call the service; "" where the type says it all. */
const SERVICES: { [module: string]: string } = {
  dynamodb: "DynamoDB",
  docdb: "DocumentDB",
  elasticache: "ElastiCache",
  memorydb: "MemoryDB",
  cloudwatch: "CloudWatch",
  cloudfront: "CloudFront",
  route53: "Route 53",
  wafv2: "WAF",
  lambda: "Lambda",
  kinesis: "Kinesis",
  cognito: "Cognito",
  sfn: "Step Functions",
  xray: "X-Ray",
  autoscaling: "auto-scaling",
  apigateway: "API Gateway",
  apigatewayv2: "API Gateway",
  secretsmanager: "Secrets Manager",
  lb: "",
  alb: "",
  ec2: "",
  vpc: "",
  servicediscovery: "Cloud Map",
  appautoscaling: "autoscaling",
  scheduler: "Scheduler",
  images: "",
  services: "",
};

/** The name of a type for people; the token itself where it has another form. */
export function typeName(token: string): string {
  const [, module = "", name = token] = /^(?:aws|panka):([^/:]+)[^:]*:(.+)$/.exec(token) ?? [];
  if (!module) return token;
  const words = name
    .replace(/V2$/, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replace(/\b(vpc|iam|kms|api|sns|sqs|nat)\b/g, (w) => w.toUpperCase());
  const service = SERVICES[module] ?? module.toUpperCase();
  return service === "" || words.toLowerCase().startsWith(service.toLowerCase()) ? words : `${service} ${words}`;
}
