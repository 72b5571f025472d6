import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  ALB,
  APIGateway,
  CloudFront,
  type CloudFrontProps,
  Lambda,
  MicroService,
  S3,
  Service,
  SQS,
  Stack,
} from "../../../constructs/index.js";
import { synthOf } from "../../support/synth.js";

const SITE = { id: "site", component: "site" };
const CERT = "arn:aws:acm:us-east-1:123456789012:certificate/c";

function made(props: Partial<CloudFrontProps>, region = "us-east-1") {
  const stack = new Stack("shop", { provider: { name: "aws", region } });
  const s = new Service(stack, "s");
  new S3(s, "site");
  new SQS(s, "jobs");
  new MicroService(s, "web", { image: "acme/web:1", port: 8080, networking: { ingress: { path: "/shop" } } });
  new MicroService(s, "inside", { image: "acme/in:1", port: 8080, networking: { loadBalancer: { enabled: false } } });
  new MicroService(s, "api", { image: "acme/api:1", port: 8080 });
  new ALB(s, "edge", {
    listeners: [{ port: 8443, protocol: "HTTPS", certificateArn: CERT, default: "api" }],
    domain: { name: "lb.example.com" },
  });
  new Lambda(s, "fn", { runtime: "nodejs20.x", handler: "index.handler", code: { zipFile: "exports.handler = () => 1" } });
  new APIGateway(s, "http", { routes: [{ path: "/", component: "fn" }] });
  new CloudFront(s, "cdn", { origins: [SITE], defaultBehavior: { origin: "site" }, ...props });
  return synthOf(stack);
}
const codes = async (props: Partial<CloudFrontProps>, region?: string) => (await made(props, region)).codes;

test("a bucket is read by this distribution alone, with signed requests", async () => {
  const all = await made({});
  assert.equal(all.codes, []);
  const { origins, defaultCacheBehavior, defaultRootObject } = all.at("s/cdn").props;
  assert.match(origins[0].originAccessControlId.$ref.urn, /cdn\/access-site$/);
  assert.equal([origins[0].customOriginConfig, defaultRootObject], [undefined, "index.html"]);
  assert.equal(defaultCacheBehavior.allowedMethods, ["GET", "HEAD"]);
  assert.is(defaultCacheBehavior.originRequestPolicyId, undefined);
  const statement = all.at("s/site/policy").props.policy.$json.Statement[1];
  assert.equal([statement.Action, statement.Principal], ["s3:GetObject", { Service: "cloudfront.amazonaws.com" }]);
  assert.match(statement.Condition.StringEquals["AWS:SourceArn"].$ref.urn, /s\/cdn$/);
  assert.is(all.at("s/site/policy").props.policy.$json.Statement[0].Sid, "TlsOnly");
});

test("a service, a load balancer and an API are asked as they are reached", async () => {
  const all = await made({
    origins: [
      { id: "web", component: "web" },
      { id: "edge", component: "edge", path: "/v1" },
      { id: "http", component: "http" },
      { id: "far", domainName: "far.example.com", protocol: "http", headers: { "X-Key": "k" } },
    ],
    defaultBehavior: { origin: "web" },
  });
  assert.equal(all.codes, []);
  const [web, edge, http, far] = all.at("s/cdn").props.origins;
  assert.match(web.domainName.$ref.urn, /_stack\/load-balancer$/);
  assert.equal([web.originPath, web.customOriginConfig.originProtocolPolicy], ["/shop", "http-only"]);
  assert.equal([edge.domainName, edge.originPath, edge.customOriginConfig.httpsPort], ["lb.example.com", "/v1", 8443]);
  assert.equal([http.domainName.$text.slice(1).join(""), http.originPath], [".execute-api.us-east-1.amazonaws.com", undefined]);
  assert.equal(
    [far.domainName, far.customOriginConfig.originProtocolPolicy, far.customHeaders],
    ["far.example.com", "http-only", [{ name: "X-Key", value: "k" }]],
  );
  const behavior = all.at("s/cdn").props.defaultCacheBehavior;
  assert.is(behavior.allowedMethods.length, 7);
  assert.is(behavior.originRequestPolicyId, "b689b0a8-53d0-40ab-baf2-68738e2966ac");
});

test("aliases get a certificate for all of them, a proof each, and records for both kinds of address", async () => {
  const all = await made({ aliases: ["www.example.com", "example.com"], zoneId: "Z1" });
  assert.equal(all.codes, []);
  assert.equal(all.at("s/cdn/certificate").props.subjectAlternativeNames, ["example.com"]);
  for (const role of ["certificate-record", "certificate-record-2", "record-1", "record-1-v6", "record-2-v6"])
    assert.ok(all.at(`s/cdn/${role}`));
  assert.equal(all.result!.assembly.outputs["s/cdn"]!.url, { $text: ["https://", "www.example.com"] });
  assert.equal(all.at("s/cdn").props.viewerCertificate.minimumProtocolVersion, "TLSv1.2_2021");
});

test("a single-page application answers unknown paths with its page", async () => {
  const errors = (await made({ spa: true })).at("s/cdn").props.customErrorResponses;
  assert.equal(
    errors.map((e: { errorCode: number; responseCode: number; responsePagePath: string }) => [
      e.errorCode,
      e.responseCode,
      e.responsePagePath,
    ]),
    [
      [403, 200, "/index.html"],
      [404, 200, "/index.html"],
    ],
  );
});

test("what a distribution can't be is refused", async () => {
  assert.equal(await codes({ defaultBehavior: { origin: "sites" } }), ["unknown-origin"]);
  assert.equal(await codes({ origins: [SITE, SITE] }), ["named-twice"]);
  assert.equal(await codes({ origins: [{ id: "site" }] }), ["origin-source"]);
  assert.equal(await codes({ origins: [{ ...SITE, headers: { a: "b" } }] }), ["origin-unused"]);
  assert.equal(await codes({ origins: [{ id: "site", component: "jobs" }] }), ["no-origin"]);
  assert.equal(await codes({ origins: [{ id: "site", component: "inside" }] }), ["no-origin"]);
  const behavior = { path: "/a/*", origin: "site" };
  assert.equal(await codes({ behaviors: [behavior, behavior] }), ["behavior-twice"]);
  assert.equal(await codes({ defaultBehavior: { origin: "site", methods: ["GET", "POST"] } }), ["methods"]);
  assert.equal(await codes({ defaultBehavior: { origin: "site", cache: "off", cachePolicy: "x" } }), ["cache-twice"]);
  assert.equal(await codes({ origins: [{ id: "web", component: "web" }], defaultBehavior: { origin: "web" }, spa: true }), ["spa-origin"]);
  assert.equal(await codes({ certificateArn: CERT }), ["no-alias"]);
  assert.equal(await codes({ aliases: ["a.example.com"] }), ["no-certificate"]);
  assert.equal(await codes({ aliases: ["a.example.com"], zoneId: "Z1" }, "eu-central-1"), ["certificate-region"]);
  assert.equal(await codes({ aliases: ["a.example.com"], zoneId: "Z1", certificateArn: CERT }, "eu-central-1"), []);
  assert.equal(await codes({ countries: { only: ["DE"], never: ["FR"] } }), ["countries"]);
  assert.equal(await codes({ logging: { bucket: "jobs" } }), ["no-bucket"]);
});

test.run();
