import { test } from "uvu";
import * as assert from "uvu/assert";
import { CloudFront, Lambda, Service, Stack } from "../../../constructs/index.js";
import { synthOf } from "../../support/synth.js";
import { expandAll } from "../../support/expand.js";

const LAMBDA = { runtime: "nodejs20.x", handler: "index.handler", code: { zipFile: "exports.handler = async () => 1" } };
const cdn = (fn: object, origin: object = { component: "fn" }) =>
  expandAll([
    { address: "shop/fn", kind: "Lambda", props: { ...LAMBDA, ...fn } },
    { address: "shop/cdn", kind: "CloudFront", props: { origins: [{ id: "fn", ...origin }], defaultBehavior: { origin: "fn" } } },
  ]);

test("a function's URL is an origin that only this distribution may call, by signed requests", () => {
  const made = cdn({ url: {} });
  assert.equal(made.errors, []);
  const [origin] = made.props("shop/cdn").origins;
  const [id, ...rest] = origin.domainName.$text;
  assert.is(id.$ref.output, "urlId");
  assert.equal([rest[0], rest.at(-1)], [".lambda-url.", ".on.aws"]);
  assert.is(origin.customOriginConfig.originProtocolPolicy, "https-only");
  assert.match(origin.originAccessControlId.$ref.urn, /shop\/cdn\/access-fn$/);
  assert.is(made.props("shop/cdn/access-fn").originAccessControlOriginType, "lambda");
  for (const [role, action] of [
    ["call-fn", "lambda:InvokeFunctionUrl"],
    ["invoke-fn", "lambda:InvokeFunction"],
  ]) {
    const permission = made.props(`shop/cdn/${role}`);
    assert.equal([permission.action, permission.principal], [action, "cloudfront.amazonaws.com"]);
    assert.match(permission.sourceArn.$ref.urn, /distribution:Distribution::shop\/cdn$/);
  }
});

test("a URL that is open to everybody needs no permission, and a function without one is no origin", () => {
  const open = cdn({ url: { auth: "none" } });
  assert.is(open.find("shop/cdn/access-fn"), undefined);
  assert.is(open.find("shop/cdn/call-fn"), undefined);
  assert.equal(
    cdn({}).errors.map((e) => e.code),
    ["no-origin"],
  );
});

test("an origin's domainName is a host name, not a URL, written or referred to", async () => {
  const codes = (domainName: unknown) => cdn({}, { domainName }).errors.map((e) => e.code);
  assert.equal(codes("https://api.example.com"), ["origin-host"]);
  assert.equal(codes("api.example.com/v1"), ["origin-host"]);
  assert.equal(codes("api.example.com"), []);
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  const app = new Service(stack, "app");
  const fn = new Lambda(app, "fn", { runtime: "nodejs20.x", handler: "a.b", code: { zipFile: "x" }, url: {} });
  new CloudFront(app, "cdn", { origins: [{ id: "fn", domainName: fn.url }], defaultBehavior: { origin: "fn" } });
  assert.equal((await synthOf(stack)).codes, ["origin-host"]);
});

test.run();
