import { test } from "uvu";
import * as assert from "uvu/assert";
import { mskKind } from "../../../constructs/messaging/msk.js";
import { registry } from "../../../constructs/registry.js";
import { expandAll } from "../../support/expand.js";

const BROKERS = { instanceType: "kafka.t3.small", count: 2 };
const kafka = (props: Record<string, unknown> = { brokers: BROKERS }) =>
  expandAll([{ address: "shop/events", kind: "MSK", props: { version: "3.6.0", ...props } }]);
const codes = (props: Record<string, unknown>) => kafka(props).errors.map((e) => e.code);

test("a cluster is private, speaks TLS only, and its clients log in with IAM", () => {
  const props = kafka().props("shop/events");
  assert.equal(props.clientAuthentication, { sasl: { iam: true } });
  assert.equal(props.encryptionInfo, { encryptionInTransit: { clientBroker: "TLS", inCluster: true } });
  assert.match(JSON.stringify(props.brokerNodeGroupInfo.clientSubnets), /private-a.*private-b/);
  assert.is(props.brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize, 100);
});

test("the brokers' addresses and the open port are those of the way in which clients connect", () => {
  const way = (security: Record<string, unknown>) => {
    const out = kafka({ brokers: BROKERS, security });
    const brokers = out.outputs["shop/events"]?.bootstrapBrokers as unknown as { $ref: { output: string } } | undefined;
    return [brokers?.$ref.output, out.bindings["shop/events"]?.connect?.port];
  };
  assert.equal(way({}), ["bootstrapBrokersSaslIam", 9098]);
  assert.equal(way({ scram: true }), ["bootstrapBrokersSaslScram", 9096]);
  assert.equal(way({ iam: false }), ["bootstrapBrokersTls", 9094]);
  assert.equal(way({ tls: false }), ["bootstrapBrokers", 9092]);
});

test("serverless brings no brokers, and IAM", () => {
  const out = kafka({ serverless: true });
  assert.equal(out.errors, []);
  assert.equal(out.props("shop/events").clientAuthentication, { sasl: { iam: { enabled: true } } });
  assert.is(out.bindings["shop/events"]?.connect?.port, 9098);
  assert.match(out.notices.join(), /not 3\.6\.0/);
});

test("settings make a configuration, in order of their names", () => {
  const out = kafka({ brokers: BROKERS, configuration: { "num.partitions": "3", "auto.create.topics.enable": "false" } });
  assert.is(out.props("shop/events/configuration").serverProperties, "auto.create.topics.enable = false\nnum.partitions = 3\n");
  assert.match(JSON.stringify(out.props("shop/events").configurationInfo), /latestRevision/);
  assert.is(kafka().find("shop/events/configuration"), undefined);
});

test("who reads may read topics and join groups, who writes may write, in this cluster only", () => {
  const { grants } = kafka().bindings["shop/events"] ?? {};
  const actions = (access: "read" | "write") => (grants?.[access] ?? []).flatMap((g) => g.actions);
  assert.ok(actions("read").includes("kafka-cluster:ReadData") && !actions("read").includes("kafka-cluster:WriteData"));
  assert.ok(actions("write").includes("kafka-cluster:WriteData") && !actions("write").includes("kafka-cluster:ReadData"));
  assert.match(JSON.stringify(grants?.read), /:topic\/.*clusterName.*clusterUuid/);
  assert.equal(kafka({ brokers: BROKERS, security: { scram: true } }).bindings["shop/events"]?.grants.read, []);
});

test("what MSK would refuse later is said now", () => {
  assert.equal(codes({}), ["brokers"]);
  assert.equal(codes({ serverless: true, brokers: BROKERS }), ["brokers"]);
  assert.equal(codes({ serverless: true, security: { scram: true } }), ["serverless-iam"]);
  assert.equal(codes({ serverless: true, configuration: { a: "b" } }), ["serverless-configuration"]);
  assert.equal(codes({ brokers: { ...BROKERS, count: 3 } }), ["broker-count"]);
  assert.equal(codes({ brokers: BROKERS, security: { iam: true, scram: true } }), ["two-logins"]);
  assert.equal(codes({ brokers: BROKERS, security: { iam: true, tls: false } }), ["login-without-tls"]);
});

test("Kafka is another name of the kind", () => {
  assert.is(registry.find("Kafka"), mskKind);
});

test.run();
