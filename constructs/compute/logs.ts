/** Log groups of workloads, and what the stack's Observability document says of them. */
import type { ExpandContext, ResourceHandle, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import type { LogDeliveryHandle } from "../shared/log-delivery.js";

/** Days that logs are kept unless Observability says otherwise. */
export const DEFAULT_RETENTION_DAYS = 30;

/** What workloads read of the Observability document. */
export interface ObservabilitySpec {
  logging?: { retentionDays?: number; destination?: string | { firelens: FirelensSpec } } | undefined;
  metrics?: { containerInsights?: boolean } | undefined;
  tracing?: { xray?: boolean; otel?: { endpoint: string } } | undefined;
  alarms?: AlarmSettings | undefined;
}

/** A log router of one's own. */
export interface FirelensSpec {
  image?: string | undefined;
  /** Options of the router's output; numbers and booleans as text. */
  options: { [name: string]: string };
}

/** Alarm thresholds; see the Observability kind. */
export interface AlarmSettings {
  enabled?: boolean | undefined;
  snsTopic?: Value | undefined;
  cpuPercent?: number | undefined;
  memoryPercent?: number | undefined;
  http5xxPercent?: number | undefined;
  latencyP99Ms?: number | undefined;
  dlqDepth?: number | undefined;
}

/** The stack's Observability document, or an empty one. */
export function observabilityOf(ctx: Pick<ExpandContext, "infra">): ObservabilitySpec {
  return (ctx.infra("Observability") ?? {}) as ObservabilitySpec;
}

/** Days that logs are kept. */
export function retentionDays(ctx: Pick<ExpandContext, "infra">): number {
  return observabilityOf(ctx).logging?.retentionDays ?? DEFAULT_RETENTION_DAYS;
}

/** ARN of the stream of Amazon Data Firehose that logs go to as well, or undefined. */
export function logStream(ctx: Pick<ExpandContext, "infra">): string | undefined {
  const destination = observabilityOf(ctx).logging?.destination;
  return typeof destination === "string" && destination.startsWith(FIREHOSE) ? destination.slice(FIREHOSE.length) : undefined;
}

const FIREHOSE = "firehose:";

/** Declares the component's log group, role `logs`, and where logs go on to a stream its subscription, role `logs-delivery`. */
export function logGroup(ctx: ExpandContext, name?: string): ResourceHandle {
  const group = resource(ctx, "logs", "aws:cloudwatch/logGroup:LogGroup", { name, retentionInDays: retentionDays(ctx), tags: ctx.tags });
  const destinationArn = logStream(ctx);
  if (destinationArn !== undefined) {
    const delivery = ctx.shared<LogDeliveryHandle>("log-delivery", {});
    resource(
      ctx,
      "logs-delivery",
      "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
      { name: "delivery", logGroup: group.out("name"), filterPattern: "", destinationArn, roleArn: delivery.roleArn },
      { dependsOn: delivery.ready },
    );
  }
  return group;
}
