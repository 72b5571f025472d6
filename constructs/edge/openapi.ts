/**
 * The routes of an API as an OpenAPI document with the extensions of API Gateway (Developer Guide, "OpenAPI extensions for API Gateway").
 * All routes are one property of the API, so that a change of them is one step and none can get lost.
 */
import type { Backend, InsideListener, Value } from "../../framework/model/index.js";
import { QUEUE_ANSWERS, queueIntegration, type Sender } from "./api-queue.js";

/** One route, its backend found. */
export interface OpenRoute {
  path: string;
  method: string;
  backend: Backend;
  /** `none`, `iam`, or the name of an authorizer. */
  auth: string;
}

/** Who decides about a caller. */
export interface OpenAuthorizer {
  name: string;
  header: string;
  /** The query parameter that holds the token, instead of the header. */
  query?: string;
  cacheSeconds: number;
  /** A token's issuer and audience, or the invoke ARN of a function. */
  by: { issuer: Value; audience: readonly Value[] } | { function: Value };
}

/** Two forms of API Gateway that take OpenAPI. */
export type OpenForm = "http" | "rest";

/** The name of the scheme for requests signed with AWS credentials. */
const SIGNED = "sigv4";

/** What an API has to reach its backends by. */
export interface Ways {
  /** Id of the VPC link by which listeners inside the network are reached. */
  link?: Value | undefined;
  /** As what it sends to queues. */
  sender?: Sender | undefined;
}

/** The document. */
export function openApi(
  form: OpenForm,
  title: string,
  routes: readonly OpenRoute[],
  authorizers: readonly OpenAuthorizer[],
  ways: Ways = {},
): Value {
  const paths: { [path: string]: { [method: string]: Value } } = {};
  for (const route of routes) {
    const path = route.path === "$default" ? "/$default" : route.path;
    const at = paths[path] ?? {};
    paths[path] = at;
    at[route.method === "ANY" ? "x-amazon-apigateway-any-method" : route.method.toLowerCase()] = operation(form, route, ways);
  }
  const schemes = Object.fromEntries(authorizers.map((a) => [a.name, scheme(form, a)]));
  if (routes.some((r) => r.auth === "iam"))
    schemes[SIGNED] = { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "awsSigv4" };
  return {
    openapi: "3.0.1",
    info: { title, version: "1.0" },
    paths,
    ...(Object.keys(schemes).length > 0 ? { components: { securitySchemes: schemes } } : {}),
  };
}

/** Names of the parts of a path that stand for anything. */
export function namesIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\+?\}/g)].map((m) => m[1] as string);
}

/** The field `parameters` of an operation on a path with these names; nothing without any. */
export function pathParameters(names: readonly string[]): { parameters?: Value } {
  return names.length > 0 ? { parameters: names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })) } : {};
}

function operation(form: OpenForm, route: OpenRoute, ways: Ways): Value {
  const names = namesIn(route.path);
  const security = route.auth === "none" ? [] : [{ [route.auth === "iam" ? SIGNED : route.auth]: [] }];
  return {
    ...(route.path === "$default" ? { isDefaultRoute: true } : {}),
    ...pathParameters(names),
    ...(security.length > 0 ? { security } : {}),
    responses: form === "rest" && "queue" in route.backend ? QUEUE_ANSWERS : { default: { description: "The answer of the component." } },
    "x-amazon-apigateway-integration": integration(form, route, names, ways),
  };
}

function integration(form: OpenForm, { backend, path }: OpenRoute, names: readonly string[], { link, sender }: Ways): Value {
  if ("inside" in backend) return linked(backend.inside, link);
  if ("queue" in backend) return sender ? queueIntegration(form, backend.queue, sender) : {};
  const http = form === "http";
  if ("function" in backend)
    return {
      type: "aws_proxy",
      httpMethod: "POST",
      uri: http ? backend.function.arn : backend.function.invokeArn,
      ...(http ? { payloadFormatVersion: "2.0" } : { passthroughBehavior: "when_no_match" }),
    };
  const tail = path.replaceAll("+}", "}");
  return {
    type: "http_proxy",
    httpMethod: "ANY",
    uri: { $text: [backend.url, tail] },
    ...(http ? { payloadFormatVersion: "1.0" } : {}),
    ...(!http && names.length > 0
      ? { requestParameters: Object.fromEntries(names.map((n) => [`integration.request.path.${n}`, `method.request.path.${n}`])) }
      : {}),
  };
}

/** Developer Guide, "Create private integrations for HTTP APIs", "Transform API requests and responses for HTTP APIs". */
function linked({ arn, host, path, secure }: InsideListener, link: Value | undefined): Value {
  const overwrite = {
    ...(host === undefined ? {} : { "overwrite:header.host": host }),
    ...(path === "" ? {} : { "overwrite:path": `${path}\${request.path}` }),
  };
  return {
    type: "http_proxy",
    httpMethod: "ANY",
    connectionType: "VPC_LINK",
    connectionId: link ?? "",
    uri: arn,
    payloadFormatVersion: "1.0",
    ...(secure && host !== undefined ? { tlsConfig: { serverNameToVerify: host } } : {}),
    ...(Object.keys(overwrite).length > 0 ? { requestParameters: overwrite } : {}),
  };
}

function scheme(form: OpenForm, authorizer: OpenAuthorizer): Value {
  const { by, header, cacheSeconds } = authorizer;
  const place = authorizer.query === undefined ? `header.${header}` : `querystring.${authorizer.query}`;
  const source = form === "http" ? `$request.${place}` : `method.request.${place}`;
  if ("issuer" in by)
    return {
      type: "oauth2",
      "x-amazon-apigateway-authorizer": {
        type: "jwt",
        identitySource: source,
        jwtConfiguration: { issuer: by.issuer, audience: [...by.audience] },
      },
    };
  return {
    type: "apiKey",
    ...(authorizer.query === undefined ? { name: header, in: "header" } : { name: authorizer.query, in: "query" }),
    ...(form === "rest" ? { "x-amazon-apigateway-authtype": "custom" } : {}),
    "x-amazon-apigateway-authorizer": {
      type: "request",
      identitySource: source,
      authorizerUri: by.function,
      authorizerResultTtlInSeconds: cacheSeconds,
      ...(form === "http" ? { authorizerPayloadFormatVersion: "2.0", enableSimpleResponses: true } : {}),
    },
  };
}
