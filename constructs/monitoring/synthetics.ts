/**
 * Requests made by the clock: for each URL a small function that EventBridge Scheduler starts, and an alarm when it fails. What it counts
 * is Lambda's own measure of errors, so it may do nothing but write its log. Costs the alarm, $0.10 a month; the runs cost next to nothing
 * (every minute, at 128 MiB and half a second: about $0.05 a month).
 */
import type { AssetRequest, ExpandContext, ResourceHandle } from "../../framework/model/index.js";
import { watchedMetric } from "../base/metric-alarm.js";
import { resource } from "../base/resource.js";
import { alarmActions, alarmSettings } from "../compute/alarms.js";
import { countedCalls } from "../compute/lambda-takeover.js";
import { logGroup } from "../compute/logs.js";
import { logGrant, workloadRole } from "../compute/roles.js";

/** A check as written. */
export interface SyntheticCheck {
  url: string;
  everyMinutes?: number | undefined;
}

/** Minutes between two requests unless it says otherwise. */
export const EVERY_MINUTES = 5;
/** Seconds that one answer may take. */
export const ANSWER_SECONDS = 10;

/** Seconds between the first request and the second, which is made where the first one failed. */
const PAUSE = 5;
const CODE = "synthetics";
/** Longest part of a URL in a role. */
const LONGEST = 60;

/** What runs: two tries, redirects followed, and an error unless the answer is below 400. */
const SOURCE = `exports.handler = async () => {
  const url = process.env.URL;
  for (let left = 1; ; left--) {
    try {
      const answer = await fetch(url, { headers: { "user-agent": "panka-synthetics" }, signal: AbortSignal.timeout(${ANSWER_SECONDS * 1000}) });
      await answer.body?.cancel();
      if (answer.status < 400) return { status: answer.status };
      throw new Error("it answered " + answer.status);
    } catch (error) {
      if (left === 0) throw new Error(url + ": " + (error.cause?.message ?? error.message));
      await new Promise((resolve) => setTimeout(resolve, ${PAUSE * 1000}));
    }
  }
};
`;

/** The functions' code, one file for all of them. */
export function checkAssets(checks: readonly SyntheticCheck[] | undefined): AssetRequest[] {
  return checks?.length ? [{ key: CODE, path: "", how: "zip", inline: { file: "index.js", text: SOURCE } }] : [];
}

/**
 * Declares them; roles `synthetics-role`, `synthetics-schedule-role`, `logs`, and per check `synthetic-<url>`, `synthetic-<url>-schedule` and
 * `synthetic-<url>-alarm`, the URL in lower case, with hyphens for all but letters and digits.
 */
export function synthetics(checks: readonly SyntheticCheck[], ctx: ExpandContext): void {
  if (checks.length === 0) return;
  const logs = logGroup(ctx);
  const role = workloadRole(ctx, "synthetics-role", "lambda.amazonaws.com", [logGrant(logs)]);
  const made = new Map<string, { check: SyntheticCheck; run: ResourceHandle }>();
  for (const [i, check] of checks.entries()) {
    const key = roleOf(check.url);
    const twin = made.get(key);
    if (twin)
      ctx.error("check-twice", `"${check.url}" and "${twin.check.url}" are one check`, `synthetics[${i}].url`, {
        expected: "URLs that differ in letters or digits",
      });
    else made.set(key, { check, run: request(ctx, key, check, { role, logs }) });
  }
  const grants = [{ actions: ["lambda:InvokeFunction"], resources: [...made.values()].map(({ run }) => run.out("arn")) }];
  const start = workloadRole(ctx, "synthetics-schedule-role", "scheduler.amazonaws.com", grants);
  for (const [key, { check, run }] of made) {
    const minutes = check.everyMinutes ?? EVERY_MINUTES;
    const target = { arn: run.out("arn"), roleArn: start.arn, retryPolicy: { maximumRetryAttempts: 0 } };
    resource(
      ctx,
      `${key}-schedule`,
      "aws:scheduler/schedule:Schedule",
      {
        description: `Asks ${check.url}`,
        scheduleExpression: `rate(${minutes} ${minutes === 1 ? "minute" : "minutes"})`,
        flexibleTimeWindow: { mode: "OFF" },
        target,
      },
      { dependsOn: start.ready },
    );
    alarm(ctx, key, check.url, minutes, run);
  }
}

function request(
  ctx: ExpandContext,
  key: string,
  { url }: SyntheticCheck,
  { role, logs }: { role: ReturnType<typeof workloadRole>; logs: ResourceHandle },
): ResourceHandle {
  return resource(
    ctx,
    key,
    "aws:lambda/function:Function",
    {
      description: `Asks ${url}`.slice(0, 256),
      packageType: "Zip",
      runtime: "nodejs22.x",
      handler: "index.handler",
      code: ctx.asset(CODE),
      role: role.arn,
      memorySize: 128,
      timeout: 2 * ANSWER_SECONDS + PAUSE + 5,
      architectures: ["arm64"],
      environment: { variables: { URL: url } },
      loggingConfig: { logFormat: "Text", logGroup: logs.out("name") },
      tags: ctx.tags,
    },
    { dependsOn: role.ready },
  );
}

/** One failed run is enough: each tries twice. Where nothing ran the alarm says that it knows nothing. */
function alarm(ctx: ExpandContext, key: string, url: string, minutes: number, run: ResourceHandle): void {
  const actions = alarmActions(alarmSettings(ctx) ?? {});
  resource(ctx, `${key}-alarm`, "aws:cloudwatch/metricAlarm:MetricAlarm", {
    ...watchedMetric(countedCalls({ FunctionName: run.out("name") }).errors, minutes * 60),
    evaluationPeriods: 1,
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    treatMissingData: "missing",
    alarmDescription: `${url} gave no good answer within ${ANSWER_SECONDS} seconds, twice`,
    alarmActions: actions,
    okActions: actions,
    tags: ctx.tags,
  });
}

/** `https://shop.example.com/health` is `synthetic-shop-example-com-health`. */
function roleOf(url: string): string {
  const words = url
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST)
    .replaceAll(/^-|-$/g, "");
  return `synthetic-${words}`;
}
