import { suite } from "uvu";
import * as assert from "uvu/assert";
import { inFolder, jsonOf, panka } from "../support/cli.js";
import { awsJson, hasAwsCli, hasMoto, hasPlugin, type Moto, startMoto } from "../support/moto.js";
import { stackHead } from "../support/stack-text.js";

const CONFIG = `version: 1
backend: { type: local }
environments:
  cloud: { provider: aws }
`;

const fn = (name: string, triggers: string): string => `---
apiVersion: components.panka.io/v1
kind: Lambda
metadata: { name: ${name} }
spec: { runtime: nodejs20.x, handler: index.handler, code: { zipFile: "exports.handler = async () => 1" }, triggers: [${triggers}] }
`;

/** A function behind an HTTP API, and nothing else. */
const apiStack = (name: string): string =>
  stackHead(name) +
  fn("hook", `{ type: apigateway, http: { method: GET, path: "/a/{id}" } }, { type: apigateway, http: { method: POST, path: /b } }`);

/** A bucket that tells a topic and two functions, and a rule that calls the topic. */
const wired = `${stackHead("wired")}${fn("png", "{ type: s3, s3: { bucket: files, suffix: .png } }")}${fn("jpg", "{ type: s3, s3: { bucket: files, suffix: .jpg } }")}---
apiVersion: components.panka.io/v1
kind: SNS
metadata: { name: news }
spec: { encryption: { enabled: false } }
---
apiVersion: components.panka.io/v1
kind: S3
metadata: { name: files }
spec: { notifications: [{ component: news, events: ["s3:ObjectRemoved:*"] }] }
---
apiVersion: components.panka.io/v1
kind: EventBridge
metadata: { name: clock }
spec: { rules: [{ name: hourly, schedule: rate(1 hour), targets: [{ component: news }] }] }
`;

/** The last creates of {@link apiStack}: after role, log group, role's policy and function come the API, then its stage and permission. */
const LAST_CREATES = [5, 6, 7];

const it = suite<{ moto?: Moto; why?: string }>("wiring on the official provider");
it.before(async (context) => {
  if (!hasMoto() || !hasPlugin() || !hasAwsCli()) context.why = "moto_server, the plugin or the AWS CLI is missing";
  else context.moto = await startMoto();
});
it.after(async (context) => {
  await context.moto?.stop();
});

/** Changes that a plan with --refresh still sees; the emulator forgets a function's loggingConfig. */
async function drift(folder: string, env: Record<string, string>): Promise<unknown[]> {
  const { changes } = jsonOf(await panka(folder, ["plan", "-e", "cloud", "--refresh", "--json"], env));
  return changes
    .filter((c: any) => c.action !== "same" && c.properties.some((p: any) => p.path !== "loggingConfig"))
    .map((c: any) => [c.urn, c.properties]);
}

it("a bucket's list holds every receiver, and a rule calls a topic", async ({ moto, why }) => {
  if (!moto) return console.log(`SKIP the wiring of a bucket: ${why}`);
  await inFolder({ "stack.yaml": wired, "panka.config.yaml": CONFIG }, async (folder) => {
    const made = await panka(folder, ["deploy", "--yes", "-e", "cloud"], moto.env);
    assert.is(made.code, 0, made.stdout + made.stderr);
    const ask = (...commands: string[][]): any[] => awsJson(moto.endpoint, commands);
    const [{ Buckets }, { Rules }] = ask(["s3api", "list-buckets"], ["events", "list-rules"]);
    const [told, { Targets }] = ask(
      ["s3api", "get-bucket-notification-configuration", "--bucket", Buckets[0].Name],
      ["events", "list-targets-by-rule", "--rule", Rules[0].Name],
    );
    const suffixes = told.LambdaFunctionConfigurations.map((c: any) => c.Filter.Key.FilterRules[0].Value).sort();
    assert.equal(suffixes, [".jpg", ".png"]);
    assert.is(told.TopicConfigurations.length, 1);
    assert.equal(
      Targets.map((t: any) => t.Arn),
      [told.TopicConfigurations[0].TopicArn],
    );
    assert.equal(await drift(folder, moto.env), []);
    const gone = await panka(folder, ["destroy", "--yes", "-e", "cloud"], moto.env);
    assert.is(gone.code, 0, gone.stdout + gone.stderr);
  });
});

for (const nth of LAST_CREATES) {
  it(`a function behind an HTTP API, killed when the cloud had made the resource number ${nth}, is finished by the next deploy`, async ({
    moto,
    why,
  }) => {
    if (!moto) return console.log(`SKIP kill ${nth} in an HTTP API: ${why}`);
    const name = `api${nth}`;
    const env = { ...moto.env, PANKA_SETTLE_MS: "5000" };
    await inFolder({ "stack.yaml": apiStack(name), "panka.config.yaml": CONFIG }, async (folder) => {
      const deploy = ["deploy", "--yes", "-e", "cloud"];
      const killed = await panka(folder, deploy, { ...env, PANKA_FAULT: `journal:reply-received@${nth}` });
      assert.is(killed.signal, "SIGKILL", `the point was never reached:\n${killed.stdout}\n${killed.stderr}`);
      const again = await panka(folder, deploy, env);
      assert.is(again.code, 0, `${again.stdout}\n${again.stderr}`);
      const list = (...commands: string[][]): any[] => awsJson(moto.endpoint, commands).map((reply) => reply.Items);
      const apis = list(["apigatewayv2", "get-apis"])[0].filter((a: any) => a.Name.startsWith(`${name}-`));
      assert.is(apis.length, 1, JSON.stringify(apis));
      const of = ["--api-id", apis[0].ApiId];
      const [routes, stages] = list(["apigatewayv2", "get-routes", ...of], ["apigatewayv2", "get-stages", ...of]);
      assert.equal(routes.map((r: any) => r.RouteKey).sort(), ["GET /a/{id}", "POST /b"]);
      assert.is(stages.length, 1);
      assert.match((await panka(folder, deploy, env)).stdout, /No changes\./);
      assert.equal(await drift(folder, env), []);
    });
  });
}

it.run();
