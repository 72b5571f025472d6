import { test } from "uvu";
import * as assert from "uvu/assert";
import { normalizeImage, normalizeWorkload } from "../../../constructs/compute/normalize.js";

const RAW = { overlay: false, error: (code: string) => assert.unreachable(code) };

test("a port alone is one TCP port named http", () => {
  assert.equal(normalizeWorkload({ image: "x", port: 8080 }, RAW), { image: "x", ports: [{ name: "http", port: 8080 }] });
});

test("port beside ports is left for the check to report", () => {
  const spec = { port: 1, ports: [{ name: "http", port: 2 }] };
  assert.equal(normalizeWorkload(spec, RAW), { ports: spec.ports, port: 1 });
});

test("an image with a tag is split, so that an overlay can change the tag alone", () => {
  assert.equal(normalizeImage("ghcr.io/acme/users:1.4.2"), { repository: "ghcr.io/acme/users", tag: "1.4.2" });
  assert.equal(normalizeImage("localhost:5000/users:1"), { repository: "localhost:5000/users", tag: "1" });
});

test("an image with variables, a digest or no tag stays as written", () => {
  for (const image of ["users:${TAG}", "nginx", "localhost:5000/users", `nginx@sha256:${"a".repeat(64)}`])
    assert.is(normalizeImage(image), image);
});

test.run();
