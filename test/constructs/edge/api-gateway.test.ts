import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll } from "../../support/expand.js";

const LAMBDA = { runtime: "nodejs20.x", handler: "index.handler", code: { zipFile: "exports.handler = async () => 1" } };
const BEFORE = [
  { address: "users/get", kind: "Lambda", props: LAMBDA },
  { address: "users/guard", kind: "Lambda", props: LAMBDA },
  { address: "users/web", kind: "MicroService", props: { image: "acme/web:1", ports: [{ name: "http", port: 80 }] } },
  { address: "users/jobs", kind: "SQS", props: {} },
];
const ROUTE = { path: "/users/{id}", method: "GET", component: "get" };
const api = (props: object = {}) =>
  expandAll([...BEFORE, { address: "users/api", kind: "APIGateway", props: { routes: [ROUTE], ...props } }]);
const paths = (made: ReturnType<typeof api>) => made.props("users/api").body.$json.paths;
const codes = (props: object) => api(props).errors.map((e) => e.code);

test("a route is answered by a function, which the API may call", () => {
  const made = api();
  const { uri, ...integration } = paths(made)["/users/{id}"].get["x-amazon-apigateway-integration"];
  assert.equal(integration, { type: "aws_proxy", httpMethod: "POST", payloadFormatVersion: "2.0" });
  assert.equal(uri, made.outputs["users/get"]!.functionArn);
  const permission = made.props("users/api/permission-users-get");
  assert.equal(permission.sourceArn.$text, [made.outputs["users/api"]!.executionArn, "/*"]);
  assert.is(made.find("users/api/permission-users-guard"), undefined);
  assert.equal(made.errors, []);
});

test("a service behind a public load balancer is asked by its URL, with the path", () => {
  const made = api({ routes: [{ path: "/{proxy+}", component: "web" }] });
  const { uri } = paths(made)["/{proxy+}"]["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"];
  assert.equal(uri.$text, [made.outputs["users/web"]!.url, "/{proxy}"]);
});

test("a rest API is a snapshot of its routes that changes when they do", () => {
  const first = api({ type: "rest" }).props("users/api/deployment").triggers.routes;
  assert.is(api({ type: "rest" }).props("users/api/deployment").triggers.routes, first);
  assert.is.not(api({ type: "rest", routes: [{ ...ROUTE, path: "/users" }] }).props("users/api/deployment").triggers.routes, first);
  assert.is(api({ type: "rest" }).props("users/api/stage").stageName, "live");
});

test("a rest API takes signed requests and functions that decide", () => {
  const made = api({
    type: "rest",
    routes: [
      { ...ROUTE, auth: "iam" },
      { path: "/me", component: "get", auth: "guard" },
    ],
    authorizers: [{ name: "guard", type: "lambda", component: "guard" }],
  });
  const { securitySchemes } = made.props("users/api").body.$json.components;
  assert.is(securitySchemes.sigv4["x-amazon-apigateway-authtype"], "awsSigv4");
  assert.is(securitySchemes.guard["x-amazon-apigateway-authorizer"].identitySource, "method.request.header.Authorization");
  assert.ok(made.find("users/api/permission-users-guard"));
});

test("tokens are checked by issuer and audience", () => {
  const made = api({
    routes: [{ ...ROUTE, auth: "login" }],
    authorizers: [{ name: "login", type: "jwt", issuer: "https://login.example.com", audience: ["shop"] }],
  });
  const { login } = made.props("users/api").body.$json.components.securitySchemes;
  assert.equal(login["x-amazon-apigateway-authorizer"].jwtConfiguration, { issuer: "https://login.example.com", audience: ["shop"] });
  assert.equal(paths(made)["/users/{id}"].get.security, [{ login: [] }]);
});

test("limits, logs and other sites are settings of API and stage", () => {
  const made = api({ throttle: { rate: 100, burst: 50 }, accessLogs: true, cors: { allowedOrigins: ["https://example.com"] } });
  const stage = made.props("users/api/stage");
  assert.equal(stage.defaultRouteSettings, { throttlingRateLimit: 100, throttlingBurstLimit: 50 });
  assert.equal(stage.accessLogSettings.destinationArn.$ref.output, "arn");
  assert.equal(made.props("users/api").corsConfiguration.allowOrigins, ["https://example.com"]);
  const rest = api({ type: "rest", throttle: { rate: 100, burst: 50 } });
  assert.equal(rest.props("users/api/throttle").settings, { throttlingRateLimit: 100, throttlingBurstLimit: 50 });
});

