/** One-off tasks on the emulator, by signed calls; and the double that stands for what the emulator can't serve, held to it. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { systemClock } from "../../cli/context.js";
import type { Json } from "../../framework/base/json.js";
import { signedCall, type Call } from "../../framework/providers/aws/signed-call.js";
import { signedGet } from "../../framework/providers/aws/signed-get.js";
import { type OneOffTask, startTask, taskEnd, type TaskWorld } from "../../framework/providers/tasks/one-off.js";
import { EcsDouble } from "../support/ecs-double.js";
import { hasMoto, type Moto, startMoto } from "../support/moto.js";

const test = suite("one-off tasks");
if (!hasMoto()) console.log("SKIP one-off tasks: no moto_server");
else {
  let moto: Moto;
  let call: Call;
  const credentials = async () => ({ accessKeyId: "test", secretAccessKey: "test" });
  test.before(async () => {
    moto = await startMoto();
    call = signedCall({ region: "us-east-1", endpoint: moto.endpoint }, credentials);
  });
  test.after(() => moto.stop());

  const ECS = "AmazonEC2ContainerServiceV20141113";

  /** A subnet of the emulator's default network. */
  async function subnet(): Promise<string> {
    const ask = signedGet({ region: "us-east-1", endpoint: moto.endpoint }, credentials);
    const text = await ask({ service: "ec2", path: "/", query: { Action: "DescribeSubnets", Version: "2016-11-15" } });
    return /subnet-[0-9a-f]+/.exec(text ?? "")?.[0] ?? "";
  }

  async function place(): Promise<OneOffTask> {
    const { cluster } = await call("ecs", `${ECS}.CreateCluster`, { clusterName: "shop" });
    const { taskDefinition } = await call("ecs", `${ECS}.RegisterTaskDefinition`, {
      family: "api",
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: "256",
      memory: "512",
      // The emulator counts the memory of containers, which AWS does not ask for on Fargate.
      containerDefinitions: [{ name: "api", image: "nginx", essential: true, memory: 512 }],
    });
    return {
      cluster: String((cluster as { [key: string]: Json })["clusterArn"]),
      taskDefinition: String((taskDefinition as { [key: string]: Json })["taskDefinitionArn"]),
      container: "api",
      command: ["./check"],
      launch: { launchType: "FARGATE" },
      subnets: [await subnet()],
      securityGroups: [],
      assignPublicIp: true,
      logGroup: "/panka/api",
    };
  }

  test("a task is started, looked at until it has stopped, and its exit code read; the double answers alike", async () => {
    const task = await place();
    const ended = async (by: Call) => {
      const world: TaskWorld = { call: by, clock: { ...systemClock, sleep: async () => {} }, signal: new AbortController().signal };
      const { exitCode, task: arn, log } = await taskEnd(task, await startTask(task, "token-1", world), world);
      return { exitCode, arn: arn.replace(/[^/]+$/, "").replace(/\d{12}/, ""), stream: log.stream.replace(/[^/]+$/, "") };
    };
    assert.equal(await ended(call), await ended(new EcsDouble({ exitCode: 0 }).call));
  });

  test("what ECS refuses is said in its own words", async () => {
    const task = { ...(await place()), cluster: "nowhere" };
    const world: TaskWorld = { call, clock: systemClock, signal: new AbortController().signal };
    assert.match(await startTask(task, "token-2", world).catch((error) => error.message), /ClusterNotFoundException/);
  });

  test.run();
}
