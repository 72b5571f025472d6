/** What a user sets about AWS, as the plugin's own configuration; and its complaints about that, as errors that say what to do. */
import { PankaError } from "../../base/errors.js";
import type { PropertySchema } from "../../model/index.js";
import { encodeObject } from "./bridge/encode.js";
import type { WireDiagnostic } from "./protocol/client.js";
import type { WireObject } from "./protocol/codec.js";

/** Settings of the provider. Credentials come from the environment and the profile, never from here. */
export interface AwsSettings {
  region: string;
  profile?: string;
  assumeRoleArn?: string;
  /** Base address of an emulator; "" or absent: AWS itself. */
  endpoint?: string;
}

/** The plugin's configuration; every attribute present. `schema` is the shipped schema of the provider block. */
export function providerConfig(schema: { [name: string]: PropertySchema }, settings: AwsSettings): WireObject {
  const values: { [name: string]: unknown } = { region: settings.region };
  if (settings.profile) values.profile = settings.profile;
  if (settings.assumeRoleArn) values.assumeRole = { roleArn: settings.assumeRoleArn, sessionName: "panka" };
  if (settings.endpoint) Object.assign(values, emulatorSettings(schema, settings.endpoint));
  const config = encodeObject({ properties: schema, idFrom: [] }, values, "config", []);
  return config;
}

/** Tries after a failed call to an emulator: what it can't do it answers with 500, and the provider's own 25 tries take minutes. */
const EMULATOR_RETRIES = 5;

/** What an emulator needs: no checks against AWS, paths instead of bucket hosts, every service at one address. */
export function emulatorSettings(schema: { [name: string]: PropertySchema }, endpoint: string): { [name: string]: unknown } {
  const services = Object.keys(schema.endpoints?.element?.fields ?? {});
  return {
    maxRetries: EMULATOR_RETRIES,
    skipCredentialsValidation: true,
    skipMetadataApiCheck: true,
    skipRegionValidation: true,
    s3UsePathStyle: true,
    endpoints: [Object.fromEntries(services.map((name) => [name, endpoint]))],
  };
}

/** A refused configuration. Exit code 1: the stack is right, its surroundings are not. */
export function configureFailed(found: readonly WireDiagnostic[], settings: AwsSettings): PankaError {
  const text = found.map((d) => `${d.summary} ${d.detail}`.replace(/\s+/g, " ").trim()).join("; ");
  if (
    /no valid credential|failed to refresh cached credentials|NoCredentialProviders|get credentials|failed to get shared config profile/i.test(
      text,
    )
  ) {
    const where = settings.profile ? `in profile "${settings.profile}"` : "in the environment, the shared files or the instance";
    return new PankaError("no-credentials", `no AWS credentials were found ${where}: ${shorten(text)}`, {
      next: settings.profile
        ? `aws sso login --profile ${settings.profile}`
        : "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    });
  }
  if (/invalid AWS Region|Invalid region/i.test(text)) {
    return new PankaError("wrong-region", `"${settings.region}" is not an AWS region`, {
      next: "set provider.region, such as eu-central-1",
    });
  }
  if (/InvalidClientTokenId|SignatureDoesNotMatch|ExpiredToken|security token .* (invalid|expired)/i.test(text)) {
    return new PankaError("bad-credentials", `AWS refused the credentials: ${shorten(text)}`, { next: "aws sts get-caller-identity" });
  }
  if (/assume (IAM )?role|AssumeRole/i.test(text)) {
    return new PankaError("assume-role", `the role ${settings.assumeRoleArn ?? ""} could not be assumed: ${shorten(text)}`, {
      next: "check provider.assumeRoleArn and the role's trust policy",
    });
  }
  return new PankaError("provider-configure", `the provider refused its configuration: ${shorten(text)}`);
}

function shorten(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}...` : text;
}
