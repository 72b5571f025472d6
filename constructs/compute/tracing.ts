/** Traces of workloads, as the stack's Observability document asks for them: a collector beside a container, variables, permissions. */
import { canonicalJson } from "../../framework/base/json.js";
import type { ExpandContext, Grant, Value } from "../../framework/model/index.js";
import { imageReference } from "./image.js";
import { COLLECTOR_IMAGE } from "./images.js";
import { observabilityOf } from "./logs.js";

/** What a workload gets for its traces. */
export interface Tracing {
  /** Variables of the program; its own win. */
  environment: { name: string; value: Value }[];
  /** For the role that the program, and the collector beside it, act as. */
  grants: Grant[];
}

/** Name of the collector's container. */
export const COLLECTOR = "trace-collector";
/** Where the collector listens, within the task only: the ports of OpenTelemetry and of the X-Ray daemon. */
const AT = Object.freeze({ grpc: "localhost:4317", http: "localhost:4318", daemon: "localhost:2000" });

/** Writing segments, and what SDKs ask to sample by central rules; X-Ray knows no resources for them (Service Authorization Reference). */
const XRAY_ACTIONS = [
  ...["xray:GetSamplingRules", "xray:GetSamplingStatisticSummaries", "xray:GetSamplingTargets"],
  ...["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
];

/** Whether requests are traced by X-Ray. */
export function tracingOn(ctx: Pick<ExpandContext, "infra">): boolean {
  return observabilityOf(ctx).tracing?.xray ?? false;
}

/** The permission to write to X-Ray; none where it is off. */
export function xrayGrants(ctx: Pick<ExpandContext, "infra">): Grant[] {
  return tracingOn(ctx) ? [{ actions: XRAY_ACTIONS, resources: ["*"] }] : [];
}

/** What a container gets. With X-Ray its program sends to the collector beside it, else to the endpoint itself. */
export function containerTracing(ctx: ExpandContext): Tracing {
  const xray = tracingOn(ctx);
  const endpoint = endpointOf(ctx);
  if (!xray) return { environment: endpoint === undefined ? [] : openTelemetry(ctx, endpoint), grants: [] };
  return {
    environment: [
      { name: "AWS_XRAY_DAEMON_ADDRESS", value: AT.daemon },
      ...openTelemetry(ctx, `http://${AT.http}`),
      // X-Ray takes traces only; without an endpoint for the rest an SDK would report failures without end.
      ...(endpoint === undefined
        ? [
            { name: "OTEL_LOGS_EXPORTER", value: "none" },
            { name: "OTEL_METRICS_EXPORTER", value: "none" },
          ]
        : []),
    ],
    grants: xrayGrants(ctx),
  };
}

/** What a function gets; X-Ray takes its traces from Lambda itself. */
export function functionTracing(ctx: ExpandContext): Tracing {
  const endpoint = endpointOf(ctx);
  return { environment: endpoint === undefined ? [] : openTelemetry(ctx, endpoint), grants: xrayGrants(ctx) };
}

/** The collector's container, if there is one; `log`: its log configuration. A task goes on without it. */
export function collector(ctx: ExpandContext, log: Value): Value[] {
  if (!tracingOn(ctx)) return [];
  return [
    {
      name: COLLECTOR,
      image: imageReference(COLLECTOR_IMAGE),
      essential: false,
      memoryReservation: 64,
      environment: [
        { name: "AOT_CONFIG_CONTENT", value: canonicalJson(collectorConfig(endpointOf(ctx))) },
        { name: "AWS_REGION", value: ctx.regionValue },
      ],
      logConfiguration: log,
    },
  ];
}

function endpointOf(ctx: ExpandContext): string | undefined {
  return observabilityOf(ctx).tracing?.otel?.endpoint;
}

/** The collector's configuration (aws-otel.github.io, "AWS X-Ray exporter", "OTLP HTTP exporter"): traces to X-Ray, and everything to the endpoint. */
function collectorConfig(endpoint: string | undefined) {
  const otlp = { protocols: { grpc: { endpoint: AT.grpc }, http: { endpoint: AT.http } } };
  const onwards = { receivers: ["otlp"], processors: ["batch"], exporters: ["otlphttp"] };
  return {
    receivers: { otlp, awsxray: { endpoint: AT.daemon, transport: "udp" } },
    processors: { batch: { timeout: "1s", send_batch_size: 50 } },
    exporters: { awsxray: {}, ...(endpoint === undefined ? {} : { otlphttp: { endpoint } }) },
    service: {
      pipelines: {
        traces: {
          receivers: ["otlp", "awsxray"],
          processors: ["batch"],
          exporters: endpoint === undefined ? ["awsxray"] : ["awsxray", "otlphttp"],
        },
        ...(endpoint === undefined ? {} : { logs: onwards, metrics: onwards }),
      },
    },
  };
}

/** Variables that every OpenTelemetry SDK reads (OpenTelemetry specification, "Environment Variable Specification", "OTLP Exporter"). */
function openTelemetry(ctx: ExpandContext, endpoint: string): Tracing["environment"] {
  return [
    { name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: endpoint },
    { name: "OTEL_EXPORTER_OTLP_PROTOCOL", value: "http/protobuf" },
    { name: "OTEL_RESOURCE_ATTRIBUTES", value: `service.namespace=${ctx.service},deployment.environment=${ctx.environment}` },
    { name: "OTEL_SERVICE_NAME", value: ctx.component },
  ];
}
