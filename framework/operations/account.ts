/** Which cloud account the credentials are of. */
import type { Clock } from "../base/clock.js";
import { messageOf, PankaError } from "../base/errors.js";
import { type AwsReach, clientOptions } from "../model/client-options.js";
import type { OperationContext, Settings } from "./context.js";

/**
 * Who runs this command, as approvals name it: the ARN of the person's or pipeline's own credentials, not of a role that the stack takes;
 * `user@host` where neither provider nor back end is AWS. Throws PankaError `no-credentials`.
 */
export async function callerIdentity(context: Pick<OperationContext, "settings" | "process">, region: string): Promise<string> {
  const { settings, process } = context;
  if (settings.provider !== "aws" && settings.backend?.type !== "s3") return `${process.user}@${process.host}`;
  return (await callerOf({ region, ...reachOf(settings) })).arn;
}

/** How what a stack deploys is reached: in its role, where it names one. */
export interface StackReach extends AwsReach {
  assumeRoleArn?: string;
}

/** What all clients of a run have in common. */
export function reachOf({ aws }: Pick<Settings, "aws">) {
  return { endpoint: aws.endpoint, profile: aws.profile, proxy: aws.proxy };
}

/** The account id (12 digits). Throws PankaError `no-credentials` when AWS does not know the caller. */
export async function callerAccount(reach: AwsReach): Promise<string> {
  return (await callerOf(reach)).account;
}

/** The account id and the ARN behind the credentials. Throws PankaError `no-credentials` when AWS does not know the caller. */
export async function callerOf(reach: AwsReach): Promise<{ account: string; arn: string }> {
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient({ ...(await clientOptions(reach)), maxAttempts: 3 });
  try {
    const { Account: account = "", Arn: arn = "" } = await client.send(new GetCallerIdentityCommand({}));
    return { account, arn };
  } catch (error) {
    throw new PankaError("no-credentials", `AWS does not accept the credentials found here: ${messageOf(error)}`, {
      next: "set AWS_PROFILE, or log in (aws sso login), then panka doctor",
      cause: error,
    });
  } finally {
    client.destroy();
  }
}

/** Credentials of a role, for an hour. Throws what the SDK throws where it may not be assumed. */
export async function assumedRole(
  reach: AwsReach,
  roleArn: string,
): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken: string }> {
  const { AssumeRoleCommand, STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient(await clientOptions(reach));
  try {
    const { Credentials: made } = await client.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "panka" }));
    return { accessKeyId: made?.AccessKeyId ?? "", secretAccessKey: made?.SecretAccessKey ?? "", sessionToken: made?.SessionToken ?? "" };
  } finally {
    client.destroy();
  }
}

/** How long credentials are used before they are asked for again, ms: those of a role last 15 minutes at least. */
const CREDENTIALS_MS = 300_000;

/** Credentials that are asked for at the first use, kept for five minutes, and asked for again at once where they could not be had. */
export function keptCredentials<T>(clock: Pick<Clock, "monotonic">, ask: () => Promise<T>): () => Promise<T> {
  let known: { at: number; credentials: Promise<T> } | undefined;
  return () => {
    const now = clock.monotonic();
    if (known && now - known.at <= CREDENTIALS_MS) return known.credentials;
    const asked = { at: now, credentials: ask() };
    known = asked;
    asked.credentials.catch(() => {
      if (known === asked) known = undefined;
    });
    return asked.credentials;
  };
}

/** Credentials as the SDK finds them for the profile, or of the stack's role. Throws what the SDK throws where there are none. */
export async function callerCredentials(
  reach: StackReach,
): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined }> {
  if (reach.assumeRoleArn) return assumedRole(reach, reach.assumeRoleArn);
  const { STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient(await clientOptions(reach));
  try {
    return await client.config.credentials();
  } finally {
    client.destroy();
  }
}
