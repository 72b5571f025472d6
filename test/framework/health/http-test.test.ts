import { suite } from "uvu";
import * as assert from "uvu/assert";
import { askOnce, type KnownHttpTest } from "../../../framework/health/http-test.js";
import { answering, type Answering } from "../../support/answering.js";

const test = suite("a request of a smoke test");
let server: Answering;
test.before(async () => {
  server = await answering();
});
test.after(() => server.close());

const never = new AbortController().signal;
const ask = (more: Partial<KnownHttpTest> = {}, signal = never): Promise<string | undefined> =>
  askOnce({ url: `${server.url}/health`, method: "GET", status: 200, timeoutSeconds: 5, ...more }, fetch, signal);

test("it passes with the status that is expected, whichever that is; a redirect is an answer", async () => {
  server.answer({ status: 200 });
  assert.is(await ask(), undefined);
  server.answer({ status: 404 });
  assert.is(await ask({ status: 404 }), undefined);
  assert.is(await ask(), "answered 404, expected 200");
  server.answer({ status: 302, headers: { location: "https://elsewhere.example" } });
  assert.is(await ask({ status: 302 }), undefined);
  assert.is(await ask(), "answered 302, expected 200");
});

test("the body must hold the text that is asked for, within its first MiB", async () => {
  server.answer({ status: 200, body: "version 7" });
  assert.is(await ask({ bodyContains: "version 7" }), undefined);
  assert.is(await ask({ bodyContains: "version 8" }), 'answered 200, but without the text "version 8"');
  server.answer({ status: 200, body: `${"x".repeat(3_000_000)}late` });
  assert.is(await ask({ bodyContains: "late" }), 'answered 200, but without the text "late"');
});

test("method and headers are sent", async () => {
  server.answer({ status: 200 });
  server.asked.length = 0;
  await ask({ method: "POST", headers: { "x-key": "k" } });
  assert.is(server.asked[0]?.method, "POST");
  assert.is(server.asked[0]?.headers["x-key"], "k");
});

test("no answer in time, nobody there and a header that can't be sent are said in words that hold no header value", async () => {
  server.answer({ status: 200, hold: true });
  assert.is(await ask({ timeoutSeconds: 0.05 }), "gave no answer within 0.05 s");
  assert.match((await ask({ url: "http://127.0.0.1:1/" })) ?? "", /^could not be reached: .*(ECONNREFUSED|bad port)/);
  const wrong = await ask({ headers: { "x-key": "seсret-with-a-cyrillic-letter" } });
  assert.match(wrong ?? "", /^could not be reached: /);
  assert.not.match(wrong ?? "", /cyrillic/);
});

test("it rejects when it is to stop", async () => {
  server.answer({ status: 200, hold: true });
  const abort = new AbortController();
  const asked = ask({}, abort.signal);
  abort.abort(new Error("stop"));
  assert.is(await asked.catch((error) => error.message), "stop");
});

test.run();
