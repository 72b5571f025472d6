import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll } from "../../support/expand.js";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const ROUTE = { path: "/orders", method: "POST", component: "jobs" };
/** An API, two queues, and a topic. */
const api = (props: object = {}, jobs: object = {}) =>
  expandAll([
    { address: "shop/jobs", kind: "SQS", props: { ...jobs } },
    { address: "shop/other", kind: "SQS", props: {} },
    { address: "shop/news", kind: "SNS", props: {} },
    { address: "shop/api", kind: "APIGateway", props: { routes: [ROUTE], ...props } },
  ]);
const operation = (made: ReturnType<typeof api>) => made.props("shop/api").body.$json.paths["/orders"].post;
const integration = (made: ReturnType<typeof api>) => operation(made)["x-amazon-apigateway-integration"];
const statements = (made: ReturnType<typeof api>) => made.props("shop/api/send-policy").policy.$json.Statement;

test("an http API puts the body of a request into a queue, as a role that it alone may take", () => {
  const made = api();
  assert.equal(made.errors, []);
  const { credentials, requestParameters, ...rest } = integration(made);
  assert.equal(rest, {
    type: "aws_proxy",
    integrationSubtype: "SQS-SendMessage",
    connectionType: "INTERNET",
    payloadFormatVersion: "1.0",
  });
  assert.equal(requestParameters, { QueueUrl: made.outputs["shop/jobs"]?.queueUrl, MessageBody: "$request.body" });
  assert.match(credentials.$ref.urn, /shop\/api\/send-role$/);
  const [trust] = made.props("shop/api/send-role").assumeRolePolicy.$json.Statement;
  assert.equal(trust.Principal, { Service: "apigateway.amazonaws.com" });
  assert.match(JSON.stringify(made.find("shop/api")?.extra.dependsOn), /send-policy/);
});

test("the role may send to the queues of the routes, use their keys, and nothing else", () => {
  const made = api({}, { encryption: { kmsKey: KEY } });
  assert.equal(statements(made), [
    { Effect: "Allow", Action: "sqs:SendMessage", Resource: made.outputs["shop/jobs"]?.queueArn },
    { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: KEY },
  ]);
  const both = api({ routes: [ROUTE, { ...ROUTE, path: "/others", component: "other" }, { ...ROUTE, path: "/more" }] });
  assert.equal(
    statements(both).map((s: { Resource: unknown }) => s.Resource),
    ["shop/jobs", "shop/other"].map((at) => both.outputs[at]?.queueArn),
  );
});

test("a fifo queue gets the messages of an API in one group, duplicates told by the request where not by the content", () => {
  const { requestParameters } = integration(api({}, { type: "fifo" }));
  assert.is(requestParameters.MessageGroupId, "shop-api");
  assert.is(requestParameters.MessageDeduplicationId, "$context.requestId");
  const byContent = integration(api({}, { type: "fifo", contentBasedDeduplication: true })).requestParameters;
  assert.is(byContent.MessageDeduplicationId, undefined);
  const rest = integration(api({ type: "rest" }, { type: "fifo" }));
  assert.match(rest.requestTemplates["application/json"], /&MessageGroupId=shop-api&MessageDeduplicationId=\$context\.requestId$/);
});

test("a rest API sends the JSON that came as a form, and tells of success and failure by declared answers", () => {
  const made = api({ type: "rest" });
  assert.equal(made.errors, []);
  const { type, httpMethod, uri, passthroughBehavior, requestTemplates, responses } = integration(made);
  assert.equal([type, httpMethod, passthroughBehavior], ["aws", "POST", "never"]);
  const [prefix, region, path] = uri.$text;
  assert.equal([prefix, region, path], ["arn:aws:apigateway:", "us-east-1", ":sqs:path/"]);
  assert.match(JSON.stringify(uri.$text.at(-1)), /shop\/jobs/);
  assert.is(requestTemplates["application/json"], "Action=SendMessage&MessageBody=$util.urlEncode($input.body)");
  const answered = Object.values(responses).map((r) => (r as { statusCode: string }).statusCode);
  assert.equal(answered.sort(), Object.keys(operation(made).responses).sort());
});

test("answers of a rest API's queue have the origin that cors allows", () => {
  const answers = (allowedOrigins: string[]) => {
    const made = api({ type: "rest", cors: { allowedOrigins } });
    assert.ok(operation(made).responses["200"].headers["Access-Control-Allow-Origin"]);
    return Object.values<any>(integration(made).responses);
  };
  for (const { responseParameters } of answers(["https://a.example.com"]))
    assert.is(responseParameters["method.response.header.Access-Control-Allow-Origin"], "'https://a.example.com'");
  for (const { responseTemplates } of answers(["https://a.example.com", "https://b.example.com"]))
    assert.match(responseTemplates["application/json"], /b\.example\.com.*responseOverride.*\{/);
});

test("a route that can't send is an error", () => {
  const said = (props: object) => api(props).errors.map((e) => `${e.code} ${e.path}`);
  const { method: _, ...anyMethod } = ROUTE;
  assert.equal(said({ routes: [anyMethod] }), ["queue-method routes[0].method"]);
  assert.equal(said({ routes: [{ ...ROUTE, path: "$default" }] }), ["queue-default routes[0].path"]);
  assert.equal(said({ routes: [{ ...ROUTE, component: "news" }] }), ["no-backend routes[0].component"]);
  assert.equal(said({ type: "websocket", routes: [{ path: "$default", component: "jobs" }] }), ["websocket-function routes[0].component"]);
});

test.run();
