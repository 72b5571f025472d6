import { suite } from "uvu";
import * as assert from "uvu/assert";
import { resolveSettings, type SettingsInput } from "../../cli/settings.js";
import { isPankaError } from "../../framework/base/errors.js";
import { configSchema, type PankaConfig } from "../../framework/model/config.js";

const test = suite("settings");

/** Settings from a project file, a user's file, variables and flags. */
function settle(parts: { project?: PankaConfig; user?: PankaConfig; env?: SettingsInput["env"]; e?: string; folders?: string[] } = {}) {
  return resolveSettings({
    projectRoot: "/p",
    entry: "/p",
    project: parts.project && { file: "panka.config.yaml", config: parts.project },
    user: parts.user && { file: "~/.panka/config.yaml", config: parts.user },
    env: parts.env ?? {},
    flags: parts.e ? { environment: parts.e } : {},
    stackEnvironments: parts.folders ?? [],
  });
}

function refusal(body: () => unknown) {
  try {
    body();
  } catch (error) {
    if (isPankaError(error)) return error;
    throw error;
  }
  throw new Error("was not refused");
}

test("without any file the environment is development, the provider aws, and no back end is assumed", () => {
  const s = settle();
  assert.is(s.environment, "development");
  assert.is(s.provider, "aws");
  assert.is(s.backend, undefined);
  assert.is(s.origins.provider, "default");
});

test("the environment is -e, else PANKA_ENVIRONMENT, else defaultEnvironment of the project, else the user's", () => {
  const project = { defaultEnvironment: "a" };
  const user = { defaultEnvironment: "b" };
  assert.is(settle({ project, user, env: { PANKA_ENVIRONMENT: "c" }, e: "d" }).environment, "d");
  assert.is(settle({ project, user, env: { PANKA_ENVIRONMENT: "c" } }).environment, "c");
  assert.is(settle({ project, user }).environment, "a");
  assert.is(settle({ user }).environment, "b");
  assert.is(settle({ project, env: { PANKA_ENVIRONMENT: "c" } }).origins.environment, "PANKA_ENVIRONMENT");
});

test("an environment that the configuration does not have is a usage error with the nearest name", () => {
  const error = refusal(() => settle({ project: { environments: { production: {}, staging: {} } }, e: "prodution" }));
  assert.is(error.exitCode, 2);
  assert.match(error.message, /did you mean production/);
});

test("short names stand for the long ones where those exist and the short ones do not", () => {
  assert.is(settle({ project: { environments: { production: {} } }, e: "prod" }).environment, "production");
  assert.is(settle({ folders: ["development"], e: "dev" }).environment, "development");
  assert.is(settle({ project: { environments: { prod: {}, production: {} } }, e: "prod" }).environment, "prod");
  assert.is(settle({ e: "dev" }).environment, "dev");
});

test("the class comes from the configuration, else from the name", () => {
  for (const name of ["production", "prod", "live", "prod-eu", "production-2"])
    assert.is(settle({ e: name }).environmentClass, "production");
  for (const name of ["staging", "stage", "stg"]) assert.is(settle({ e: name }).environmentClass, "staging");
  for (const name of ["development", "product", "mine"]) assert.is(settle({ e: name }).environmentClass, "development");
  assert.is(settle({ project: { environments: { mine: { class: "production" } } }, e: "mine" }).environmentClass, "production");
});

test("environments.<env> wins over the project, the project over the user", () => {
  const project: PankaConfig = {
    aws: { profile: "team", endpoint: "http://project" },
    environments: { x: { aws: { endpoint: "http://x" } } },
  };
  const s = settle({ project, user: { aws: { profile: "mine", endpoint: "http://user" } }, e: "x" });
  assert.is(s.aws.endpoint, "http://x");
  assert.is(s.aws.profile, "team");
  assert.is(s.origins["aws.endpoint"], "panka.config.yaml environments.x");
});

test("a user's file never moves a team's state", () => {
  const team = { type: "s3", bucket: "team", region: "eu-west-1" } as const;
  const mine = { type: "s3", bucket: "mine", region: "eu-west-1" } as const;
  assert.equal(settle({ project: { backend: team }, user: { backend: mine, locks: { table: "mine" } } }).backend, team);
  assert.equal(settle({ user: { backend: mine } }).backend, mine);
  const locks = settle({ project: { backend: team, locks: { table: "team-locks" } }, user: { locks: { table: "mine" } } }).locks;
  assert.equal(locks, { type: "dynamodb", table: "team-locks", region: "eu-west-1" });
});

test("the local provider has a local back end by default, aws has none", () => {
  const s = settle({ project: { environments: { development: { provider: "local" } } } });
  assert.equal(s.backend, { type: "local" });
  assert.equal(s.locks, { type: "local" });
});

test("a local state for real resources is warned about on every run", () => {
  const s = settle({ project: { backend: { type: "local" } } });
  assert.equal(
    s.warnings.map((w) => w.code),
    ["local-backend"],
  );
});

test("the region of the environment is kept apart: it alone wins over the stack's own", () => {
  const project: PankaConfig = { aws: { region: "eu-west-1" }, environments: { x: { aws: { region: "eu-north-1" } }, y: {} } };
  assert.is(settle({ project, e: "x" }).aws.environmentRegion, "eu-north-1");
  const y = settle({ project, e: "y", env: { AWS_REGION: "us-west-2" } }).aws;
  assert.is(y.environmentRegion, undefined);
  assert.is(y.fallbackRegion, "eu-west-1");
  assert.is(settle({ env: { AWS_REGION: "us-west-2" } }).aws.fallbackRegion, "us-west-2");
  assert.is(settle({ env: { AWS_ENDPOINT_URL: "http://e" } }).aws.endpoint, "http://e");
});

test("Pulumi Cloud is named per environment or for all, as a URL; without it the checkpoint stays beside the state", () => {
  const cloud = "https://api.pulumi.com";
  const project: PankaConfig = {
    pulumi: { cloud, organization: "acme" },
    environments: { a: {}, b: { pulumi: { cloud: "https://own" } } },
  };
  assert.equal(settle({ project, e: "a" }).pulumi, { cloud, organization: "acme" });
  assert.equal(settle({ project, e: "b" }).pulumi, { cloud: "https://own" });
  assert.is(settle({ project, e: "b" }).origins.pulumi, "panka.config.yaml environments.b");
  assert.is(settle().pulumi, undefined);
  assert.not.ok(configSchema.safeParse({ pulumi: { cloud: "api.pulumi.com" } }).success);
});

test("local locks beside S3 and a bad environment name are usage errors; the lock scope is the configuration's", () => {
  const s3 = { type: "s3", bucket: "b", region: "eu-west-1" } as const;
  assert.is(settle({ project: { backend: s3, locks: { scope: "service" } } }).lockScope, "service");
  assert.is(refusal(() => settle({ project: { backend: s3, locks: { type: "local" } } })).code, "locks-local");
  assert.is(refusal(() => settle({ e: "Not_A_Label" })).exitCode, 2);
});

test.run();
