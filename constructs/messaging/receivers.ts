/** Queues and topics as receivers of what other AWS services send: S3 notifications, events of a rule. */
import type { BoundTarget, ExpandContext } from "../../framework/model/index.js";

/** The key of SNS that only publishers with permissions of their own can use: AWS services have none on it (SNS Developer Guide, "Key management"). */
export const SNS_OWN_KEY = "alias/aws/sns";

/** URNs of the policies of a queue or topic: a service that sends to it is refused before they are there. */
export function policiesOf(target: BoundTarget): string[] {
  return target.urns.filter((urn) => urn.includes(":sqs/queuePolicy:") || urn.includes(":sns/topicPolicy:"));
}

/** True if services of AWS may send to the topic or queue: it has a policy that says so. */
export function acceptsServices(target: BoundTarget): boolean {
  return policiesOf(target).length > 0;
}

/** The error for a topic that is encrypted with {@link SNS_OWN_KEY}. */
export function unreadableTopic(ctx: ExpandContext, target: BoundTarget, path: string, sender: string): void {
  ctx.error(
    "topic-key",
    `${sender} can't send to ${target.address}: the topic is encrypted with ${SNS_OWN_KEY}, a key that no other service may use`,
    path,
    {
      expected: `a topic with a KMS key of its own whose policy lets ${sender} use it, or without encryption`,
      next: `set encryption.kmsKey, or encryption.enabled: false, of ${target.address}`,
    },
  );
}
