/**
 * Queues and topics as receivers of what other AWS services send: messages of a topic, events of a rule, notifications of a bucket,
 * alarms. Senders tell the receiver; its policy, and that of its key, then let those send and nobody else.
 */
import { canonicalJson } from "../../framework/base/json.js";
import type { BoundTarget, ExpandContext, Told, Value } from "../../framework/model/index.js";
import type { Statement } from "../iam.js";
import { openKey } from "../security/key-policy.js";

/** The key of SNS that only publishers with permissions of their own can use: AWS services have none on it (SNS Developer Guide, "Key management"). */
export const SNS_OWN_KEY = "alias/aws/sns";

/** A service of AWS, and its resource for which it sends. */
export interface Sender {
  service: "cloudwatch" | "events" | "s3" | "sns";
  arn: Value;
}

/** What a sender tells a receiver. */
interface SenderNotice {
  sender: Sender;
}

/** Tells a component who sends to it; one that services can't send to takes no notice. */
export function announce(ctx: ExpandContext, address: string, service: Sender["service"], arn: Value): void {
  ctx.tell(address, { sender: { service, arn } } satisfies SenderNotice);
}

/** URNs of the policies of a queue or topic: a service that sends to it is refused before they are there. */
export function policiesOf(target: BoundTarget | undefined): string[] {
  const policy = target?.bindings?.receives?.policy;
  return policy === undefined ? [] : [policy];
}

/** The error for a topic that is encrypted with {@link SNS_OWN_KEY}. */
export function unreadableTopic(ctx: ExpandContext, target: BoundTarget, path: string, sender: string): void {
  ctx.error(
    "topic-key",
    `${sender} can't send to ${target.address}: the topic is encrypted with ${SNS_OWN_KEY}, a key that no other service may use`,
    path,
    {
      expected: "a topic with a KMS key of its own, or without encryption",
      next: `set encryption.kmsKey to a KMSKey component, or encryption.enabled: false, of ${target.address}`,
    },
  );
}

const SIDS = { cloudwatch: "Alarms", events: "Rules", s3: "Buckets", sns: "Topics" } as const;

type Senders = [service: Sender["service"], arns: Value[]][];

/** Who told a receiver, by service, each resource once. */
export function sendersOf(told: readonly Told[]): Senders {
  const found = new Map<Sender["service"], Map<string, Value>>();
  for (const { request } of told) {
    const { sender } = request as Partial<SenderNotice>;
    if (!sender) continue;
    const { service, arn } = sender;
    found.set(service, (found.get(service) ?? new Map<string, Value>()).set(canonicalJson(arn), arn));
  }
  return [...found].sort().map(([service, arns]) => [service, [...arns].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, arn]) => arn)]);
}

/** Statements of a receiver's policy: these services may do `action` for those resources. */
export function senderStatements(senders: Senders, action: string, receiver: Value, accountId: Value): Statement[] {
  return senders.map(([service, arns]) => ({
    sid: SIDS[service],
    principals: { Service: `${service}.amazonaws.com` },
    actions: [action],
    resources: [receiver],
    conditions: sentFor(service, arns, accountId),
  }));
}

/** A bucket's ARN names no account, so S3 is asked for it apart. */
function sentFor(service: Sender["service"], arns: readonly Value[], accountId: Value): NonNullable<Statement["conditions"]> {
  const [first, ...more] = arns;
  const source = { ArnEquals: { "aws:SourceArn": more.length === 0 ? (first as Value) : [...arns] } };
  return service === "s3" ? { ...source, StringEquals: { "aws:SourceAccount": accountId } } : source;
}

/** Decrypt besides, because the data key of the last messages is taken again (SQS Developer Guide, "Configure KMS permissions for AWS services"). */
const KEY_ACTIONS = ["kms:Decrypt", "kms:GenerateDataKey"] as const;

/**
 * Lets senders use the key of a receiver; gives URNs that must stand before they send. EventBridge names no source to the key of what it
 * sends to (SNS Developer Guide, "Key management"): there the statement names the receiver, and the receiver's own policy the rules.
 * @param context key of the receiver's ARN in the encryption context of its messages: `aws:sqs:arn`, `aws:sns:topicArn`
 */
export function openKeyToSenders(ctx: ExpandContext, key: Value | undefined, senders: Senders, receiver: Value, context: string): string[] {
  const statements = senders.map(([service, arns]): Statement => {
    const narrowed =
      service === "events" ? { StringEquals: { [`kms:EncryptionContext:${context}`]: receiver } } : sentFor(service, arns, ctx.accountId);
    return {
      sid: `${SIDS[service]}To${ctx.address.replaceAll(/(?:^|[^a-z0-9])([a-z0-9]?)/g, (_, letter: string) => letter.toUpperCase())}`,
      principals: { Service: `${service}.amazonaws.com` },
      actions: KEY_ACTIONS,
      resources: ["*"],
      conditions: narrowed,
    };
  });
  return openKey(ctx, key, statements);
}
