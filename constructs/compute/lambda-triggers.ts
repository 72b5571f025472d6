/** What calls a function: event source mappings, permissions, rules, subscriptions, an HTTP API. */
import { hashJson } from "../../framework/base/json.js";
import { type BoundTarget, type ExpandContext, type Grant, isRef, type Link, type Value } from "../../framework/model/index.js";
import { valueText } from "../../framework/synth/grants.js";
import { resource } from "../base/resource.js";
import { type BucketNotice, type NoticeRequest, permitBucket } from "../storage/s3-notifications.js";
import { type ApiRoute, httpApi } from "./lambda-api.js";
import type { FunctionSpec, MadeFunction } from "./lambda-function.js";
import { permitCall } from "./lambda-permission.js";
import { RECEIVE_ACTIONS } from "./subscriptions.js";

/** One trigger as written. */
export interface TriggerSpec {
  type: "sqs" | "eventbridge" | "apigateway" | "s3" | "sns" | "kinesis" | "dynamodb";
  source?: { component?: string; arn?: Value } | undefined;
  batchSize?: number | undefined;
  schedule?: string | undefined;
  description?: string | undefined;
  http?: { method?: string; path: string } | undefined;
  s3?: { bucket?: Value; events?: string[]; prefix?: string; suffix?: string } | undefined;
}

/** A trigger with what its source came to. */
interface Placed {
  spec: TriggerSpec;
  /** Where it stands in the props. */
  path: string;
  target: BoundTarget | undefined;
  /** ARN of the source, where it has one. */
  arn: Value | undefined;
  /** Part of the roles: the source's address, or a hash of what was written. */
  key: string;
}

/** Reading a stream: what an event source mapping needs on it. */
const STREAM_ACTIONS = {
  kinesis: [
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
  ],
  dynamodb: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"],
};

/** Which output of a component is the source of which trigger. */
const SOURCE_OUTPUT: { [type: string]: string } = {
  sqs: "queueArn",
  sns: "topicArn",
  dynamodb: "streamArn",
  s3: "bucketArn",
  eventbridge: "busArn",
};

/** Types of which one source may stand in several triggers. */
const MANY: readonly string[] = ["apigateway", "s3"];

/** Links of the triggers. They order only: what a function may do to its source is granted here, not by the kind's default. */
export function triggerLinks(props: Pick<FunctionSpec, "triggers">): Link[] {
  return (props.triggers ?? []).flatMap((t, i): Link[] => {
    const links: Link[] = [];
    // A bucket's list of notifications comes after the functions in it.
    const late = t.type === "s3" ? { late: "back" as const } : {};
    if (t.source?.component !== undefined)
      links.push({ component: t.source.component, path: `triggers[${i}].source.component`, orderOnly: true, ...late });
    if (typeof t.s3?.bucket === "string")
      links.push({ component: t.s3.bucket, path: `triggers[${i}].s3.bucket`, orderOnly: true, optional: true, ...late });
    for (const [value, path] of [
      [t.s3?.bucket, "s3.bucket"],
      [t.source?.arn, "source.arn"],
    ] as const)
      if (t.type === "s3" && isRef(value))
        links.push({ component: value.component, path: `triggers[${i}].${path}`, orderOnly: true, ...late });
    return links;
  });
}

/** What the function's role must be allowed for its triggers to be read. */
export function triggerGrants(props: FunctionSpec, ctx: ExpandContext): Grant[] {
  return placed(props, ctx).flatMap((p) => {
    const grants = sourceGrants(p);
    ctx.granted(grants, p.target?.address ?? valueText(p.arn ?? ""));
    return grants;
  });
}

function sourceGrants({ spec, arn, target }: Placed): Grant[] {
  if (arn === undefined) return [];
  if (spec.type === "sqs") return target?.bindings?.grants.receive ?? [{ actions: RECEIVE_ACTIONS, resources: [arn] }];
  if (spec.type === "kinesis" || spec.type === "dynamodb") return [{ actions: STREAM_ACTIONS[spec.type], resources: [arn] }];
  return [];
}

