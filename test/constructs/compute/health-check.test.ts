import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  containerHealth,
  containerProbe,
  gracePeriod,
  healthProblems,
  networkProbe,
  normalizeHealthCheck,
  targetHealth,
} from "../../../constructs/compute/health-check.js";

test("a path alone is a readiness probe over http", () => {
  assert.equal(normalizeHealthCheck("/health"), { readiness: { http: { path: "/health" } } });
});

test("the flat form becomes a readiness probe", () => {
  assert.equal(normalizeHealthCheck({ path: "/up", port: 9000, protocol: "HTTPS", periodSeconds: 15, enabled: true }), {
    enabled: true,
    readiness: { http: { path: "/up", port: 9000, scheme: "HTTPS" }, periodSeconds: 15 },
  });
  assert.equal(normalizeHealthCheck({ port: 6379, protocol: "tcp" }), { readiness: { tcp: { port: 6379 } } });
});

test("the long form and what is not understood stay", () => {
  const long = { readiness: { exec: { command: ["true"] } }, liveness: { http: { path: "/" } } };
  assert.is(normalizeHealthCheck(long), long);
  assert.is(normalizeHealthCheck("health"), "health");
  assert.is(normalizeHealthCheck(7), 7);
});

test("checks are fast unless told otherwise: every 10 s, 2 good answers, 3 bad ones", () => {
  const health = targetHealth({ http: { path: "/health" } }, "http");
  assert.is(health.interval, 10);
  assert.is(health.healthyThreshold, 2);
  assert.is(health.unhealthyThreshold, 3);
  assert.is(health.path, "/health");
  assert.is(health.port, "traffic-port");
  assert.is(health.matcher, "200-399");
});

test("without a probe any answer below 500 to / is healthy", () => {
  const health = targetHealth(undefined, "http");
  assert.is(health.path, "/");
  assert.is(health.matcher, "200-499");
});

test("every timing of a probe reaches the load balancer", () => {
  const probe = { http: { path: "/h", port: 81 }, periodSeconds: 30, timeoutSeconds: 7, successThreshold: 4, failureThreshold: 6 };
  const health = targetHealth(probe, "http");
  assert.equal([health.interval, health.timeout, health.healthyThreshold, health.unhealthyThreshold, health.port], [30, 7, 4, 6, "81"]);
  assert.is(gracePeriod({ readiness: { ...probe, initialDelaySeconds: 90 } }), 90);
});

test("the timeout stays below the interval, as load balancers demand", () => {
  assert.is(targetHealth({ http: { path: "/" }, periodSeconds: 5, timeoutSeconds: 60 }, "http").timeout, 4);
});

test("a network load balancer opens a connection unless a path is given", () => {
  assert.is(targetHealth({ tcp: { port: 90 } }, "tcp").protocol, "TCP");
  assert.is(targetHealth(undefined, "tcp", "/up").protocol, "HTTP");
});

test("a load balancer asks readiness before liveness; a command runs in the container, liveness first", () => {
  const check = {
    readiness: { http: { path: "/ready" } },
    liveness: { http: { path: "/live" }, exec: { command: ["check"] }, initialDelaySeconds: 20 },
  };
  assert.is(networkProbe(check)?.http?.path, "/ready");
  assert.equal(containerHealth(containerProbe(check)), {
    command: ["CMD", "check"],
    interval: 10,
    timeout: 5,
    retries: 3,
    startPeriod: 20,
  });
});

test("enabled: false turns every probe off", () => {
  const check = { enabled: false, readiness: { http: { path: "/" } }, liveness: { exec: { command: ["x"] } } };
  assert.is(networkProbe(check), undefined);
  assert.is(containerProbe(check), undefined);
});

test("the flat form keeps its protocol: HTTP wants a path, TCP takes none, others are refused", () => {
  const flat = (value: object) => (normalizeHealthCheck(value) as { readiness: object }).readiness;
  assert.equal(flat({ protocol: "HTTP" }), { http: { scheme: "HTTP" } });
  assert.equal(flat({ protocol: "tcp", port: 81 }), { tcp: { port: 81 } });
  assert.equal(Object.keys(flat({ protocol: "tcp", path: "/up" })), ["tcp", "http"]);
  assert.equal(flat({ protocol: "ftp", path: "/up" }), { http: { path: "/up", scheme: "FTP" } });
});

test("what is said flat and in readiness is refused, not ignored once", () => {
  const twice = normalizeHealthCheck({ periodSeconds: 20, readiness: { http: { path: "/" }, periodSeconds: 30 } });
  assert.equal(
    healthProblems(twice as never, true).map((p) => p.path),
    ["healthCheck.periodSeconds"],
  );
});

const paths = (check: Parameters<typeof healthProblems>[0], hasPorts = true) => healthProblems(check, hasPorts).map((p) => p.path);

test("a check that can be run has no problems", () => {
  assert.equal(paths({ readiness: { http: { path: "/" } }, liveness: { exec: { command: ["true"] } } }), []);
  assert.equal(paths({ liveness: { exec: { command: ["true"] } } }, false), []);
});

test("a probe says exactly one way to check", () => {
  assert.equal(paths({ readiness: { http: { path: "/" }, tcp: { port: 81 } } }), ["healthCheck.readiness"]);
  assert.equal(paths({ readiness: { periodSeconds: 5 } }), ["healthCheck.readiness"]);
});

test("a request check without a port is refused, not ignored", () => {
  assert.equal(paths({ readiness: { http: { path: "/" } } }, false), ["healthCheck.readiness"]);
});

test("two checks of one way are refused: only one would be run", () => {
  assert.equal(paths({ readiness: { http: { path: "/" } }, liveness: { tcp: { port: 81 } } }), ["healthCheck.liveness"]);
  assert.equal(paths({ readiness: { exec: { command: ["a"] } }, liveness: { exec: { command: ["b"] } } }), ["healthCheck.liveness"]);
});

test("a command's success threshold is refused: ECS has none", () => {
  assert.equal(paths({ liveness: { exec: { command: ["a"] }, successThreshold: 2 } }), ["healthCheck.liveness.successThreshold"]);
});

test.run();
