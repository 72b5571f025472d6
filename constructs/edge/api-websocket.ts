/** An API of type websocket: connections that stay open; a message's route is its field `action`. */
import type { Backend, ExpandContext, Value } from "../../framework/model/index.js";
import { hashJson } from "../../framework/base/json.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import type { ApiParts, ApiProps, MadeApi } from "./api-gateway.js";
import { apiDomain, apiHost } from "./api-domain.js";
import { accessLogs } from "./api-logs.js";

/** The stage; part of the URL without a domain. */
const STAGE = "live";
/** Routes that API Gateway itself knows. */
const CONNECT = "$connect";

/** What a websocket API can't do. */
export function checkWebsocket(props: ApiProps, ctx: ExpandContext): void {
  if (props.cors)
    ctx.error("cors-websocket", "browsers open websockets to other sites without asking, so that there is no CORS", "cors", {
      next: `remove it, and let the function of ${CONNECT} or an authorizer look at the header Origin`,
    });
  if (props.waf !== undefined) ctx.error("waf-http", "AWS WAF takes rest APIs, not websocket APIs", "waf", { next: "remove it" });
  for (const [i, { name, cacheSeconds }] of (props.authorizers ?? []).entries()) {
    if (cacheSeconds !== undefined)
      ctx.error("cache-unused", "who connects is asked about each time", `authorizers[${i}].cacheSeconds`, { next: "remove it" });
    if (!props.routes.some((r) => r.path === CONNECT && r.auth === name))
      ctx.error("authorizer-unused", `no route asks the authorizer "${name}"`, `authorizers[${i}].name`, {
        expected: `a route ${CONNECT} with auth: ${name}`,
      });
  }
  for (const [i, { path, method, auth }] of props.routes.entries()) {
    if (path.startsWith("/"))
      ctx.error("route-key", `"${path}" is a path, and a websocket API has none`, `routes[${i}].path`, {
        expected: "$connect, $disconnect, $default, or a value of the message's field action",
      });
    if (method !== undefined) ctx.error("method-unused", "messages have no method", `routes[${i}].method`, { next: "remove it" });
    if (auth !== undefined && auth !== "none" && path !== CONNECT)
      ctx.error("auth-unused", "who may send is decided when a connection is opened", `routes[${i}].auth`, {
        expected: `auth at ${CONNECT}`,
      });
  }
}

/** Declares it; the main resource is the API; roles `integration-<hash of the function>`, `route-<hash of the key>`, `stage`, and those of the domain. */
export function websocketApi(props: ApiProps, ctx: ExpandContext, parts: ApiParts): MadeApi {
  checkWebsocket(props, ctx);
  const api = resource(ctx, undefined, "aws:apigatewayv2/api:Api", {
    protocolType: "WEBSOCKET",
    routeSelectionExpression: "$request.body.action",
    disableExecuteApiEndpoint: props.domain?.zoneId === undefined ? undefined : true,
    tags: ctx.tags,
  });
  const apiId = api.out("id");
  const integrations = new Map<Backend, Value>();
  const seen = new Set<string>();
  const routes = parts.routes.flatMap(({ path: routeKey, backend, auth }, i) => {
    if (seen.has(routeKey)) return [];
    seen.add(routeKey);
    if (!("function" in backend)) {
      ctx.error("websocket-function", "messages are answered by functions", `routes[${i}].component`, { expected: "a Lambda" });
      return [];
    }
    const integration = integrations.get(backend) ?? declareIntegration(ctx, apiId, backend);
    integrations.set(backend, integration);
    return [
      resource(ctx, `route-${hashJson(routeKey).slice(0, 8)}`, "aws:apigatewayv2/route:Route", {
        apiId,
        routeKey,
        target: { $text: ["integrations/", integration] },
        ...authorized(ctx, apiId, parts, auth),
      }).urn,
    ];
  });
  const stage = resource(
    ctx,
    "stage",
    "aws:apigatewayv2/stage:Stage",
    {
      apiId,
      name: STAGE,
      autoDeploy: true,
      accessLogSettings: accessLogs(ctx, props.accessLogs, "websocket"),
      defaultRouteSettings: props.throttle && {
        throttlingRateLimit: props.throttle.rate,
        throttlingBurstLimit: props.throttle.burst,
      },
      tags: ctx.tags,
    },
    { dependsOn: routes },
  );
  const domain = props.domain && apiDomain(ctx, props.domain, apiId, stage.out("name"));
  return {
    id: apiId,
    executionArn: api.out("executionArn"),
    url: props.domain ? `wss://${props.domain.name}` : stage.out("invokeUrl"),
    place: { host: apiHost(ctx, apiId), path: `/${STAGE}` },
    // API Gateway Developer Guide, "Monitor WebSocket API execution with CloudWatch metrics".
    metrics: metricsOf(
      "AWS/ApiGateway",
      { ApiId: apiId },
      { ExecutionError: "Sum", IntegrationError: "Sum", ConnectCount: "Sum", MessageCount: "Sum" },
    ),
    ...(domain ? { dns: domain.dns } : {}),
  };
}

/** Who may connect; an authorizer has the role `authorizer-<hash of its name>`, declared at the one route that can have it. */
function authorized(ctx: ExpandContext, apiId: Value, { authorizers }: ApiParts, auth: string) {
  if (auth === "iam") return { authorizationType: "AWS_IAM" };
  const found = authorizers.find((a) => a.name === auth);
  if (!found || !("function" in found.by)) return { authorizationType: "NONE" };
  const authorizerId = resource(ctx, `authorizer-${hashJson(found.name).slice(0, 8)}`, "aws:apigatewayv2/authorizer:Authorizer", {
    apiId,
    name: found.name,
    authorizerType: "REQUEST",
    authorizerUri: found.by.function,
    identitySources: [found.query === undefined ? `route.request.header.${found.header}` : `route.request.querystring.${found.query}`],
  }).out("id");
  return { authorizationType: "CUSTOM", authorizerId };
}

function declareIntegration(ctx: ExpandContext, apiId: Value, backend: Extract<Backend, { function: object }>): Value {
  const { invokeArn } = backend.function;
  return resource(ctx, `integration-${hashJson(invokeArn).slice(0, 8)}`, "aws:apigatewayv2/integration:Integration", {
    apiId,
    integrationType: "AWS_PROXY",
    integrationUri: invokeArn,
    integrationMethod: "POST",
  }).out("id");
}
