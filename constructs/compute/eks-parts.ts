/** Add-ons of a Kubernetes cluster, and who may use it. */
import { hashJson } from "../../framework/base/json.js";
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import type { EksSpec } from "./eks-cluster.js";

/** One add-on. */
export interface AddonSpec {
  name: string;
  version?: string | undefined;
  roleArn?: Value | undefined;
}

/** Add-ons without which no node is ready. */
export const NETWORK_ADDONS: readonly string[] = ["vpc-cni", "kube-proxy"];

/** Declares add-ons after what must be ready; roles `addon-<name>`. Gives their URNs. */
export function addons(ctx: ExpandContext, clusterName: Value, list: readonly AddonSpec[], ready: readonly string[]): string[] {
  const seen = new Set<string>();
  return list.flatMap(({ name, version, roleArn }) => {
    if (seen.has(name)) {
      ctx.error("addon-twice", `the add-on ${name} is named twice`, "addons");
      return [];
    }
    seen.add(name);
    const made = resource(
      ctx,
      `addon-${name}`,
      "aws:eks/addon:Addon",
      {
        clusterName,
        addonName: name,
        addonVersion: version,
        serviceAccountRoleArn: roleArn,
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "PRESERVE",
        tags: ctx.tags,
      },
      { dependsOn: [...ready] },
    );
    return [made.urn];
  });
}

/** EKS User Guide, "Review access policy permissions". */
const POLICIES = {
  view: "AmazonEKSViewPolicy",
  edit: "AmazonEKSEditPolicy",
  admin: "AmazonEKSAdminPolicy",
  clusterAdmin: "AmazonEKSClusterAdminPolicy",
} as const;

/** Declares who may use the cluster; roles `access-<hash of the principal>`, `access-<hash>-policy`. */
export function access(ctx: ExpandContext, clusterName: Value, list: NonNullable<EksSpec["access"]>): void {
  const seen = new Set<string>();
  for (const [i, { principalArn, policy, namespaces }] of list.entries()) {
    const path = `access[${i}]`;
    const role = `access-${hashJson(principalArn).slice(0, 8)}`;
    if (seen.has(role)) {
      ctx.error("access-twice", "the same role or user is named twice", `${path}.principalArn`);
      continue;
    }
    seen.add(role);
    if (policy === "clusterAdmin" && namespaces)
      ctx.error("namespaces-unused", "a cluster's admin is one everywhere", `${path}.namespaces`, {
        expected: "policy: admin, or no namespaces",
      });
    const entry = resource(ctx, role, "aws:eks/accessEntry:AccessEntry", { clusterName, principalArn, tags: ctx.tags });
    resource(ctx, `${role}-policy`, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation", {
      clusterName,
      principalArn: entry.out("principalArn"),
      policyArn: `arn:aws:eks::aws:cluster-access-policy/${POLICIES[policy]}`,
      accessScope: namespaces ? { type: "namespace", namespaces } : { type: "cluster" },
    });
  }
}
