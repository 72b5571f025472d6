/**
 * Amazon ECS and CloudWatch Logs as far as one-off tasks need them, for what the emulator can't serve: tasks that fail, never start or never end.
 * test/contracts/one-off-tasks.slow.test.ts holds what it answers for a task that ends well to what the emulator answers.
 */
import type { Json } from "../../framework/base/json.js";
import { type Call, CallError } from "../../framework/providers/aws/signed-call.js";
import type { OneOffTask } from "../../framework/providers/tasks/one-off.js";

/** A task to run on it. */
export const ONE_OFF_TASK: OneOffTask = {
  cluster: "arn:aws:ecs:us-east-1:123456789012:cluster/shop",
  taskDefinition: "arn:aws:ecs:us-east-1:123456789012:task-definition/api:3",
  container: "api",
  command: ["./migrate"],
  launch: { launchType: "FARGATE" },
  subnets: ["subnet-1"],
  securityGroups: ["sg-1"],
  assignPublicIp: true,
  logGroup: "/panka/api",
};

/** How its tasks behave. */
export interface EcsScript {
  exitCode?: number;
  /** A task that never runs. */
  stoppedReason?: string;
  /** RunTask starts none. */
  failure?: string;
  endless?: boolean;
  log?: string[];
}

type Input = { [key: string]: Json };

/** The double. */
export class EcsDouble {
  readonly calls: { operation: string; input: Input }[] = [];
  /** By ARN: how often each was looked at. */
  readonly tasks = new Map<string, { container: string; looks: number; stopped: boolean; ended?: number }>();
  private readonly tokens = new Map<string, string>();

  constructor(public script: EcsScript) {}

  readonly call: Call = async (_service, target, input) => {
    const operation = target.split(".").pop() ?? "";
    this.calls.push({ operation, input });
    switch (operation) {
      case "RunTask":
        return this.run(input);
      case "DescribeTasks":
        return this.describe(String((input["tasks"] as Json[])[0]));
      case "StopTask":
        return this.stop(String(input["task"]));
      case "GetLogEvents":
        return this.events();
      default:
        throw new CallError("UnknownOperationException", operation);
    }
  };

  /** All tasks so far have ended with this code, whatever the script says of others. */
  endAll(exitCode: number): void {
    for (const task of this.tasks.values()) task.ended = exitCode;
  }

  /** What an operation was called with. */
  inputs(operation: string): Input[] {
    return this.calls.filter((c) => c.operation === operation).map((c) => c.input);
  }

  private run(input: Input): Input {
    if (this.script.failure) return { tasks: [], failures: [{ reason: this.script.failure }] };
    const token = String(input["clientToken"]);
    const known = this.tokens.get(token);
    const arn = known ?? `arn:aws:ecs:us-east-1:123456789012:task/shop/${String(this.tasks.size + 1).padStart(32, "0")}`;
    this.tokens.set(token, arn);
    const [override] = (input["overrides"] as { containerOverrides: { name: string }[] }).containerOverrides;
    if (!known) this.tasks.set(arn, { container: override?.name ?? "", looks: 0, stopped: false });
    return { tasks: [{ taskArn: arn, lastStatus: "PROVISIONING" }], failures: [] };
  }

  private describe(arn: string): Input {
    const task = this.tasks.get(arn);
    if (!task) return { tasks: [], failures: [{ arn, reason: "MISSING" }] };
    if (task.ended !== undefined) {
      const containers = [{ name: task.container, exitCode: task.ended }];
      return { tasks: [{ taskArn: arn, lastStatus: "STOPPED", containers }], failures: [] };
    }
    const { exitCode, stoppedReason, endless } = this.script;
    const statuses = stoppedReason ? ["PENDING", "STOPPED"] : ["PENDING", "RUNNING", endless && !task.stopped ? "RUNNING" : "STOPPED"];
    const lastStatus = statuses[Math.min(task.looks++, statuses.length - 1)] as string;
    const ended = lastStatus === "STOPPED" && stoppedReason === undefined && exitCode !== undefined;
    return {
      tasks: [
        {
          taskArn: arn,
          lastStatus,
          ...(stoppedReason && lastStatus === "STOPPED" ? { stoppedReason } : {}),
          containers: [{ name: task.container, ...(ended ? { exitCode } : {}) }],
        },
      ],
      failures: [],
    };
  }

  private stop(arn: string): Input {
    const task = this.tasks.get(arn);
    if (task) task.stopped = true;
    return {};
  }

  private events(): Input {
    if (!this.script.log) throw new CallError("ResourceNotFoundException", "The specified log stream does not exist.");
    return { events: this.script.log.map((message) => ({ message })) };
  }
}