/** Declares all triggers; returns the URL of the HTTP API if there is one. */
export function trigger(props: FunctionSpec, ctx: ExpandContext, made: MadeFunction): Value | undefined {
  const routes: ApiRoute[] = [];
  const buckets = new Map<string, string>();
  const seen = new Set<string>();
  for (const p of placed(props, ctx)) {
    checkFields(p, ctx);
    const id = `${p.spec.type} ${p.key}`;
    if (!MANY.includes(p.spec.type) && seen.has(id)) {
      ctx.error("duplicate-trigger", "two triggers of one type have one source", p.path, { expected: "each source once" });
      continue;
    }
    seen.add(id);
    const { type } = p.spec;
    if (type === "apigateway") {
      if (p.spec.source)
        ctx.error("trigger-source", "an apigateway trigger makes an API of the function's own", `${p.path}.source`, {
          next: "remove it; the routes of an APIGateway name their functions by routes[].component",
        });
      const route = `${p.spec.http?.method ?? "ANY"} ${p.spec.http?.path ?? "$default"}`;
      if (seen.has(route)) ctx.error("duplicate-trigger", `two triggers are the route ${route}`, p.path, { expected: "each route once" });
      seen.add(route);
      routes.push({ ...(p.spec.http?.method ? { method: p.spec.http.method } : {}), ...(p.spec.http ? { path: p.spec.http.path } : {}) });
    } else if (type === "eventbridge") rule(p, ctx, made);
    else if (p.arn === undefined && type !== "s3") missingSource(p, ctx);
    else if (type === "s3") bucket(p, ctx, made, buckets);
    else if (type === "sns") topic(p, ctx, made);
    else mapping(p, ctx, made);
  }
  return routes.length > 0 ? httpApi(ctx, made, routes) : undefined;
}

function placed(props: FunctionSpec, ctx: ExpandContext): Placed[] {
  return (props.triggers ?? []).map((spec, i) => {
    const bucketName = typeof spec.s3?.bucket === "string" ? spec.s3.bucket : undefined;
    const name = spec.source?.component ?? bucketName;
    const target = name === undefined ? bucketByReference(spec, ctx) : ctx.target(name);
    const arn = spec.source?.arn ?? target?.outputs[SOURCE_OUTPUT[spec.type] ?? ""];
    const key = target
      ? `${target.service}-${target.component}`
      : hashJson([spec.source ?? null, spec.schedule ?? null, spec.s3?.bucket ?? null]).slice(0, 8);
    return { spec, path: `triggers[${i}]`, target, arn, key };
  });
}

/** The bucket of this stack whose name or ARN stands in an s3 trigger as a reference. */
function bucketByReference({ type, s3, source }: TriggerSpec, ctx: ExpandContext): BoundTarget | undefined {
  const same = (a: Value | undefined, b: Value | undefined) => a !== undefined && b !== undefined && hashJson(a) === hashJson(b);
  if (type !== "s3") return undefined;
  return ctx.targets.find((t) => same(t.outputs.bucketName, s3?.bucket) || same(t.outputs.bucketArn, source?.arn));
}

function missingSource(p: Placed, ctx: ExpandContext): void {
  const { type } = p.spec;
  const hints: { [type: string]: string } = {
    sqs: "source: {component: <an SQS component>} or {arn: ...}",
    sns: "source: {component: <an SNS component>} or {arn: ...}",
    dynamodb: "source: {component: <a DynamoDB component with stream.enabled>} or {arn: ...}",
    kinesis: "source: {arn: <the stream's ARN>}",
  };
  const what = p.target
    ? `${p.target.address}, a ${p.target.kind}, can't be the source of a ${type} trigger`
    : `the ${type} trigger has no source`;
  ctx.error("trigger-source", what, `${p.path}.source`, { expected: hints[type] ?? "a source" });
}

/** Fields that belong to other types of trigger. */
function checkFields(p: Placed, ctx: ExpandContext): void {
  const belongs: { [field: string]: readonly string[] } = {
    batchSize: ["sqs", "kinesis", "dynamodb"],
    schedule: ["eventbridge"],
    http: ["apigateway"],
    s3: ["s3"],
    description: ["eventbridge"],
  };
  for (const [field, types] of Object.entries(belongs))
    if (p.spec[field as keyof TriggerSpec] !== undefined && !types.includes(p.spec.type))
      ctx.error("trigger-field", `${field} means nothing for a trigger of type ${p.spec.type}`, `${p.path}.${field}`, {
        expected: `type ${types.join(" or ")}`,
      });
  const { source, s3 } = p.spec;
  if (source?.component !== undefined && source.arn !== undefined)
    ctx.error("trigger-source", "the source is said twice", `${p.path}.source`, { expected: "component, or arn" });
  if (source !== undefined && s3?.bucket !== undefined)
    ctx.error("trigger-source", "the bucket is said twice", `${p.path}.source`, { expected: "s3.bucket, or source" });
}

