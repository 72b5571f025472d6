/**
 * A bucket's notifications. S3 keeps them in one list per bucket, so one resource writes them all: those of the bucket's own
 * `notifications` and those of every function that has the bucket as a trigger.
 */
import { hashJson } from "../../framework/base/json.js";
import type { BoundTarget, ExpandContext, SharedKind, Value } from "../../framework/model/index.js";
import { type CalledFunction, calledFunction, permitCall } from "../compute/lambda-permission.js";
import { declared, resource } from "../base/resource.js";
import { announce, policiesOf, unreadableTopic } from "../messaging/receivers.js";

/** Events of a notification that names none: every new object. */
export const NEW_OBJECTS: readonly string[] = ["s3:ObjectCreated:*"];

/** Which events of which objects. */
export interface NotificationFilter {
  /** Default {@link NEW_OBJECTS}. */
  events?: readonly string[] | undefined;
  prefix?: string | undefined;
  suffix?: string | undefined;
}

/** One entry of the list. */
export interface BucketNotice extends NotificationFilter {
  /** Who is told: `service/component`. */
  to: string;
  /** List of the provider's resource that the entry belongs to. */
  list: "lambdaFunctions" | "queues" | "topics";
  arn: Value;
  /** URNs that S3 looks at when it takes the entry: permissions, policies. */
  after: readonly string[];
  /** Where it is written, for messages: `<address>.<path>`. */
  written: string;
}

/** The list and its ARN property, by the output that a target has. */
const TARGETS = [
  { output: "functionArn", list: "lambdaFunctions" },
  { output: "queueArn", list: "queues" },
  { output: "topicArn", list: "topics" },
] as const;

const ARN_OF = { lambdaFunctions: "lambdaFunctionArn", queues: "queueArn", topics: "topicArn" } as const;

/** What a component is to a bucket: its list and ARN, or undefined for a kind that S3 can't tell. */
export function noticeTarget(target: BoundTarget): Pick<BucketNotice, "list" | "arn"> | undefined {
  for (const { output, list } of TARGETS) {
    const arn = target.outputs[output];
    if (arn !== undefined) return { list, arn };
  }
  return undefined;
}

/**
 * Declares the list of a bucket (role as given). Two entries for one event of one object are an error, as S3 refuses them
 * (S3 User Guide, "Configuring event notifications using object key name filtering"). `eventbridge`: the default bus is told every event.
 */
export function declareNotices(
  ctx: ExpandContext,
  role: string,
  bucket: Value,
  notices: readonly BucketNotice[],
  { eventbridge }: { eventbridge?: boolean } = {},
): void {
  for (const [i, one] of notices.entries())
    for (const other of notices.slice(0, i)) if (overlap(one, other)) reportOverlap(ctx, other, one);
  const counts = new Map<string, number>();
  const lists = { lambdaFunctions: [] as Value[], queues: [] as Value[], topics: [] as Value[] };
  for (const { to, list, arn, events, prefix, suffix } of notices) {
    const count = (counts.get(to) ?? 0) + 1;
    counts.set(to, count);
    lists[list].push({
      id: `${to.replace("/", "-")}-${count}`,
      [ARN_OF[list]]: arn,
      events: [...(events ?? NEW_OBJECTS)],
      ...(prefix === undefined ? {} : { filterPrefix: prefix }),
      ...(suffix === undefined ? {} : { filterSuffix: suffix }),
    });
  }
  const used = Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
  const after = [...new Set(notices.flatMap((n) => n.after))];
  resource(
    ctx,
    role,
    "aws:s3/bucketNotification:BucketNotification",
    { bucket, ...used, ...(eventbridge ? { eventbridge } : {}) },
    { dependsOn: after },
  );
}

function reportOverlap(ctx: ExpandContext, first: BucketNotice, second: BucketNotice): void {
  ctx.error("notification-overlap", `${first.written} and ${second.written} ask for the same events of the same objects`, "", {
    expected: "events, prefixes or suffixes that exclude each other: S3 tells one receiver per event",
    next: "give the two different prefixes, or tell an SNS topic and subscribe both to it",
  });
}

/** True if one object's event can match both. */
export function overlap(a: NotificationFilter, b: NotificationFilter): boolean {
  const events = (n: NotificationFilter) => n.events ?? NEW_OBJECTS;
  const [p, q] = [a.prefix ?? "", b.prefix ?? ""];
  const [s, t] = [a.suffix ?? "", b.suffix ?? ""];
  if (!(p.startsWith(q) || q.startsWith(p)) || !(s.endsWith(t) || t.endsWith(s))) return false;
  return events(a).some((e) => events(b).some((f) => sameEvent(e, f)));
}

