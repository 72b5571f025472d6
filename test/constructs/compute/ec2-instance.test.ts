import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Setting } from "../../support/expand.js";

const at = "shop/build";
const instance = (props: Record<string, unknown> = {}, setting: Setting = {}, others: Parameters<typeof expandAll>[0] = []) =>
  expandAll([...others, { address: at, kind: "EC2Instance", props: { instanceType: "t4g.small", ...props } }], setting);

test("an instance has an encrypted disk, version 2 of the metadata service, a role and a closed firewall", () => {
  const made = instance();
  const props = made.props(at);
  assert.equal(props.rootBlockDevice, { volumeSize: 20, volumeType: "gp3", encrypted: true });
  assert.is(props.metadataOptions.httpTokens, "required");
  assert.match(props.iamInstanceProfile.$ref.urn, /build\/profile$/);
  assert.is(made.props(`${at}/session-manager`).policyArn, "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore");
  assert.equal(
    made.resources.filter((r) => r.type.endsWith("IngressRule")).map((r) => r.at),
    [],
  );
  assert.is(instance({ sessionManager: false }).find(`${at}/session-manager`), undefined);
});

test("the newest Amazon Linux of the processor is looked up once; an image of one's own is kept to", () => {
  const arm = instance().props(at).ami.$lookup;
  assert.match(arm.args.name, /al2023-ami-kernel-default-arm64$/);
  assert.match(instance({ instanceType: "m7i.large" }).props(at).ami.$lookup.args.name, /x86_64$/);
  assert.equal(instance().find(at)!.extra.options, { ignoreChanges: ["ami"] });
  const own = instance({ ami: "ami-0123456789abcdef0" });
  assert.equal([own.props(at).ami, own.find(at)!.extra.options], ["ami-0123456789abcdef0", {}]);
});

test("several stand in the subnets in turn, each with disks of its own", () => {
  const made = instance({ count: 3, volumes: [{ name: "data", device: "/dev/sdf", sizeGB: 50 }] });
  const subnets = ["", "/instance-2", "/instance-3"].map((role) => made.props(`${at}${role}`).subnetId.$ref.urn.split("/").pop());
  assert.equal(subnets, ["public-a", "public-b", "public-a"]);
  assert.match((made.props(`${at}/attach-data-2`).instanceId as any).$ref.urn, /instance-2$/);
  assert.match((made.props(`${at}/volume-data-3`).availabilityZone as any).$ref.urn, /instance-3$/);
  assert.is((made.outputs[at]!.instanceIds as unknown[]).length, 3);
});

test("it runs in private subnets in production, in public ones where there is no NAT gateway, and as it says", () => {
  const publicIp = (props: object, setting?: Setting) => instance(props as never, setting).props(at).associatePublicIpAddress;
  assert.is(publicIp({}), true);
  assert.is(publicIp({}, { environmentClass: "production" }), false);
  assert.is(publicIp({ publicIp: true }, { environmentClass: "production" }), true);
  assert.is(instance({}, { environmentClass: "production" }).props(at).disableApiTermination, true);
});

test("it may do what it uses, reaches what it refers to, and is reached at its port", () => {
  const others = [
    { address: "shop/jobs", kind: "SQS", props: {} },
    {
      address: "shop/db",
      kind: "RDS",
      props: {
        engine: { type: "postgres", version: "16" },
        instance: { class: "db.t4g.small", storage: { allocatedGB: 20 } },
        database: { name: "app", username: "app" },
      },
    },
  ];
  const made = instance(
    {
      uses: [{ component: "jobs", access: "send" }, { component: "db" }],
      port: 9000,
      ingress: [{ port: 22, cidrBlocks: ["192.0.2.0/24"] }],
    },
    {},
    others,
  );
  assert.match(JSON.stringify(made.props(`${at}/role-policy`).policy), /sqs:SendMessage/);
  assert.ok(made.find(`${at}/to-shop-db`));
  assert.is(made.resources.find((r) => r.props.fromPort === 22)?.props.cidrIpv4, "192.0.2.0/24");
  assert.is(made.bindings[at]!.connect!.port, 9000);
});

test("a disk of the stack is attached", () => {
  const made = instance({ volumes: [{ name: "data", device: "/dev/sdf", component: "disk" }] }, {}, [
    { address: "shop/disk", kind: "EBS", props: { sizeGB: 10 } },
  ]);
  assert.equal(made.errors, []);
  assert.match((made.props(`${at}/attach-data`).volumeId as any).$ref.urn, /shop\/disk$/);
});

test("what an instance can't be is refused", () => {
  const others = [
    { address: "shop/disk", kind: "EBS", props: { sizeGB: 10 } },
    { address: "shop/jobs", kind: "SQS", props: {} },
  ];
  const codes = (props: Record<string, unknown>) => instance(props, {}, others).errors.map((e) => e.code);
  const volume = { name: "a", device: "/dev/sdf" };
  assert.equal(codes({ publicIp: true, placement: "private" }), ["public-ip"]);
  assert.equal(codes({ volumes: [volume] }), ["volume-source"]);
  assert.equal(codes({ volumes: [{ ...volume, sizeGB: 1, component: "disk" }] }), ["volume-source"]);
  assert.equal(codes({ volumes: [{ ...volume, type: "gp2", component: "disk" }] }), ["type-unused"]);
  assert.equal(codes({ count: 2, volumes: [{ ...volume, component: "disk" }] }), ["volume-shared"]);
  assert.equal(codes({ volumes: [{ ...volume, component: "jobs" }] }), ["no-volume"]);
  const one = { ...volume, sizeGB: 1 };
  assert.equal(codes({ volumes: [one, { ...one, name: "b" }] }), ["volume-twice"]);
});

test.run();
