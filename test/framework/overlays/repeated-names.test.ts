import { test } from "uvu";
import * as assert from "uvu/assert";
import { component, resolveYaml, stackWith } from "../../support/yaml-stack.js";

/** Errors of one component: `line:column path code`. */
async function problems(kind: string, spec: string): Promise<string[]> {
  const found = await resolveYaml({ "stack.yaml": stackWith(component(kind, "c", spec)) });
  return found.problems.map((p) => `${p.line}:${p.column} ${p.path} ${p.code}`);
}

for (const [what, kind, spec, expected] of [
  ["ports", "MicroService", "{ image: a:1, ports: [ { name: a, port: 80 }, { name: a, port: 81 } ] }", "13:53 svc/c.spec.ports[1]"],
  ["secrets", "Worker", "{ image: a:1, secrets: [ { name: A, secretRef: s }, { name: A, secretRef: t } ] }", "13:59 svc/c.spec.secrets[1]"],
  [
    "rules by id",
    "S3",
    "{ lifecycle: [ { id: a, expiration: { days: 1 } }, { id: a, expiration: { days: 2 } } ] }",
    "13:58 svc/c.spec.lifecycle[1]",
  ],
  [
    "origins",
    "CloudFront",
    "{ origins: [ { id: a, domainName: x.com }, { id: a, domainName: y.com } ], defaultBehavior: { origin: a } }",
    "13:50 svc/c.spec.origins[1]",
  ],
  [
    "rules of a bus",
    "EventBridge",
    "{ rules: [ { name: a, schedule: rate(1 day) }, { name: a, schedule: rate(2 days) } ] }",
    "13:54 svc/c.spec.rules[1]",
  ],
  [
    "groups of nodes",
    "EKSCluster",
    "{ version: '1.33', nodeGroups: [ { name: a }, { name: a, minSize: 2 } ] }",
    "13:53 svc/c.spec.nodeGroups[1]",
  ],
  ["access points", "EFS", "{ accessPoints: [ { name: a, path: / }, { name: a, path: /b } ] }", "13:47 svc/c.spec.accessPoints[1]"],
  [
    "disks of an instance",
    "EC2Instance",
    "{ instanceType: t4g.small, volumes: [ { name: a, device: /dev/sdf, sizeGB: 1 }, { name: a, device: /dev/sdg, sizeGB: 1 } ] }",
    "13:87 svc/c.spec.volumes[1]",
  ],
] as const)
  test(`two items of one list with one name are an error where the second stands: ${what}`, async () =>
    assert.equal(await problems(kind, spec), [`${expected} named-twice`]));

test("records of a zone may have one name: they differ by type", async () => {
  const spec = "{ zone: { name: x.com }, records: [ { name: a, type: A, value: 1.1.1.1 }, { name: a, type: TXT, value: b } ] }";
  assert.equal(await problems("DNS", spec), []);
});

test("an overlay changes an item by its name: that is no second one", async () => {
  const files = {
    "stack.yaml": stackWith(component("MicroService", "c", "{ image: a:1, ports: [ { name: a, port: 80 } ] }")),
    "environments/production/c.yaml": component("MicroService", "c", "{ ports: [ { name: a, port: 81 } ] }", ", service: svc"),
  };
  assert.equal((await resolveYaml(files, { environment: "production" })).codes, []);
});

test("what the provider takes as it is may say one name twice", async () => {
  const spec = "{ type: 'aws:ec2/securityGroup:SecurityGroup', props: { ingress: [ { name: a }, { name: a } ] } }";
  assert.equal(await problems("Resource", spec), []);
});

test.run();
