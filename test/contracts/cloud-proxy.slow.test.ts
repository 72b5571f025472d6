import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ProxySettings } from "../../framework/base/proxy.js";
import type { Lease } from "../../framework/model/locker.js";
import { tableClient } from "../../framework/lock/dynamodb-client.js";
import type { HeartbeatWorkerData } from "../../framework/lock/heartbeat.js";
import { callerAccount } from "../../framework/operations/account.js";
import { withSecretsManager } from "../../framework/operations/secrets-manager.js";
import { parseImage } from "../../framework/providers/images/reference.js";
import { registryDigest } from "../../framework/providers/images/registry.js";
import { proxiedFetch } from "../../framework/providers/aws/proxied-fetch.js";
import { signedGet } from "../../framework/providers/aws/signed-get.js";
import { kmsKeys } from "../../framework/state/kms.js";
import { s3Client } from "../../framework/state/s3.js";
import { type ConnectProxy, selfSigned, startConnectProxy } from "../support/connect-proxy.js";

interface World {
  folder: string;
  server: Server;
  port: number;
  /** Host names that requests were for. */
  hosts: string[];
}

const folder = mkdtempSync(join(tmpdir(), "panka-tunnel-"));
const secrets = selfSigned(folder);
const test = suite<World>("cloud-proxy");

const DIGEST = `sha256:${"a".repeat(64)}`;
const clock = { now: () => Date.now(), monotonic: () => performance.now(), sleep: async () => {} };
const CALLER =
  "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

test.before(async (w) => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x", NODE_TLS_REJECT_UNAUTHORIZED: "0" });
  w.hosts = [];
  w.server = createServer({ ...secrets }, async (request, response) => {
    w.hosts.push(String(request.headers.host).replace(/:\d+$/, ""));
    const body = String(await buffer(request));
    const head = { "docker-content-digest": DIGEST, date: new Date().toUTCString() };
    response.writeHead(200, { ...head, "content-type": body.includes("GetCallerIdentity") ? "text/xml" : "application/json" });
    response.end(request.method === "HEAD" ? "" : body.includes("GetCallerIdentity") ? CALLER : "{}");
  });
  await new Promise<void>((resolve) => w.server.listen(0, "127.0.0.1", resolve));
  w.port = (w.server.address() as AddressInfo).port;
});
test.after(async (w) => {
  w.server.closeAllConnections();
  await new Promise<void>((resolve) => w.server.close(() => resolve()));
  rmSync(folder, { recursive: true, force: true });
});

async function through(w: World, body: (proxy: ConnectProxy) => Promise<void>, refuses?: number): Promise<void> {
  const proxy = await startConnectProxy(w.port, refuses);
  w.hosts.length = 0;
  try {
    await body(proxy);
  } finally {
    await proxy.stop();
  }
}

const region = "us-east-1";
const fails = async (work: Promise<unknown>): Promise<Error> => {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error("it did not fail");
};

test("every client of the cloud goes through the proxy, and logs in to it", (w) =>
  through(w, async ({ url, tunnels, logins }) => {
    const reach = { region, proxy: { https: url } };
    assert.is(await callerAccount(reach), "123456789012");
    const s3 = await s3Client(reach);
    await s3.send(new (await import("@aws-sdk/client-s3")).DeleteObjectCommand({ Bucket: "bucket", Key: "k" }));
    const table = await tableClient({ ...reach, table: "t", clock });
    await table.client.send(new table.sdk.GetItemCommand({ TableName: "t", Key: { k: { S: "k" } } }));
    await fails(kmsKeys("alias/x", reach).current());
    await withSecretsManager(reach, "x", (client, sdk) => client.send(new sdk.DescribeSecretCommand({ SecretId: "x" })));
    assert.equal(
      tunnels,
      ["sts", "bucket.s3", "dynamodb", "kms", "secretsmanager"].map((name) => `${name}.${region}.amazonaws.com:443`),
    );
    assert.equal(
      tunnels.map((t) => t.replace(":443", "")),
      w.hosts,
    );
    assert.equal(new Set(logins), new Set([`Basic ${Buffer.from("me:secret").toString("base64")}`]));
  }));
