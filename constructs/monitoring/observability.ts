/**
 * Observability: how a stack's logs are kept and what raises an alarm. Costs: $0.50 per GB of logs, $0.10 per alarm and month (us-east-1, 2026-11).
 *
 *   new Observability(stack, {
 *     logging: { retentionDays: 14 },
 *     alarms: { snsTopic: "arn:aws:sns:us-east-1:123456789012:oncall", cpuPercent: 80 },
 *   });
 */
import { z } from "zod";
import { bool, decimal, group, int, notYet, text } from "../../framework/model/fields.js";
import type { PropsOf } from "../base/common.js";
import { InfraConstruct } from "../base/infra.js";
import { defineKind } from "../base/kind.js";
import type { Stack } from "../base/stack.js";

/** What CloudWatch Logs accepts (API reference, PutRetentionPolicy); 0 = for ever. */
export const RETENTION_DAYS = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const percent = (description: string, standard?: number) =>
  decimal(description, 0, 100, { unit: "percent", ...(standard === undefined ? {} : { default: standard }) }).optional();

const schema = z.strictObject({
  logging: group(
    {
      retentionDays: int("How long logs are kept; 0 = for ever.", 0, 3653, { unit: "days", default: 30 })
        .refine((n) => (RETENTION_DAYS as readonly number[]).includes(n), { error: `expected one of ${RETENTION_DAYS.join(", ")}` })
        .optional(),
      destination: notYet("Where logs go; now always CloudWatch Logs."),
    },
    "Logs.",
  ).optional(),
  metrics: notYet("Container Insights."),
  tracing: notYet("X-Ray and OpenTelemetry."),
  slo: notYet("Objectives and burn-rate alarms."),
  synthetics: notYet("Requests made by the clock."),
  alarms: group(
    {
      enabled: bool("On or off.", { default: true }).optional(),
      snsTopic: text("Whom to tell: a topic's ARN, or the name of an existing topic.").optional(),
      cpuPercent: percent("Average CPU of a service.", 85),
      memoryPercent: percent("Average memory of a service.", 85),
      http5xxPercent: percent("Share of answers that are server errors.", 5),
      latencyP99Ms: int("Time that 99 % of the answers stay under.", 1, undefined, { unit: "milliseconds" }).optional(),
      dlqDepth: int("Messages in a dead-letter queue; the alarm is raised above it.", 0, undefined, {
        unit: "messages",
        default: 0,
      }).optional(),
    },
    "Alarms of all components.",
  ).optional(),
  dashboard: notYet("A dashboard of the stack."),
});

/** Props of {@link Observability}. */
export interface ObservabilityProps extends PropsOf<typeof schema> {}

/** How a stack is watched. */
export class Observability extends InfraConstruct {
  constructor(stack: Stack, props: ObservabilityProps) {
    super("Observability", stack, props);
  }
}

/** Kind `Observability`. */
export const observabilityKind = defineKind({
  name: "Observability",
  group: "infra",
  summary: "How logs are kept and what raises an alarm.",
  schema,
  infra: [],
  outputs: {},
  stateful: false,
});
