/**
 * The HTTP API of a function: one per function, stage `$default`, deployed by itself. $1 per million requests.
 * Routes and integration are the API's own OpenAPI body, not resources: alone neither could be looked for after an interrupted create.
 */
import { readableName } from "../../framework/base/names.js";
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import type { MadeFunction } from "./lambda-function.js";
import { permitCall } from "./lambda-permission.js";

/** One route; without a path every request. */
export interface ApiRoute {
  /** Default ANY. */
  method?: string;
  path?: string;
}

/** Characters of an API's name (API Gateway V2 API reference, CreateApi). */
const LONGEST_NAME = 128;
/** Version of the API's document; ours to choose. */
const VERSION = "1.0";

/** Declares API, stage and permission; roles `api`, `api-stage`, `api-permission`. Returns the URL. */
export function httpApi(ctx: ExpandContext, made: MadeFunction, routes: readonly ApiRoute[]): Value {
  const type = "aws:apigatewayv2/api:Api";
  // An import takes name and version from the body, and the provider keeps what it finds then: both must say the same.
  const title = readableName(ctx.urn("api", type)).slice(0, LONGEST_NAME);
  const api = resource(ctx, "api", type, {
    name: title,
    version: VERSION,
    protocolType: "HTTP",
    body: { $json: openApi(title, made.invokeArn, routes) },
    tags: ctx.tags,
  });
  resource(ctx, "api-stage", "aws:apigatewayv2/stage:Stage", { apiId: api.out("id"), name: "$default", autoDeploy: true, tags: ctx.tags });
  permitCall(ctx, "api-permission", made, {
    principal: "apigateway.amazonaws.com",
    sourceArn: { $text: [api.out("executionArn"), "/*/*"] },
  });
  return api.out("apiEndpoint");
}

/** The key of a route that takes every method, and of the one that takes what no other takes (API Gateway Developer Guide, "x-amazon-apigateway-any-method object"). */
const ANY_METHOD = "x-amazon-apigateway-any-method";
const DEFAULT_PATH = "/$default";

/** The API as an OpenAPI document with API Gateway's extensions. */
function openApi(title: string, uri: Value, routes: readonly ApiRoute[]): Value {
  const integration: Value = { type: "aws_proxy", httpMethod: "POST", uri, payloadFormatVersion: "2.0", connectionType: "INTERNET" };
  const paths: { [path: string]: { [method: string]: Value } } = {};
  for (const { method = "ANY", path } of routes) {
    const key = path === undefined || method === "ANY" ? ANY_METHOD : method.toLowerCase();
    const at = path ?? DEFAULT_PATH;
    paths[at] = {
      ...paths[at],
      [key]: {
        ...(path === undefined ? { isDefaultRoute: true } : {}),
        ...parameters(at),
        responses: { default: { description: "What the function answers" } },
        "x-amazon-apigateway-integration": integration,
      },
    };
  }
  return { openapi: "3.0.1", info: { title, version: VERSION }, paths };
}

/** `{id}` and `{proxy+}` of a path, which OpenAPI wants declared. */
function parameters(path: string): { parameters?: Value } {
  const names = [...path.matchAll(/\{([^}+]+)\+?\}/g)].map((m) => m[1] as string);
  return names.length === 0 ? {} : { parameters: names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })) };
}
