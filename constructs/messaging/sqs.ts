/**
 * SQS: a queue, and a dead-letter queue where asked for. Encrypted always.
 * Costs nothing while idle; $0.40 per million requests after the first million a month (us-east-1, 2026-11; FIFO $0.50).
 *
 *   const jobs = new SQS(service, "jobs", {
 *     visibilityTimeout: 60,
 *     deadLetterQueue: { enabled: true, maxReceiveCount: 5 },
 *   });
 */
import { z } from "zod";
import { bool, group, int, oneOf, text } from "../../framework/model/fields.js";
import type { Bindings, ExpandContext, Grant, Metric, Ref, Told, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { refuseUnencrypted } from "../base/encryption.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { metricsOf } from "../base/metrics.js";
import { declared, resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { stackKey } from "../security/default-key.js";
import { alarmActions, alarmSettings } from "../compute/alarms.js";
import { policyDocument, type Statement } from "../iam.js";
import { KEY_FORMS, keyArn, keyLinks } from "../security/key-ref.js";
import { openKeyToSenders, senderStatements, sendersOf } from "./receivers.js";

const schema = () =>
  z.strictObject({
    type: oneOf(["standard", "fifo"], "Order and delivery: standard (at least once, best effort order) or fifo.", {
      default: "standard",
    }).optional(),
    messageRetentionPeriod: int("How long a message is kept.", 60, 1_209_600, { unit: "seconds", default: 345_600 }).optional(),
    visibilityTimeout: int("How long a received message is hidden from other receivers.", 0, 43_200, {
      unit: "seconds",
      default: 30,
    }).optional(),
    maxMessageSize: int("Largest message.", 1024, 1_048_576, { unit: "bytes", default: 262_144 }).optional(),
    receiveWaitTime: int("How long a receive call waits for a message.", 0, 20, { unit: "seconds", default: 20 }).optional(),
    delaySeconds: int("How long a new message is hidden.", 0, 900, { unit: "seconds", default: 0 }).optional(),
    deadLetterQueue: group(
      {
        enabled: bool("Whether there is one.", { default: true }).optional(),
        maxReceiveCount: int("Receipts without a delete before a message is moved there.", 1, 1000, { default: 5 }).optional(),
      },
      "A second queue for messages that nobody could handle; kept 14 days.",
    ).optional(),
    contentBasedDeduplication: bool("fifo: a message's hash is its deduplication id.", { default: false }).optional(),
    deduplicationScope: oneOf(["queue", "messageGroup"], "fifo: where duplicates are looked for.", { default: "queue" }).optional(),
    fifoThroughputLimit: oneOf(["perQueue", "perMessageGroupId"], "fifo: what the throughput limit counts.", {
      default: "perQueue",
    }).optional(),
    encryption: group(
      {
        enabled: bool("Encryption at rest; can't be off.", { default: true }).optional(),
        kmsKey: text(`Key: ${KEY_FORMS}; without it SQS's own key is used, at no charge.`).optional(),
      },
      "Encryption at rest.",
    ).optional(),
    ...commonFields,
  });

/** Props of {@link SQS}. */
export interface SQSProps extends PropsOf<ReturnType<typeof schema>> {}

/** A queue. */
export class SQS extends Component {
  constructor(service: Service, name: string, props: SQSProps = {}) {
    super("SQS", service, name, props);
  }

  /** The queue's URL: what a client needs. */
  get queueUrl(): Ref {
    return this.output("queueUrl");
  }

  /** The same as {@link queueUrl}. */
  get url(): Ref {
    return this.output("queueUrl");
  }

  get queueArn(): Ref {
    return this.output("queueArn");
  }

  /** The queue's physical name. */
  get queueName(): Ref {
    return this.output("queueName");
  }

  /** URL of the dead-letter queue; an error at validate if there is none. */
  get deadLetterQueueUrl(): Ref {
    return this.output("deadLetterQueueUrl");
  }

  get deadLetterQueueArn(): Ref {
    return this.output("deadLetterQueueArn");
  }

  /** Lets the user send. */
  send(): Use {
    return this.use("send");
  }

  /** Lets the user receive and delete. */
  receive(): Use {
    return this.use("receive");
  }

  /** Lets the user send, receive and delete. */
  readWrite(): Use {
    return this.use("readWrite");
  }
}

const QUEUE = "aws:sqs/queue:Queue";
const POLICY = "aws:sqs/queuePolicy:QueuePolicy";
const KEY_FOR_SENDING = ["kms:Decrypt", "kms:GenerateDataKey"];
/** The longest that SQS keeps a message: 14 days, seconds. */
const LONGEST_RETENTION = 1_209_600;

type Props = Expanded<z.output<ReturnType<typeof schema>>>;

/** Kind `SQS`. */
export const sqsKind = defineKind({
  name: "SQS",
  group: "components",
  summary: "A queue, with a dead-letter queue where asked for.",
  schema,
  infra: [],
  outputs: {
    queueUrl: "The queue's URL.",
    queueArn: "The queue's ARN.",
    queueName: "The queue's physical name.",
    deadLetterQueueUrl: "URL of the dead-letter queue, if there is one.",
    deadLetterQueueArn: "ARN of the dead-letter queue, if there is one.",
  },
  outputAliases: { url: "queueUrl" },
  hasOutput(name, props) {
    if (name.startsWith("deadLetterQueue")) return hasDeadLetters(props as Props);
    return ["queueUrl", "queueArn", "queueName"].includes(name);
  },
  stateful: false,
  links: (props) => keyLinks(props.encryption?.kmsKey, "encryption.kmsKey", true),
  expand(props, ctx) {
    checkFifo(props, ctx);
    const key = queueKey(props, ctx);
    refuseUnencrypted(props.encryption, ctx, "a queue");
    const fifo = props.type === "fifo";
    const shared = {
      ...(fifo ? { fifoQueue: true } : {}),
      ...(key === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: key }),
      tags: ctx.tags,
    };
    const dead = hasDeadLetters(props)
      ? resource(ctx, "dead-letter", QUEUE, { ...shared, messageRetentionSeconds: LONGEST_RETENTION })
      : undefined;
    const queue = resource(ctx, undefined, QUEUE, {
      ...shared,
      messageRetentionSeconds: props.messageRetentionPeriod,
      visibilityTimeoutSeconds: props.visibilityTimeout,
      maxMessageSize: props.maxMessageSize,
      receiveWaitTimeSeconds: props.receiveWaitTime ?? 20,
      delaySeconds: props.delaySeconds,
      contentBasedDeduplication: props.contentBasedDeduplication,
      deduplicationScope: props.deduplicationScope,
      fifoThroughputLimit: props.fifoThroughputLimit,
      redrivePolicy: dead && {
        $json: { deadLetterTargetArn: dead.out("arn"), maxReceiveCount: props.deadLetterQueue?.maxReceiveCount ?? 5 },
      },
    });
    const [queueUrl, queueArn] = [queue.out("url"), queue.out("arn")];
    if (dead) deadLetterAlarm(dead.out("name"), ctx);
    return {
      outputs: {
        queueUrl,
        queueArn,
        queueName: queue.out("name"),
        ...(dead ? { deadLetterQueueUrl: dead.out("url"), deadLetterQueueArn: dead.out("arn") } : {}),
      },
      bindings: {
        ...bindings(queueUrl, queueArn, key),
        metrics: metrics(queue.out("name")),
        backend: { queue: { arn: queueArn, url: queueUrl, name: queue.out("name"), ...inOrder(props), send: sendOnly(queueArn, key) } },
        receives: { policy: ctx.urn("policy", POLICY) },
      },
    };
  },
  finish: queuePolicy,
});

function hasDeadLetters(props: Pick<Props, "deadLetterQueue">): boolean {
  return props.deadLetterQueue !== undefined && props.deadLetterQueue.enabled !== false;
}

/** The KMS key of the queue, or undefined where it is SQS's own. */
function queueKey(props: Props, ctx: ExpandContext): Value | undefined {
  return keyArn(ctx, props.encryption?.kmsKey, "encryption.kmsKey") ?? stackKey(ctx);
}

function checkFifo(props: Props, ctx: ExpandContext): void {
  if (props.type === "fifo") {
    if (props.fifoThroughputLimit === "perMessageGroupId" && props.deduplicationScope !== "messageGroup")
      ctx.error("fifo-throughput", "fifoThroughputLimit perMessageGroupId needs deduplicationScope messageGroup", "fifoThroughputLimit");
    return;
  }
  for (const field of ["contentBasedDeduplication", "deduplicationScope", "fifoThroughputLimit"] as const)
    if (props[field] !== undefined)
      ctx.error("fifo-only", `${field} is for fifo queues only`, field, { next: "add `type: fifo`, or remove it" });
}

/**
 * Declares the policy (role `policy`): TLS only; and what sends to the queue, as it told, may. Part of `finish`: topics, rules and buckets
 * that send to a queue refer to it.
 */
function queuePolicy(props: Props, told: readonly Told[], ctx: ExpandContext): void {
  const queue = declared(ctx, undefined, QUEUE);
  const [queueUrl, queueArn] = [queue.out("url"), queue.out("arn")];
  const senders = sendersOf(told);
  const tlsOnly: Statement = {
    sid: "TlsOnly",
    effect: "Deny",
    principals: { AWS: "*" },
    actions: ["sqs:*"],
    resources: [queueArn],
    conditions: { Bool: { "aws:SecureTransport": "false" } },
  };
  const ready = openKeyToSenders(ctx, queueKey(props, ctx), senders, queueArn, "aws:sqs:arn");
  const policy = policyDocument([tlsOnly, ...senderStatements(senders, "sqs:SendMessage", queueArn, ctx.accountId)]);
  resource(ctx, "policy", POLICY, { queueUrl, policy }, { dependsOn: ready });
}

/** With Observability.alarms: raised when more than `dlqDepth` messages wait in the dead-letter queue. */
function deadLetterAlarm(queueName: Value, ctx: ExpandContext): void {
  const settings = alarmSettings(ctx);
  if (!settings) return;
  const actions = alarmActions(settings);
  const threshold = settings.dlqDepth ?? 0;
  resource(ctx, "alarm-dead-letter", "aws:cloudwatch/metricAlarm:MetricAlarm", {
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queueName },
    statistic: "Maximum",
    period: 60,
    evaluationPeriods: 1,
    comparisonOperator: "GreaterThanThreshold",
    threshold,
    treatMissingData: "notBreaching",
    alarmDescription: `More than ${threshold} messages of ${ctx.address} could not be handled`,
    alarmActions: actions,
    okActions: actions,
    tags: ctx.tags,
  });
}

