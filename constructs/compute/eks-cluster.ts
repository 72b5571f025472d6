/**
 * EKSCluster: Kubernetes: the control plane, groups of nodes, add-ons, and who may do what in it.
 * The control plane $73 a month, in extended support $438; nodes as EC2 charges them (us-east-1, 2026-11).
 *
 *   new EKSCluster(shop, "kube", { version: "1.33", nodeGroups: [{ name: "main", instanceTypes: ["t4g.medium"], maxSize: 4 }] });
 */
import { z } from "zod";
import { bool, group, int, listOf, mapOf, oneOf, plainText, text } from "../../framework/model/fields.js";
import type { ExpandContext, Expansion, Ref, ResourceHandle, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { stackKey } from "../security/default-key.js";
import { KEY_FORMS, keyArn, keyLinks } from "../security/key-ref.js";
import { workloadTier } from "../network/plan.js";
import { networkingOf, type NetworkHandle } from "../shared/network.js";
import { type AddonSpec, addons, access, NETWORK_ADDONS } from "./eks-parts.js";
import { nodeGroups } from "./eks-nodes.js";
import { attachPolicies } from "./managed-policies.js";
import { workloadRole } from "./roles.js";

const NAME = { pattern: /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/, expected: "lower case, digits and hyphens" };

// Add-ons of AWS are named like aws-ebs-csi-driver, those of others vendor_product (EKS User Guide, "AWS add-ons", "AWS Marketplace add-ons").
const ADDON = { pattern: /^[a-z0-9][a-z0-9_-]{0,99}$/, expected: "a name such as aws-ebs-csi-driver" };

const schema = () =>
  z.strictObject({
    version: plainText("Version of Kubernetes; goes up only, one step at a time.", {
      pattern: /^1\.\d{2}$/,
      expected: "a version such as 1.33",
    }),
    nodeGroups: listOf(
      group(
        {
          name: plainText("Its name.", NAME),
          instanceTypes: listOf(plainText("A type such as t4g.medium."), "Types of its nodes, all of one processor architecture.", {
            default: "t3.medium",
          }).optional(),
          minSize: int("Fewest nodes.", 0, 450, { default: 1 }).optional(),
          maxSize: int("Most nodes.", 1, 450, { default: 3 }).optional(),
          desiredSize: int("Nodes at first; an autoscaler in the cluster changes it.", 0, 450, { default: "minSize" }).optional(),
          spot: bool("Spot capacity: cheaper, and taken away at two minutes' notice.", { default: false }).optional(),
          diskGB: int("Disk of a node.", 8, 16_384, { unit: "GiB", default: 20 }).optional(),
          labels: mapOf(plainText("The value."), "Labels of its nodes.").optional(),
          taints: listOf(
            group(
              {
                key: plainText("Key."),
                value: plainText("Value.").optional(),
                effect: oneOf(["NoSchedule", "NoExecute", "PreferNoSchedule"], "What it does to pods that do not bear it."),
              },
              "One taint.",
            ),
            "What keeps other pods away.",
          ).optional(),
        },
        "Nodes that are alike; AWS replaces them on updates, a third at a time.",
      ),
      "Groups of nodes.",
    ).optional(),
    addons: listOf(
      z
        .union([
          plainText("Its name.", ADDON),
          group(
            {
              name: plainText("Its name, such as aws-ebs-csi-driver.", ADDON),
              version: plainText("Its version.", { default: "the one that goes with the cluster" }).optional(),
              roleArn: text("Role of its service account.").optional(),
            },
            "An add-on.",
          ),
        ])
        .meta({ description: "An add-on: its name, or {name, version, roleArn}." }),
      "Add-ons.",
      { default: "vpc-cni, kube-proxy, coredns, eks-pod-identity-agent" },
    ).optional(),
    access: listOf(
      group(
        {
          principalArn: text("ARN of a role or user."),
          policy: oneOf(["view", "edit", "admin", "clusterAdmin"], "What it may do."),
          namespaces: listOf(plainText("A namespace."), "Where; not with clusterAdmin.", { default: "everywhere" }).optional(),
        },
        "One who may use it.",
      ),
      "Who may use the cluster beside the one that made it.",
    ).optional(),
    endpoint: group(
      {
        public: bool("Reachable from outside the network.", { default: true }).optional(),
        allowedCIDRs: listOf(plainText("An address block."), "From where.", { default: "everywhere" }).optional(),
      },
      "The API server's endpoint; inside the network it always answers.",
    ).optional(),
    logs: listOf(oneOf(["api", "audit", "authenticator", "controllerManager", "scheduler"], "A log."), "Logs of the control plane.", {
      default: "audit and authenticator in production",
    }).optional(),
    kmsKey: text(`Key that Kubernetes secrets are encrypted with besides: ${KEY_FORMS}.`).optional(),
    extendedSupport: bool("Stays on a version after its standard support, at six times the price; else it is updated then.", {
      default: false,
    }).optional(),
    ...commonFields,
  });

/** Props of {@link EKSCluster}. */
export interface EKSClusterProps extends PropsOf<ReturnType<typeof schema>> {}

/** A Kubernetes cluster. */
export class EKSCluster extends Component {
  constructor(service: Service, name: string, props: EKSClusterProps) {
    super("EKSCluster", service, name, props);
  }
  /** URL of the API server. */
  get endpoint(): Ref {
    return this.output("endpoint");
  }
  /** Its physical name. */
  get clusterName(): Ref {
    return this.output("clusterName");
  }
  /** Certificate of its authority, base64. */
  get certificateAuthority(): Ref {
    return this.output("certificateAuthority");
  }
  /** ARN of the provider by which service accounts take roles. */
  get oidcProviderArn(): Ref {
    return this.output("oidcProviderArn");
  }
  /** A `uses` entry: lets the user find the API server and reach it; what it may do there `access` says. */
  connect(): Use {
    return this.use("connect");
  }
}

/** Props as expand gets them. */
export type EksSpec = Expanded<z.output<ReturnType<typeof schema>>>;

const CLUSTER_POLICY = "AmazonEKSClusterPolicy";

/** Kind `EKSCluster`. */
export const eksClusterKind = defineKind({
  name: "EKSCluster",
  group: "components",
  summary: "A Kubernetes cluster with managed nodes.",
  schema,
  infra: [],
  outputs: {
    endpoint: "URL of the API server.",
    clusterName: "Its physical name.",
    certificateAuthority: "Certificate of its authority, base64.",
    oidcProviderArn: "ARN of the provider by which service accounts take roles.",
  },
  stateful: true,
  links: (props) => keyLinks(props.kmsKey, "kmsKey"),
  expand(props, ctx): Expansion {
    const tier = workloadTier(networkingOf(ctx), ctx.environmentClass, undefined);
    const network = ctx.shared<NetworkHandle>("network", { tier, kubernetes: true, ...(tier === "private" ? { egress: true } : {}) });
    const cluster = controlPlane(props, ctx, network);
    const name = cluster.out("name");
    const wanted: AddonSpec[] = (props.addons ?? ["vpc-cni", "kube-proxy", "coredns", "eks-pod-identity-agent"]).map((a) =>
      typeof a === "string" ? { name: a } : a,
    );
    // Nodes are not ready without a network; other add-ons run on nodes.
    const first = addons(
      ctx,
      name,
      wanted.filter((a) => NETWORK_ADDONS.includes(a.name)),
      [],
    );
    const nodes = nodeGroups(props.nodeGroups ?? [], ctx, { name, network, ready: first });
    addons(
      ctx,
      name,
      wanted.filter((a) => !NETWORK_ADDONS.includes(a.name)),
      nodes,
    );
    access(ctx, name, props.access ?? []);
    const issuer = cluster.out("identities[0].oidcs[0].issuer");
    const oidc = resource(ctx, "oidc", "aws:iam/openIdConnectProvider:OpenIdConnectProvider", {
      url: issuer,
      clientIdLists: ["sts.amazonaws.com"],
      tags: ctx.tags,
    });
    const securityGroupId = cluster.out("vpcConfig.clusterSecurityGroupId");
    return {
      outputs: {
        endpoint: cluster.out("endpoint"),
        clusterName: name,
        certificateAuthority: cluster.out("certificateAuthorities[0].data"),
        oidcProviderArn: oidc.out("arn"),
      },
      bindings: {
        grants: { connect: [{ actions: ["eks:DescribeCluster"], resources: [cluster.out("arn")] }] },
        defaultAccess: "connect",
        connect: { securityGroupId, port: 443, protocol: "tcp" },
        inject: { _CLUSTER: { value: name } },
        // EKS User Guide, "Basic metrics in Amazon CloudWatch": from version 1.28 on, free of charge.
        metrics: metricsOf(
          "AWS/EKS",
          { ClusterName: name },
          { apiserver_request_total_5XX: "Sum", apiserver_request_total: "Sum", scheduler_pending_pods_UNSCHEDULABLE: "Sum" },
        ),
      },
    };
  },
});

/** The control plane, the main resource, and its role; roles `role`, `role-cluster`. */
function controlPlane(props: EksSpec, ctx: ExpandContext, network: NetworkHandle): ResourceHandle {
  const key = keyArn(ctx, props.kmsKey, "kmsKey") ?? stackKey(ctx);
  const role = workloadRole(ctx, "role", "eks.amazonaws.com", []);
  const ready = attachPolicies(ctx, role.name, { "role-cluster": CLUSTER_POLICY });
  const { public: open = true, allowedCIDRs } = props.endpoint ?? {};
  if (!open && allowedCIDRs)
    ctx.error("cidrs-unused", "an endpoint that is not public lets in nobody from outside", "endpoint.allowedCIDRs", {
      next: "remove it, or set endpoint.public: true",
    });
  const logs: Value | undefined = props.logs ?? (ctx.environmentClass === "production" ? ["audit", "authenticator"] : undefined);
  return resource(
    ctx,
    undefined,
    "aws:eks/cluster:Cluster",
    {
      roleArn: role.arn,
      version: props.version,
      vpcConfig: {
        subnetIds: network.subnetIds,
        endpointPrivateAccess: true,
        endpointPublicAccess: open,
        publicAccessCidrs: open ? (allowedCIDRs ?? ["0.0.0.0/0"]) : undefined,
      },
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
      // The add-ons above are AWS's own, kept up to date by it.
      bootstrapSelfManagedAddons: false,
      enabledClusterLogTypes: logs,
      encryptionConfig: key === undefined ? undefined : { provider: { keyArn: key }, resources: ["secrets"] },
      upgradePolicy: { supportType: props.extendedSupport ? "EXTENDED" : "STANDARD" },
      tags: ctx.tags,
    },
    // Said at its making only; AWS does not tell them again.
    {
      dependsOn: [...ready, ...network.routes],
      options: { ignoreChanges: ["accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"] },
    },
  );
}
