import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CallError, signedCall } from "../../../../framework/providers/aws/signed-call.js";

/** What a call rejects with where the service answers so. */
async function failure(answer: (response: ServerResponse) => void, credentials = async () => ({ accessKeyId: "x", secretAccessKey: "x" })) {
  const server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return await signedCall({ region: "eu-west-1", endpoint }, credentials)("ecs", "T.DescribeTasks", {}).catch((error) => error);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("a call that is refused fails with the service's own code", async () => {
  const refused = await failure((response) => response.writeHead(400).end('{"__type":"ns#ClusterNotFoundException","message":"none"}'));
  assert.instance(refused, CallError);
  assert.equal([refused.code, refused.message], ["ClusterNotFoundException", "ClusterNotFoundException: none"]);
});

test("an answer that breaks off, and credentials that can't be had, are calls that were not answered", async () => {
  const broken = await failure((response) => {
    response.writeHead(200, { "content-length": "100" }).write("{");
    setTimeout(() => response.destroy(), 20);
  });
  const nobody = await failure(
    (response) => response.end(),
    () => Promise.reject(new Error("the token has expired")),
  );
  for (const error of [broken, nobody]) {
    assert.instance(error, CallError);
    assert.is(error.code, "");
    assert.match(error.message, /^ecs can't be reached: /);
  }
  assert.match(nobody.message, /the token has expired/);
});

test.run();
