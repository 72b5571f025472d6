import { createServer } from "node:http";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isProviderError } from "../../../../framework/model/index.js";
import { list, LISTED_TYPES } from "../../../../framework/providers/aws/listings.js";
import { type Ask, signedGet } from "../../../../framework/providers/aws/signed-get.js";
import { aws, freePort, hasAwsCli, withMoto } from "../../../support/moto.js";
import { shippedSchema } from "../../../support/plugin.js";

const credentials = async () => ({ accessKeyId: "AKID", secretAccessKey: "secret", sessionToken: "session" });
const API = "aws:apigatewayv2";

/** A service that answers each path and query as the table says, else 404; `asked`: what reached it. */
async function answering(
  answers: { [pathAndQuery: string]: string },
  body: (ask: Ask, asked: { url: string; authorization: string }[]) => Promise<unknown>,
): Promise<void> {
  const port = await freePort();
  const asked: { url: string; authorization: string }[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? "", authorization: request.headers.authorization ?? "" });
    const answer = answers[request.url ?? ""];
    response.writeHead(answer === undefined ? 404 : answer === "" ? 403 : 200).end(answer ?? "");
  }).listen(port, "127.0.0.1");
  try {
    await body(signedGet({ region: "eu-west-1", endpoint: `http://127.0.0.1:${port}` }, credentials), asked);
  } finally {
    server.close();
  }
}

test("a list is read to its last page, by requests that are signed for the service and the region", async () => {
  const answers = {
    "/v2/apis/a1/authorizers": '{"items":[{"authorizerId":"x1","name":"other"}],"nextToken":"t/2"}',
    "/v2/apis/a1/authorizers?nextToken=t%2F2": '{"items":[{"authorizerId":"x2","name":"door"}]}',
  };
  await answering(answers, async (ask, asked) => {
    assert.equal(await list(`${API}/authorizer:Authorizer`, { apiId: "a1", name: "door" }, ask), { ids: ["a1/x2"] });
    assert.is(asked.length, 2);
    assert.match(
      asked[1]?.authorization ?? "",
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/apigateway\/aws4_request, SignedHeaders=host/,
    );
  });
});

test("what is global is signed for us-east-1", async () => {
  const answers = { "/2020-05-31/origin-access-control": "<OriginAccessControlList><Items></Items></OriginAccessControlList>" };
  await answering(answers, async (ask, asked) => {
    assert.equal(await list("aws:cloudfront/originAccessControl:OriginAccessControl", { name: "files" }, ask), { ids: [] });
    assert.match(asked[0]?.authorization ?? "", /\/us-east-1\/cloudfront\//);
  });
});

test("no parent, no children; a refusal is no empty list", async () => {
  await answering({ "/v2/apis/a2/routes": "" }, async (ask) => {
    assert.equal(await list(`${API}/route:Route`, { apiId: "a1", routeKey: "$connect" }, ask), { ids: [] });
    const refused = await list(`${API}/route:Route`, { apiId: "a2", routeKey: "$connect" }, ask).catch((error: unknown) => error);
    assert.ok(isProviderError(refused, "failed"));
    assert.match(String(refused), /apigateway did not answer GET \/v2\/apis\/a2\/routes: 403/);
    const other = await list("aws:sqs/queue:Queue", {}, ask).catch((error: unknown) => error);
    assert.ok(isProviderError(other, "unsupported"));
  });
});

test("a type is listed that ships", () => {
  assert.equal(
    LISTED_TYPES.filter((type) => !shippedSchema().type(type)),
    [],
  );
});

test("on the emulator a mount target, a mapping, a route, an integration, a link and an origin access control are found among others", async () => {
  if (!hasAwsCli()) return console.log("SKIP lists of the emulator: the AWS CLI is not on PATH");
  await withMoto(async (endpoint) => {
    const run = (args: string): any => JSON.parse(aws(endpoint, args.split(" ")));
    const found = (type: string, args: { [name: string]: string }) =>
      list(type, args, signedGet({ region: "us-east-1", endpoint }, credentials));
    const [first, second] = run("ec2 describe-subnets").Subnets.map((s: any) => s.SubnetId);
    const { FileSystemId } = run("efs create-file-system --creation-token one");
    run(`efs create-mount-target --file-system-id ${FileSystemId} --subnet-id ${first}`);
    const { MountTargetId } = run(`efs create-mount-target --file-system-id ${FileSystemId} --subnet-id ${second}`);
    const mount = { fileSystemId: FileSystemId, subnetId: second };
    assert.equal(await found("aws:efs/mountTarget:MountTarget", mount), { ids: [MountTargetId] });

    const { ApiId: apiId } = run(
      "apigatewayv2 create-api --name one --protocol-type WEBSOCKET --route-selection-expression $request.body.action",
    );
    const { RouteId } = run(`apigatewayv2 create-route --api-id ${apiId} --route-key $connect`);
    run(`apigatewayv2 create-route --api-id ${apiId} --route-key $default`);
    assert.equal(await found(`${API}/route:Route`, { apiId, routeKey: "$connect" }), { ids: [`${apiId}/${RouteId}`] });
    const uri =
      "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations";
    const { IntegrationId } = run(
      `apigatewayv2 create-integration --api-id ${apiId} --integration-type AWS_PROXY --integration-uri ${uri}`,
    );
    assert.equal(await found(`${API}/integration:Integration`, { apiId, integrationUri: uri }), { ids: [`${apiId}/${IntegrationId}`] });
    run(`apigatewayv2 create-domain-name --domain-name api.example.com`);
    run(`apigatewayv2 create-stage --api-id ${apiId} --stage-name live`);
    const { ApiMappingId } = run(`apigatewayv2 create-api-mapping --api-id ${apiId} --domain-name api.example.com --stage live`);
    const mapping = { domainName: "api.example.com", apiId };
    assert.equal(await found(`${API}/apiMapping:ApiMapping`, mapping), { ids: [`${ApiMappingId}/api.example.com`] });
    const { VpcLinkId } = run(`apigatewayv2 create-vpc-link --name one --subnet-ids ${first}`);
    assert.equal(await found(`${API}/vpcLink:VpcLink`, { name: "one" }), { ids: [VpcLinkId] });

    const control = "SigningProtocol=sigv4,SigningBehavior=always,OriginAccessControlOriginType=s3";
    run(`cloudfront create-origin-access-control --origin-access-control-config Name=one,${control}`);
    const made = run(`cloudfront create-origin-access-control --origin-access-control-config Name=two,${control}`);
    const { Id } = made.OriginAccessControl;
    assert.equal(await found("aws:cloudfront/originAccessControl:OriginAccessControl", { name: "two" }), { ids: [Id] });
  });
});

test.run();
