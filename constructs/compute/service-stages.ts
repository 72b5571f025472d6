/**
 * A service of containers that is rolled out in stages: a second service with the new version stands beside it, in a target group of its
 * own, and the listener rules share out the requests by weight. When the new version has them all the service itself rolls over, without
 * traffic, and the second one goes.
 */
import type { CopySpec, ExpandContext, StagedSpec, StageSetting, Value } from "../../framework/model/index.js";
import { declared } from "../base/resource.js";
import type { Exposure } from "./exposure.js";
import type { Strategy } from "./strategy.js";
import { taskFamily } from "./task.js";

/** What the service has declared. Roles; "" the service itself. */
export interface StagedParts {
  exposed: readonly Exposure[];
  /** Roles of the alarms on its own measurements. */
  alarms: readonly string[];
  /** It offers something in Service Connect: one service can, so the second one does not. */
  offers: boolean;
  /** How many tasks run, where that changes by itself. */
  running?: Value | undefined;
  /** URN of what waits for it, where that is Panka. */
  steady: string | undefined;
  /** URN of the command that runs before its new version. */
  release: string | undefined;
  sticky: boolean;
}

const SERVICE = "aws:ecs/service:Service";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const GROUP = "aws:lb/targetGroup:TargetGroup";
/** How long a client stays with the version that it got first, where the load balancer keeps clients with one task; seconds. */
const STICKY_SECONDS = 3600;

/** The stages; what stands beside has the roles `next`, `next-task-definition`, `next-<role of the target group or alarm>`. */
export function serviceStages(ctx: ExpandContext, strategy: Strategy, parts: StagedParts): StagedSpec {
  const { exposed } = parts;
  const service = ctx.urn(undefined, SERVICE);
  const groups = exposed.map((e) => e.role);
  const steady = parts.steady ? [parts.steady] : [];
  const before = parts.release ? [releaseSetting(ctx, parts.release)] : [];
  const shared = (percent: number): StageSetting[] => [...exposed.flatMap((e) => ruleSettings(ctx, e, percent, parts.sticky)), ...before];
  return {
    words: strategy.words,
    unless: [service, ...groups.map((role) => ctx.urn(role, GROUP)), ...exposed.flatMap((e) => e.ready)].sort(),
    hold: [service, ctx.urn("task-definition", TASK), ...groups.map((role) => ctx.urn(role, GROUP)), ...steady].map((urn) => ({ urn })),
    copies: [
      serviceCopy(parts),
      // A family of its own: revisions of one family are told apart by their number alone.
      { of: "task-definition", as: "next-task-definition", set: { family: `${taskFamily(ctx)}-next` } },
      ...(parts.steady ? [{ of: "steady", as: "next-steady" }] : []),
      ...[...groups, ...parts.alarms].map((role) => ({ of: role, as: `next-${role}` })),
    ],
    stages: [
      { words: "the new version stands beside the old one", set: shared(0), minutes: 0 },
      ...strategy.steps.map(({ percent, minutes }) => ({
        words: percent === 100 ? "all requests go to the new version" : `${percent} % of the requests go to the new version`,
        set: shared(percent),
        minutes,
      })),
      { words: "all requests go to the new version, and the service itself takes it over", set: shared(100), minutes: 0, released: true },
    ],
  };
}

function serviceCopy({ offers, running }: StagedParts): CopySpec {
  const set: { [path: string]: Value | undefined } = {
    ...(offers ? { "serviceConnectConfiguration.services": undefined } : {}),
    ...(running === undefined ? {} : { desiredCount: running }),
  };
  return { of: "", as: "next", ...(Object.keys(set).length > 0 ? { set } : {}) };
}

/** The command runs with the task definition of what stands beside, which waits for it. */
function releaseSetting(ctx: ExpandContext, urn: string): StageSetting {
  return { urn, path: "taskDefinition", value: declared(ctx, "next-task-definition", TASK).out("arn") };
}

/** The weights in all rules of an exposure. */
function ruleSettings(ctx: ExpandContext, exposure: Exposure, percent: number, sticky: boolean): StageSetting[] {
  const targetGroups: Value = [
    { arn: exposure.targetGroupArn, weight: 100 - percent },
    { arn: declared(ctx, `next-${exposure.role}`, GROUP).out("arn"), weight: percent },
  ];
  const forward: { [key: string]: Value } = { targetGroups };
  if (sticky) forward.stickiness = { enabled: true, duration: STICKY_SECONDS };
  return exposure.ready.map((urn) => ({ urn, path: "actions", value: [{ type: "forward", forward }] }));
}
