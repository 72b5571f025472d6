/** The field `scaling.autoscaling`: what changes the number of tasks by itself. */
import { LABEL } from "../../framework/base/names.js";
import { bool, decimal, group, int, listOf, mapOf, oneOf, plainText } from "../../framework/model/fields.js";

/** What steps may be taken by. */
export const STEP_METRICS = [
  "cpuPercent",
  "memoryPercent",
  "requestsPerTarget",
  "responseTimeMs",
  "queueDepth",
  "queueLatencySeconds",
] as const;

/** Minutes in a row that a metric must be beyond a step before tasks are added, and before they are removed. */
export const STEP_MINUTES = Object.freeze({ add: 2, remove: 15 });

const step = group(
  {
    metric: oneOf(
      STEP_METRICS,
      "What is measured: averages of cpuPercent and memoryPercent over the tasks, requestsPerTarget a minute and responseTimeMs at the load balancer, messages that wait in all queues together (queueDepth), age of the oldest (queueLatencySeconds).",
    ),
    above: decimal("The step holds from this value up to that of the next step; with add.", 0).optional(),
    below: decimal("The step holds from this value down to that of the next step; with remove.", 0).optional(),
    add: int("Tasks that are added.", 1).optional(),
    remove: int("Tasks that are removed.", 1).optional(),
  },
  "One step.",
);

/** A time at which limits of scaling change, and its name. */
export const scalingTime = {
  name: plainText("Its name.", { pattern: LABEL, expected: "lower case, digits and hyphens" }),
  at: plainText("When: `cron(minutes hours day-of-month month day-of-week year)` or `rate(1 hour)`.", {
    pattern: /^(rate|cron)\(.+\)$/,
    expected: "rate(...) or cron(...)",
  }),
  timezone: plainText("Time zone, such as Europe/Berlin.", { default: "UTC" }).optional(),
};

const limitsFromThen = group(
  {
    ...scalingTime,
    minReplicas: int("Fewest tasks from then on.", 0).optional(),
    maxReplicas: int("Most tasks from then on.", 0).optional(),
  },
  "One time at which the limits change.",
);

/** `scaling.autoscaling`. */
export const autoscaling = group(
  {
    enabled: bool("On or off.", { default: "on if maxReplicas is above minReplicas" }).optional(),
    minReplicas: int("Fewest tasks; 0 with a queue or a schedule that starts the first one.", 0).optional(),
    maxReplicas: int("Most tasks.", 1).optional(),
    targetCPUPercent: decimal("Average CPU to hold.", 1, 100, { unit: "percent", default: "70, where nothing else is said" }).optional(),
    targetMemoryPercent: decimal("Average memory to hold.", 1, 100, { unit: "percent" }).optional(),
    requestsPerTarget: int("Requests per task and minute to hold.", 1).optional(),
    targetResponseTimeMs: decimal(
      "Average time to hold that tasks take to answer, as the application load balancer sees it.",
      1,
      undefined,
      {
        unit: "milliseconds",
      },
    ).optional(),
    queueDepthPerTask: decimal(
      "Messages per task to hold that wait in the queues that the component subscribes to, else in those it may receive from: what one task handles in the time that a message may wait. With minReplicas 0 two minutes with messages start the first task.",
      1,
      undefined,
      { unit: "messages" },
    ).optional(),
    queueLatencySeconds: decimal("Age of the oldest waiting message to hold, of the same queues.", 1, undefined, {
      unit: "seconds",
    }).optional(),
    customMetric: group(
      {
        namespace: plainText("Namespace of the metric.", { min: 1, max: 255 }),
        name: plainText("Name of the metric.", { min: 1, max: 255 }),
        dimensions: mapOf(plainText("The value."), "Dimensions.").optional(),
        target: decimal("The value that is held, as an average over the tasks."),
      },
      "A metric of your own to hold; it must fall when tasks are added.",
    ).optional(),
    steps: listOf(
      step,
      `Step scaling: so many tasks more or fewer at once, the more the further the metric is away. Tasks are added after ${STEP_MINUTES.add} minutes, removed after ${STEP_MINUTES.remove}. An alarm per metric and direction, $0.10 a month.`,
    ).optional(),
    schedule: listOf(limitsFromThen, "Scaling by the clock: limits that hold from a time on, until the next one.").optional(),
    scaleInCooldownSeconds: int("Pause after removing tasks.", 0, 3600, { unit: "seconds", default: 300 }).optional(),
    scaleOutCooldownSeconds: int("Pause after adding tasks.", 0, 3600, { unit: "seconds", default: 60 }).optional(),
  },
  "Automatic scaling. Each value to hold is a policy with two alarms, $0.10 a month each; where several are said, the one that wants the most tasks wins.",
);