test("a domain gets a certificate that is proved by a record, and a record that points at the API", () => {
  const made = api({ domain: { name: "api.example.com", zoneId: "Z1" } });
  assert.is(made.outputs["users/api"]!.url, "https://api.example.com");
  assert.match(JSON.stringify(made.props("users/api/domain").domainNameConfiguration.certificateArn), /certificate-validation/);
  assert.is(made.props("users/api/domain-record").zoneId, "Z1");
  assert.is(made.props("users/api").disableExecuteApiEndpoint, true);
  const own = api({ domain: { name: "api.example.com", certificateArn: "arn:aws:acm:us-east-1:1:certificate/x" } });
  assert.is(own.find("users/api/certificate"), undefined);
  assert.is(own.find("users/api/domain-record"), undefined);
});

test("what an API can't do is refused", () => {
  assert.equal(codes({ routes: [] }), ["no-routes"]);
  assert.equal(codes({ routes: [ROUTE, ROUTE] }), ["route-twice"]);
  assert.equal(codes({ routes: [{ ...ROUTE, component: "jobs" }] }), ["queue-method"]);
  assert.equal(codes({ routes: [{ path: "$default", component: "web" }] }), ["default-route-url"]);
  assert.equal(codes({ routes: [{ ...ROUTE, auth: "logn" }] }), ["unknown-authorizer"]);
  assert.equal(codes({ cors: { allowedOrigins: ["*"], allowCredentials: true } }), ["cors-credentials"]);
  assert.equal(codes({ type: "rest", cors: { allowedOrigins: ["*"], exposeHeaders: ["x-total"] } }), ["cors-expose"]);
  const login = { name: "login", type: "jwt", issuer: "https://login.example.com", audience: ["shop"] };
  assert.equal(codes({ type: "rest", authorizers: [login] }), ["jwt-rest"]);
  assert.equal(codes({ authorizers: [{ name: "a", type: "lambda", component: "guard", header: "x", query: "y" }] }), ["token-place"]);
  assert.equal(codes({ domain: { name: "api.example.com" } }), ["no-certificate"]);
  assert.equal(codes({ authorizers: [{ name: "login", type: "jwt" }] }), ["jwt-incomplete"]);
  assert.equal(codes({ authorizers: [{ name: "login", type: "lambda" }] }), ["authorizer-function"]);
});

test("a websocket API hands messages to functions by their action; who uses it may send to connections", () => {
  const routes = [
    { path: "$connect", component: "guard", auth: "iam" },
    { path: "$default", component: "get" },
    { path: "order", component: "get" },
  ];
  const made = expandAll([
    ...BEFORE,
    { address: "users/api", kind: "APIGateway", props: { type: "websocket", routes, throttle: { rate: 10, burst: 5 } } },
    { address: "users/notifier", kind: "Worker", props: { image: "acme/notifier:1", uses: [{ component: "api" }] } },
  ]);
  assert.equal(made.errors, []);
  const of = (type: string) =>
    made.resources.filter((r) => r.type.startsWith("aws:apigatewayv2/") && r.type.endsWith(`:${type}`)).map((r) => r.props as any);
  assert.equal(
    of("Route").map((r) => [r.routeKey, r.authorizationType]),
    [
      ["$connect", "AWS_IAM"],
      ["$default", "NONE"],
      ["order", "NONE"],
    ],
  );
  assert.is(of("Integration").length, 2);
  assert.equal(made.find("users/api/stage")!.extra.dependsOn!.length, 3);
  assert.equal((made.outputs["users/api"]!.url as any).$ref.output, "invokeUrl");
  assert.match(JSON.stringify(made.props("users/notifier/task-policy")), /execute-api:ManageConnections/);
  assert.ok(made.find("users/api/permission-users-get"));
});

