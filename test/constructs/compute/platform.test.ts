import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll } from "../../support/expand.js";

const ON_EC2 = { runtime: { platform: "ec2" } };
const service = (props: object = {}, setting = {}) =>
  expandAll([{ address: "users/api", kind: "MicroService", props: { image: "acme/api:1", ...ON_EC2, ...props } }], setting);

test("a service on EC2 runs in private subnets on the stack's instances: spread over zones, then packed", () => {
  const made = service({ ports: [{ name: "http", port: 8080 }] });
  assert.equal(made.errors, []);
  const { capacityProviderStrategies, orderedPlacementStrategies, launchType, networkConfiguration } = made.props("users/api");
  assert.equal(capacityProviderStrategies, [
    { capacityProvider: { $ref: { urn: made.find("_stack/capacity/provider-t3-medium")!.urn, output: "name" } }, weight: 1 },
  ]);
  assert.equal(orderedPlacementStrategies, [
    { type: "spread", field: "attribute:ecs.availability-zone" },
    { type: "binpack", field: "memory" },
  ]);
  assert.is(launchType, undefined);
  assert.is(networkConfiguration.assignPublicIp, undefined, "AWS refuses it, even false, for tasks that are not on Fargate");
  assert.equal(networkConfiguration.subnets[0].$ref.urn, made.find("_stack/network/private-a")!.urn);
});

test("its task definition is for EC2, with network interfaces of its own, and of the size as written", () => {
  const task = service({ resources: { cpu: "300", memory: "700Mi" } }).props("users/api/task-definition");
  assert.equal([task.requiresCompatibilities, task.networkMode, task.cpu, task.memory], [["EC2"], "awsvpc", "300", "700"]);
  assert.match(
    service({ resources: { cpu: 64, memory: 256 } })
      .errors.map((e) => e.message)
      .join(),
    /no task with 64 units/,
  );
});

test("instances join the cluster that their tag names, keep tasks from their role, and their disks are encrypted", () => {
  const made = service();
  const template = made.props("_stack/capacity/template-t3-medium");
  assert.is(template.imageId, "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id");
  assert.equal([template.metadataOptions.httpTokens, template.metadataOptions.instanceMetadataTags], ["required", "enabled"]);
  assert.is(template.blockDeviceMappings[0].ebs.encrypted, "true");
  const script = Buffer.from(template.userData, "base64").toString();
  assert.match(script, /tags\/instance\/panka:cluster\)\necho "ECS_CLUSTER=\$cluster" >> \/etc\/ecs\/ecs\.config/);
  assert.match(script, /ECS_AWSVPC_BLOCK_IMDS=true/);
  const tag = made.props("_stack/capacity/group-t3-medium").tags.find((t: { key: string }) => t.key === "panka:cluster");
  assert.equal(tag, {
    key: "panka:cluster",
    value: { $ref: { urn: made.find("_stack/cluster")!.urn, output: "name" } },
    propagateAtLaunch: true,
  });
});

test("ECS starts, drains and ends instances, within 0 to 4 unless written", () => {
  const made = service();
  const group = made.props("_stack/capacity/group-t3-medium");
  assert.equal([group.minSize, group.maxSize, group.protectFromScaleIn, group.desiredCapacity], [0, 4, true, undefined]);
  const { managedScaling, managedDraining, managedTerminationProtection } = made.props(
    "_stack/capacity/provider-t3-medium",
  ).autoScalingGroupProvider;
  assert.equal(managedScaling, { status: "ENABLED", targetCapacity: 100 });
  assert.equal([managedDraining, managedTerminationProtection], ["ENABLED", "ENABLED"]);
  assert.equal(made.props("_stack/cluster/capacity").capacityProviders, [
    "FARGATE",
    "FARGATE_SPOT",
    { $ref: { urn: made.find("_stack/capacity/provider-t3-medium")!.urn, output: "name" } },
  ]);
  assert.ok(made.find("users/api")!.extra.dependsOn?.includes(made.find("_stack/cluster/capacity")!.urn));
});

test("components that name the same type share its instances, within the largest limits; each type has its own", () => {
  const on = (name: string, instances: object, runtime: object = {}) => ({
    address: `users/${name}`,
    kind: "Worker",
    props: { image: "acme/w:1", runtime: { platform: "ec2", ...runtime }, capacity: { instances } },
  });
  const made = expandAll([
    on("a", { type: "m7i.large", min: 1, max: 2 }),
    on("b", { type: "m7i.large", max: 6 }),
    on("c", {}, { architecture: "arm64" }),
  ]);
  assert.equal(made.errors, []);
  const { minSize, maxSize } = made.props("_stack/capacity/group-m7i-large");
  assert.equal([minSize, maxSize], [1, 6]);
  assert.match(made.props("_stack/capacity/template-t4g-medium").imageId, /amazon-linux-2023\/arm64\/recommended/);
  assert.is(made.find("_stack/capacity/group-t3-medium"), undefined);
  assert.is(made.props("_stack/cluster/capacity").capacityProviders.length, 4);
});

