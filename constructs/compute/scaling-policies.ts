/** Target tracking: values that Application Auto Scaling holds by adding and removing tasks. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { asTarget, MEASURES, type ScalingPlace, type Source } from "./scaling-metrics.js";
import type { AutoscalingSpec } from "./scaling-spec.js";

/** Percent of CPU kept where autoscaling is on and says nothing else. */
export const DEFAULT_CPU_TARGET = 70;

/** A field that holds a value, and the measure that it holds. */
const HELD = [
  { field: "targetMemoryPercent", measure: "memoryPercent", role: "scaling-memory" },
  { field: "requestsPerTarget", measure: "requestsPerTarget", role: "scaling-requests" },
  { field: "targetResponseTimeMs", measure: "responseTimeMs", role: "scaling-response-time" },
  { field: "queueDepthPerTask", measure: "queueDepthPerTask", role: "scaling-queue-depth" },
  { field: "queueLatencySeconds", measure: "queueLatencySeconds", role: "scaling-queue-latency" },
  { field: "targetCPUPercent", measure: "cpuPercent", role: "scaling-cpu" },
] as const;

/** What the predefined metrics are called (Application Auto Scaling API reference, PredefinedMetricSpecification). */
const PREDEFINED: { [measure: string]: string } = {
  cpuPercent: "ECSServiceAverageCPUUtilization",
  memoryPercent: "ECSServiceAverageMemoryUtilization",
  requestsPerTarget: "ALBRequestCountPerTarget",
};

type Configuration = { targetValue: number } & (
  | { predefinedMetricSpecification: { predefinedMetricType: string; resourceLabel?: Value } }
  | { customizedMetricSpecification: ReturnType<typeof asTarget> }
);

/** One policy per value that is held, by role: `scaling-memory`, `scaling-requests`, `scaling-response-time`, `scaling-queue-depth`, `scaling-queue-latency`, `scaling-metric`, `scaling-cpu`. */
export function policies(spec: AutoscalingSpec, place: ScalingPlace): [string, Configuration][] {
  const { customMetric, steps } = spec;
  const others = HELD.some(({ field }) => spec[field] !== undefined) || customMetric !== undefined || (steps?.length ?? 0) > 0;
  const held = others ? spec : { ...spec, targetCPUPercent: DEFAULT_CPU_TARGET };
  const out = HELD.flatMap(({ field, measure, role }): [string, Configuration][] => {
    const wanted = held[field];
    return wanted === undefined ? [] : [[role, configuration(measure, wanted, place)]];
  });
  return customMetric ? [...out, ["scaling-metric", own(customMetric)]] : out;
}

function configuration(measure: keyof typeof MEASURES, wanted: number, place: ScalingPlace): Configuration {
  const predefinedMetricType = PREDEFINED[measure];
  const { of, scale = 1 } = MEASURES[measure];
  if (predefinedMetricType === undefined)
    return { targetValue: Number((wanted * scale).toFixed(6)), customizedMetricSpecification: asTarget(of(place)) };
  const { balancer } = place;
  const label = measure === "requestsPerTarget" && balancer && { $text: [balancer.loadBalancer, "/", balancer.targetGroup] };
  return { targetValue: wanted, predefinedMetricSpecification: { predefinedMetricType, ...(label ? { resourceLabel: label } : {}) } };
}

function own({ namespace, name, dimensions, target }: NonNullable<AutoscalingSpec["customMetric"]>): Configuration {
  const metric = { namespace, name, dimensions: dimensions ?? {}, statistic: "Average" };
  return { targetValue: target, customizedMetricSpecification: asTarget({ metrics: [{ id: "m", metric }] }) };
}

/** Where each source is missing: what is said of it, and what to do. */
const MISSING: { [S in Source]?: { code: string; says: string; next: string } } = {
  balancer: {
    code: "needs-load-balancer",
    says: "is measured by the application load balancer, which this component has not",
    next: "set networking.loadBalancer.enabled: true, or scale by targetCPUPercent",
  },
  queues: {
    code: "needs-queue",
    says: "is measured at the queues that a component reads, and this one reads none",
    next: "subscribe to a queue (a Worker's subscribes), or name one in uses with access: receive",
  },
};

/** Reports what the component can't be measured by, and what would be moved by two at once. True if there is nothing to report. */
export function measurable(ctx: ExpandContext, spec: AutoscalingSpec, place: ScalingPlace): boolean {
  const section = "scaling.autoscaling";
  const steps = spec.steps ?? [];
  const asked = [
    ...HELD.flatMap(({ field, measure }) => (spec[field] === undefined ? [] : [{ name: field, measure, path: `${section}.${field}` }])),
    ...steps.map(({ metric }, i) => ({ name: metric, measure: metric, path: `${section}.steps[${i}].metric` })),
  ];
  const has = { tasks: true, balancer: place.balancer !== undefined, queues: place.queues.length > 0 };
  let ok = true;
  for (const { name, measure, path } of asked) {
    const { source } = MEASURES[measure];
    const missing = MISSING[source];
    if (has[source] || !missing) continue;
    ctx.error(missing.code, `${name} ${missing.says}`, path, { next: missing.next });
    ok = false;
  }
  for (const { field, measure } of HELD)
    if (spec[field] !== undefined && steps.some((s) => s.metric === measure)) {
      ctx.error("scaling-twice", `${field} and the steps of ${measure} would pull against each other`, `${section}.steps`, {
        expected: "one of them",
      });
      ok = false;
    }
  return ok;
}