test("a function decides who may connect to a websocket API, by a header or by what a browser can send", () => {
  const routes = [{ path: "$connect", component: "get", auth: "guard" }];
  const of = (more: object) =>
    api({ type: "websocket", routes, authorizers: [{ name: "guard", type: "lambda", component: "guard", ...more }], accessLogs: true });
  const made = of({ query: "token" });
  assert.equal(made.errors, []);
  const [authorizer] = made.resources.filter((r) => r.type === "aws:apigatewayv2/authorizer:Authorizer").map((r) => r.props as any);
  assert.equal([authorizer.authorizerType, authorizer.identitySources], ["REQUEST", ["route.request.querystring.token"]]);
  const [route] = made.resources.filter((r) => r.type === "aws:apigatewayv2/route:Route").map((r) => r.props as any);
  assert.is(route.authorizationType, "CUSTOM");
  assert.match(route.authorizerId.$ref.urn, /users\/api\/authorizer-/);
  assert.ok(made.find("users/api/permission-users-guard"));
  assert.match(made.props("users/api/stage").accessLogSettings.format, /connectionId/);
  assert.match(made.notices.join(), /CloudWatch role/);
  assert.match(JSON.stringify(of({}).resources), /route.request.header.Authorization/);
});

test("requests to an HTTP API may be signed", () => {
  const made = api({ routes: [{ ...ROUTE, auth: "iam" }] });
  assert.equal(made.errors, []);
  assert.equal(paths(made)["/users/{id}"].get.security, [{ sigv4: [] }]);
  assert.is(made.props("users/api").body.$json.components.securitySchemes.sigv4["x-amazon-apigateway-authtype"], "awsSigv4");
});

test("a rest API answers preflight requests, with the one origin or the caller's if it is known, and logs", () => {
  const made = api({ type: "rest", cors: { allowedOrigins: ["https://a.example.com"], allowedMethods: ["GET"] }, accessLogs: true });
  assert.equal(made.errors, []);
  const { options } = paths(made)["/users/{id}"];
  const answer = options["x-amazon-apigateway-integration"].responses.default;
  assert.is(answer.responseParameters["method.response.header.Access-Control-Allow-Origin"], "'https://a.example.com'");
  assert.is(answer.responseParameters["method.response.header.Access-Control-Allow-Methods"], "'GET'");
  assert.is(options.parameters[0].name, "id");
  assert.ok(made.props("users/api").body.$json["x-amazon-apigateway-gateway-responses"].DEFAULT_4XX);
  assert.match(made.props("users/api/stage").accessLogSettings.format, /resourcePath/);
  const two = api({ type: "rest", cors: { allowedOrigins: ["https://a.example.com", "https://b.example.com"], allowCredentials: true } });
  const chosen = paths(two)["/users/{id}"].options["x-amazon-apigateway-integration"].responses.default;
  assert.is(chosen.responseParameters["method.response.header.Access-Control-Allow-Origin"], undefined);
  assert.match(chosen.responseTemplates["application/json"], /b\.example\.com/);
});

test("what a websocket API can't be is refused", () => {
  const of = (routes: object[], more: object = {}) => codes({ type: "websocket", routes, ...more });
  assert.equal(of([{ path: "/users", component: "get" }]), ["route-key"]);
  assert.equal(of([{ path: "order", component: "get", method: "POST" }]), ["method-unused"]);
  assert.equal(of([{ path: "order", component: "get", auth: "iam" }]), ["auth-unused"]);
  assert.equal(of([{ path: "order", component: "web" }]), ["websocket-function"]);
  assert.equal(
    of([
      { path: "order", component: "get" },
      { path: "order", component: "guard" },
    ]),
    ["route-twice"],
  );
  const order = [{ path: "order", component: "get" }];
  assert.equal(of(order, { cors: { allowedOrigins: ["*"] } }), ["cors-websocket"]);
  assert.equal(of(order, { waf: "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/b" }), ["waf-http"]);
  const guard = { name: "guard", type: "lambda", component: "guard" };
  assert.equal(of(order, { authorizers: [guard] }), ["authorizer-unused"]);
  const connect = [{ path: "$connect", component: "get", auth: "guard" }];
  assert.equal(of(connect, { authorizers: [{ ...guard, cacheSeconds: 10 }] }), ["cache-unused"]);
  assert.equal(codes({ routes: [{ path: "order", component: "get" }] }), ["route-path"]);
});

test.run();
