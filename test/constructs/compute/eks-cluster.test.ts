import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Setting } from "../../support/expand.js";

const at = "shop/kube";
const cluster = (props: Record<string, unknown> = {}, setting: Setting = {}) =>
  expandAll([{ address: at, kind: "EKSCluster", props: { version: "1.33", ...props } }], setting);

test("the control plane has its role, entries instead of a map of users, and logs in production", () => {
  const made = cluster();
  const props = made.props(at);
  assert.equal([props.version, props.accessConfig.authenticationMode, props.vpcConfig.endpointPrivateAccess], ["1.33", "API", true]);
  assert.is(made.props(`${at}/role-cluster`).policyArn, "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy");
  assert.match(made.find(at)!.extra.dependsOn!.join(" "), /role-cluster/);
  assert.is(props.enabledClusterLogTypes, undefined);
  assert.equal(cluster({}, { environmentClass: "production" }).props(at).enabledClusterLogTypes, ["audit", "authenticator"]);
  assert.equal(props.upgradePolicy, { supportType: "STANDARD" });
});

test("nodes come after their network and role, other add-ons after the nodes", () => {
  const made = cluster({ nodeGroups: [{ name: "main", instanceTypes: ["t4g.medium"], maxSize: 4 }] });
  const nodes = made.find(`${at}/nodes-main`)!;
  assert.equal([nodes.props.amiType, nodes.props.capacityType], ["AL2023_ARM_64_STANDARD", "ON_DEMAND"]);
  assert.equal(nodes.props.scalingConfig, { minSize: 1, maxSize: 4, desiredSize: 1 });
  const after = nodes.extra.dependsOn!.join(" ");
  for (const first of ["addon-vpc-cni", "addon-kube-proxy", "node-role-workers"]) assert.match(after, new RegExp(`${first}( |$)`));
  assert.match(made.find(`${at}/addon-coredns`)!.extra.dependsOn!.join(" "), /nodes-main/);
  assert.equal(nodes.extra.options, { ignoreChanges: ["scalingConfig.desiredSize"] });
  assert.equal(cluster({ nodeGroups: [{ name: "one", minSize: 1, maxSize: 1 }] }).find(`${at}/nodes-one`)!.extra.options, {});
});

test("load-balancer controllers find the subnets that the stack makes, by their tags; without a cluster there are none", () => {
  const made = cluster({}, { environmentClass: "production" });
  const tags = (role: string) => made.props(`_stack/network/${role}`).tags;
  assert.equal([tags("public-a")["kubernetes.io/role/elb"], tags("private-b")["kubernetes.io/role/internal-elb"]], ["1", "1"]);
  const other = expandAll([{ address: "shop/web", kind: "MicroService", props: { image: "web:1" } }], { environmentClass: "production" });
  assert.is(other.props("_stack/network/private-a").tags["kubernetes.io/role/internal-elb"], undefined);
});

test("pods take roles through the cluster's identity provider", () => {
  const made = cluster();
  assert.equal((made.props(`${at}/oidc`).url as any).$ref.output, "identities[0].oidcs[0].issuer");
  assert.match(JSON.stringify(made.outputs[at]!.oidcProviderArn), /oidc/);
});

test("who may use it gets an entry and a policy, everywhere or in some namespaces", () => {
  const made = cluster({
    access: [
      { principalArn: "arn:aws:iam::123456789012:role/ops", policy: "clusterAdmin" },
      { principalArn: "arn:aws:iam::123456789012:role/dev", policy: "edit", namespaces: ["shop"] },
    ],
  });
  const policies = made.resources
    .filter((r) => r.type.endsWith("AccessPolicyAssociation"))
    .map((r) => [r.props.policyArn, r.props.accessScope]);
  assert.equal(policies, [
    ["arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy", { type: "cluster" }],
    ["arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy", { type: "namespace", namespaces: ["shop"] }],
  ]);
});

test("a component that uses it may find it and reach port 443 of it, no more", () => {
  const made = expandAll([
    { address: at, kind: "EKSCluster", props: { version: "1.33" } },
    { address: "shop/deployer", kind: "Worker", props: { image: "acme/deployer:1", uses: [{ component: "kube" }] } },
  ]);
  assert.is(made.props("shop/deployer/to-shop-kube").fromPort, 443);
  const statement = made.props("shop/deployer/task-policy").policy.$json.Statement[0];
  assert.is(statement.Action, "eks:DescribeCluster");
  assert.match(statement.Resource.$ref.urn, /shop\/kube$/);
});

test("what a cluster can't be is refused", () => {
  const codes = (props: Record<string, unknown>) => cluster(props).errors.map((e) => e.code);
  assert.equal(codes({ nodeGroups: [{ name: "a", instanceTypes: ["t3.medium", "t4g.medium"] }] }), ["mixed-processors"]);
  assert.equal(codes({ nodeGroups: [{ name: "a", minSize: 2, desiredSize: 1 }] }), ["group-size"]);
  assert.equal(codes({ addons: ["coredns", { name: "coredns" }] }), ["addon-twice"]);
  const one = { principalArn: "arn:aws:iam::123456789012:role/ops", policy: "admin" };
  assert.equal(codes({ access: [one, one] }), ["access-twice"]);
  assert.equal(codes({ access: [{ ...one, policy: "clusterAdmin", namespaces: ["a"] }] }), ["namespaces-unused"]);
  assert.equal(codes({ endpoint: { public: false, allowedCIDRs: ["192.0.2.0/24"] } }), ["cidrs-unused"]);
});

test.run();
