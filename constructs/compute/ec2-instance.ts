/**
 * EC2Instance: virtual machines that you look after yourself, for what does not run in a container.
 * t4g.small about $12 a month, its disk $0.08 per GB and month, a public address $3.65 (us-east-1, 2026-11).
 *
 *   new EC2Instance(shop, "build", { instanceType: "t4g.small", userData: "#!/bin/sh\ndnf install -y git" });
 */
import { z } from "zod";
import { bool, int, oneOf, plainText, text } from "../../framework/model/fields.js";
import type { Bindings, ExpandContext, Expansion, Link, Ref, ResourceHandle, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { stackKeyAs } from "../security/default-key.js";
import { ruleFields } from "../network/networking.js";
import { workloadTier } from "../network/plan.js";
import { writtenRules } from "../network/rules.js";
import { networkingOf, type NetworkHandle } from "../shared/network.js";
import { refuseConnect } from "./discovery.js";
import { openTargets, securityGroup } from "./ecs-service.js";
import { behindBalancers } from "./instance-front.js";
import { instanceProfile } from "./instance-profile.js";
import { isArm } from "./instance-type.js";
import { attachVolumes, volumeFields } from "./instance-volumes.js";
import { permissions, uses } from "./schemas.js";
import { type LinkedProps, workloadLinks } from "./workload-links.js";

/** Root disk of an instance that says nothing, GiB. */
const ROOT_GB = 20;

const schema = () =>
  z.strictObject({
    instanceType: plainText("Its size, such as t4g.small.", {
      pattern: /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/,
      expected: "a type such as t4g.small",
    }),
    count: int("How many alike.", 1, 20, { default: 1 }).optional(),
    ami: text("Image that it starts from; a change replaces it.", { default: "Amazon Linux 2023, the newest when it is made" }).optional(),
    keyName: plainText("Key pair for SSH; Session Manager needs none.").optional(),
    userData: text("Script of the first start; a change replaces the instance.").optional(),
    rootGB: int("Size of the root disk.", 8, 16_384, { unit: "GiB", default: ROOT_GB }).optional(),
    volumes: volumeFields.optional(),
    placement: oneOf(["public", "private"], "Subnets to run in.", {
      default: "public with publicIp; else private with a NAT gateway, else public",
    }).optional(),
    publicIp: bool("A public address.", { default: "true in public subnets" }).optional(),
    ingress: ruleFields("Who may connect, beyond components that refer to it.").optional(),
    port: int("Port that components which refer to it, and load balancers that name it, may reach.", 1, 65535).optional(),
    healthCheckPath: plainText("Path that a load balancer asks; of an NLB without it the port must take connections.", {
      pattern: /^\//,
      expected: "a path such as /health",
      default: "/",
    }).optional(),
    sessionManager: bool("Lets people with the permission in through Session Manager: no key, no open port.", { default: true }).optional(),
    terminationProtection: bool("Refuses to terminate it.", { default: "true in production" }).optional(),
    uses: uses.optional(),
    permissions: permissions.optional(),
    ...commonFields,
  });

/** Props of {@link EC2Instance}. */
export interface EC2InstanceProps extends PropsOf<ReturnType<typeof schema>> {}

/** Virtual machines. */
export class EC2Instance extends Component {
  constructor(service: Service, name: string, props: EC2InstanceProps) {
    super("EC2Instance", service, name, props);
  }
  /** Ids of the instances, a list. */
  get instanceIds(): Ref {
    return this.output("instanceIds");
  }
  /** Their addresses in the network, a list. */
  get privateIps(): Ref {
    return this.output("privateIps");
  }
  /** Their public addresses, a list. */
  get publicIps(): Ref {
    return this.output("publicIps");
  }
  /** A `uses` entry: opens `port` to the user. */
  connect(): Use {
    return this.use("connect");
  }
}

type Props = Expanded<z.output<ReturnType<typeof schema>>>;

/** Kind `EC2Instance`. */
export const ec2InstanceKind = defineKind({
  name: "EC2Instance",
  group: "components",
  summary: "Virtual machines that you look after yourself.",
  schema,
  infra: [],
  outputs: {
    instanceIds: "Ids of the instances, a list.",
    privateIps: "Their addresses in the network, a list.",
    publicIps: "Their public addresses, a list.",
  },
  // Without a public address there is none to tell; where the placement decides, the list may be one of empty texts.
  hasOutput: (name, props) =>
    ["instanceIds", "privateIps"].includes(name) || (name === "publicIps" && (props as Partial<Props>).publicIp !== false),
  stateful: true,
  fronted: true,
  links: (props): Link[] => [
    ...workloadLinks(props as unknown as LinkedProps).map((link) => ({ ...link, inject: false })),
    ...(props.volumes ?? []).flatMap((v, i): Link[] =>
      v.component === undefined ? [] : [{ component: v.component, path: `volumes[${i}].component`, orderOnly: true }],
    ),
  ],
  expand(props, ctx): Expansion {
    const asked = props.placement ?? (props.publicIp ? "public" : undefined);
    const tier = workloadTier(networkingOf(ctx), ctx.environmentClass, asked);
    if (tier === "private" && props.publicIp)
      ctx.error("public-ip", "an instance in private subnets can't have a public address", "publicIp", { expected: "placement: public" });
    const network = ctx.shared<NetworkHandle>("network", { tier, ...(tier === "private" ? { egress: true } : {}) });
    const firewall = securityGroup(ctx, network.vpcId, `Instances of ${ctx.address}`);
    writtenRules(ctx, "in", firewall, props.ingress ?? []);
    openTargets(ctx, firewall);
    refuseConnect(ctx);
    const publicIp = props.publicIp ?? tier === "public";
    const profile = instanceProfile(ctx, props.permissions, props.sessionManager ?? true);
    const place = { network, groups: [firewall, ...network.sharedGroups], publicIp };
    const made = Array.from({ length: props.count ?? 1 }, (_, i) => instance(props, ctx, i, place, profile));
    attachVolumes(props.volumes ?? [], ctx, made);
    const { port, healthCheckPath } = props;
    behindBalancers(ctx, { made, vpcId: network.vpcId, securityGroupId: firewall, port, healthCheckPath });
    const all = (output: string): Value => made.map((m) => m.out(output));
    return {
      outputs: {
        instanceIds: all("id"),
        privateIps: all("privateIp"),
        ...(props.publicIp === false ? {} : { publicIps: all("publicIp") }),
      },
      bindings: bindings(props, firewall, made),
    };
  },
});

interface Place {
  network: NetworkHandle;
  groups: Value[];
  publicIp: boolean;
}

/** The first is the main resource, the others have the roles `instance-2`, `instance-3`; each in the next subnet. */
function instance(props: Props, ctx: ExpandContext, i: number, place: Place, profile: { name: Value; ready: string[] }): ResourceHandle {
  const { network, groups, publicIp } = place;
  return resource(
    ctx,
    i === 0 ? undefined : `instance-${i + 1}`,
    "aws:ec2/instance:Instance",
    {
      instanceType: props.instanceType,
      ami: props.ami ?? newestAmi(props.instanceType),
      subnetId: nth(network.subnetIds, i),
      vpcSecurityGroupIds: groups,
      associatePublicIpAddress: publicIp,
      iamInstanceProfile: profile.name,
      keyName: props.keyName,
      userData: props.userData,
      userDataReplaceOnChange: true,
      disableApiTermination: props.terminationProtection ?? (ctx.environmentClass === "production" ? true : undefined),
      // Version 2 of the metadata service only: what a server can be tricked into fetching can't read the role's keys.
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 2 },
      rootBlockDevice: { volumeSize: props.rootGB ?? ROOT_GB, volumeType: "gp3", encrypted: true, ...stackKeyAs(ctx, "kmsKeyId") },
      tags: { ...ctx.tags, Name: `${ctx.stack}-${ctx.environment}-${ctx.component}${i === 0 ? "" : `-${i + 1}`}` },
    },
    {
      dependsOn: [...network.routes, ...profile.ready],
      // Another "newest" image is no reason to replace a machine that runs.
      options: props.ami === undefined ? { ignoreChanges: ["ami"] } : {},
    },
  );
}

