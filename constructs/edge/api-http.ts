/** An API of type http: API, stage `$default`, access logs, domain. */
import type { ExpandContext } from "../../framework/model/index.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import type { ApiParts, ApiProps, MadeApi } from "./api-gateway.js";
import { corsConfiguration } from "./api-cors.js";
import { apiDomain, apiHost } from "./api-domain.js";
import { vpcLink } from "./api-link.js";
import { accessLogs } from "./api-logs.js";
import { queueSender } from "./api-queue.js";
import { openApi } from "./openapi.js";

/** Declares it; the main resource is the API; roles `stage`, `access-logs`, `link...`, `send-role`, `send-policy`, and those of the domain. */
export function httpApi(props: ApiProps, ctx: ExpandContext, parts: ApiParts): MadeApi {
  const title = `${ctx.stack}-${ctx.environment}-${ctx.service}-${ctx.component}`;
  const link = vpcLink(ctx, parts.routes);
  const sender = queueSender(ctx, parts.routes);
  const api = resource(
    ctx,
    undefined,
    "aws:apigatewayv2/api:Api",
    {
      protocolType: "HTTP",
      body: { $json: openApi("http", title, parts.routes, parts.authorizers, { link, sender }) },
      corsConfiguration: corsConfiguration(props.cors),
      disableExecuteApiEndpoint: props.domain?.zoneId === undefined ? undefined : true,
      tags: ctx.tags,
    },
    { dependsOn: [...(sender?.ready ?? [])] },
  );
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
      accessLogSettings: accessLogs(ctx, props.accessLogs, "http"),
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
    // API Gateway Developer Guide, "Monitor CloudWatch metrics for HTTP APIs".
    metrics: metricsOf("AWS/ApiGateway", { ApiId: api.out("id") }, { "5xx": "Sum", "4xx": "Sum", Count: "Sum", Latency: "p99" }),
    ...(domain ? { dns: domain.dns } : {}),
  };
}
