/** An API of type websocket: connections that stay open; a message's route is its field `action`. */
import type { Backend, ExpandContext, Value } from "../../framework/model/index.js";
import { hashJson } from "../../framework/base/json.js";
import { NOT_YET } from "../../framework/model/fields.js";
import { resource } from "../base/resource.js";
import type { ApiParts, ApiProps, MadeApi } from "./api-gateway.js";
import { apiDomain, apiHost } from "./api-domain.js";

/** The stage; part of the URL without a domain. */
const STAGE = "live";
/** Routes that API Gateway itself knows. */
const CONNECT = "$connect";

/** What a websocket API can't do. */
export function checkWebsocket(props: ApiProps, ctx: ExpandContext): void {
  for (const field of ["cors", "authorizers", "accessLogs", "waf"] as const)
    if (props[field] !== undefined) ctx.error(NOT_YET, `${field} of a websocket API is not supported yet`, field, { next: "remove it" });
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
        authorizationType: auth === "iam" ? "AWS_IAM" : "NONE",
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
    ...(domain ? { dns: domain.dns } : {}),
  };
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
