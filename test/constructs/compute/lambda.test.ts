import { test } from "uvu";
import * as assert from "uvu/assert";
import { lambdaKind } from "../../../constructs/compute/lambda.js";
import { Lambda, Service, Stack } from "../../../constructs/index.js";
import type { ResourceSpec } from "../../../framework/model/index.js";
import { hasTagSearch } from "../../../framework/providers/aws/tag-search.js";
import { expandAll, type Given, type Setting } from "../../support/expand.js";
import { synthOf } from "../../support/synth.js";

const jobs: Given = { address: "shop/jobs", kind: "SQS", props: {} };
const database: Given = {
  address: "shop/database",
  kind: "RDS",
  props: {
    engine: { type: "postgres", version: "16" },
    instance: { class: "db.t4g.small", storage: { allocatedGB: 20 } },
    database: { name: "users", username: "app" },
  },
};

/** Expands one function with what it refers to. */
function fn(props: Record<string, unknown>, setting: Setting = {}, others: Given[] = []) {
  const all = { runtime: "nodejs20.x", handler: "index.handler", code: { path: "fn" }, ...props };
  return expandAll([...others, { address: "shop/fn", kind: "Lambda", props: all }], setting);
}
const main = (out: ReturnType<typeof fn>) => out.props("shop/fn");
const statements = (out: ReturnType<typeof fn>) => out.props("shop/fn/role-policy").policy.$json.Statement;

test("a function has a role that may write its own logs and nothing else", () => {
  const out = fn({});
  assert.is(statements(out).length, 1);
  assert.match(JSON.stringify(statements(out)[0].Resource), /shop\/fn\/logs/);
  assert.equal([main(out).memorySize, main(out).timeout], [256, 30]);
  assert.match(JSON.stringify(main(out).loggingConfig), /shop\/fn\/logs/);
});

