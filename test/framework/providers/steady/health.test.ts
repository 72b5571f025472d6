/** What ECS answers is written here: the emulator starts no tasks. The fields are those of its API reference. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../../../../framework/base/json.js";
import { SERVICE_HEALTH } from "../../../../framework/model/health.js";
import { isProviderError, type Provider } from "../../../../framework/model/provider.js";
import { type Call, CallError } from "../../../../framework/providers/aws/signed-call.js";
import { withSteady } from "../../../../framework/providers/steady/provider.js";
import { jumpClock } from "../../../support/world.js";

type Item = { [key: string]: Json };

const task = (n: number, more: Item = {}): Item => ({
  taskArn: `arn:task/${n}`,
  startedBy: "ecs-svc/2",
  stoppedAt: 100 - n,
  stopCode: "EssentialContainerExited",
  containers: [{ name: "api", exitCode: n }],
  ...more,
});

const SERVICES: { [name: string]: Item } = {
  well: { status: "ACTIVE", desiredCount: 2, deployments: [{ id: "ecs-svc/2", status: "PRIMARY", runningCount: 1 }] },
  failed: {
    status: "ACTIVE",
    desiredCount: 1,
    deployments: [
      { id: "ecs-svc/9", status: "PRIMARY", runningCount: 0, rolloutState: "FAILED", rolloutStateReason: "tasks failed to start." },
    ],
  },
  old: { status: "INACTIVE" },
};
const TASKS = [
  task(1),
  task(2),
  task(3, { stopCode: "SpotInterruption" }),
  task(4, { stopCode: "UserInitiated" }),
  task(5, { stoppedReason: "Scaling activity initiated by deployment ecs-svc/2" }),
  task(6, { startedBy: "ecs-svc/1" }),
];

/** The provider over an ECS that answers so. */
function provider(more?: Error): Provider {
  const call: Call = async (_service, target, input): Promise<Item> => {
    if (more) throw more;
    const { services, serviceName } = input as { services?: string[]; serviceName?: string };
    if (target.endsWith("DescribeServices")) return { services: (services ?? []).flatMap((name) => SERVICES[name] ?? []) };
    if (target.endsWith("ListTasks")) return { taskArns: serviceName === "well" ? TASKS.map((t) => t["taskArn"] as string) : [] };
    return { tasks: TASKS };
  };
  const base = { name: "aws", lookup: async () => ({ asked: true }) } as unknown as Provider;
  return withSteady(base, { call, clock: jumpClock(), emit: () => {} });
}

const asked = (names: string[]) => ({ services: names.map((service) => ({ cluster: "c", service })) });

test("services are told by their newest version: what runs, whether it was given up, and which tasks ended by themselves", async () => {
  const { health } = await provider().lookup(SERVICE_HEALTH, asked(["well", "failed", "old", "none"]));
  const gone = { running: 0, desired: 0, gaveUp: "the service is gone", ended: [] };
  assert.equal(health, [
    {
      running: 1,
      desired: 2,
      ended: [
        { task: "arn:task/2", why: "the container api ended with exit code 2" },
        { task: "arn:task/1", why: "the container api ended with exit code 1" },
      ],
    },
    { running: 0, desired: 1, gaveUp: "ECS gave the new version up: tasks failed to start.", ended: [] },
    gone,
    gone,
  ]);
});

test("an ECS that does not answer is a provider's error, and other look-ups go on to the provider", async () => {
  const error = await provider(new CallError("AccessDenied", "no"))
    .lookup(SERVICE_HEALTH, asked(["well"]))
    .catch((e) => e);
  assert.ok(isProviderError(error, "failed"), String(error));
  assert.equal(await provider().lookup("aws:ecs/getService:getService", {}), { asked: true });
});

test.run();
