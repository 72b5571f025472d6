/**
 * EventBridge: rules on the default bus or on a bus of the component's own, and what they call.
 * Costs nothing while idle; $1 per million events put on a bus of one's own (us-east-1, 2026-11).
 *
 *   new EventBridge(service, "clock", {
 *     rules: [{ name: "nightly", schedule: "rate(1 day)", targets: [{ component: "jobs" }] }],
 *   });
 */
import { z } from "zod";
import { anything, group, listOf, plainText } from "../../framework/model/fields.js";
import type { BoundTarget, ExpandContext, Link, Metric, Ref, ResourceHandle, Run, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { calledFunction, permitCall } from "../compute/lambda-permission.js";
import { metricsOf } from "../base/metrics.js";
import { declared, resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { assumeRolePolicy, policyDocument } from "../iam.js";
import { announce, policiesOf, unreadableTopic } from "./receivers.js";

const LABEL = { pattern: /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, expected: "lower-case letters, digits and hyphens", max: 40 };

const schema = () =>
  z.strictObject({
    bus: group(
      { name: plainText("The bus's physical name.", { min: 1, max: 256, default: "generated" }).optional() },
      "A bus of its own; without it rules are on the account's default bus.",
    ).optional(),
    rules: listOf(
      group(
        {
          name: plainText("The rule's name within the component.", LABEL),
          schedule: plainText("`rate(5 minutes)` or `cron(0 8 * * ? *)`, UTC; on the default bus only.").optional(),
          pattern: anything("Events that match, as EventBridge's event pattern in JSON.").optional(),
          targets: listOf(
            group(
              {
                component: plainText(
                  "An SQS, SNS, Lambda, CronJob or other EventBridge component; of the last its bus; a job runs then beside its schedule, too.",
                ),
                input: anything("Sent instead of the event, as JSON; a job is sent nothing.").optional(),
                deadLetter: plainText("An SQS component for events that could not be delivered.").optional(),
              },
              "One target.",
            ),
            "What is called, at most five.",
          ).optional(),
        },
        "One rule.",
      ),
      "When, and what for.",
    ).optional(),
    ...commonFields,
  });

/** Props of {@link EventBridge}. */
export interface EventBridgeProps extends PropsOf<ReturnType<typeof schema>> {}

/** Rules and, where asked for, a bus. */
export class EventBridge extends Component {
  constructor(service: Service, name: string, props: EventBridgeProps = {}) {
    super("EventBridge", service, name, props);
  }

  get busName(): Ref {
    return this.output("busName");
  }

  get busArn(): Ref {
    return this.output("busArn");
  }

  /** Lets the user put events. */
  publish(): Use {
    return this.use("publish");
  }
}

type Props = Expanded<z.output<ReturnType<typeof schema>>>;
type Rule = NonNullable<Props["rules"]>[number];
type Target = NonNullable<Rule["targets"]>[number];

/** Kind `EventBridge`. */
export const eventbridgeKind = defineKind({
  name: "EventBridge",
  group: "components",
  summary: "Rules on an event bus, and what they call.",
  schema,
  infra: [],
  outputs: { busName: "Name of the bus.", busArn: "ARN of the bus." },
  stateful: false,
  links: (props) =>
    (props.rules ?? []).flatMap((rule, i) =>
      (rule.targets ?? []).flatMap((target, j): Link[] => {
        const path = `rules[${i}].targets[${j}]`;
        const main: Link = { component: target.component, path: `${path}.component`, late: "back" };
        return target.deadLetter === undefined
          ? [main]
          : [main, { component: target.deadLetter, path: `${path}.deadLetter`, late: "back" }];
      }),
    ),
  expand(props, ctx) {
    const bus = props.bus && resource(ctx, undefined, BUS, { name: props.bus.name, tags: ctx.tags });
    const busName = bus?.out("name");
    const rules = (props.rules ?? []).map((rule, i) => declareRule(rule, `rules[${i}]`, busName, ctx));
    const busArn: Value = bus?.out("arn") ?? { $text: ["arn:aws:events:", ctx.regionValue, ":", ctx.accountId, ":event-bus/default"] };
    return {
      outputs: { busName: busName ?? "default", busArn },
      bindings: {
        grants: { publish: [{ actions: ["events:PutEvents"], resources: [busArn] }] },
        defaultAccess: "publish",
        inject: { _BUS: { value: busName ?? "default" } },
        metrics: metrics(rules[0], busName),
      },
    };
  },
  // Targets come after the policies of queues and topics, which name the rules.
  finish(props, _told, ctx) {
    const busName = props.bus && declared(ctx, undefined, BUS).out("name");
    for (const [i, rule] of (props.rules ?? []).entries()) {
      const called = new Set<string>();
      for (const [j, target] of (rule.targets ?? []).entries()) {
        const path = `rules[${i}].targets[${j}]`;
        const bound = ctx.target(target.component);
        if (!bound) continue;
        if (called.has(bound.address)) ctx.error("duplicate-target", `${bound.address} is a target twice`, path);
        else declareTarget(rule, target, bound, path, busName, ctx);
        called.add(bound.address);
      }
    }
  },
});

/** EventBridge User Guide, "EventBridge metrics": of the first rule; without a rule, of the bus. */
function metrics(rule: ResourceHandle | undefined, busName: Value | undefined): Metric[] {
  const bus: Metric["dimensions"] = busName === undefined ? {} : { EventBusName: busName };
  const sums = (dimensions: Metric["dimensions"], ...names: string[]) =>
    metricsOf("AWS/Events", dimensions, Object.fromEntries(names.map((name) => [name, "Sum"])));
  if (rule) return sums({ ...bus, RuleName: rule.out("name") }, "FailedInvocations", "TriggeredRules", "Invocations");
  return busName === undefined ? [] : sums(bus, "MatchedEvents", "InvocationAttempts");
}

const BUS = "aws:cloudwatch/eventBus:EventBus";
const RULE = "aws:cloudwatch/eventRule:EventRule";

/** Declares a rule (role `rule-<name>`), and tells what gets its events; gives the rule. */
function declareRule(rule: Rule, path: string, busName: Value | undefined, ctx: ExpandContext): ResourceHandle {
  if ((rule.schedule === undefined) === (rule.pattern === undefined))
    ctx.error("rule-when", `the rule "${rule.name}" has either a schedule or a pattern`, path, { expected: "schedule, or pattern" });
  if (rule.schedule !== undefined && busName !== undefined)
    ctx.error("schedule-bus", "a schedule works on the default bus only", `${path}.schedule`, {
      next: "put the rule into an EventBridge component without bus",
    });
  const events = resource(ctx, `rule-${rule.name}`, RULE, {
    eventBusName: busName,
    scheduleExpression: rule.schedule,
    eventPattern: rule.pattern === undefined ? undefined : { $json: rule.pattern as Value },
    tags: ctx.tags,
  });
  for (const { component, deadLetter } of rule.targets ?? [])
    for (const name of [component, deadLetter]) {
      const receiver = name === undefined ? undefined : ctx.target(name);
      if (receiver) announce(ctx, receiver.address, "events", events.out("arn"));
    }
  return events;
}

/** Queues and topics allow this rule by their own policy; functions get a permission for it, a bus a role. */
function declareTarget(rule: Rule, target: Target, bound: BoundTarget, path: string, busName: Value | undefined, ctx: ExpandContext): void {
  const key = `${rule.name}-${bound.service}-${bound.component}`;
  const events = declared(ctx, `rule-${rule.name}`, RULE);
  const { queueArn, functionArn, topicArn, busArn } = bound.outputs;
  const run = runOf(bound, target, path, ctx);
  const arn = queueArn ?? functionArn ?? topicArn ?? busArn ?? run?.arn;
  if (arn === undefined) {
    if (!bound.bindings?.run)
      ctx.error("target-kind", `a rule can't call ${bound.address}, a ${bound.kind}`, `${path}.component`, {
        expected: "an SQS, SNS, Lambda, CronJob or EventBridge component",
      });
    return;
  }
  if (topicArn !== undefined && !bound.bindings?.receives) unreadableTopic(ctx, bound, `${path}.component`, "EventBridge");
  const before = policiesOf(bound);
  const grants = busArn === undefined ? run?.grants : [{ actions: ["events:PutEvents"], resources: [busArn] }];
  const sender = grants && ruleRole(key, bound.address, grants, ctx);
  if (sender) before.push(sender.ready, ...(run?.ready ?? []));
  const called = calledFunction(bound);
  if (called)
    before.push(
      permitCall(ctx, `permission-${key}`, called, {
        principal: "events.amazonaws.com",
        sourceArn: events.out("arn"),
        statementId: `events-${ctx.service}-${ctx.component}-${rule.name}`,
      }),
    );
  const deadLetters = target.deadLetter === undefined ? undefined : ctx.target(target.deadLetter);
  const dead = deadLetters?.outputs.queueArn;
  before.push(...policiesOf(deadLetters));
  if (target.deadLetter !== undefined && dead === undefined)
    ctx.error("dead-letter-kind", `${target.deadLetter} is not an SQS component`, `${path}.deadLetter`, { expected: "an SQS component" });
  resource(
    ctx,
    `target-${key}`,
    "aws:cloudwatch/eventTarget:EventTarget",
    {
      rule: events.out("name"),
      eventBusName: busName,
      targetId: `${bound.service}-${bound.component}`.slice(0, 64),
      arn,
      roleArn: sender?.arn,
      ecsTarget: run?.parameters,
      input: target.input === undefined ? undefined : { $json: target.input as Value },
      deadLetterConfig: dead === undefined ? undefined : { arn: dead },
    },
    { dependsOn: before },
  );
}

/** How a rule starts a run of the target. Reports why it can't, and an input, which a run does not get. */
function runOf({ address, bindings }: BoundTarget, { input }: Target, path: string, ctx: ExpandContext): Run | undefined {
  const run = bindings?.run;
  if (run === undefined) return undefined;
  if ("closed" in run) {
    ctx.error("run-closed", `no event can start ${address}: ${run.closed}`, `${path}.component`, {
      next: "set concurrency: allow, or let the rule send to a queue that a Worker reads",
    });
    return undefined;
  }
  if (input !== undefined)
    ctx.error("input-unused", `${address} is started as it is, without an event`, `${path}.input`, {
      next: "remove it, or send to a queue that a Worker reads",
    });
  return run;
}

/** The role as which a rule puts events on another bus, or starts a run (roles `target-role-<key>`, `target-policy-<key>`). */
function ruleRole(key: string, target: string, grants: Run["grants"], ctx: ExpandContext): { arn: Value; ready: string } {
  const role = resource(ctx, `target-role-${key}`, "aws:iam/role:Role", {
    assumeRolePolicy: assumeRolePolicy("events.amazonaws.com"),
    tags: ctx.tags,
  });
  const policy = resource(ctx, `target-policy-${key}`, "aws:iam/rolePolicy:RolePolicy", {
    role: role.out("name"),
    policy: policyDocument(grants),
  });
  ctx.granted(
    grants.map(({ actions, resources }) => ({ actions, resources: [...resources] })),
    target,
  );
  return { arn: role.out("arn"), ready: policy.urn };
}
