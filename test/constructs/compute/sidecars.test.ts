import { test } from "uvu";
import * as assert from "uvu/assert";
import { Ref } from "../../../framework/model/index.js";
import { expandAll } from "../../support/expand.js";

const OTHERS = [
  { address: "shop/token", kind: "Secret", props: {} },
  { address: "shop/jobs", kind: "SQS", props: {} },
];
/** A service with these containers beside its own. */
const service = (sidecars: Record<string, object>, more: object = {}) =>
  expandAll([
    ...OTHERS,
    {
      address: "shop/api",
      kind: "MicroService",
      props: { image: "api:1", sidecars, storage: { volumes: [{ name: "logs", mountPath: "/logs" }] }, ...more },
    },
  ]);
const containers = (out: ReturnType<typeof service>) => out.props("shop/api/task-definition").containerDefinitions.$json;
const problems = (sidecars: Record<string, object>, more: object = {}) => service(sidecars, more).errors.map((e) => `${e.code} ${e.path}`);
const COMMAND = { command: ["true"] };

test("a sidecar is a container after the main one, with its own variables, share and log stream in the same group", () => {
  const out = service(
    {
      zipkin: { image: "zipkin:3" },
      agent: {
        image: "agent:1", command: ["/agent"], args: ["-v"], environment: { LEVEL: 1, QUEUE: new Ref("jobs", "queueUrl") },
        secrets: [{ name: "token", secretRef: "token" }], cpu: "64", memory: "128Mi", ports: [{ name: "admin", port: 9901 }],
      },
    },
    { environment: { OWN: "1" }, uses: [{ component: "jobs", access: "receive" }] },
  ); // biome-ignore format: short
  assert.equal(out.errors, []);
  const [main, agent, zipkin] = containers(out);
  assert.equal([main.name, agent.name, zipkin.name], ["api", "agent", "zipkin"]);
  assert.equal(
    agent.environment.map((e: { name: string }) => e.name),
    ["LEVEL", "QUEUE"],
  );
  assert.equal([agent.cpu, agent.memory, agent.essential], [64, 128, true]);
  assert.equal([agent.entryPoint, agent.command], [["/agent"], ["-v"]]);
  assert.is(agent.secrets[0].name, "TOKEN");
  assert.equal(agent.logConfiguration.options["awslogs-group"], main.logConfiguration.options["awslogs-group"]);
  assert.is(agent.logConfiguration.options["awslogs-stream-prefix"], "agent");
  assert.is(zipkin.environment, undefined);
  assert.match(JSON.stringify(out.props("shop/api/execution-policy")), /GetSecretValue.*shop\/token/);
  assert.is(main.secrets, undefined);
});

test("the main container waits for what says so, and sidecars for each other", () => {
  const [main, , proxy] = containers(
    service({
      migrate: { image: "m:1", essential: false, mainWaitsFor: "success" },
      proxy: { image: "p:1", healthCheck: COMMAND, mainWaitsFor: "healthy", dependsOn: [{ container: "migrate", condition: "complete" }] },
    }),
  );
  assert.equal(main.dependsOn, [
    { containerName: "migrate", condition: "SUCCESS" },
    { containerName: "proxy", condition: "HEALTHY" },
  ]);
  assert.equal(proxy.dependsOn, [{ containerName: "migrate", condition: "COMPLETE" }]);
  assert.equal(proxy.healthCheck.command, ["CMD", "true"]);
});

test("a sidecar sees the task's volumes, and files of its own", () => {
  const out = service({
    shipper: {
      image: "s:1",
      volumes: [{ name: "logs", mountPath: "/in", readOnly: true }],
      configs: { mountPath: "/etc/s", files: ["s.yaml"] },
    },
  });
  const [main, shipper, writer] = containers(out);
  assert.equal(main.dependsOn, undefined);
  assert.equal(shipper.mountPoints, [
    { sourceVolume: "logs", containerPath: "/in", readOnly: true },
    { sourceVolume: "panka-configs-shipper", containerPath: "/etc/s", readOnly: true },
  ]);
  assert.equal(shipper.dependsOn, [{ containerName: "panka-configs", condition: "SUCCESS" }]);
  assert.is(writer.environment[0].value, "text of sidecars.shipper.configs.files[0]");
});

test("what ECS would refuse is an error before anything is made", () => {
  const image = "x:1";
  assert.equal(problems({ api: { image } }), ["sidecar-name sidecars.api"]);
  assert.equal(problems({ "panka-configs": { image } }), ["sidecar-name sidecars.panka-configs"]);
  assert.equal(problems({ "a b": { image } }), ["sidecar-name sidecars.a b"]);
  assert.equal(problems({ a: { image, volumes: [{ name: "log", mountPath: "/l" }] } }), ["unknown-volume sidecars.a.volumes[0].name"]);
  assert.equal(problems({ a: { image, ports: [{ name: "x", port: 80 }] } }, { port: 80 }), ["port-taken sidecars.a.ports[0]"]);
  assert.equal(problems({ a: { image, cpu: 128 }, b: { image, cpu: 128 } }), ["no-share-left sidecars"]);
  assert.equal(problems({ a: { image, memory: 512 } }), ["no-share-left sidecars"]);
  assert.equal(problems({ a: { image, dependsOn: [{ container: "b" }] } }), ["unknown-container sidecars.a.dependsOn[0].container"]);
  assert.equal(problems({ a: { image, mainWaitsFor: "healthy" } }), ["not-checked sidecars.a.mainWaitsFor"]);
  assert.equal(problems({ a: { image, mainWaitsFor: "success" } }), ["never-ends sidecars.a.mainWaitsFor"]);
  assert.equal(problems({ a: { image, mainWaitsFor: "start", dependsOn: [{ container: "api" }] } }), ["container-cycle sidecars"]);
});

test.run();
