/**
 * SNS: a topic and its subscriptions. Encrypted at rest unless switched off.
 * Costs nothing while idle; $0.50 per million requests after the first million a month (us-east-1, 2026-11).
 *
 *   const events = new SNS(service, "events", {
 *     displayName: "User events",
 *     subscriptions: [{ protocol: "sqs", component: "jobs", rawDelivery: true }],
 *   });
 */
import { z } from "zod";
import { anything, bool, group, listOf, oneOf, plainText, text } from "../../framework/model/fields.js";
import {
  type Bindings,
  type BoundTarget,
  type ExpandContext,
  isRef,
  type Link,
  type Ref,
  type Told,
  type Value,
} from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { calledFunction, permitCall } from "../compute/lambda-permission.js";
import { metricsOf } from "../base/metrics.js";
import { declared, resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { targetOf } from "../base/target-of.js";
import { stackKey } from "../security/default-key.js";
import { policyDocument, type Statement } from "../iam.js";
import { KEY_FORMS, keyArn, keyLinks } from "../security/key-ref.js";
import { announce, openKeyToSenders, policiesOf, senderStatements, sendersOf, SNS_OWN_KEY } from "./receivers.js";

const PROTOCOLS = ["sqs", "lambda", "http", "https", "email", "email-json", "sms", "application", "firehose"] as const;

const schema = () =>
  z.strictObject({
    displayName: plainText("Name that mails and text messages show.", { max: 100 }).optional(),
    deliveryPolicy: anything("Retries of HTTP subscriptions, as SNS's DeliveryPolicy in JSON.").optional(),
    fifoTopic: bool("Keeps order and drops duplicates; subscribers are queues only.", { default: false }).optional(),
    contentBasedDeduplication: bool("fifo: a message's hash is its deduplication id.", { default: false }).optional(),
    encryption: group(
      {
        enabled: bool("Encryption at rest.", { default: true }).optional(),
        kmsKey: text(`Key: ${KEY_FORMS}. Other AWS services can publish only with a key of your own.`, {
          default: SNS_OWN_KEY,
        }).optional(),
      },
      "Encryption at rest.",
    ).optional(),
    subscriptions: listOf(
      group(
        {
          protocol: oneOf(PROTOCOLS, "How messages are delivered."),
          endpoint: text("Where to: a queue's or function's ARN, a URL, a mail address, a number.").optional(),
          component: plainText("An SQS or Lambda component, instead of endpoint.").optional(),
          filterPolicy: anything("Only messages whose attributes match, as SNS's filter policy in JSON.").optional(),
          rawDelivery: bool("Delivers the message without SNS's envelope.", { default: false }).optional(),
        },
        "One subscription.",
      ),
      "Who gets the messages.",
    ).optional(),
    ...commonFields,
  });

/** Props of {@link SNS}. */
export interface SNSProps extends PropsOf<ReturnType<typeof schema>> {}

/** A topic. */
export class SNS extends Component {
  constructor(service: Service, name: string, props: SNSProps = {}) {
    super("SNS", service, name, props);
  }

  get topicArn(): Ref {
    return this.output("topicArn");
  }

  /** The topic's physical name. */
  get topicName(): Ref {
    return this.output("topicName");
  }

  /** Lets the user publish. */
  publish(): Use {
    return this.use("publish");
  }
}

type Props = Expanded<z.output<ReturnType<typeof schema>>>;
type Subscription = NonNullable<Props["subscriptions"]>[number];

/** Kind `SNS`. */
export const snsKind = defineKind({
  name: "SNS",
  group: "components",
  summary: "A topic and its subscriptions.",
  schema,
  infra: [],
  outputs: { topicArn: "The topic's ARN.", topicName: "The topic's physical name." },
  stateful: false,
  links: ({ subscriptions = [], encryption }) => [
    ...subscriptions.flatMap((s, i) => subscriptionLinks(s, `subscriptions[${i}]`)),
    ...keyLinks(encryption?.kmsKey, "encryption.kmsKey", true),
  ],
  expand(props, ctx) {
    if (props.contentBasedDeduplication !== undefined && !props.fifoTopic)
      ctx.error("fifo-only", "contentBasedDeduplication is for fifo topics only", "contentBasedDeduplication", {
        next: "add fifoTopic: true",
      });
    const kmsKey = topicKey(props, ctx);
    const topic = resource(ctx, undefined, TOPIC, {
      displayName: props.displayName,
      deliveryPolicy: props.deliveryPolicy === undefined ? undefined : { $json: props.deliveryPolicy as Value },
      fifoTopic: props.fifoTopic ? true : undefined,
      contentBasedDeduplication: props.contentBasedDeduplication,
      kmsMasterKeyId: kmsKey,
      tags: ctx.tags,
    });
    const arn = topic.out("arn");
    for (const s of props.subscriptions ?? []) {
      const receiver = subscriber(s, ctx);
      if (receiver) announce(ctx, receiver.address, "sns", arn);
    }
    const receives = kmsKey === SNS_OWN_KEY ? {} : { receives: { policy: ctx.urn("policy", POLICY) } };
    return {
      outputs: { topicArn: arn, topicName: topic.out("name") },
      bindings: { ...bindings(arn, topic.out("name"), kmsKey), ...receives },
    };
  },
  finish(props, told, ctx) {
    const arn = declared(ctx, undefined, TOPIC).out("arn");
    topicPolicy(arn, topicKey(props, ctx), told, ctx);
    const seen = new Set<string>();
    for (const [i, s] of (props.subscriptions ?? []).entries()) subscribe(s, `subscriptions[${i}]`, arn, seen, ctx);
  },
});

const TOPIC = "aws:sns/topic:Topic";
const POLICY = "aws:sns/topicPolicy:TopicPolicy";

/** The key of the topic: its own, else the stack's, else that of SNS; undefined without encryption. */
function topicKey({ encryption }: Props, ctx: ExpandContext): Value | undefined {
  if (encryption?.enabled === false) return undefined;
  if (encryption?.kmsKey === SNS_OWN_KEY) return SNS_OWN_KEY;
  return keyArn(ctx, encryption?.kmsKey, "encryption.kmsKey") ?? stackKey(ctx) ?? SNS_OWN_KEY;
}

/** What a topic sends to refers back to it by its policy, which names the topic. */
function subscriptionLinks({ component, endpoint }: { component?: string | undefined; endpoint?: unknown }, path: string): Link[] {
  if (component !== undefined) return [{ component, path: `${path}.component`, late: "back" }];
  return isRef(endpoint) ? [{ component: endpoint.component, path: `${path}.endpoint`, orderOnly: true, late: "back" }] : [];
}

/** The component that gets the messages: named, or by a reference to a queue's ARN. */
function subscriber({ component, endpoint, protocol }: Subscription, ctx: ExpandContext): BoundTarget | undefined {
  if (component !== undefined) return ctx.target(component);
  return protocol === "sqs" && typeof endpoint !== "string" ? targetOf(ctx, endpoint, "queueArn") : undefined;
}

/** Role: `subscription-<service>-<component>`, or by protocol and place in the list for endpoints. */
function subscribe(s: Subscription, path: string, topic: Value, seen: Set<string>, ctx: ExpandContext): void {
  const target = s.component === undefined ? undefined : ctx.target(s.component);
  if (s.endpoint === "") ctx.error("subscription-endpoint", "the endpoint is empty", `${path}.endpoint`, { expected: "an endpoint" });
  if ((s.endpoint === undefined) === (s.component === undefined)) {
    ctx.error("subscription-endpoint", "a subscription has either an endpoint or a component", path, {
      expected: "endpoint, or component",
    });
    return;
  }
  const output = { sqs: "queueArn", lambda: "functionArn" }[s.protocol as "sqs" | "lambda"];
  const endpoint = target ? output && target.outputs[output] : s.endpoint;
  if (endpoint === undefined) {
    ctx.error("subscription-kind", `${s.component} can't be subscribed by ${s.protocol}`, `${path}.component`, {
      expected: "an SQS component by sqs, a Lambda component by lambda",
    });
    return;
  }
  const key = target ? `${target.service}-${target.component}` : `${s.protocol}-${/\d+/.exec(path)?.[0]}`;
  if (seen.has(key)) {
    ctx.error("subscribed-twice", `${target?.address} is subscribed twice`, path, { next: "merge the two, with one filterPolicy" });
    return;
  }
  seen.add(key);
  const called = target && calledFunction(target);
  const statementId = `sns-${ctx.service}-${ctx.component}`;
  const before = called
    ? [permitCall(ctx, `permission-${key}`, called, { principal: "sns.amazonaws.com", sourceArn: topic, statementId })]
    : policiesOf(subscriber(s, ctx));
  resource(
    ctx,
    `subscription-${key}`,
    "aws:sns/topicSubscription:TopicSubscription",
    {
      topic,
      protocol: s.protocol,
      endpoint,
      filterPolicy: s.filterPolicy === undefined ? undefined : { $json: s.filterPolicy as Value },
      rawMessageDelivery: s.rawDelivery,
    },
    { dependsOn: before },
  );
}

/**
 * Declares the policy (role `policy`): what SNS gives a topic that has none, which lets alarms of the account publish, too; and the rules
 * and buckets that told so. None for a topic under SNS's own key: there no service could.
 */
function topicPolicy(arn: Value, key: Value | undefined, told: readonly Told[], ctx: ExpandContext): void {
  if (key === SNS_OWN_KEY) return;
  const senders = sendersOf(told);
  const owner: Statement = {
    sid: "Owner",
    principals: { AWS: "*" },
    actions: OWNER_ACTIONS,
    resources: [arn],
    conditions: { StringEquals: { "AWS:SourceOwner": ctx.accountId } },
  };
  const others = senders.filter(([service]) => service !== "cloudwatch");
  const policy = policyDocument([owner, ...senderStatements(others, "sns:Publish", arn, ctx.accountId)]);
  resource(ctx, "policy", POLICY, { arn, policy }, { dependsOn: openKeyToSenders(ctx, key, senders, arn, "aws:sns:topicArn") });
}

/** Actions of the policy that SNS writes by itself (SNS Developer Guide, "Overview of managing access in Amazon SNS"). */
const OWNER_ACTIONS = [
  "SNS:AddPermission",
  "SNS:DeleteTopic",
  "SNS:GetTopicAttributes",
  "SNS:ListSubscriptionsByTopic",
  "SNS:Publish",
  "SNS:RemovePermission",
  "SNS:SetTopicAttributes",
  "SNS:Subscribe",
];

/** Alarms may publish to a topic that is encrypted with a key of one's own only (CloudWatch User Guide, "Using Amazon CloudWatch alarms"). */
const CLOSED_TO_ALARMS =
  "it is encrypted with the key of SNS, which CloudWatch may not use; set its encryption.enabled: false, or its kmsKey: a KMSKey component";

function bindings(topicArn: Value, topicName: Value, kmsKey: Value | undefined): Bindings {
  const counted = { NumberOfNotificationsFailed: "Sum", NumberOfMessagesPublished: "Sum", NumberOfNotificationsDelivered: "Sum" };
  const own =
    kmsKey === undefined || kmsKey === SNS_OWN_KEY ? [] : [{ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [kmsKey] }];
  return {
    grants: { publish: [{ actions: ["sns:Publish"], resources: [topicArn] }, ...own] },
    defaultAccess: "publish",
    inject: { _TOPIC_ARN: { value: topicArn } },
    metrics: metricsOf("AWS/SNS", { TopicName: topicName }, counted),
    notify: { arn: topicArn, ...(kmsKey === SNS_OWN_KEY ? { closed: CLOSED_TO_ALARMS } : {}) },
  };
}
