/** Log groups of workloads, and what the stack's Observability document says of them. */
import type { ExpandContext, ResourceHandle, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";

/** Days that logs are kept unless Observability says otherwise. */
export const DEFAULT_RETENTION_DAYS = 30;

/** What workloads read of the Observability document. */
export interface ObservabilitySpec {
  logging?: { retentionDays?: number } | undefined;
  tracing?: { xray?: boolean } | undefined;
  alarms?: AlarmSettings | undefined;
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

/** Whether requests are traced by X-Ray. */
export function tracingOn(ctx: Pick<ExpandContext, "infra">): boolean {
  return observabilityOf(ctx).tracing?.xray ?? false;
}

/** Declares the component's log group, role `logs`. */
export function logGroup(ctx: ExpandContext, name?: string): ResourceHandle {
  return resource(ctx, "logs", "aws:cloudwatch/logGroup:LogGroup", { name, retentionInDays: retentionDays(ctx), tags: ctx.tags });
}
