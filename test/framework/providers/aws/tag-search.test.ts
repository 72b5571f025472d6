import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Props, TypeSchema } from "../../../../framework/model/index.js";
import { findTagged, hasTagSearch, TAG_SEARCHES } from "../../../../framework/providers/aws/tag-search.js";
import { shippedSchema } from "../../../support/plugin.js";

const index = shippedSchema();
const GOLDEN = fileURLToPath(new URL("../../../golden/assemblies", import.meta.url));

async function idsOf(token: string, arns: string[], endpoint = "", region = "eu-central-1"): Promise<string[]> {
  const lookup = async (): Promise<Props> => ({ resourceTagMappingLists: arns.map((resourceArn) => ({ resourceArn })) });
  return findTagged(lookup, index.type(token) as TypeSchema, { "panka:urn": "u" }, { endpoint, region });
}

test("each type's import id follows from its ARN", async () => {
  const expected: [string, string, string][] = [
    ["aws:sqs/queue:Queue", "arn:aws:sqs:eu-central-1:1:jobs", "https://sqs.eu-central-1.amazonaws.com/1/jobs"],
    ["aws:sns/topic:Topic", "arn:aws:sns:eu-central-1:1:news", "arn:aws:sns:eu-central-1:1:news"],
    ["aws:s3/bucketV2:BucketV2", "arn:aws:s3:::b-1", "b-1"],
    ["aws:ec2/vpc:Vpc", "arn:aws:ec2:eu-central-1:1:vpc/vpc-1", "vpc-1"],
    ["aws:ecs/service:Service", "arn:aws:ecs:eu-central-1:1:service/c/s", "c/s"],
    ["aws:ecr/repository:Repository", "arn:aws:ecr:eu-central-1:1:repository/a/b", "a/b"],
    ["aws:cloudwatch/logGroup:LogGroup", "arn:aws:logs:eu-central-1:1:log-group:/x/y", "/x/y"],
    ["aws:cloudwatch/metricAlarm:MetricAlarm", "arn:aws:cloudwatch:eu-central-1:1:alarm:a b", "a b"],
    ["aws:rds/instance:Instance", "arn:aws:rds:eu-central-1:1:db:main", "main"],
    ["aws:lambda/eventSourceMapping:EventSourceMapping", "arn:aws:lambda:eu-central-1:1:event-source-mapping:u-1", "u-1"],
    ["aws:cloudwatch/eventRule:EventRule", "arn:aws:events:eu-central-1:1:rule/bus/r", "bus/r"],
    ["aws:cognito/userPool:UserPool", "arn:aws:cognito-idp:eu-central-1:1:userpool/eu-central-1_a", "eu-central-1_a"],
    [
      "aws:lb/listener:Listener",
      "arn:aws:elasticloadbalancing:eu-central-1:1:listener/app/a/1/2",
      "arn:aws:elasticloadbalancing:eu-central-1:1:listener/app/a/1/2",
    ],
  ];
  for (const [token, arn, id] of expected) assert.equal(await idsOf(token, [arn]), [id], token);
});

test("on an emulator a queue's URL is the emulator's", async () => {
  assert.equal(await idsOf("aws:sqs/queue:Queue", ["arn:aws:sqs:us-east-1:1:q"], "http://127.0.0.1:5000/"), ["http://127.0.0.1:5000/1/q"]);
});

test("ids are sorted, each once, and ARNs of other types of the service are left out", async () => {
  const arns = [
    "arn:aws:lambda:r:1:function:b",
    "arn:aws:lambda:r:1:layer:l",
    "arn:aws:lambda:r:1:function:a",
    "arn:aws:lambda:r:1:function:b",
  ];
  assert.equal(await idsOf("aws:lambda/function:Function", arns), ["a", "b"]);
  const rule = "arn:aws:elasticloadbalancing:r:1:listener-rule/app/a/1/2/3";
  assert.equal(await idsOf("aws:lb/listener:Listener", [rule]), []);
  assert.equal(await idsOf("aws:lb/listenerRule:ListenerRule", [rule]), [rule]);
  assert.equal(await idsOf("aws:s3/bucketV2:BucketV2", ["arn:aws:s3:r:1:accesspoint/p", "arn:aws:s3:::b"]), ["b"]);
});

test("a type with a list of its own is asked for there, by its tags", async () => {
  const asked: unknown[] = [];
  const lookup = async (token: string, args: Props): Promise<Props> => {
    asked.push([token, args]);
    return { ids: ["b", "a"] };
  };
  const type = index.type("aws:apigatewayv2/api:Api") as TypeSchema;
  assert.equal(await findTagged(lookup, type, { "panka:urn": "u" }, { endpoint: "", region: "eu-central-1" }), ["a", "b"]);
  assert.equal(asked, [["aws:apigatewayv2/getApis:getApis", { tags: { "panka:urn": "u" } }]]);
  assert.ok(index.lookup("aws:apigatewayv2/getApis:getApis")?.properties.tags);
});

test("a type that can't be searched says so", async () => {
  const error = await idsOf("aws:iam/rolePolicy:RolePolicy", []).catch((e: Error) => e);
  assert.match((error as Error).message, /can't be found by tags/);
});

test("what belongs to no region is searched in us-east-1, and elsewhere says that it can't be", async () => {
  const token = "aws:cloudfront/distribution:Distribution";
  const arn = "arn:aws:cloudfront::1:distribution/E1";
  assert.equal(await idsOf(token, [arn], "", "us-east-1"), ["E1"]);
  const error = await idsOf(token, [arn]).catch((e: Error) => e);
  assert.match((error as Error).message, /can't be found by tags/);
});

test("every resource of the golden assemblies that is probed by its tags can be searched", () => {
  for (const file of readdirSync(GOLDEN)) {
    const { resources } = JSON.parse(readFileSync(join(GOLDEN, file), "utf8"));
    for (const { type, probe, urn } of resources)
      if (probe.class === "B" && probe.importId === undefined) assert.ok(hasTagSearch(type), `${file}: ${urn}`);
  }
});

test("every search is for a shipped type that takes tags", () => {
  for (const token of Object.keys(TAG_SEARCHES)) assert.ok(index.type(token)?.taggable, token);
});

test.run();
