/**
 * Burn-rate alarms of service-level objectives, each over two windows: the long one says that it matters, the short one that it still goes
 * on (Site Reliability Workbook, "Alerting on SLOs", 6). Four metric alarms at $0.20 to $0.30 and two composite ones at $0.50 a month per objective.
 */
import type { Bindings, ExpandContext, StackComponent, Value } from "../../framework/model/index.js";
import { ComponentNames } from "../../framework/model/component-names.js";
import { queriedMetric } from "../base/metric-alarm.js";
import { resource } from "../base/resource.js";
import { alarmActions, alarmSettings } from "../compute/alarms.js";

/** Days over which an objective holds unless it says otherwise. */
export const WINDOW_DAYS = 30;

/** An objective as written. */
export interface Objective {
  component: string;
  objective: number;
  windowDays?: number | undefined;
  latencyMs?: number | undefined;
}

/** How fast is too fast: share of the allowed errors within the long window, seconds; the short window is a twelfth of it. */
const BURNS = [
  { role: "fast", share: 0.02, long: 3600, short: 300 },
  { role: "slow", share: 0.05, long: 21_600, short: 1800 },
] as const;

const DAY = 86_400;

/** Declares the alarms; roles `slo-<service>-<component>-<fast|slow>`, and with `-long` and `-short` their two windows. */
export function objectives(slo: readonly Objective[], components: readonly StackComponent[], ctx: ExpandContext): void {
  const byAddress = new Map(components.map((c) => [c.address, c]));
  const names = new ComponentNames(byAddress.keys());
  const seen = new Set<string>();
  for (const [i, objective] of slo.entries()) {
    const path = `slo[${i}].component`;
    const target = byAddress.get(addressOf(objective.component, names, path, ctx) ?? "");
    if (!target) continue;
    if (seen.has(target.address)) ctx.error("objective-twice", `"${target.address}" has an objective already`, path);
    else if (!target.bindings?.answers)
      ctx.error("no-answers", `nobody counts the answers of "${target.address}"`, path, {
        expected: "a service behind an application load balancer, or a Lambda",
      });
    else alarms(target.address, target.bindings.answers, objective, ctx, `slo[${i}].objective`);
    seen.add(target.address);
  }
}

/** What the name means; reports one that means nothing, or several components. */
function addressOf(name: string, names: ComponentNames, path: string, ctx: ExpandContext): string | undefined {
  const found = names.find(name, undefined);
  if ("address" in found) return found.address;
  if ("candidates" in found)
    ctx.error("ambiguous-component", `"${name}" may be ${found.candidates.join(" or ")}`, path, { expected: "service/component" });
  else ctx.error("unknown-component", `there is no component "${name}"`, path, found.nearest ? { suggestion: found.nearest } : {});
  return undefined;
}

function alarms(address: string, answers: Answers, spec: Objective, ctx: ExpandContext, path: string): void {
  const allowed = 100 - spec.objective;
  const days = spec.windowDays ?? WINDOW_DAYS;
  for (const { role, share, long, short } of BURNS) {
    const threshold = rounded(allowed * share * ((days * DAY) / long));
    if (threshold >= 100) {
      const least = Math.ceil((100 - 100 / (share * ((days * DAY) / long))) * 10) / 10;
      ctx.error("objective-too-low", `at ${spec.objective} % the errors of ${days} days can't be used up too fast within an hour`, path, {
        expected: `more than ${least} %, or a smaller windowDays`,
      });
      return;
    }
    const key = `slo-${address.replace("/", "-")}-${role}`;
    const over = (name: string, period: number): Value => {
      const alarm = resource(ctx, `${key}-${name}`, "aws:cloudwatch/metricAlarm:MetricAlarm", {
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanThreshold",
        threshold,
        treatMissingData: "notBreaching",
        alarmDescription: `More than ${threshold} % of the answers of ${address} were not good for ${period / 60} minutes`,
        metricQueries: badShare(answers, period, spec.latencyMs),
        tags: ctx.tags,
      });
      return alarm.out("name");
    };
    const actions = alarmActions(alarmSettings(ctx) ?? {});
    resource(ctx, key, "aws:cloudwatch/compositeAlarm:CompositeAlarm", {
      alarmName: undefined,
      alarmRule: { $text: ['ALARM("', over("long", long), '") AND ALARM("', over("short", short), '")'] },
      alarmDescription: `${address} uses up its allowed errors (${rounded(allowed)} % in ${days} days) ${role === "fast" ? "within days" : "too soon"}`,
      alarmActions: actions,
      okActions: actions,
      tags: ctx.tags,
    });
  }
}

type Answers = NonNullable<Bindings["answers"]>;

/** Share of answers that were errors or, with a latency, slower; one that is both counts twice. Percent. */
function badShare({ requests, errors, duration, unit }: Answers, period: number, latencyMs: number | undefined) {
  const limit = unit === "seconds" ? (latencyMs ?? 0) / 1000 : latencyMs;
  return [
    {
      id: "bad",
      expression: `100 * FILL(errors, 0) / requests${latencyMs === undefined ? "" : " + 100 - fast"}`,
      label: "bad percent",
      returnData: true,
    },
    queriedMetric("errors", errors, period),
    queriedMetric("requests", requests, period),
    // Percentile rank: the share of samples up to the limit (CloudWatch User Guide, "Statistics definitions").
    ...(latencyMs === undefined ? [] : [queriedMetric("fast", { ...duration, statistic: `PR(:${limit})` }, period)]),
  ];
}

/** Without the noise of binary fractions. */
function rounded(n: number): number {
  return Number(n.toPrecision(6));
}
