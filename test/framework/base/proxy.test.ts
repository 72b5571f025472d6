import { test } from "uvu";
import * as assert from "uvu/assert";
import { proxyFor, proxySettings, shownProxy } from "../../../framework/base/proxy.js";

test("an address goes through the proxy of the environment, except to the hosts that need none", () => {
  const env = { HTTPS_PROXY: "http://proxy:3128", no_proxy: "localhost,.corp.example" };
  const proxy = (url: string, more = {}): string | undefined => proxyFor(url, proxySettings({ ...env, ...more }));
  assert.is(proxy("https://releases.example/x"), "http://proxy:3128");
  assert.is(proxy("https://mirror.corp.example/x"), undefined);
  assert.is(proxy("http://releases.example/x"), undefined);
  assert.is(proxy("http://releases.example/x", { http_proxy: "http://other" }), "http://other");
  assert.is(proxy("https://releases.example/x", { NO_PROXY: "*" }), undefined);
});
test("an environment that names no proxy has none", () => {
  assert.is(proxySettings({ NO_PROXY: "x", HTTPS_PROXY: "" }), undefined);
  assert.is(proxyFor("https://releases.example/x", undefined), undefined);
});
test("a proxy is shown without name and password", () => {
  assert.is(shownProxy("http://me:secret@proxy:3128/x"), "http://proxy:3128");
  assert.not.match(shownProxy("me:sec ret@proxy"), /sec ret/);
});
test.run();
