import { test } from "uvu";
import * as assert from "uvu/assert";
import { Alarm, CloudFront, Dashboard, DNS, MicroService, S3, Service, SQS, Stack } from "../../../constructs/index.js";
import { synthOf } from "../../support/synth.js";

/** The problems of a service that uses one component. */
async function using(component: string, more: object = {}) {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  const app = new Service(stack, "app");
  new SQS(app, "jobs");
  new S3(app, "files", {});
  new Dashboard(app, "board", { components: ["jobs"] });
  new Alarm(app, "late", { component: "jobs", threshold: 5 });
  new DNS(app, "names", { zone: { name: "example.com" }, records: [] });
  new CloudFront(app, "cdn", { origins: [{ id: "files", component: "files" }], defaultBehavior: { origin: "files" } });
  new MicroService(app, "api", { image: "acme/api:1", port: 80, ...more, uses: component ? [{ component }] : [] });
  const { diagnostics } = await synthOf(stack);
  return diagnostics.filter((d) => d.severity === "error").map((d) => `${d.code} ${d.path}: ${d.message}; ${d.expected}`);
}

test("a use that gives nothing is an error that says what only orders", async () => {
  for (const [name, kind] of [
    ["board", "Dashboard"],
    ["late", "Alarm"],
    ["names", "DNS"],
  ] as const) {
    const [problem, ...rest] = await using(name);
    assert.match(problem ?? "", new RegExp(`uses-nothing .*uses\\[0\\].*: ${kind} "app/${name}" gives nothing to who uses it; dependsOn`));
    assert.equal(rest, []);
  }
  assert.equal(await using("", { dependsOn: ["board"] }), []);
});

test("a use that gives a variable, an access or a door is none", async () => {
  for (const name of ["jobs", "files", "cdn"]) assert.equal(await using(name), [], name);
});

test.run();
