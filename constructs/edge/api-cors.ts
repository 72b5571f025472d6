/** Calls from pages of other sites. An HTTP API answers by itself; a rest API is told to, by an OPTIONS method of each path. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { namesIn, pathParameters } from "./openapi.js";

/** `cors` as written. */
export interface CorsSpec {
  allowedOrigins: readonly string[];
  allowedMethods?: readonly string[] | undefined;
  allowedHeaders?: readonly string[] | undefined;
  exposeHeaders?: readonly string[] | undefined;
  allowCredentials?: boolean | undefined;
  maxAgeSeconds?: number | undefined;
}

const ORIGIN = "Access-Control-Allow-Origin";
const ALL = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const HEADERS = ["authorization", "content-type"];
/** Seconds that browsers keep the answer of an API that says nothing. */
export const MAX_AGE = 600;

/** The setting of an HTTP API. */
export function corsConfiguration(spec: CorsSpec | undefined) {
  if (!spec) return undefined;
  return {
    allowOrigins: [...spec.allowedOrigins],
    allowMethods: [...(spec.allowedMethods ?? ["*"])],
    allowHeaders: [...(spec.allowedHeaders ?? HEADERS)],
    exposeHeaders: spec.exposeHeaders && [...spec.exposeHeaders],
    allowCredentials: spec.allowCredentials ?? false,
    maxAge: spec.maxAgeSeconds ?? MAX_AGE,
  };
}

/** Reports what browsers or a rest API would not take. */
export function checkCors(ctx: ExpandContext, spec: CorsSpec | undefined, rest: boolean): void {
  if (spec?.allowCredentials && spec.allowedOrigins.includes("*"))
    ctx.error("cors-credentials", "browsers send no cookies to an API that everyone's pages may call", "cors.allowedOrigins", {
      expected: "the origins by name",
    });
  if (rest && spec?.exposeHeaders)
    ctx.error(
      "cors-expose",
      "a rest API hands the component's answer on as it is, with its own Access-Control-Expose-Headers",
      "cors.exposeHeaders",
      {
        next: "remove it, and let the component answer with the header",
      },
    );
}

/** The document of a rest API with the answers to preflight requests, and the origin on API Gateway's own errors where there is one for all. */
export function withCors(body: Value, spec: CorsSpec | undefined): Value {
  if (!spec) return body;
  const document = body as { paths: { [path: string]: { [method: string]: Value } } };
  const paths = Object.entries(document.paths).map(([path, written]) => {
    const at = Object.fromEntries(Object.entries(written).map(([method, operation]) => [method, withOrigin(operation, spec)]));
    return [path, "options" in at ? at : { ...at, options: preflight(spec, path) }];
  });
  const single = oneOrigin(spec);
  const header = { responseParameters: { "gatewayresponse.header.Access-Control-Allow-Origin": `'${single}'` } };
  return {
    ...document,
    paths: Object.fromEntries(paths) as Value,
    ...(single === undefined ? {} : { "x-amazon-apigateway-gateway-responses": { DEFAULT_4XX: header, DEFAULT_5XX: header } }),
  };
}

/** An operation that API Gateway answers itself for a service of AWS, with the origin on its answers; others as they are. */
function withOrigin(operation: Value, spec: CorsSpec): Value {
  const { responses, ["x-amazon-apigateway-integration"]: integration, ...rest } = operation as unknown as Answering;
  if (integration.type !== "aws") return operation;
  const single = oneOrigin(spec);
  const headers = { [ORIGIN]: { schema: { type: "string" } } };
  const parameters = { responseParameters: { [`method.response.header.${ORIGIN}`]: `'${single}'` } };
  return {
    ...rest,
    responses: Object.fromEntries(Object.entries(responses).map(([status, answer]) => [status, { ...answer, headers }])),
    "x-amazon-apigateway-integration": {
      ...integration,
      responses: Object.fromEntries(
        Object.entries(integration.responses).map(([status, { responseTemplates, ...answer }]) => [
          status,
          single === undefined
            ? { ...answer, responseTemplates: mapped(responseTemplates, (t) => `${chooseOrigin(spec.allowedOrigins)}${t}`) }
            : { ...answer, responseTemplates, ...parameters },
        ]),
      ),
    },
  };
}

interface Answering {
  responses: { [status: string]: { [field: string]: Value } };
  "x-amazon-apigateway-integration": {
    [field: string]: Value;
    type: string;
    responses: { [status: string]: { [field: string]: Value; responseTemplates: { [type: string]: string } } };
  };
}

function mapped(texts: { [key: string]: string }, change: (text: string) => string): { [key: string]: string } {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, change(text)]));
}

function oneOrigin({ allowedOrigins }: CorsSpec): string | undefined {
  return allowedOrigins.includes("*") ? "*" : allowedOrigins.length === 1 ? allowedOrigins[0] : undefined;
}

function preflight(spec: CorsSpec, path: string): Value {
  const single = oneOrigin(spec);
  const methods = spec.allowedMethods?.filter((m) => m !== "*" && m !== "ANY") ?? [];
  const headers: { [name: string]: string } = {
    "Access-Control-Allow-Headers": (spec.allowedHeaders ?? HEADERS).join(","),
    "Access-Control-Allow-Methods": (methods.length > 0 ? methods : ALL).join(","),
    "Access-Control-Max-Age": String(spec.maxAgeSeconds ?? MAX_AGE),
    ...(spec.allowCredentials ? { "Access-Control-Allow-Credentials": "true" } : {}),
    ...(single === undefined ? { Vary: "Origin" } : { "Access-Control-Allow-Origin": single }),
  };
  const declared = single === undefined ? [...Object.keys(headers), "Access-Control-Allow-Origin"] : Object.keys(headers);
  return {
    ...pathParameters(namesIn(path)),
    responses: {
      "204": {
        description: "What pages of other sites may send.",
        headers: Object.fromEntries(declared.map((name) => [name, { schema: { type: "string" } }])),
      },
    },
    "x-amazon-apigateway-integration": {
      type: "mock",
      passthroughBehavior: "when_no_match",
      requestTemplates: { "application/json": '{"statusCode":204}' },
      responses: {
        default: {
          statusCode: "204",
          responseParameters: Object.fromEntries(
            Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, `'${value}'`]),
          ),
          ...(single === undefined ? { responseTemplates: { "application/json": chooseOrigin(spec.allowedOrigins) } } : {}),
        },
      },
    },
  };
}

/** A template that answers with the caller's origin if it is one of these (API Gateway Developer Guide, "Override your API's request and response parameters"). */
function chooseOrigin(origins: readonly string[]): string {
  const known = origins.map((origin) => `$from == "${origin.replaceAll(/["\\$#]/g, "")}"`).join(" || ");
  return [
    '#set($from = $input.params().header.get("origin"))',
    '#if(!$from || $from == "")#set($from = $input.params().header.get("Origin"))#end',
    `#if(${known})#set($context.responseOverride.header.Access-Control-Allow-Origin = $from)#end`,
  ].join("");
}