test("a task must fit: the error names the next larger type, and a notice says where interfaces are what is scarce", () => {
  const large = service({ resources: { cpu: 1024, memory: "4Gi" } });
  assert.match(large.errors.map((e) => e.message).join(), /a t3\.medium has no room for a task of 1 vCPU and 4096 MiB/);
  assert.is(large.errors[0]!.next, "set capacity.instances.type: t3.large");
  assert.match(service({ resources: { cpu: 256, memory: 512 } }).notices.join(), /a t3\.medium runs 2 of these tasks at most/);
  assert.equal(
    service({ resources: { cpu: 1024, memory: 1024 } }).notices.filter((n) => n.includes("interfaces")),
    [],
  );
  assert.match(service({ capacity: { instances: { type: "i4i.large" } } }).notices.join(), /size of i4i\.large is not known/);
});

const distribution = {
  onDemandBaseCapacity: 0,
  onDemandPercentageAboveBaseCapacity: 0,
  spotAllocationStrategy: "price-capacity-optimized",
};

test("all on Spot: one group of Spot instances, of the type and others of its size, drained when Spot gives notice", () => {
  const made = service({ capacity: { spot: "all", instances: { min: 1, max: 8 } } });
  assert.equal([made.errors, made.find("_stack/capacity/group-t3-medium")], [[], undefined]);
  const group = made.props("_stack/capacity/group-t3-medium-spot");
  const { instancesDistribution, launchTemplate } = group.mixedInstancesPolicy;
  assert.equal([group.minSize, group.maxSize, group.launchTemplate, group.capacityRebalance], [1, 8, undefined, undefined]);
  assert.equal(instancesDistribution, distribution);
  assert.is(
    launchTemplate.launchTemplateSpecification.launchTemplateId.$ref.urn,
    made.find("_stack/capacity/template-t3-medium")!.urn,
    "the template of instances on demand",
  );
  assert.equal(
    launchTemplate.overrides.map((o: { instanceType: string }) => o.instanceType),
    ["t3.medium", "c5.large", "c6i.large"],
  );
  const script = Buffer.from(made.props("_stack/capacity/template-t3-medium").userData, "base64").toString();
  assert.match(script, /ECS_ENABLE_SPOT_INSTANCE_DRAINING=true/);
  const urn = made.find("_stack/capacity/provider-t3-medium-spot")!.urn;
  assert.equal(made.props("users/api").capacityProviderStrategies, [{ capacityProvider: { $ref: { urn, output: "name" } }, weight: 1 }]);
});

test("after N: N tasks on instances on demand, the others on Spot, from one launch template", () => {
  const made = service({ capacity: { spot: "after 2", instances: { min: 1, spotTypes: ["t3a.medium"] } } });
  assert.equal(made.errors, []);
  const provider = (role: string) => ({ $ref: { urn: made.find(`_stack/capacity/provider-${role}`)!.urn, output: "name" } });
  assert.equal(made.props("users/api").capacityProviderStrategies, [
    { capacityProvider: provider("t3-medium"), base: 2, weight: 0 },
    { capacityProvider: provider("t3-medium-spot"), weight: 1 },
  ]);
  assert.equal(made.props("_stack/cluster/capacity").capacityProviders.slice(2), [provider("t3-medium"), provider("t3-medium-spot")]);
  assert.equal([made.props("_stack/capacity/group-t3-medium").minSize, made.props("_stack/capacity/group-t3-medium-spot").minSize], [1, 0]);
  assert.equal(
    made
      .props("_stack/capacity/group-t3-medium-spot")
      .mixedInstancesPolicy.launchTemplate.overrides.map((o: { instanceType: string }) => o.instanceType),
    ["t3.medium", "t3a.medium"],
  );
});

