/** The HTTP API of a function: one per function, stage `$default`, deployed by itself. $1 per million requests. */
import { hashJson } from "../../framework/base/json.js";
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import type { MadeFunction } from "./lambda-function.js";

/** One route; without a path every request. */
export interface ApiRoute {
  /** Default ANY. */
  method?: string;
  path?: string;
}

/** Declares API, integration, routes, stage and permission; roles `api`, `api-integration`, `api-route-<hash>`, `api-stage`, `api-permission`. Returns the URL. */
export function httpApi(ctx: ExpandContext, made: MadeFunction, routes: readonly ApiRoute[]): Value {
  const api = resource(ctx, "api", "aws:apigatewayv2/api:Api", { protocolType: "HTTP", tags: ctx.tags });
  const integration = resource(ctx, "api-integration", "aws:apigatewayv2/integration:Integration", {
    apiId: api.out("id"),
    integrationType: "AWS_PROXY",
    integrationUri: made.arn,
    payloadFormatVersion: "2.0",
  });
  const keys = routes.map((r) => (r.path === undefined ? "$default" : `${r.method ?? "ANY"} ${r.path}`));
  for (const routeKey of new Set(keys))
    resource(ctx, `api-route-${hashJson(routeKey).slice(0, 8)}`, "aws:apigatewayv2/route:Route", {
      apiId: api.out("id"),
      routeKey,
      target: { $text: ["integrations/", integration.out("id")] },
    });
  resource(ctx, "api-stage", "aws:apigatewayv2/stage:Stage", { apiId: api.out("id"), name: "$default", autoDeploy: true, tags: ctx.tags });
  resource(ctx, "api-permission", "aws:lambda/permission:Permission", {
    action: "lambda:InvokeFunction",
    function: made.name,
    principal: "apigateway.amazonaws.com",
    sourceArn: { $text: [api.out("executionArn"), "/*/*"] },
  });
  return api.out("apiEndpoint");
}
