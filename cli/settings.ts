/**
 * Precedence of settings, low to high: built-in defaults, ~/.panka/config.yaml, panka.config.yaml, its `environments.<env>`,
 * PANKA_* variables, flags. Pure: files are read by the caller. Each value carries where it came from, for `panka doctor`.
 */
import type { Diagnostic } from "../framework/base/diagnostics.js";
import { usageError } from "../framework/base/errors.js";
import { LABEL } from "../framework/base/names.js";
import { nearest } from "../framework/base/nearest.js";
import { proxySettings } from "../framework/base/proxy.js";
import {
  DEFAULTS,
  environmentClass as classOf,
  longEnvironmentName,
  type EnvironmentConfig,
  type PankaConfig,
} from "../framework/model/config.js";
import type { BackendSettings, Env, LockSettings, Settings } from "../framework/operations/context.js";

/** A configuration file as read. */
export interface ConfigFile {
  file: string;
  config: PankaConfig;
}

/** What precedence is computed from. */
export interface SettingsInput {
  projectRoot: string;
  entry: string;
  user: ConfigFile | undefined;
  project: ConfigFile | undefined;
  env: Env;
  flags: { environment?: string };
  /** Names of folders below the stack's `environments/`. */
  stackEnvironments: string[];
}

/** A value and where it came from. */
interface Found<T> {
  value: T;
  origin: string;
}

/** The first that is set. */
function pick<T>(candidates: [T | undefined, string][]): Found<T> | undefined {
  for (const [value, origin] of candidates) if (value !== undefined && value !== "") return { value: value as T, origin };
  return undefined;
}

/** The settings of a run. Throws a usage error for an unknown environment or contradicting settings. */
export function resolveSettings(input: SettingsInput): Settings {
  const { user, project, env } = input;
  const environment = chooseEnvironment(input);
  const own = project?.config.environments?.[environment.value];
  const users = user?.config.environments?.[environment.value];
  const at = project ? `${project.file} environments.${environment.value}` : "";
  const layered = <T>(read: (c: Partial<PankaConfig>) => T | undefined, variable?: string): Found<T> | undefined =>
    pick<T>([
      [variable ? (env[variable] as T | undefined) : undefined, variable ?? ""],
      [own ? read(own as Partial<PankaConfig>) : undefined, at],
      [project ? read(project.config) : undefined, project?.file ?? ""],
      [user ? read(user.config) : undefined, user?.file ?? ""],
    ]);
  const provider = pick<"local" | "aws">([
    [env.PANKA_PROVIDER as "local" | "aws" | undefined, "PANKA_PROVIDER"],
    [own?.provider, at],
    [users?.provider, user?.file ?? ""],
  ]) ?? { value: "aws", origin: "default" };
  if (provider.value !== "aws" && provider.value !== "local") {
    throw usageError(
      "unknown-provider",
      `the provider "${provider.value}" (${provider.origin}) is not supported yet; expected local or aws`,
    );
  }
  const cls = own?.class ?? users?.class;
  const engine = layered((c) => c.engine, "PANKA_ENGINE") ?? { value: "embedded" as const, origin: "default" };
  const pulumi = layered((c) => c.pulumi);
  const profile = layered((c) => c.aws?.profile, "AWS_PROFILE");
  const endpoint = layered((c) => c.aws?.endpoint) ?? pick<string>([[env.AWS_ENDPOINT_URL, "AWS_ENDPOINT_URL"]]);
  const environmentRegion = pick<string>([[own?.aws?.region, at]]);
  const fallbackRegion = pick<string>([
    [project?.config.aws?.region, project?.file ?? ""],
    [user?.config.aws?.region, user?.file ?? ""],
    [env.AWS_REGION, "AWS_REGION"],
  ]);
  const backend = chooseBackend(input, own, at, provider.value);
  const locks = chooseLocks(input, own, at, backend?.value);
  const lockScope = layered((c) => c.locks?.scope);
  const origins: Settings["origins"] = { environment: environment.origin, provider: provider.origin, engine: engine.origin };
  origins.class = cls ? at || (user?.file ?? "") : `the name "${environment.value}"`;
  for (const [name, found] of Object.entries({
    pulumi,
    backend,
    locks,
    "locks.scope": lockScope,
    "aws.profile": profile,
    "aws.endpoint": endpoint,
    "aws.region": environmentRegion ?? fallbackRegion,
  })) {
    if (found) origins[name] = found.origin;
  }
  return {
    projectRoot: input.projectRoot,
    entry: input.entry,
    environment: environment.value,
    environmentClass: cls ?? classOf(environment.value, project?.config ?? {}),
    provider: provider.value,
    engine: engine.value as Settings["engine"],
    ...(pulumi ? { pulumi: pulumi.value as NonNullable<Settings["pulumi"]> } : {}),
    backend: backend?.value,
    locks: locks?.value,
    ...(lockScope ? { lockScope: lockScope.value } : {}),
    ...approvalOf(own),
    aws: {
      ...(profile ? { profile: profile.value } : {}),
      ...(endpoint ? { endpoint: endpoint.value } : {}),
      ...proxyOf(env),
      ...(environmentRegion ? { environmentRegion: environmentRegion.value } : {}),
      ...(fallbackRegion ? { fallbackRegion: fallbackRegion.value } : {}),
    },
    exclude: [...(project?.config.exclude ?? [])],
    kinds: [...(project?.config.kinds ?? [])],
    ...(project ? { configFile: project.file } : {}),
    support: { ...user?.config.support, ...project?.config.support },
    variables: { ...textOf(users?.variables), ...textOf(own?.variables) },
    environments: Object.keys(project?.config.environments ?? {}).sort(),
    origins,
    warnings: backendWarnings(provider.value, environment.value, backend?.value),
  };
}

