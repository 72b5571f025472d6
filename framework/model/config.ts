/** The configuration: panka.config.yaml of a project and ~/.panka/config.yaml of a user. One strict schema, every key optional. */
import { z } from "zod";
import { bool, group, listOf, mapOf, oneOf, plainText } from "./fields.js";
import type { EnvironmentClass } from "./stack-model.js";

const ENGINES = ["embedded", "pulumi"] as const;
const PROVIDERS = ["local", "aws"] as const;
const CLASSES = ["production", "staging", "development"] as const;

const aws = group(
  {
    profile: plainText("Profile of AWS's shared configuration files.").optional(),
    region: plainText("AWS region, such as us-east-1.").optional(),
    endpoint: plainText("URL of an AWS API other than AWS's own, such as an emulator's.").optional(),
  },
  "How AWS is reached. Credentials come from AWS's default chain, never from this file.",
);

const backend = group(
  {
    type: oneOf(["local", "s3"], "Where states are kept: this machine's disk, or an S3 bucket."),
    bucket: plainText("s3: the bucket's name.").optional(),
    region: plainText("s3: the bucket's region.").optional(),
    prefix: plainText("s3: put before every key.").optional(),
    encryption: plainText("Source of the key that encrypts secret values: awskms://alias/NAME, file:PATH, passphrase.").optional(),
  },
  "Where states are kept.",
).superRefine((value, context) => {
  if (value.type !== "s3") return;
  for (const key of ["bucket", "region"] as const) {
    if (value[key] === undefined)
      context.addIssue({ code: "custom", path: [key], message: "is missing", params: { code: "missing-field" } });
  }
});

const locks = group(
  {
    type: oneOf(["local", "dynamodb"], "Where locks are held.").optional(),
    region: plainText("dynamodb: the table's region; default: the back end's.").optional(),
    table: plainText("dynamodb: the table's name.", { default: "panka-state-locks" }).optional(),
    scope: oneOf(["stack", "service", "component"], "What one lock covers.", { default: "stack" }).optional(),
  },
  "Where locks are held; default: local with a local back end, else dynamodb in the back end's region.",
);

/** Of `by`, wherever it is asked for. */
export const APPROVERS =
  "Who may approve: ARNs, with `*` for any text, or the last part of one, such as a user's or a session's name; default: anybody but the one who deploys.";

const approval = group(
  {
    required: bool("Whether a deployment needs an approved plan.", { default: true }).optional(),
    by: listOf(plainText("An identity, or a pattern of it.", { min: 1 }), APPROVERS).optional(),
  },
  "Who must agree to a deployment. `panka plan --out`, `panka approve` and `panka deploy --plan` are the way.",
);

const pulumi = group(
  {
    cloud: plainText("URL of Pulumi Cloud, or of one's own; log in with `pulumi login URL`.", {
      pattern: /^https?:\/\/./,
      expected: "a URL such as https://api.pulumi.com",
    }),
    organization: plainText("Whose stack it is; default: the account that is logged in.").optional(),
  },
  "engine: pulumi: keeps Pulumi's checkpoint in Pulumi Cloud; default: beside the state.",
);

const environment = group(
  {
    provider: oneOf(PROVIDERS, "aws makes real things; local is a model of AWS on a file.", { default: "aws" }).optional(),
    class: oneOf(CLASSES, "What the environment counts as; default: by its name.").optional(),
    variables: mapOf(plainText("A value."), "Variables for ${NAME} in documents.").optional(),
    approval: approval.optional(),
    engine: oneOf(ENGINES, "Overrides the project's engine.").optional(),
    pulumi: pulumi.optional(),
    aws: aws.optional(),
    backend: backend.optional(),
    locks: locks.optional(),
  },
  "Settings of one environment.",
);

/** Schema of both configuration files. */
export const configSchema = z.strictObject({
  version: z.literal(1).describe("Version of this file's format: 1.").optional(),
  defaultEnvironment: plainText("The environment when none is given.", { default: "development" }).optional(),
  engine: oneOf(ENGINES, "What deploys: Panka's own engine, or Pulumi.", { default: "embedded" }).optional(),
  pulumi: pulumi.optional(),
  backend: backend.optional(),
  locks: locks.optional(),
  aws: aws.optional(),
  exclude: listOf(plainText("A glob, relative to the project root."), "Files and folders that are not searched for documents.").optional(),
  kinds: listOf(
    plainText("A package, or a path relative to the project root that begins with `.`."),
    "Modules that add a team's own kinds.",
  ).optional(),
  support: group(
    {
      slack: plainText("Channel.").optional(),
      email: plainText("Address.").optional(),
      docs: plainText("URL.").optional(),
      oncall: plainText("Who is on call, or a URL.").optional(),
    },
    "Printed at the end of any failure.",
  ).optional(),
  environments: mapOf(environment, "Settings per environment. With entries here, other names are refused.").optional(),
});

/** A configuration file's content. */
export type PankaConfig = z.infer<typeof configSchema>;

/** What panka.config.ts exports by default. Only types are added: the value is returned as it is. */
export function defineConfig(config: PankaConfig): PankaConfig {
  return config;
}

/** `environments.<env>`. */
export type EnvironmentConfig = z.infer<typeof environment>;

/** `backend`. */
export type BackendConfig = z.infer<typeof backend>;

/** `locks`. */
export type LocksConfig = z.infer<typeof locks>;

/** Built-in values, lowest in precedence. `backend` has none: where the provider is aws it must be configured. */
export const DEFAULTS = {
  environment: "development",
  engine: "embedded",
  provider: "aws",
  lockTable: "panka-state-locks",
  lockScope: "stack",
} as const;

/** What an environment counts as: its configured class, else by its name (design, section 7). */
export function environmentClass(name: string, config: PankaConfig): EnvironmentClass {
  const own = config.environments && Object.hasOwn(config.environments, name) ? config.environments[name]?.class : undefined;
  if (own) return own;
  if (/^(production|prod|live)$|^(production|prod)-/.test(name)) return "production";
  if (/^(staging|stage|stg)$/.test(name)) return "staging";
  return "development";
}

const SHORT_NAMES: { readonly [short: string]: string } = { dev: "development", stage: "staging", stg: "staging", prod: "production" };

/** The environment that `dev`, `stage`, `stg` or `prod` stands for where `known` has that one and none by the short name; else the name as it is. */
export function longEnvironmentName(name: string, known: readonly string[]): string {
  const long = Object.hasOwn(SHORT_NAMES, name) ? SHORT_NAMES[name] : undefined;
  return long !== undefined && !known.includes(name) && known.includes(long) ? long : name;
}