function mapping(p: Placed, ctx: ExpandContext, made: MadeFunction): void {
  const stream = p.spec.type !== "sqs";
  resource(ctx, `source-${p.key}`, "aws:lambda/eventSourceMapping:EventSourceMapping", {
    functionName: made.arn,
    eventSourceArn: p.arn,
    batchSize: p.spec.batchSize,
    startingPosition: stream ? "LATEST" : undefined,
    functionResponseTypes: stream ? undefined : ["ReportBatchItemFailures"],
    tags: ctx.tags,
  });
}

function topic(p: Placed, ctx: ExpandContext, made: MadeFunction): void {
  const allowed = permitCall(ctx, `permission-${p.key}`, made, { principal: "sns.amazonaws.com", sourceArn: p.arn ?? "" });
  resource(
    ctx,
    `subscription-${p.key}`,
    "aws:sns/topicSubscription:TopicSubscription",
    { topic: p.arn, protocol: "lambda", endpoint: made.arn },
    { dependsOn: [allowed] },
  );
}

/** A schedule on the default bus, or all events of a bus. */
function rule(p: Placed, ctx: ExpandContext, made: MadeFunction): void {
  const bus = p.target?.outputs.busName ?? (p.spec.source?.arn as Value | undefined);
  if ((p.spec.schedule === undefined) === (bus === undefined)) {
    const what = bus === undefined ? "an eventbridge trigger needs a schedule or a bus" : "a schedule runs on the default bus only";
    ctx.error("trigger-source", what, p.path, { expected: "schedule, or source: {component: <an EventBridge component>}" });
    return;
  }
  const events = resource(ctx, `rule-${p.key}`, "aws:cloudwatch/eventRule:EventRule", {
    description: p.spec.description,
    scheduleExpression: p.spec.schedule,
    eventBusName: bus,
    eventPattern: bus === undefined ? undefined : { $json: { source: [{ prefix: "" }] } },
    tags: ctx.tags,
  });
  const allowed = permitCall(ctx, `permission-${p.key}`, made, { principal: "events.amazonaws.com", sourceArn: events.out("arn") });
  resource(
    ctx,
    `target-${p.key}`,
    "aws:cloudwatch/eventTarget:EventTarget",
    { rule: events.out("name"), eventBusName: bus, arn: made.arn },
    { dependsOn: [allowed] },
  );
}

/** An entry in the one notification list of a bucket: handed to the bucket, or for a stranger's bucket to the stack's shared list. */
function bucket(p: Placed, ctx: ExpandContext, made: MadeFunction, permitted: Map<string, string>): void {
  const { s3 } = p.spec;
  const name = p.target?.outputs.bucketName ?? s3?.bucket ?? bucketOf(p.arn);
  if (name === undefined) {
    ctx.error("trigger-source", "the s3 trigger names no bucket", `${p.path}.s3.bucket`, { expected: "s3: {bucket: <an S3 component>}" });
    return;
  }
  if (p.target && p.target.outputs.bucketName === undefined) {
    const message = `${p.target.address}, a ${p.target.kind}, is no bucket`;
    ctx.error("trigger-source", message, `${p.path}.s3.bucket`, { expected: "an S3 component, or the name of an existing bucket" });
    return;
  }
  const role = `permission-${p.key}`;
  const arn = p.arn ?? (typeof name === "string" ? `arn:aws:s3:::${name}` : { $text: ["arn:aws:s3:::", name] });
  const allowed = permitted.get(role) ?? permitBucket(ctx, role, made, arn);
  permitted.set(role, allowed);
  const notice: BucketNotice = {
    to: ctx.address,
    list: "lambdaFunctions",
    arn: made.arn,
    events: s3?.events,
    prefix: s3?.prefix,
    suffix: s3?.suffix,
    after: [allowed],
    written: `${ctx.address}.${p.path}`,
  };
  if (p.target?.outputs.bucketName !== undefined) ctx.tell(p.target.address, notice);
  else ctx.shared("notifications", { bucket: name, notice } satisfies NoticeRequest);
}

/** The name of a bucket in its ARN. */
function bucketOf(arn: Value | undefined): string | undefined {
  return typeof arn === "string" ? /^arn:[^:]+:s3:::(.+)$/.exec(arn)?.[1] : undefined;
}
