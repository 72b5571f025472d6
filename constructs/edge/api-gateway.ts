/**
 * APIGateway: an HTTPS API whose routes are answered by functions and services, or put into queues.
 * Costs nothing while idle; type http $1, type rest $3.50 per million requests (us-east-1, 2026-11).
 *
 *   new APIGateway(users, "api", {
 *     routes: [{ path: "/users/{id}", method: "GET", component: "get-user" }],
 *   });
 */
import type { z } from "zod";
import type { Backend, Expansion, ExpandContext, Link, Metric, Ref, Value } from "../../framework/model/index.js";
import { nearest } from "../../framework/base/nearest.js";
import type { PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { permitCall } from "../compute/lambda-permission.js";
import type { Service } from "../base/service.js";
import { apiSchema } from "./api-schema.js";
import { checkCors } from "./api-cors.js";
import { httpApi } from "./api-http.js";
import { checkQueueRoute } from "./api-queue.js";
import { restApi } from "./api-rest.js";
import { websocketApi } from "./api-websocket.js";
import type { OpenAuthorizer, OpenRoute } from "./openapi.js";

/** Props of {@link APIGateway}. */
export interface APIGatewayProps extends PropsOf<typeof apiSchema> {}

/** An HTTPS API. */
export class APIGateway extends Component {
  constructor(service: Service, name: string, props: APIGatewayProps) {
    super("APIGateway", service, name, props);
  }
  /** Where it is reached: its own domain, else that of API Gateway. */
  get url(): Ref {
    return this.output("url");
  }
  /** The API's id. */
  get apiId(): Ref {
    return this.output("apiId");
  }
  /** ARN by which permissions name it. */
  get executionArn(): Ref {
    return this.output("executionArn");
  }
  /** A `uses` entry: lets the user call routes with `auth: iam`. */
  invoke(): Use {
    return this.use("invoke");
  }
  /** A `uses` entry, type websocket: lets the user send to open connections, and close them. */
  send(): Use {
    return this.use("send");
  }
}

/** Props as expand gets them. */
export type ApiProps = Expanded<z.output<typeof apiSchema>>;

/** What the two forms of API come to. */
export interface MadeApi {
  id: Value;
  executionArn: Value;
  url: Value;
  /** Host and path of its own URL. */
  place: { host: Value; path: string };
  metrics: Metric[];
  /** Where a DNS record for it points, if it has a domain. */
  dns?: { name: Value; zoneId: Value };
}

/** Routes and authorizers with their components found. */
export interface ApiParts {
  routes: OpenRoute[];
  authorizers: OpenAuthorizer[];
}

/** Kind `APIGateway`. */
export const apiGatewayKind = defineKind({
  name: "APIGateway",
  group: "components",
  summary: "An HTTPS API whose routes are answered by functions and services, or put into queues.",
  schema: apiSchema,
  infra: [],
  outputs: {
    url: "Where it is reached: its own domain, else that of API Gateway.",
    apiId: "The API's id.",
    executionArn: "ARN by which permissions name it.",
  },
  stateful: false,
  links(props) {
    const routes = props.routes.map(
      (r, i): Link => ({ component: r.component, path: `routes[${i}].component`, orderOnly: true, through: true }),
    );
    const deciders = (props.authorizers ?? []).flatMap((a, i): Link[] =>
      a.component === undefined ? [] : [{ component: a.component, path: `authorizers[${i}].component`, orderOnly: true }],
    );
    return [...routes, ...deciders];
  },
  expand(props, ctx): Expansion {
    checkForm(props, ctx);
    const parts = { routes: routesOf(props, ctx), authorizers: authorizersOf(props, ctx) };
    const made = FORMS[props.type ?? "http"](props, ctx, parts);
    const socket = props.type === "websocket";
    allowCalls(ctx, parts, made.executionArn);
    return {
      outputs: { url: made.url, apiId: made.id, executionArn: made.executionArn },
      bindings: {
        grants: {
          invoke: [{ actions: ["execute-api:Invoke"], resources: [{ $text: [made.executionArn, "/*"] }] }],
          ...(socket ? { send: [{ actions: ["execute-api:ManageConnections"], resources: [{ $text: [made.executionArn, "/*"] }] }] } : {}),
        },
        defaultAccess: socket ? "send" : "invoke",
        inject: { _URL: { value: made.url } },
        metrics: made.metrics,
        ...(socket ? {} : { backend: { url: made.url, ...(made.dns ? {} : made.place) } }),
        ...(made.dns ? { dns: made.dns } : {}),
      },
    };
  },
});

const FORMS = { http: httpApi, rest: restApi, websocket: websocketApi };

/** What types http and rest can't do. */
function checkForm(props: ApiProps, ctx: ExpandContext): void {
  if (props.routes.length === 0) ctx.error("no-routes", "an API without routes answers nothing", "routes", { expected: "a route" });
  if (props.type === "websocket") return;
  const rest = props.type === "rest";
  for (const [i, { path }] of props.routes.entries())
    if (!path.startsWith("/") && path !== "$default")
      ctx.error("route-path", `"${path}" is no path`, `routes[${i}].path`, { expected: "a path that begins with /, or $default" });
  if (!rest && props.waf !== undefined)
    ctx.error("waf-http", "AWS WAF takes rest APIs, not HTTP APIs", "waf", {
      next: "set type: rest, or put a CloudFront with waf in front",
    });
  checkCors(ctx, props.cors, rest);
  for (const [i, route] of props.routes.entries()) {
    if (rest && route.path === "$default")
      ctx.error("no-default-route", "a rest API has no $default route", `routes[${i}].path`, { expected: "/{proxy+}, and / for the root" });
  }
}

function routesOf(props: ApiProps, ctx: ExpandContext): OpenRoute[] {
  const seen = new Set<string>();
  const names = (props.authorizers ?? []).map((a) => a.name);
  return props.routes.flatMap((route, i) => {
    const path = `routes[${i}]`;
    const { method = "ANY", auth = "none" } = route;
    const key = props.type === "websocket" ? route.path : `${method} ${route.path}`;
    if (seen.has(key)) ctx.error("route-twice", `two routes are ${key}`, path);
    seen.add(key);
    if (auth !== "none" && auth !== "iam" && !names.includes(auth)) {
      const suggestion = nearest(auth, ["none", "iam", ...names]);
      ctx.error("unknown-authorizer", `there is no authorizer "${auth}"`, `${path}.auth`, {
        expected: ["none", "iam", ...names].join(", "),
        ...(suggestion ? { suggestion } : {}),
      });
    }
    const backend = backendOf(route.component, `${path}.component`, ctx);
    if (backend && "url" in backend && props.type !== "websocket" && route.path === "$default") {
      ctx.error("default-route-url", `"${route.component}" is asked by URL, which needs the request's path`, `${path}.path`, {
        expected: "/{proxy+}",
      });
      return [];
    }
    if (backend && "inside" in backend && props.type === "rest") {
      ctx.error("private-backend", `a rest API can't reach "${route.component}", whose load balancer is internal`, `${path}.component`, {
        expected: "type: http, or a public load balancer",
      });
      return [];
    }
    if (backend && "queue" in backend && props.type !== "websocket") checkQueueRoute(ctx, { path: route.path, method }, path);
    return backend ? [{ path: route.path, method, backend, auth }] : [];
  });
}

function backendOf(name: string, path: string, ctx: ExpandContext): Backend | undefined {
  const target = ctx.target(name);
  const backend = target?.bindings?.backend;
  if (!backend)
    ctx.error("no-backend", `"${name}" answers no requests`, path, {
      expected: "a Lambda, a service behind an application load balancer, an ALB, an NLB, or an SQS",
    });
  return backend;
}

function authorizersOf(props: ApiProps, ctx: ExpandContext): OpenAuthorizer[] {
  return (props.authorizers ?? []).flatMap((a, i): OpenAuthorizer[] => {
    const path = `authorizers[${i}]`;
    const { name, header, query } = a;
    if (header !== undefined && query !== undefined)
      ctx.error("token-place", `the authorizer "${name}" finds its token in one place`, `${path}.query`, { expected: "header, or query" });
    for (const field of a.type === "jwt" ? (["component", "cacheSeconds"] as const) : (["issuer", "audience"] as const))
      if (a[field] !== undefined)
        ctx.error("authorizer-field", `${field} means nothing for an authorizer of type ${a.type}`, `${path}.${field}`, {
          next: "remove it",
        });
    const found = query === undefined ? {} : { query };
    const common = { name, header: header ?? "Authorization", ...found, cacheSeconds: a.cacheSeconds ?? 300 };
    if (a.type === "jwt") {
      if (props.type === "rest")
        ctx.error("jwt-rest", "API Gateway checks tokens of HTTP APIs only; a rest API asks a function", `${path}.type`, {
          expected: "lambda, or type: http",
        });
      if (props.type === "websocket")
        ctx.error("jwt-websocket", "API Gateway checks tokens of HTTP APIs only; a websocket API asks a function", `${path}.type`, {
          expected: "lambda",
        });
      if (a.issuer === undefined || !a.audience?.length) {
        ctx.error("jwt-incomplete", `the authorizer "${a.name}" needs issuer and audience`, path, { expected: "issuer, audience" });
        return [];
      }
      return [{ ...common, by: { issuer: a.issuer, audience: a.audience } }];
    }
    const backend = a.component === undefined ? undefined : ctx.target(a.component)?.bindings?.backend;
    if (!backend || !("function" in backend)) {
      ctx.error("authorizer-function", `the authorizer "${a.name}" needs a function`, `${path}.component`, { expected: "a Lambda" });
      return [];
    }
    return [{ ...common, by: { function: backend.function.invokeArn } }];
  });
}

/** Lets the API call the functions behind its routes and authorizers; roles `permission-<service>-<component>`. */
function allowCalls(ctx: ExpandContext, parts: ApiParts, executionArn: Value): void {
  const wanted = new Set(parts.routes.map((r) => r.backend));
  const deciders = new Set(parts.authorizers.map((a) => ("function" in a.by ? a.by.function : undefined)));
  for (const target of ctx.targets) {
    const backend = target.bindings?.backend;
    if (!backend || !("function" in backend) || !(wanted.has(backend) || deciders.has(backend.function.invokeArn))) continue;
    permitCall(ctx, `permission-${target.service}-${target.component}`, backend.function, {
      principal: "apigateway.amazonaws.com",
      sourceArn: { $text: [executionArn, "/*"] },
    });
  }
}