test("code comes from a folder, a bundle, a bucket, an image or the document itself", () => {
  assert.ok(main(fn({ code: { path: "fn" } })).code.$asset);
  assert.ok(main(fn({ code: { entry: "src/fn.ts" } })).code.$asset);
  assert.ok(main(fn({ code: { zipFile: "exports.handler = async () => 1" } })).code.$asset);
  const bucket = main(fn({ code: { s3Bucket: "b", s3Key: "k.zip" } }));
  assert.equal([bucket.s3Bucket, bucket.s3Key, bucket.code], ["b", "k.zip", undefined]);
  const image = main(
    fn({ code: { imageUri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/fn:1" }, runtime: undefined, handler: undefined }),
  );
  assert.equal([image.packageType, image.runtime], ["Image", undefined]);
});

test("what is shipped is named for the asset step", () => {
  const assets = (code: object, handler = "app.main", runtime = "python3.12") => lambdaKind.assets?.({ code, handler, runtime });
  assert.equal(assets({ entry: "a.ts" }), [{ key: "code", path: "a.ts", how: "bundle" }]);
  assert.equal(assets({ path: "fn" }), [{ key: "code", path: "fn", how: "zip" }]);
  assert.equal(assets({ zipFile: "x" }), [{ key: "code", path: "", how: "zip", inline: { file: "app.py", text: "x" } }]);
  assert.equal(assets({ s3Bucket: "b", s3Key: "k" }), []);
});

test("no code, two codes, half a code or no handler are errors", () => {
  const codes = (props: Record<string, unknown>) => fn(props).errors.map((e) => e.code);
  assert.equal(codes({ code: {} }), ["code-source"]);
  assert.equal(codes({ code: { path: "a", zipFile: "b" } }), ["code-source"]);
  assert.equal(codes({ code: { s3Bucket: "b" } }), ["missing-field"]);
  assert.equal(codes({ handler: undefined }), ["missing-field"]);
});

test("memory and timeout are read as text or number and kept within Lambda's limits", () => {
  assert.equal([main(fn({ memory: "1Gi", timeout: "2m" })).memorySize, main(fn({ memory: "1Gi", timeout: "2m" })).timeout], [1024, 120]);
  assert.equal(
    fn({ memory: 64, timeout: "16m" }).errors.map((e) => e.code),
    ["bad-memory", "bad-timeout"],
  );
});

test("an sqs trigger reads that queue and may not send to it", () => {
  const out = fn({ triggers: [{ type: "sqs", source: { component: "jobs" }, batchSize: 5 }] }, {}, [jobs]);
  assert.is(out.props("shop/fn/source-shop-jobs").batchSize, 5);
  const granted = statements(out)[1];
  assert.ok(granted.Action.includes("sqs:ReceiveMessage"));
  assert.not(granted.Action.includes("sqs:SendMessage"));
});

test("a kinesis trigger takes an ARN, reads from now on, and may read that stream only", () => {
  const arn = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks";
  const out = fn({ triggers: [{ type: "kinesis", source: { arn } }] });
  const mapping = out.resources.find((r) => r.type.includes("eventSourceMapping"));
  assert.equal([mapping?.props.eventSourceArn, mapping?.props.startingPosition], [arn, "LATEST"]);
  assert.is(statements(out)[1].Resource, arn);
});

test("a schedule makes a rule that alone may call the function", () => {
  const out = fn({ triggers: [{ type: "eventbridge", schedule: "rate(5 minutes)", description: "sweep" }] });
  const rule = out.resources.find((r) => r.type.includes("eventRule"));
  const permission = out.resources.find((r) => r.type.includes("permission"));
  assert.equal([rule?.props.scheduleExpression, rule?.props.description], ["rate(5 minutes)", "sweep"]);
  assert.is(permission?.props.principal, "events.amazonaws.com");
  assert.match(JSON.stringify(permission?.props.sourceArn), /eventRule/);
});

test("an apigateway trigger makes one HTTP API with its routes in its body, and a url", () => {
  const http = (method: string, path: string) => ({ type: "apigateway", http: { method, path } });
  const out = fn({ triggers: [http("GET", "/users/{id}"), http("POST", "/users/{id}"), http("ANY", "/files/{key+}")] });
  const { paths } = out.props("shop/fn/api").body.$json;
  assert.equal(Object.keys(paths), ["/users/{id}", "/files/{key+}"]);
  assert.equal(Object.keys(paths["/users/{id}"]), ["get", "post"]);
  assert.equal(paths["/users/{id}"].get.parameters, [{ name: "id", in: "path", required: true, schema: { type: "string" } }]);
  assert.is(paths["/files/{key+}"]["x-amazon-apigateway-any-method"].parameters[0].name, "key");
  assert.match(JSON.stringify(paths["/users/{id}"].get["x-amazon-apigateway-integration"].uri), /invokeArn/);
  assert.is(out.props("shop/fn/api-stage").name, "$default");
  assert.ok(out.outputs["shop/fn"]?.url);
  const open = fn({ triggers: [{ type: "apigateway" }] }).props("shop/fn/api").body.$json.paths;
  assert.is(open["/$default"]["x-amazon-apigateway-any-method"].isDefaultRoute, true);
});

test("nothing that a function declares is beyond finding after an interrupted create", async () => {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  const triggers = [{ type: "apigateway" as const }, { type: "eventbridge" as const, schedule: "rate(1 hour)" }];
  new Lambda(new Service(stack, "shop"), "fn", { runtime: "nodejs20.x", handler: "a.b", code: { zipFile: "x" }, url: {}, triggers });
  const { result } = await synthOf(stack);
  assert.ok((result?.assembly.resources.length ?? 0) >= 9);
  const lost = (r: ResourceSpec) => r.probe.class === "D" || (r.probe.class === "B" && !r.probe.lookup && !hasTagSearch(r.type));
  assert.equal(
    result?.assembly.resources.filter(lost).map((r) => r.urn),
    [],
  );
});

test("an apigateway trigger with a source is refused", () => {
  assert.is(fn({ triggers: [{ type: "apigateway", source: { component: "jobs" } }] }, {}, [jobs]).errors[0]?.code, "trigger-source");
});

test("s3 triggers on one bucket share its one notification list", () => {
  const s3 = (prefix: string) => ({ type: "s3", s3: { bucket: "my-uploads", prefix } });
  const out = fn({ triggers: [s3("a/"), s3("b/")] });
  const lists = out.resources.filter((r) => r.type.includes("bucketNotification"));
  assert.is(lists.length, 1);
  assert.equal(
    out.props(lists[0]?.at ?? "").lambdaFunctions.map((f: { filterPrefix: string }) => f.filterPrefix),
    ["a/", "b/"],
  );
  const permission = out.resources.find((r) => r.type.includes("permission"));
  assert.is(permission?.props.sourceArn, "arn:aws:s3:::my-uploads");
  assert.ok(permission?.props.sourceAccount);
});

test("a trigger without a fitting source, with a stranger's field, or twice is an error", () => {
  const codes = (...triggers: object[]) => fn({ triggers }, {}, [jobs]).errors.map((e) => e.code);
  assert.equal(codes({ type: "sqs" }), ["trigger-source"]);
  assert.equal(codes({ type: "sns", source: { component: "jobs" } }), ["trigger-source"]);
  assert.equal(codes({ type: "eventbridge" }), ["trigger-source"]);
  assert.equal(codes({ type: "s3" }), ["trigger-source"]);
  assert.equal(codes({ type: "sqs", source: { component: "jobs" }, schedule: "rate(1 minute)" }), ["trigger-field"]);
  const twice = { type: "sqs", source: { component: "jobs" } };
  assert.equal(codes(twice, twice), ["duplicate-trigger"]);
});

test("a function URL asks for signed requests unless it is opened", () => {
  const closed = fn({ url: {} });
  assert.is(closed.props("shop/fn/url").authorizationType, "AWS_IAM");
  assert.is(closed.find("shop/fn/url-permission"), undefined);
  const open = fn({ url: { auth: "none" } });
  assert.is(open.props("shop/fn/url-permission").principal, "*");
  assert.is(lambdaKind.hasOutput?.("url", { url: { enabled: false } }), false);
});

test("a function that refers to a database runs in the network, and with NAT may read its secret", () => {
  const out = fn({ uses: [{ component: "database" }] }, { environmentClass: "production" }, [database]);
  assert.equal(out.errors, []);
  assert.match(JSON.stringify(main(out).vpcConfig.subnetIds), /private-a/);
  assert.ok(out.find("shop/fn/to-shop-database"));
  assert.ok(statements(out).some((s: { Action: string[] }) => s.Action.includes("ec2:CreateNetworkInterface")));
  assert.ok(main(out).environment.variables.DATABASE_SECRET_ARN);
  assert.ok(main(out).environment.variables.DATABASE_HOST);
});

test("a function in the network that calls AWS without NAT is told what that costs", () => {
  const out = fn({ uses: [{ component: "database" }] }, {}, [database]);
  assert.is(out.errors[0]?.code, "needs-nat");
  assert.match(out.errors[0]?.message ?? "", /secretsmanager/);
  assert.match(out.errors[0]?.next ?? "", /natGateway/);
  const nat = { infra: { Networking: { natGateway: { enabled: true } } } };
  assert.equal(fn({ uses: [{ component: "database" }] }, nat, [database]).errors, []);
  assert.equal(fn({ vpc: { enabled: true } }).errors, []);
});

test("brokers and MemoryDB are reached within the network, without NAT", () => {
  const kafka = { address: "shop/kafka", kind: "MSK", props: { version: "3.6.0", brokers: { instanceType: "kafka.t3.small", count: 2 } } };
  const memory = { address: "shop/memory", kind: "MemoryDB", props: { cluster: { nodeType: "db.t4g.small" } } };
  const out = fn({ uses: [{ component: "kafka" }, { component: "memory" }] }, {}, [kafka, memory]);
  assert.equal(out.errors, []);
  assert.ok(statements(out).some((s: { Action: string[] }) => s.Action.includes("memorydb:Connect")));
});

test("a function outside the network asks for none", () => {
  assert.is(fn({ uses: [{ component: "jobs" }] }, {}, [jobs]).find("_stack/network"), undefined);
});

test("a role of one's own gets nothing granted", () => {
  const out = fn({ roleArn: "arn:aws:iam::123456789012:role/mine" });
  assert.is(main(out).role, "arn:aws:iam::123456789012:role/mine");
  assert.not(out.resources.some((r) => r.type.startsWith("aws:iam/")));
});

test.run();
