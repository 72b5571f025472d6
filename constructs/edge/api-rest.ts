/** An API of type rest: API, one deployment per set of routes, stage `live`, domain. */
import { hashJson } from "../../framework/base/json.js";
import type { ExpandContext } from "../../framework/model/index.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import { tracingOn } from "../compute/tracing.js";
import type { ApiParts, ApiProps, MadeApi } from "./api-gateway.js";
import { withCors } from "./api-cors.js";
import { apiDomain, apiHost } from "./api-domain.js";
import { accessLogs } from "./api-logs.js";
import { queueSender } from "./api-queue.js";
import { openApi } from "./openapi.js";
import { attachWaf } from "./waf.js";

/** The one stage's name: part of the URL without a domain. */
const STAGE = "live";

/** Declares it; the main resource is the API; roles `deployment`, `stage`, `throttle`, `send-role`, `send-policy`, and those of the domain. */
export function restApi(props: ApiProps, ctx: ExpandContext, parts: ApiParts): MadeApi {
  const title = `${ctx.stack}-${ctx.environment}-${ctx.service}-${ctx.component}`;
  const sender = queueSender(ctx, parts.routes);
  const body = withCors(openApi("rest", title, parts.routes, parts.authorizers, { sender }), props.cors);
  const api = resource(
    ctx,
    undefined,
    "aws:apigateway/restApi:RestApi",
    {
      body: { $json: body },
      endpointConfiguration: { types: "REGIONAL" },
      disableExecuteApiEndpoint: props.domain?.zoneId === undefined ? undefined : true,
      tags: ctx.tags,
    },
    { dependsOn: [...(sender?.ready ?? [])] },
  );
  const restApi = api.out("id");
  // A deployment is a snapshot of the routes; other routes are another one.
  const deployment = resource(
    ctx,
    "deployment",
    "aws:apigateway/deployment:Deployment",
    { restApi, triggers: { routes: hashJson(body) } },
    { probe: { class: "E" } },
  );
  const stage = resource(
    ctx,
    "stage",
    "aws:apigateway/stage:Stage",
    {
      restApi,
      deployment: deployment.out("id"),
      stageName: STAGE,
      xrayTracingEnabled: tracingOn(ctx) || undefined,
      accessLogSettings: accessLogs(ctx, props.accessLogs, "rest"),
      tags: ctx.tags,
    },
    { probe: { class: "A", importId: { $text: [restApi, `/${STAGE}`] } } },
  );
  if (props.throttle)
    resource(
      ctx,
      "throttle",
      "aws:apigateway/methodSettings:MethodSettings",
      {
        restApi,
        stageName: stage.out("stageName"),
        methodPath: "*/*",
        settings: { throttlingRateLimit: props.throttle.rate, throttlingBurstLimit: props.throttle.burst },
      },
      { probe: { class: "A", importId: { $text: [restApi, `/${STAGE}/*/*`] } } },
    );
  attachWaf(ctx, props.waf, stage.out("arn"));
  const domain = props.domain && apiDomain(ctx, props.domain, restApi, stage.out("stageName"));
  return {
    id: restApi,
    executionArn: api.out("executionArn"),
    url: domain?.url ?? stage.out("invokeUrl"),
    place: { host: apiHost(ctx, restApi), path: `/${STAGE}` },
    // API Gateway Developer Guide, "Amazon API Gateway dimensions and metrics": a rest API is known there by its name.
    metrics: metricsOf(
      "AWS/ApiGateway",
      { ApiName: api.out("name") },
      { "5XXError": "Sum", "4XXError": "Sum", Count: "Sum", Latency: "p99" },
    ),
    ...(domain ? { dns: domain.dns } : {}),
  };
}
