import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Setting } from "../../support/expand.js";

const at = "shop/api";
const service = (ingress: object, loadBalancer?: object, setting: Setting = {}) =>
  expandAll(
    [
      {
        address: at,
        kind: "MicroService",
        props: { image: "api:1", port: 8080, networking: { ingress, ...(loadBalancer ? { loadBalancer } : {}) } },
      },
    ],
    setting,
  );

test("hosts with a zone get one certificate for all, which HTTPS uses, and a record each", () => {
  const made = service({ hostname: "shop.example.com", aliases: ["www.example.com"], zoneId: "Z1" });
  assert.equal(made.errors, []);
  assert.equal(made.props(`${at}/certificate`).subjectAlternativeNames, ["www.example.com"]);
  assert.ok(made.find(`${at}/certificate-record-2`));
  assert.match((made.props("_stack/load-balancer/https").certificateArn as any).$ref.urn, /api\/certificate-validation$/);
  assert.equal([made.props(`${at}/record`).name, made.props(`${at}/record-2`).name], ["shop.example.com", "www.example.com"]);
  assert.is(made.outputs[at]!.url, "https://shop.example.com");
});

test("a certificate that is given is used; without a zone nothing is made", () => {
  const given = service({ hostname: "shop.example.com", zoneId: "Z1" }, { certificateArn: "arn:c" });
  assert.is(given.find(`${at}/certificate`), undefined);
  assert.is(given.props("_stack/load-balancer/https").certificateArn, "arn:c");
  assert.ok(given.find(`${at}/record`));
  const plain = service({ hostname: "shop.example.com" });
  assert.equal(
    [plain.find(`${at}/record`), plain.find(`${at}/certificate`), plain.outputs[at]!.url],
    [undefined, undefined, "http://shop.example.com"],
  );
});

test("a network load balancer gets the record, and TLS only by a certificate that is given", () => {
  const made = service({ hostname: "shop.example.com", zoneId: "Z1" }, { type: "network" });
  assert.equal(made.errors, []);
  assert.is(made.find(`${at}/certificate`), undefined);
  assert.ok(made.find(`${at}/record`));
});

test("of several regions that have the host the nearest is answered; the record that proves it is deleted by the stack's own alone", () => {
  const regions = ["us-east-1", "eu-west-1"];
  const hosts = { hostname: "shop.example.com", aliases: ["eu-west-1.shop.example.com"], zoneId: "Z1" };
  const [home, away] = regions.map((region) => service(hosts, undefined, { region, regions }));
  for (const [i, made] of [home, away].entries()) {
    const { setIdentifier, latencyRoutingPolicies } = made?.props(`${at}/record`) ?? {};
    assert.equal([setIdentifier, latencyRoutingPolicies], [regions[i], [{ region: regions[i] }]]);
  }
  assert.not.ok("setIdentifier" in (away?.props(`${at}/record-2`) ?? {}), "its name is one region's");
  const kept = (made: typeof home, role: string) => made?.find(`${at}/${role}`)?.extra.options?.retainOnDelete ?? false;
  assert.equal([kept(home, "certificate-record"), kept(away, "certificate-record")], [false, true]);
  assert.is(kept(away, "certificate-record-2"), false);
});

test("a zone without a host is refused", () => {
  assert.equal(
    service({ zoneId: "Z1" }).errors.map((e) => e.code),
    ["no-hostname"],
  );
});

test.run();
