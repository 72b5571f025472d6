/** An API of type http: API, stage `$default`, access logs, domain. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { retentionDays } from "../compute/logs.js";
import type { ApiParts, ApiProps, MadeApi } from "./api-gateway.js";
import { apiDomain, apiHost } from "./api-domain.js";
import { openApi } from "./openapi.js";

/** What each request leaves in the log (API Gateway Developer Guide, "Customizing HTTP API access logs"). */
const LOG_FORMAT = JSON.stringify({
  requestId: "$context.requestId",
  time: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  method: "$context.httpMethod",
  route: "$context.routeKey",
  path: "$context.path",
  status: "$context.status",
  bytes: "$context.responseLength",
  milliseconds: "$context.responseLatency",
  error: "$context.integrationErrorMessage",
});

/** Declares it; the main resource is the API; roles `stage`, `access-logs`, and those of the domain. */
export function httpApi(props: ApiProps, ctx: ExpandContext, parts: ApiParts): MadeApi {
  const title = `${ctx.stack}-${ctx.environment}-${ctx.service}-${ctx.component}`;
  const api = resource(ctx, undefined, "aws:apigatewayv2/api:Api", {
    protocolType: "HTTP",
    body: { $json: openApi("http", title, parts.routes, parts.authorizers) },
    corsConfiguration: cors(props),
    disableExecuteApiEndpoint: props.domain?.zoneId === undefined ? undefined : true,
    tags: ctx.tags,
  });
  const stage = resource(
    ctx,
    "stage",
    "aws:apigatewayv2/stage:Stage",
    {
      apiId: api.out("id"),
      name: "$default",
      autoDeploy: true,
      defaultRouteSettings: props.throttle && {
        throttlingRateLimit: props.throttle.rate,
        throttlingBurstLimit: props.throttle.burst,
      },
      accessLogSettings: props.accessLogs ? accessLogs(ctx) : undefined,
      tags: ctx.tags,
    },
    { probe: { class: "A", importId: { $text: [api.out("id"), "/$default"] } } },
  );
  const domain = props.domain && apiDomain(ctx, props.domain, api.out("id"), stage.out("name"));
  return {
    id: api.out("id"),
    executionArn: api.out("executionArn"),
    url: domain?.url ?? api.out("apiEndpoint"),
    place: { host: apiHost(ctx, api.out("id")), path: "" },
    ...(domain ? { dns: domain.dns } : {}),
  };
}

function accessLogs(ctx: ExpandContext): { destinationArn: Value; format: string } {
  const group = resource(ctx, "access-logs", "aws:cloudwatch/logGroup:LogGroup", { retentionInDays: retentionDays(ctx), tags: ctx.tags });
  return { destinationArn: group.out("arn"), format: LOG_FORMAT };
}

function cors({ cors: spec }: ApiProps) {
  if (!spec) return undefined;
  return {
    allowOrigins: spec.allowedOrigins,
    allowMethods: spec.allowedMethods ?? ["*"],
    allowHeaders: spec.allowedHeaders ?? ["authorization", "content-type"],
    exposeHeaders: spec.exposeHeaders,
    allowCredentials: spec.allowCredentials ?? false,
    maxAge: spec.maxAgeSeconds ?? 600,
  };
}
