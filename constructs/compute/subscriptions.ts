/** What a Worker is fed by: queues it reads, and topics, for each of which it gets a queue of its own. */
import type { ExpandContext, Grant, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { policyDocument } from "../iam.js";
import type { ExtraWiring } from "./wiring.js";
import { environmentName } from "./wiring.js";

/** One `subscribes[]` entry. */
export interface Subscription {
  component: string;
  filter?: Value | undefined;
}

/** What reading a queue takes. */
export const RECEIVE_ACTIONS = [
  "sqs:ChangeMessageVisibility",
  "sqs:DeleteMessage",
  "sqs:GetQueueAttributes",
  "sqs:GetQueueUrl",
  "sqs:ReceiveMessage",
];

/** Receives before a message goes to the dead-letter queue of a subscription. */
const MAX_RECEIVE_COUNT = 5;
/** Seconds that a dead letter is kept: 14 days, the most there is. */
const DEAD_LETTER_RETENTION = 1_209_600;

/**
 * Declares the queue, dead-letter queue, policy and subscription of every topic; roles `queue-<service>-<component>`, `dead-letters-...`,
 * `queue-policy-...`, `subscription-...`. The queue's URL is given as `<TOPIC>_QUEUE_URL`. A queue's own bindings say what reading it takes.
 */
export function subscribe(ctx: ExpandContext, subscriptions: readonly Subscription[]): ExtraWiring {
  const environment: { name: string; value: Value }[] = [];
  const grants: Grant[] = [];
  const queues: Value[] = [];
  for (const [i, subscription] of subscriptions.entries()) {
    const target = ctx.target(subscription.component);
    if (!target) continue;
    const path = `subscribes[${i}]`;
    const topic = target.outputs.topicArn;
    if (topic !== undefined) {
      const queue = topicQueue(ctx, `${target.service}-${target.component}`, topic, subscription.filter);
      queues.push(queue.name);
      environment.push({ name: `${environmentName(target.component)}_QUEUE_URL`, value: queue.url });
      grants.push(granted(ctx, target.address, { actions: RECEIVE_ACTIONS, resources: [queue.arn] }));
    } else if (target.bindings?.grants.receive) {
      if (target.outputs.queueName !== undefined) queues.push(target.outputs.queueName);
      grants.push(...target.bindings.grants.receive.map((g) => granted(ctx, target.address, g)));
      for (const [suffix, item] of Object.entries(target.bindings.inject))
        if ("value" in item) environment.push({ name: `${environmentName(target.component)}${suffix}`, value: item.value });
      if (subscription.filter !== undefined)
        ctx.error("filter-on-queue", "a queue hands out every message; only a topic can filter", `${path}.filter`, {
          next: "subscribe to an SNS topic",
        });
    } else {
      ctx.error("not-a-source", `a worker can't be fed by ${target.address}, a ${target.kind}`, `${path}.component`, {
        expected: "an SQS queue or an SNS topic",
      });
    }
  }
  return { environment, grants, queues };
}

function granted(ctx: ExpandContext, to: string, grant: Grant): Grant {
  ctx.granted([grant], to);
  return grant;
}

function topicQueue(ctx: ExpandContext, name: string, topicArn: Value, filter: Value | undefined): { url: Value; arn: Value; name: Value } {
  const dead = resource(ctx, `dead-letters-${name}`, "aws:sqs/queue:Queue", {
    messageRetentionSeconds: DEAD_LETTER_RETENTION,
    sqsManagedSseEnabled: true,
    tags: ctx.tags,
  });
  const queue = resource(ctx, `queue-${name}`, "aws:sqs/queue:Queue", {
    sqsManagedSseEnabled: true,
    redrivePolicy: { $json: { deadLetterTargetArn: dead.out("arn"), maxReceiveCount: MAX_RECEIVE_COUNT } },
    tags: ctx.tags,
  });
  const policy = resource(ctx, `queue-policy-${name}`, "aws:sqs/queuePolicy:QueuePolicy", {
    queueUrl: queue.out("id"),
    policy: policyDocument([
      {
        actions: ["sqs:SendMessage"],
        principals: { Service: "sns.amazonaws.com" },
        resources: [queue.out("arn")],
        conditions: { ArnEquals: { "aws:SourceArn": topicArn } },
      },
    ]),
  });
  resource(
    ctx,
    `subscription-${name}`,
    "aws:sns/topicSubscription:TopicSubscription",
    {
      topic: topicArn,
      protocol: "sqs",
      endpoint: queue.out("arn"),
      rawMessageDelivery: true,
      filterPolicy: filter === undefined ? undefined : { $json: filter },
    },
    { dependsOn: [policy.urn] },
  );
  return { url: queue.out("url"), arn: queue.out("arn"), name: queue.out("name") };
}