/** Subnets in turn; of a looked-up list the name of the element. */
function nth(subnetIds: Value, i: number): Value {
  if (Array.isArray(subnetIds)) return subnetIds[i % subnetIds.length] ?? "";
  const { $lookup } = subnetIds as { $lookup: { token: string; args: { [key: string]: Value }; output: string } };
  return { $lookup: { ...$lookup, output: `${$lookup.output}[${i % 2}]` } };
}

function newestAmi(instanceType: string): Value {
  const architecture = isArm(instanceType) ? "arm64" : "x86_64";
  const name = `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`;
  return { $lookup: { token: "aws:ssm/getParameter:getParameter", args: { name }, output: "insecureValue" } };
}

/** Without detailed monitoring, which is paid for, an instance is measured each five minutes (EC2 User Guide, "Manage detailed monitoring"). */
const BASIC_MONITORING = 300;

/** EC2 User Guide, "CloudWatch metrics that are available for your instances". */
function bindings(props: Props, securityGroupId: Value, made: readonly ResourceHandle[]): Bindings {
  const first = made[0] as ResourceHandle;
  const of = { InstanceId: first.out("id") };
  const open = { defaultAccess: "connect" as const, connect: { securityGroupId, port: props.port ?? 0, protocol: "tcp" as const } };
  return {
    grants: props.port === undefined ? {} : { connect: [] },
    ...(props.port === undefined ? {} : open),
    inject: props.port === undefined ? {} : { _HOST: { value: first.out("privateIp") }, _PORT: { value: props.port } },
    metrics: [
      ...metricsOf("AWS/EC2", of, { CPUUtilization: "Average" }, BASIC_MONITORING),
      ...metricsOf("AWS/EC2", of, { StatusCheckFailed: "Maximum" }),
    ],
  };
}