test("components on Spot and on demand share nothing but the template; those on Spot bring their types together", () => {
  const on = (name: string, capacity: object) => ({
    address: `users/${name}`,
    kind: "Worker",
    props: { image: "acme/w:1", runtime: { platform: "ec2" }, capacity },
  });
  const made = expandAll([
    on("a", { spot: "all", instances: { type: "m7i.large", spotTypes: ["m6i.large"], max: 2 } }),
    on("b", { spot: "all", instances: { type: "m7i.large", spotTypes: ["m5.large", "m6i.large"], max: 9 } }),
    on("c", { instances: { type: "m7i.large" } }),
  ]);
  assert.equal(made.errors, []);
  const spot = made.props("_stack/capacity/group-m7i-large-spot");
  assert.is(spot.maxSize, 9);
  assert.equal(
    spot.mixedInstancesPolicy.launchTemplate.overrides.map((o: { instanceType: string }) => o.instanceType),
    ["m7i.large", "m5.large", "m6i.large"],
  );
  assert.is(made.props("_stack/capacity/group-m7i-large").maxSize, 4);
});

test("a file system opens to the instances that mount it: on Spot alone there are none on demand for that", () => {
  const mounting = (spot: string) =>
    expandAll([
      { address: "users/files", kind: "EFS", props: {} },
      {
        address: "users/api",
        kind: "MicroService",
        props: {
          image: "acme/api:1",
          ...ON_EC2,
          capacity: { spot, instances: { min: 1 } },
          storage: { volumes: [{ name: "files", mountPath: "/data", source: "files" }] },
        },
      },
    ]);
  const all = mounting("all");
  assert.equal([all.errors, all.find("_stack/capacity/group-t3-medium")], [[], undefined]);
  assert.ok(all.find("_stack/capacity/to-users-files"));
  const after = mounting("after 2");
  assert.ok(after.find("_stack/capacity/to-users-files"));
  assert.equal(
    [after.props("_stack/capacity/group-t3-medium").minSize, after.props("_stack/capacity/group-t3-medium-spot").minSize],
    [1, 0],
  );
});

for (const [what, props, error] of [
  ["a smaller type on Spot", { capacity: { spot: "all", instances: { spotTypes: ["t3.small"] } } }, /t3\.small is smaller than t3\.medium/],
  [
    "another processor on Spot",
    { capacity: { spot: "all", instances: { spotTypes: ["c6g.large"] } } },
    /c6g\.large and t3\.medium have different processors/,
  ],
  ["a public address", { networking: { placement: "public" } }, /no public address/],
  ["a disk of its own", { storage: { ephemeralGB: 40 } }, /share the instance's disk/],
  ["processors of another kind", { capacity: { instances: { type: "t4g.large" } } }, /t4g\.large is no instance for x86_64/],
  ["limits that cross", { capacity: { instances: { min: 3, max: 2 } } }, /3 instances do not lie within 2/],
  ["two platforms", { runtime: { platform: "ec2", launchType: "FARGATE" } }, /the platform is ec2, the launch type FARGATE/],
] as const)
  test(`on EC2 is refused: ${what}`, () => {
    assert.match(
      service(props)
        .errors.map((e) => e.message)
        .join(),
      error,
    );
  });

test("the launch type EC2 means the platform ec2", () => {
  const made = service({ runtime: { launchType: "EC2" } });
  assert.equal(made.errors, []);
  assert.ok(made.find("_stack/capacity/group-t3-medium"));
});

test("file systems are opened to the instances, too, once whoever mounts them: they do it for their tasks", () => {
  const props = { image: "acme/api:1", ...ON_EC2, storage: { volumes: [{ name: "f", mountPath: "/f", source: "files" }] } };
  const made = expandAll([
    { address: "users/files", kind: "EFS", props: {} },
    { address: "users/api", kind: "MicroService", props },
    { address: "users/mailer", kind: "Worker", props },
  ]);
  assert.equal(made.errors, []);
  const rule = made.props("_stack/capacity/to-users-files");
  assert.is(rule.referencedSecurityGroupId.$ref.urn, made.find("_stack/capacity/security-group")!.urn);
  assert.is(rule.fromPort, 2049);
});

test("a job on EC2 is started through the capacity provider", () => {
  const made = expandAll([{ address: "users/report", kind: "CronJob", props: { image: "acme/r:1", schedule: "rate(1 hour)", ...ON_EC2 } }]);
  assert.equal(made.errors, []);
  const { ecsParameters } = made.props("users/report").target;
  assert.is(ecsParameters.launchType, undefined);
  assert.is(ecsParameters.capacityProviderStrategies[0].capacityProvider.$ref.output, "name");
  assert.is(ecsParameters.placementStrategies[1].type, "binpack");
});

test("limits of instances say nothing where tasks run on Fargate", () => {
  const made = service({ runtime: {}, capacity: { instances: { type: "m7i.large" } } });
  assert.equal([made.errors, made.find("_stack/capacity/group-m7i-large")], [[], undefined]);
});

test.run();