/** SQS Developer Guide, "Available CloudWatch metrics for Amazon SQS". */
function metrics(queueName: Value): Metric[] {
  return metricsOf(
    "AWS/SQS",
    { QueueName: queueName },
    {
      ApproximateNumberOfMessagesVisible: "Maximum",
      ApproximateAgeOfOldestMessage: "Maximum",
      NumberOfMessagesSent: "Sum",
      NumberOfMessagesDeleted: "Sum",
    },
  );
}

function inOrder({ type, contentBasedDeduplication }: Props): { fifo?: { byContent: boolean } } {
  return type === "fifo" ? { fifo: { byContent: contentBasedDeduplication ?? false } } : {};
}

/** What a service of AWS needs that sends as a role (SQS Developer Guide, "Configure KMS permissions"). */
function sendOnly(queueArn: Value, kmsKey: Value | undefined): Grant[] {
  const send = { actions: ["sqs:SendMessage"], resources: [queueArn] };
  return kmsKey === undefined ? [send] : [send, { actions: KEY_FOR_SENDING, resources: [kmsKey] }];
}

/** Actions per access: SQS API Permissions reference, without any that change the queue itself. */
function bindings(queueUrl: Value, queueArn: Value, kmsKey: Value | undefined): Bindings {
  const send = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"];
  const receive = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ReceiveMessage"];
  const both = [...new Set([...send, ...receive])].sort();
  const grant = (actions: string[], keyActions: string[]) => [
    { actions, resources: [queueArn] },
    ...(kmsKey === undefined ? [] : [{ actions: keyActions, resources: [kmsKey] }]),
  ];
  return {
    grants: {
      send: grant(send, KEY_FOR_SENDING),
      receive: grant(receive, ["kms:Decrypt"]),
      readWrite: grant(both, KEY_FOR_SENDING),
    },
    defaultAccess: "readWrite",
    inject: { _URL: { value: queueUrl } },
  };
}