function sameEvent(a: string, b: string): boolean {
  const covers = (wide: string, narrow: string) => wide.endsWith(":*") && narrow.startsWith(wide.slice(0, -1));
  return a === b || covers(a, b) || covers(b, a);
}

/** Statement id and principal of S3's call to a function. The bucket's ARN names no account, so the account is asked for too. */
export function permitBucket(ctx: ExpandContext, role: string, called: CalledFunction, bucketArn: Value): string {
  return permitCall(ctx, role, called, { principal: "s3.amazonaws.com", sourceArn: bucketArn, sourceAccount: ctx.accountId });
}

/** One entry of a bucket's own `notifications`. */
export type NotificationSpec = NotificationFilter & { component: string };

/** Tells those in a bucket's `notifications` that it sends to them. */
export function announceBucket(own: readonly NotificationSpec[], bucketArn: Value, ctx: ExpandContext): void {
  for (const { component } of own) {
    const address = ctx.addressOf(component);
    if (address !== undefined) announce(ctx, address, "s3", bucketArn);
  }
}

/** Declares the list of a bucket of this stack (role `notifications`), and for its own entries the functions' permissions. */
export function notifications(own: readonly NotificationSpec[], told: readonly BucketNotice[], ctx: ExpandContext): void {
  const bucket = declared(ctx, undefined, "aws:s3/bucketV2:BucketV2");
  const permitted = new Map<string, string>();
  let eventbridge = false;
  const notices = own.flatMap(({ component, events, prefix, suffix }, i): BucketNotice[] => {
    const target = ctx.target(component);
    const path = `notifications[${i}]`;
    const place = target && noticeTarget(target);
    if (target?.outputs.busArn !== undefined) {
      checkBus(ctx, target, own[i] ?? {}, path);
      eventbridge = true;
      return [];
    }
    if (!target || !place) {
      if (target) notAReceiver(ctx, target, path);
      return [];
    }
    const key = `permission-${target.service}-${target.component}`;
    if (place.list === "topics" && !target.bindings?.receives) unreadableTopic(ctx, target, `${path}.component`, "S3");
    const called = calledFunction(target);
    if (called && !permitted.has(key)) permitted.set(key, permitBucket(ctx, key, called, bucket.out("arn")));
    const after = place.list === "lambdaFunctions" ? [permitted.get(key) as string] : policiesOf(target);
    return [{ ...place, to: target.address, events, prefix, suffix, after, written: `${ctx.address}.${path}` }];
  });
  notices.push(...told);
  if (notices.length > 0 || eventbridge) declareNotices(ctx, "notifications", bucket.out("id"), notices, { eventbridge });
}

/** S3 User Guide, "Using EventBridge": every event of the bucket goes to the account's default bus. */
function checkBus(ctx: ExpandContext, target: BoundTarget, { events, prefix, suffix }: NotificationFilter, path: string): void {
  if (target.outputs.busName !== "default")
    ctx.error("notification-bus", `S3 tells the default bus only, and ${target.address} has one of its own`, `${path}.component`, {
      expected: "an EventBridge component without bus",
    });
  for (const [field, value] of Object.entries({ events, prefix, suffix }))
    if (value !== undefined)
      ctx.error("notification-filter", "EventBridge is told every event of a bucket", `${path}.${field}`, {
        expected: "a rule's pattern, such as { source: [aws.s3], detail: { object: { key: [{ prefix: in/ }] } } }",
      });
}

function notAReceiver(ctx: ExpandContext, target: BoundTarget, path: string): void {
  ctx.error("notification-target", `S3 can't tell ${target.address}, a ${target.kind}`, `${path}.component`, {
    expected: "a Lambda, SQS, SNS or EventBridge component",
  });
}

/** What is asked of the shared resource `notifications`. */
export interface NoticeRequest {
  bucket: Value;
  notice: BucketNotice;
}

/** The shared resource `notifications`: lists of buckets that are not of this stack, role `<hash of the bucket's name>`. */
export const sharedNotifications: SharedKind = {
  name: "notifications",
  handle: () => undefined,
  expand(requests, ctx) {
    const buckets = new Map<string, NoticeRequest[]>();
    for (const { request } of requests) {
      const asked = request as NoticeRequest;
      const role = hashJson(asked.bucket).slice(0, 8);
      buckets.set(role, [...(buckets.get(role) ?? []), asked]);
    }
    for (const [role, asked] of [...buckets].sort(([a], [b]) => (a < b ? -1 : 1)))
      declareNotices(
        ctx,
        role,
        (asked[0] as NoticeRequest).bucket,
        asked.map((a) => a.notice),
      );
    return { outputs: {} };
  },
};
