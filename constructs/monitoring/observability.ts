/**
 * Observability: where a stack's logs and traces go, what raises an alarm, and its dashboard. Costs: $0.50 per GB of logs, $0.10 per alarm
 * and month (a request by the clock has one), $5 per million traces, $3 a month for the dashboard after the account's third (us-east-1, 2026-11).
 *
 *   new Observability(stack, {
 *     logging: { retentionDays: 14 },
 *     tracing: { xray: true },
 *     alarms: { snsTopic: "arn:aws:sns:us-east-1:123456789012:oncall", cpuPercent: 80 },
 *   });
 */
import { z } from "zod";
import { bool, decimal, group, int, listOf, mapOf, plainText, text } from "../../framework/model/fields.js";
import type { PropsOf } from "../base/common.js";
import { InfraConstruct } from "../base/infra.js";
import { defineKind } from "../base/kind.js";
import type { Stack } from "../base/stack.js";
import { objectives, WINDOW_DAYS } from "./slo.js";
import { stackDashboard } from "./stack-dashboard.js";
import { checkAssets, EVERY_MINUTES, type SyntheticCheck, synthetics } from "./synthetics.js";

/** What CloudWatch Logs accepts (API reference, PutRetentionPolicy); 0 = for ever. */
export const RETENTION_DAYS = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const percent = (description: string, standard?: number) =>
  decimal(description, 0, 100, { unit: "percent", ...(standard === undefined ? {} : { default: standard }) }).optional();

const destination = z
  .union([
    plainText("`cloudwatch`, or `firehose:<ARN>`: a stream of Amazon Data Firehose gets the lines that CloudWatch Logs takes.", {
      pattern: /^(cloudwatch|firehose:arn:[a-z-]+:firehose:[a-z0-9-]+:\d{12}:deliverystream\/[A-Za-z0-9_.-]{1,64})$/,
      expected: "cloudwatch, firehose:<ARN of a stream>, or firelens",
      default: "cloudwatch",
    }),
    group(
      {
        firelens: group(
          {
            image: plainText("Its image.", { default: "AWS for Fluent Bit" }).optional(),
            options: mapOf(
              plainText("The value."),
              "Options of its output, such as Name, region and delivery_stream of Fluent Bit's firehose.",
            ),
          },
          "A log router beside each container (Fluent Bit, by FireLens). What its output calls must be in the component's permissions.",
        ),
      },
      "A log router; logs of functions stay in CloudWatch Logs.",
    ),
  ])
  .meta({ description: "Where logs go, beside or instead of CloudWatch Logs." });

const schema = z.strictObject({
  logging: group(
    {
      retentionDays: int("How long logs are kept; 0 = for ever.", 0, 3653, { unit: "days", default: 30 })
        .refine((n) => (RETENTION_DAYS as readonly number[]).includes(n), { error: `expected one of ${RETENTION_DAYS.join(", ")}` })
        .optional(),
      destination: destination.optional(),
    },
    "Logs of containers and functions.",
  ).optional(),
  metrics: group(
    {
      containerInsights: bool("Measures of single tasks and containers, by Container Insights.", {
        default: "as the account says",
      }).optional(),
    },
    "Metrics beyond those that AWS gives for nothing.",
  ).optional(),
  tracing: group(
    {
      xray: bool(
        "Traces to AWS X-Ray: a collector beside each container takes those of OpenTelemetry and X-Ray SDKs; functions and rest APIs are traced by AWS.",
        { default: false },
      ).optional(),
      otel: group(
        {
          endpoint: plainText(
            "URL of an OpenTelemetry collector (OTLP over HTTP), such as http://collector.internal:4318. Programs send there, with X-Ray through the collector beside them.",
            { pattern: /^https?:\/\/[^\s/]+(\/\S*)?$/, expected: "a URL that begins with http:// or https://" },
          ),
        },
        "OpenTelemetry.",
      ).optional(),
    },
    "Traces of requests through containers and functions.",
  ).optional(),
  slo: listOf(
    group(
      {
        component: plainText(
          "Whose answers are counted: a service behind a load balancer or a function, `service/component` or its bare name.",
        ),
        objective: decimal("Share of answers that must be good.", 50, 99.999, { unit: "percent" }),
        windowDays: int("Time over which that holds.", 7, 90, { unit: "days", default: WINDOW_DAYS }).optional(),
        latencyMs: int("Slower answers are not good either.", 1, undefined, { unit: "milliseconds" }).optional(),
      },
      "One objective.",
    ),
    "Objectives. An alarm is raised when the errors that one allows are used up too fast: 2 % of them within an hour, or 5 % within six.",
  ).optional(),
  synthetics: listOf(
    group(
      {
        url: plainText("What is asked, by GET; an answer below 400 within ten seconds is good. It must be reachable from the internet.", {
          pattern: /^https?:\/\/[^\s/@]+(\/\S*)?$/,
          expected: "a URL that begins with http:// or https://, without user and password",
        }),
        everyMinutes: int("Minutes between two requests.", 1, 1440, { unit: "minutes", default: EVERY_MINUTES }).optional(),
      },
      "One request.",
    ),
    "Requests made by the clock, each with an alarm when it fails twice within a run.",
  ).optional(),
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
  dashboard: group(
    { enabled: bool("On or off.", { default: true }).optional() },
    "A dashboard of the stack: a row for each component that is measured.",
  ).optional(),
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
  summary: "Where logs and traces go, what raises an alarm, and the stack's dashboard.",
  schema,
  infra: [],
  outputs: {},
  stateful: false,
  assets: (props) => checkAssets(props["synthetics"] as SyntheticCheck[] | undefined),
  complete(spec: z.output<typeof schema>, components, ctx) {
    if (spec.dashboard && spec.dashboard.enabled !== false) stackDashboard(components, ctx);
    objectives(spec.slo ?? [], components, ctx);
    synthetics(spec.synthetics ?? [], ctx);
  },
});