/** The project's alone: a user's file neither asks for approvals nor does without. */
function approvalOf(own: EnvironmentConfig | undefined): Pick<Settings, "approval"> {
  const { required = true, by = [] } = own?.approval ?? { required: false };
  return required ? { approval: { by: [...by] } } : {};
}

function proxyOf(env: Env): Pick<Settings["aws"], "proxy"> {
  const proxy = proxySettings(env);
  return proxy ? { proxy } : {};
}

function chooseEnvironment(input: SettingsInput): Found<string> {
  const { user, project, env, flags } = input;
  const asked: Found<string> = flags.environment
    ? { value: flags.environment, origin: "-e" }
    : env.PANKA_ENVIRONMENT
      ? { value: env.PANKA_ENVIRONMENT, origin: "PANKA_ENVIRONMENT" }
      : project?.config.defaultEnvironment
        ? { value: project.config.defaultEnvironment, origin: project.file }
        : user?.config.defaultEnvironment
          ? { value: user.config.defaultEnvironment, origin: user.file }
          : { value: DEFAULTS.environment, origin: "default" };
  const configured = Object.keys(project?.config.environments ?? {});
  const long = longEnvironmentName(asked.value, [...configured, ...input.stackEnvironments]);
  if (long !== asked.value) return { value: long, origin: asked.origin };
  if (configured.length > 0 && !configured.includes(asked.value)) {
    const guess = nearest(asked.value, configured);
    throw usageError(
      "unknown-environment",
      `unknown environment "${asked.value}" (from ${asked.origin}); ${project?.file} has ${configured.sort().join(", ")}${guess ? `; did you mean ${guess}?` : ""}`,
      {
        next: guess
          ? `use -e ${guess}, or add ${asked.value} under environments: in ${project?.file}`
          : `add ${asked.value} under environments: in ${project?.file}`,
      },
    );
  }
  if (!LABEL.test(asked.value)) {
    throw usageError(
      "bad-environment",
      `"${asked.value}" (from ${asked.origin}) can't be the name of an environment; expected lower-case letters, digits and hyphens, at most 63`,
    );
  }
  return asked;
}

type RawBackend = NonNullable<PankaConfig["backend"]>;
type RawLocks = NonNullable<PankaConfig["locks"]>;

/** A user's file never moves a team's state: where both name a back end the project's wins, also over the user's environment entry. */
function chooseBackend(
  input: SettingsInput,
  own: EnvironmentConfig | undefined,
  at: string,
  provider: "local" | "aws",
): Found<BackendSettings> | undefined {
  const { project, user, env } = input;
  if (env.PANKA_BACKEND === "local") return { value: { type: "local" }, origin: "PANKA_BACKEND" };
  if (env.PANKA_BACKEND_BUCKET) {
    const region = env.PANKA_BACKEND_REGION ?? env.AWS_REGION;
    if (!region)
      throw usageError("no-backend-region", "PANKA_BACKEND_BUCKET is set without a region", { next: "set PANKA_BACKEND_REGION" });
    return {
      value: {
        type: "s3",
        bucket: env.PANKA_BACKEND_BUCKET,
        region,
        ...(env.PANKA_BACKEND_PREFIX ? { prefix: env.PANKA_BACKEND_PREFIX } : {}),
      },
      origin: "PANKA_BACKEND_BUCKET",
    };
  }
  const found: [RawBackend | undefined, string][] = [
    [own?.backend, at],
    [project?.config.backend, project?.file ?? ""],
    [user?.config.backend, user?.file ?? ""],
  ];
  for (const [raw, origin] of found) if (raw) return { value: raw as BackendSettings, origin };
  return provider === "local" ? { value: { type: "local" }, origin: "default for the local provider" } : undefined;
}

function chooseLocks(
  input: SettingsInput,
  own: EnvironmentConfig | undefined,
  at: string,
  backend: BackendSettings | undefined,
): Found<LockSettings> | undefined {
  const { project, user, env } = input;
  const raws: [RawLocks | undefined, string][] = [
    [own?.locks, at],
    [project?.config.locks, project?.file ?? ""],
    [user?.config.locks, user?.file ?? ""],
  ];
  const named = raws.find(([raw]) => raw !== undefined);
  if (!backend) return undefined;
  if (backend.type === "local") return { value: { type: "local" }, origin: "local back end" };
  const type = named?.[0]?.type;
  if (type === "local") {
    throw usageError("locks-local", `local locks (${named?.[1]}) can't protect a state in S3: another machine would not see them`, {
      next: "remove locks.type, or write locks: { type: dynamodb }",
    });
  }
  const table = env.PANKA_LOCK_TABLE ?? named?.[0]?.table ?? DEFAULTS.lockTable;
  const origin = env.PANKA_LOCK_TABLE ? "PANKA_LOCK_TABLE" : (named?.[1] ?? "default");
  return { value: { type: "dynamodb", table, region: named?.[0]?.region ?? backend.region }, origin };
}

/** A local state for real resources is warned about; deploy refuses it in production. */
function backendWarnings(provider: "local" | "aws", environment: string, backend: BackendSettings | undefined): Diagnostic[] {
  if (provider !== "aws" || backend?.type !== "local") return [];
  return [
    {
      severity: "warning",
      code: "local-backend",
      message: `the state of ${environment} is kept on this machine only: nobody else is locked out, and nobody else can deploy it`,
      next: "panka backend create",
    },
  ];
}

function textOf(variables: Record<string, unknown> | undefined): { [name: string]: string } {
  return Object.fromEntries(Object.entries(variables ?? {}).map(([k, v]) => [k, String(v)]));
}