test("several calls of one client share a tunnel", (w) =>
  through(w, async ({ url, tunnels }) => {
    const table = await tableClient({ region, proxy: { https: url }, table: "t", clock });
    for (let i = 0; i < 3; i++) await table.client.send(new table.sdk.GetItemCommand({ TableName: "t", Key: { k: { S: "k" } } }));
    assert.is(tunnels.length, 1);
    assert.is(w.hosts.length, 3);
  }));
test("what NO_PROXY names is reached directly", (w) =>
  through(w, async ({ url, tunnels }) => {
    const proxy: ProxySettings = { https: url, except: "127.0.0.1,.internal" };
    const table = await tableClient({ region, endpoint: `https://127.0.0.1:${w.port}`, proxy, table: "t", clock });
    await table.client.send(new table.sdk.GetItemCommand({ TableName: "t", Key: { k: { S: "k" } } }));
    assert.equal([tunnels, w.hosts], [[], ["127.0.0.1"]]);
  }));
test("a registry of images is asked through the proxy", (w) =>
  through(w, async ({ url, tunnels }) => {
    const image = parseImage("registry.example/team/app:1");
    assert.ok(image);
    assert.equal(await registryDigest(image, 5_000, proxiedFetch({ https: url })), { digest: DIGEST });
    assert.equal(tunnels, ["registry.example:443"]);
  }));
test("a question that is put to a service itself goes through the proxy", (w) =>
  through(w, async ({ url, tunnels }) => {
    const ask = signedGet({ region }, async () => ({ accessKeyId: "x", secretAccessKey: "x" }), proxiedFetch({ https: url }));
    assert.is(await ask({ service: "apigateway", path: "/v2/apis/a/routes", query: {} }), "{}");
    assert.equal(tunnels, [`apigateway.${region}.amazonaws.com:443`]);
  }));
test("the heartbeat's thread goes through the proxy", (w) =>
  through(w, async ({ url, tunnels }) => {
    const lease: Lease = { scope: "*", lockId: "l", fence: 1 };
    const locker = { type: "dynamodb", table: "t", region, stack: "s", environment: "e", bucket: "b", proxy: { https: url } } as const;
    const workerData: HeartbeatWorkerData = { locker, lease, shared: new SharedArrayBuffer(8) };
    const file = fileURLToPath(new URL("../../dist/heartbeat-worker.js", import.meta.url));
    const worker = new Worker(file, { workerData });
    worker.on("error", () => {});
    try {
      // The first beat comes after 30 s, if this thread is seen to live.
      for (let i = 0; i < 900 && tunnels.length === 0; i++)
        await new Promise((resolve) => setTimeout(resolve, 50, Atomics.add(new Int32Array(workerData.shared), 0, 1)));
      assert.is(tunnels[0], `dynamodb.${region}.amazonaws.com:443`);
    } finally {
      await worker.terminate();
    }
  }));
for (const status of [403, 407]) {
  test(`a proxy that refuses is named without its password (${status})`, (w) =>
    through(
      w,
      async ({ url }) => {
        const image = parseImage("registry.example/team/app:1");
        assert.ok(image);
        const shown = url.replace("me:secret@", "");
        const failure = await fails(callerAccount({ region, proxy: { https: url } }));
        assert.match(
          failure.message,
          `the proxy ${shown} refused a connection to sts.${region}.amazonaws.com:443; expected 200, it answered ${status}`,
        );
        const { why } = (await registryDigest(image, 5_000, proxiedFetch({ https: url }))) as { why: string };
        assert.match(why, `the proxy ${shown} refused a connection to registry.example:443; expected 200, it answered ${status}`);
        for (const text of [failure.message, why]) assert.not.match(text, "secret");
      },
      status,
    ));
}
test("a proxy that is not there is named without its password", async () => {
  const failure = await fails(callerAccount({ region, proxy: { https: "http://me:secret@127.0.0.1:9" } }));
  assert.match(failure.message, /the proxy http:\/\/127\.0\.0\.1:9 can't be used: .*ECONNREFUSED/);
  assert.not.match(failure.message, "secret");
});
const none = suite("cloud-proxy");
none("calls go through a proxy", () => console.log("SKIP calls go through a proxy: there is no openssl to make a certificate"));
if (secrets) test.run();
else none.run();
